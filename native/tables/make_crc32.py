# SPDX-License-Identifier: MIT
"""Print the tables of src/link/crc32.inc: CRC-32 of IEEE 802.3 (zlib's), eight bytes at a time.

``python native/tables/make_crc32.py > native/src/link/crc32.inc``
"""

POLYNOMIAL = 0xEDB88320
"""x^32 + x^26 + x^23 + ... + 1 (IEEE 802.3), lowest bit first."""
SLICES = 8
PER_LINE = 8


def tables() -> list[list[int]]:
    """Return ``tables[k][b]``: what byte b leaves in the CRC after k more bytes of 0."""
    first = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (POLYNOMIAL if crc & 1 else 0)
        first.append(crc)
    rows = [first]
    for _ in range(SLICES - 1):
        rows.append([(crc >> 8) ^ first[crc & 0xFF] for crc in rows[-1]])
    return rows


def text() -> str:
    """Return the file."""
    lines = [
        "/* SPDX-License-Identifier: MIT */",
        "/* Made by native/tables/make_crc32.py. */",
        "/* clang-format off */",
        f"static const uint32_t crc_table[{SLICES}][256] = {{",
    ]
    for row in tables():
        lines.append("    {")
        for at in range(0, 256, PER_LINE):
            words = ", ".join(f"0x{word:08x}" for word in row[at : at + PER_LINE])
            lines.append(f"        {words},")
        lines.append("    },")
    lines.append("};")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201
