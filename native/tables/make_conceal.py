# SPDX-License-Identifier: MIT
"""Write native/src/dsp/conceal_tables.inc: the window of the concealer's predictor.

Run ``python native/tables/make_conceal.py``; a test compares the file with what this prints.
"""

import math
import sys
from pathlib import Path
from typing import Final

OUT: Final = Path(__file__).resolve().parent.parent / "src" / "dsp" / "conceal_tables.inc"
RISE: Final = 200
FALL: Final = 40
"""Samples: it rises over 25 ms and falls over 5, so that the newest sound counts most."""


def window() -> list[float]:
    """Return it, oldest sample first: half a raised cosine, a quarter of a cosine."""
    rise = [0.5 - 0.5 * math.cos(math.pi * (i + 0.5) / RISE) for i in range(RISE)]
    return rise + [math.cos(math.pi / 2 * (i + 0.5) / FALL) for i in range(FALL)]


def lines() -> list[str]:
    """Return the file."""
    values = window()
    return [
        "/* SPDX-License-Identifier: MIT */",
        "/* Made by native/tables/make_conceal.py: do not edit. */",
        "/* clang-format off */",
        f"static const float WINDOW[{len(values)}] = {{",
        *(
            "    " + ", ".join(f"{each:.9e}f" for each in values[at : at + 8]) + ","
            for at in range(0, len(values), 8)
        ),
        "};",
        "/* clang-format on */",
    ]


if __name__ == "__main__":
    text = "\n".join(lines()) + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        OUT.write_text(text)
