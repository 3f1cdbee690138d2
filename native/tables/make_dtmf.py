# SPDX-License-Identifier: MIT
"""Write native/src/dsp/dtmf_tables.inc: the constants of the DTMF receiver.

Run ``python native/tables/make_dtmf.py``; a test compares the file with what this prints.
"""

import cmath
import math
import sys
from pathlib import Path
from typing import Final

RATE_HZ: Final = 8000.0
HOP: Final = 40
"Samples of one hop, 5 ms."
WINDOW: Final = 5
"Hops of one decision."
OFF: Final = (0.0215, 0.020)
"Most that a frequency may deviate: of a digit alone, and amid other sound."
TONES_HZ: Final = (697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0)
"ITU-T Q.23: rows, then columns."
NOTCHES_HZ: Final = (350.0, 440.0)
"Zeros of the filter: the North American dial tone; 400..450 Hz of others lies 35 dB down beside."
POLE: Final = cmath.rect(0.86, 0.425)
"Both pole pairs: 541 Hz; radius chosen so that an edge settles within 2 ms."
DC_POLE: Final = 0.80
OUTPUT: Final = Path(__file__).resolve().parents[1] / "src" / "dsp" / "dtmf_tables.inc"


def omega(hz: float) -> float:
    """Radians per sample."""
    return 2 * math.pi * hz / RATE_HZ


def notch_gain(hz: float) -> float:
    """Magnitude of the notch filter's response."""
    z = cmath.exp(-1j * omega(hz))
    pole = (1 - POLE * z) * (1 - POLE.conjugate() * z)
    response = (1 - z) / (1 - DC_POLE * z)
    for zero in NOTCHES_HZ:
        response *= (1 - 2 * math.cos(omega(zero)) * z + z * z) / pole
    return abs(response)


def pair_inverse(low: float, high: float) -> list[float]:
    """Invert the 2x2 normal matrices of cosines and of sines about the middle of a hop.

    About the middle cosines and sines are orthogonal, so a fit of two tones needs no more.
    """
    times = [n - (HOP - 1) / 2 for n in range(HOP)]
    row: list[float] = []
    for wave in (math.cos, math.sin):
        a = sum(wave(omega(low) * t) ** 2 for t in times)
        b = sum(wave(omega(low) * t) * wave(omega(high) * t) for t in times)
        c = sum(wave(omega(high) * t) ** 2 for t in times)
        det = a * c - b * b
        row += [c / det, -b / det, a / det]
    return row


def of_pairs() -> list[tuple[str, list[float]]]:
    """Return what a receiver looks up by the pair that it hears, with its name."""
    inverses = [pair_inverse(low, high) for low in TONES_HZ[:4] for high in TONES_HZ[4:]]
    names = ("COS_AA", "COS_AB", "COS_BB", "SIN_AA", "SIN_AB", "SIN_BB")
    rows = [(f"INVERSE_{name}", [row[i] for row in inverses]) for i, name in enumerate(names)]
    by_tone = {
        "GAIN": [1 / notch_gain(hz) for hz in TONES_HZ],
        "TURN_COS": [math.cos(omega(hz) * HOP) for hz in TONES_HZ],
        "TURN_SIN": [math.sin(omega(hz) * HOP) for hz in TONES_HZ],
        "OFF_ALONE": [math.tan(OFF[0] * omega(hz) * HOP) for hz in TONES_HZ],
        "OFF_AMID": [math.tan(OFF[1] * omega(hz) * HOP) for hz in TONES_HZ],
    }
    for name, values in by_tone.items():
        rows.append((f"{name}_LOW", [values[pair // 4] for pair in range(16)]))
        rows.append((f"{name}_HIGH", [values[4 + pair % 4] for pair in range(16)]))
    return rows


def numbers(values: list[float]) -> str:
    """Format as C float constants."""
    return ", ".join(
        f"{value:.9g}f" if "." in f"{value:.9g}" else f"{value:.9g}.0f" for value in values
    )


def array(name: str, values: list[float]) -> str:
    """Return one array of constants."""
    return f"static const float {name}[{len(values)}] = {{{numbers(values)}}};\n"


def table(name: str, rows: list[list[float]]) -> str:
    """Return one array of rows of constants."""
    lines = "".join(f"    {{{numbers(row)}}},\n" for row in rows)
    return f"static const float {name}[{len(rows)}][{len(rows[0])}] = {{\n{lines}}};\n"


def text() -> str:
    """Return the whole file."""
    angles = [omega(hz) for hz in TONES_HZ]
    half = [k + 0.5 for k in range(HOP // 2)]
    pairs = of_pairs()
    places = "".join(f"    {name},\n" for name, _ in pairs)
    zeros = [2 * math.cos(omega(hz)) for hz in NOTCHES_HZ]
    return "".join(
        [
            "/* SPDX-License-Identifier: MIT */\n",
            "/* Made by native/tables/make_dtmf.py: do not edit. */\n",
            "/* clang-format off */\n",
            "/* Of the notch: a pole pair, and what of the input meets each zero pair there. */\n",
            array("NOTCH_POLE", [2 * POLE.real, abs(POLE) ** 2]),
            array("NOTCH_ZERO", [2 * POLE.real - zero for zero in zeros]),
            array("DC_POLE", [DC_POLE, DC_POLE - 1]),
            "/* By distance from the middle of a hop: cosines, and minus sines, of the tones. */\n",
            table("BANK_COS", [[math.cos(w * t) for w in angles] for t in half]),
            table("BANK_SIN", [[-math.sin(w * t) for w in angles] for t in half]),
            "/* From hop to hop. */\n",
            table("HOP_COS", [[math.cos(w * HOP * h) for w in angles] for h in range(WINDOW)]),
            table("HOP_SIN", [[math.sin(w * HOP * h) for w in angles] for h in range(WINDOW)]),
            array("TONE_POWER", [1 / notch_gain(hz) ** 2 for hz in TONES_HZ]),
            "/* By pair, row * 4 + column: the inverses of the normal matrices of cosines and of\n",
            " * sines; what the notch takes; a hop's turn; tangents of turns still allowed. */\n",
            f"enum {{\n{places}    PAIR_TABLES\n}};\n",
            table("PAIR_TABLE", [values for _, values in pairs]),
            "/* clang-format on */\n",
        ]
    )


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(text())
    else:
        OUTPUT.write_text(text())
