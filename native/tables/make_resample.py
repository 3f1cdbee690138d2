# SPDX-License-Identifier: MIT
"""Write native/src/dsp/resample_tables.inc: filters of rate conversion and of the elastic store.

Run ``python native/tables/make_resample.py``; a test compares the file with what this prints.
"""

import math
import sys
from pathlib import Path
from typing import Final

OUT: Final = Path(__file__).resolve().parent.parent / "src" / "dsp" / "resample_tables.inc"
COMMON_HZ: Final = 48000
STOP_DB: Final = 66.0
"""A Kaiser design for 66 dB keeps 60 dB with room for single precision and 16-bit rounding."""
NARROW: Final = (3400.0, 4000.0, 336)
"""Pass, stop (Hz), taps at the common rate: 8 kHz at one end."""
WIDE: Final = (6800.0, 8000.0, 168)
"""16 to 48 kHz and back."""
DRIFT_TAPS: Final = 24
DRIFT_PHASES: Final = 128
"""Linear interpolation between 128 phases errs by -85 dB at 3.4 kHz."""
DRIFT_BETA: Final = 5.65


def bessel(x: float) -> float:
    """Return the modified Bessel function I0."""
    term = total = 1.0
    for k in range(1, 40):
        term *= (x / (2 * k)) ** 2
        total += term
    return total


def kaiser(at: float, beta: float) -> float:
    """Return the Kaiser window at -1..1."""
    return bessel(beta * math.sqrt(max(0.0, 1 - at * at))) / bessel(beta)


def sinc(x: float) -> float:
    """Return sin(pi x) / (pi x)."""
    return 1.0 if x == 0 else math.sin(math.pi * x) / (math.pi * x)


def low_pass(band: tuple[float, float, int]) -> list[float]:
    """Return the taps, whose sum is 1."""
    pass_hz, stop_hz, taps = band
    cut = (pass_hz + stop_hz) / COMMON_HZ
    beta = 0.1102 * (STOP_DB - 8.7)
    middle = (taps - 1) / 2
    raw = [
        sinc(cut * (i - middle)) * kaiser((i - middle) / (middle + 0.5), beta) for i in range(taps)
    ]
    return [tap / sum(raw) for tap in raw]


def phases(taps: list[float], up: int) -> list[list[float]]:
    """Return the taps of each phase, oldest sample first, for insertion of ``up`` - 1 zeros."""
    return [[up * tap for tap in reversed(taps[phase::up])] for phase in range(up)]


def delays() -> list[list[float]]:
    """Return the taps of each fractional delay 0, 1/128 ... 1, oldest sample first."""
    rows = []
    for phase in range(DRIFT_PHASES + 1):
        offsets = [k - (DRIFT_TAPS // 2 - 1) - phase / DRIFT_PHASES for k in range(DRIFT_TAPS)]
        row = [sinc(x) * kaiser(x / (DRIFT_TAPS / 2), DRIFT_BETA) for x in offsets]
        rows.append([tap / sum(row) for tap in row])
    return rows


def table(name: str, rows: list[list[float]]) -> list[str]:
    """Return one C table."""
    lines = [f"static const float {name}[{len(rows)}][{len(rows[0])}] = {{"]
    for row in rows:
        lines.append("    {")
        chunks = [row[at : at + 8] for at in range(0, len(row), 8)]
        lines += ["        " + ", ".join(f"{tap:.9e}f" for tap in chunk) + "," for chunk in chunks]
        lines.append("    },")
    return [*lines, "};"]


def text() -> str:
    """Return the file."""
    narrow = low_pass(NARROW)
    wide = low_pass(WIDE)
    lines = [
        "/* SPDX-License-Identifier: MIT */",
        "/* Made by native/tables/make_resample.py. */",
        "/* clang-format off */",
        *table("narrow_by_6", phases(narrow, 6)),
        *table("narrow_by_3", phases(narrow, 3)),
        *table("narrow_by_1", phases(narrow, 1)),
        *table("wide_by_3", phases(wide, 3)),
        *table("wide_by_1", phases(wide, 1)),
    ]
    return "\n".join(lines) + "\n"


def drift_text() -> str:
    """Return the file of the elastic store."""
    lines = [
        "/* SPDX-License-Identifier: MIT */",
        "/* Made by native/tables/make_resample.py. */",
        "/* clang-format off */",
        *table("fractional_delay", delays()),
    ]
    return "\n".join(lines) + "\n"


FILES: Final = {OUT: text, OUT.with_name("elastic_tables.inc"): drift_text}

if __name__ == "__main__":
    for path, make in FILES.items():
        path.write_text(make())
        sys.stdout.write(f"{path}\n")
