# SPDX-License-Identifier: MIT
"""Write native/src/dsp/fsk_tables.inc: the correlators of the caller-ID receiver.

Run ``python native/tables/make_fsk.py``; a test compares the file with what this prints.
"""

import math
import sys
from pathlib import Path
from typing import Final

RATE_HZ: Final = 8000.0
BAUD: Final = 1200.0
STANDARDS: Final = {"Bell 202": (1200.0, 2200.0), "V.23": (1300.0, 2100.0)}
"Mark and space, in the order of aw_fsk_standard."
TAPS: Final = 7
"A bit is 6 2/3 samples: the outermost two taps count for 5/6 each."
OUTPUT: Final = Path(__file__).resolve().parents[1] / "src" / "dsp" / "fsk_tables.inc"


def correlator(hz: float) -> list[list[float]]:
    """Cosines and sines over one bit, its energy one."""
    outer = (RATE_HZ / BAUD - (TAPS - 2)) / 2
    weights = [outer, *[1.0] * (TAPS - 2), outer]
    angles = [2 * math.pi * hz / RATE_HZ * (n - (TAPS - 1) / 2) for n in range(TAPS)]
    scale = sum(weights) / 2
    return [
        [w * wave(a) / scale for w, a in zip(weights, angles, strict=True)]
        for wave in (math.cos, math.sin)
    ]


def row(values: list[float]) -> str:
    """Format as one row of C float constants."""
    return "{" + ", ".join(f"{v:.9e}f" for v in values) + "}"


def text() -> str:
    """Return the whole file."""
    lines = [
        "/* SPDX-License-Identifier: MIT */",
        "/* Made by native/tables/make_fsk.py: do not edit. */",
        "/* clang-format off */",
        f"#define TAPS {TAPS}",
        "/* Per standard: mark cosine, mark sine, space cosine, space sine. */",
        f"static const float CORRELATORS[{len(STANDARDS)}][4][TAPS] = {{",
    ]
    for name, tones in STANDARDS.items():
        rows = [row(part) for hz in tones for part in correlator(hz)]
        lines += [f"    {{ /* {name} */", *[f"        {r}," for r in rows], "    },"]
    lines += ["};", "/* clang-format on */", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(text())
    else:
        OUTPUT.write_text(text())
