# SPDX-License-Identifier: MIT
"""Build ``dsp._native``: every C source under native/src, one cffi API-mode module.

The public headers are the single source of truth: the lines between
``/* cffi: begin */`` and ``/* cffi: end */`` are compiled by C *and* parsed by cffi.
Headers are taken in the order of their own ``#include "aw/..."`` lines.
"""

import hashlib
import re
from pathlib import Path

from cffi import FFI

ROOT = Path(__file__).resolve().parent
INCLUDE = ROOT / "include"
SOURCES = sorted((ROOT / "src").glob("**/*.c"))
PRIVATE_HEADERS = sorted([*(ROOT / "src").glob("**/*.h"), *(ROOT / "src").glob("**/*.inc")])
PUBLIC_HEADERS = sorted(INCLUDE.glob("aw/*.h"))
_REGION = re.compile(r"/\* cffi: begin \*/(.*?)/\* cffi: end \*/", re.DOTALL)
_INCLUDED = re.compile(r'^#include "(aw/[a-z0-9_]+\.h)"', re.MULTILINE)


def headers() -> list[str]:
    """Return the public headers, each after those it includes."""
    ordered: list[str] = []

    def add(name: str) -> None:
        if name in ordered:
            return
        for needed in _INCLUDED.findall((INCLUDE / name).read_text()):
            add(needed)
        ordered.append(name)

    for path in PUBLIC_HEADERS:
        add(f"aw/{path.name}")
    return ordered


def declarations(header: str) -> str:
    """Return the cffi part of a public header."""
    return "\n".join(_REGION.findall((INCLUDE / header).read_text()))


def source_hash() -> str:
    """Fingerprint everything compiled in, so that a stale build can be noticed."""
    digest = hashlib.sha256()
    for path in sorted([*SOURCES, *PRIVATE_HEADERS, *PUBLIC_HEADERS]):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


ffi = FFI()
ffi.cdef("static const char aw_source_hash[];")
for _header in headers():
    ffi.cdef(declarations(_header))
# The hardware of aw/board.h when it is simulated: boards_sim/firmware/hardware.py has them.
ffi.cdef("""
extern "Python" {
    void aw_hal_sense(void *hw, aw_board_senses *out);
    void aw_hal_linefeed(void *hw, uint32_t port, uint32_t feed);
    void aw_hal_hook(void *hw, uint32_t port, uint32_t closed);
    void aw_hal_monitor(void *hw, uint32_t port, uint32_t on);
    void aw_hal_gain(void *hw, uint32_t port, int32_t receive, int32_t send);
    void aw_hal_meter(void *hw, uint32_t port, int16_t *volts, int16_t *milliamps);
    void aw_hal_lamp(void *hw, uint32_t on);
    uint32_t aw_hal_selftest(void *hw, uint32_t what);
    uint32_t aw_hal_loopback(void *hw, uint32_t port, uint32_t where);
    uint32_t aw_hal_eeprom_read(void *hw, uint32_t page, uint32_t offset, uint8_t *out, uint32_t n);
    uint32_t aw_hal_eeprom_write(void *hw, uint32_t page, uint32_t offset, const uint8_t *bytes,
                                 uint32_t n);
    uint32_t aw_hal_eeprom_lock(void *hw, uint32_t page);
    uint32_t aw_hal_impedance(void *hw, uint32_t port, uint32_t index);
    int32_t aw_hal_adjust(void *hw, int32_t hundredths);
    uint32_t aw_hal_measure(void *hw, uint32_t port, uint32_t test, uint32_t *values);
    void aw_hal_measured(void *hw, uint32_t port);
    uint32_t aw_hal_slots_read(void *hw, aw_board_slots *out);
    uint32_t aw_hal_slots_write(void *hw, const aw_board_slots *slots);
    uint32_t aw_hal_flash_erase(void *hw, uint32_t slot);
    uint32_t aw_hal_flash_write(void *hw, uint32_t slot, uint32_t offset, const uint8_t *bytes,
                                uint32_t n);
    uint32_t aw_hal_flash_read(void *hw, uint32_t slot, uint32_t offset, uint8_t *out, uint32_t n);
    void aw_hal_restart(void *hw, uint32_t reason);
}
""")
ffi.set_source(
    "dsp._native",
    "\n".join(f'#include "{header}"' for header in headers())
    + f'\nstatic const char aw_source_hash[] = "{source_hash()}";\n',
    sources=[path.relative_to(ROOT.parent).as_posix() for path in SOURCES],
    include_dirs=["native/include", "native/src"],
    depends=[p.relative_to(ROOT.parent).as_posix() for p in [*PUBLIC_HEADERS, *PRIVATE_HEADERS]],
    define_macros=[("_GNU_SOURCE", None)],
    extra_compile_args=[
        *("-std=c11", "-O3", "-pthread", "-fvisibility=hidden"),
        *("-Wall", "-Wextra", "-Wshadow", "-Wvla"),
    ],
    extra_link_args=["-pthread"],
    libraries=["m"],
    py_limited_api=True,
)
