# SPDX-License-Identifier: MIT
"""Shielding of a modem's stream, against the rule written down once more."""

from hypothesis import given
from hypothesis import strategies as st

from dsp.dle import DleDecoder, dle_encode

shielded = st.lists(
    st.one_of(st.binary(max_size=8), st.integers(0, 255).filter(lambda code: code != 0x10)),
    max_size=20,
)


def expected(items: list[bytes | int]) -> list[bytes | int]:
    """Return what a stream made of these must be told as: SUB is two bytes, data grows together."""
    found: list[bytes | int] = []
    for item in items:
        told: bytes | int = b"\x10\x10" if item == 0x1A else item
        if told == b"":
            continue
        if isinstance(told, bytes) and found and isinstance(found[-1], bytes):
            found[-1] += told
        else:
            found.append(told)
    return found


@given(shielded, st.integers(1, 7))
def test_data_and_events_come_out_in_order_whatever_the_pieces(
    items: list[bytes | int], size: int
) -> None:
    stream = b"".join(
        dle_encode(item) if isinstance(item, bytes) else bytes((0x10, item)) for item in items
    )
    decoder = DleDecoder()
    found: list[bytes | int] = []
    for at in range(0, len(stream), size):
        for each in decoder.feed(stream[at : at + size]):
            if isinstance(each, bytes) and found and isinstance(found[-1], bytes):
                found[-1] += each
            else:
                found.append(each)
    assert found == expected(items)


def test_only_the_shield_grows() -> None:
    assert dle_encode(bytes(range(256))) == bytes(range(17)) + bytes(range(16, 256))


def test_longer_than_a_piece() -> None:
    data = bytes(range(256)) * 40
    assert DleDecoder().feed(dle_encode(data)) == [data]
