# SPDX-License-Identifier: MIT
"""Write native/src/dsp/dtmf_tables.inc: the constants of the DTMF receiver.

Run ``python native/tables/make_dtmf.py``; a test compares the file with what this prints.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

RATE_HZ: Final = 8000.0
HOP: Final = 40
"Samples of one hop, 5 ms."
WINDOW: Final = 5
"Hops of one decision."
OFF: Final = (0.0185, 0.0180)
"Most that a frequency may deviate: of a digit alone, and amid other sound."
TONES_HZ: Final = (697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0)
"ITU-T Q.23: rows, then columns."
DIAL_HZ: Final = (350.0, 440.0)
"North American dial tone; 400 to 450 Hz of others lie 23 to 30 dB down between and beside."
SCALE: Final = 4096
"One in the filters: twelve bits, so that no sum of 20 products leaves 32 bits."
OUTPUT: Final = Path(__file__).resolve().parents[1] / "src" / "dsp" / "dtmf_tables.inc"


def omega(hz: float) -> float:
    """Radians per sample."""
    return 2 * math.pi * hz / RATE_HZ


def half_wave(hz: float, wave: Callable[[float], float]) -> list[float]:
    """Return a wave about the middle of a hop, from there on: it is even or odd."""
    return [wave(omega(hz) * (k + 0.5)) for k in range(HOP // 2)]


def dot(a: list[float], b: list[float]) -> float:
    """Return the product of two waves over the whole hop, both even or both odd."""
    return 2 * sum(x * y for x, y in zip(a, b, strict=True))


def without(wave: list[float], others: list[list[float]]) -> list[float]:
    """Return the part of a wave that is orthogonal to others, which are so to each other."""
    for other in others:
        share = dot(wave, other) / dot(other, other)
        wave = [x - share * y for x, y in zip(wave, other, strict=True)]
    return wave


def dial_waves(wave: Callable[[float], float]) -> list[list[float]]:
    """Return an orthogonal base of dial tone and, if even, DC; each of the energy of a tone."""
    base: list[list[float]] = []
    for hz in (0.0, *DIAL_HZ) if wave(0.0) else DIAL_HZ:
        part = without(half_wave(hz, wave), base)
        norm = math.sqrt(HOP / 2 / dot(part, part))
        base.append([norm * x for x in part])
    return base


def tone_wave(hz: float, wave: Callable[[float], float]) -> list[float]:
    """Return what of a tone's wave no dial tone reaches."""
    return without(half_wave(hz, wave), dial_waves(wave))


def power_of(hz: float) -> float:
    """Weigh a tone's power so that all tones of one amplitude have the same."""
    cosine, sine = tone_wave(hz, math.cos), tone_wave(hz, math.sin)
    return (HOP / (dot(cosine, cosine) + dot(sine, sine))) ** 2


def pair_inverse(low: float, high: float) -> list[float]:
    """Invert the 2x2 normal matrices of cosines and of sines about the middle of a hop.

    About the middle cosines and sines are orthogonal, so a fit of two tones needs no more.
    """
    row: list[float] = []
    for wave in (math.cos, math.sin):
        of_low, of_high = tone_wave(low, wave), tone_wave(high, wave)
        a, b, c = dot(of_low, of_low), dot(of_low, of_high), dot(of_high, of_high)
        det = a * c - b * b
        row += [c / det, -b / det, a / det]
    return row


def of_pairs() -> list[tuple[str, list[float]]]:
    """Return what a receiver looks up by the pair that it hears, with its name."""
    inverses = [pair_inverse(low, high) for low in TONES_HZ[:4] for high in TONES_HZ[4:]]
    names = ("COS_AA", "COS_AB", "COS_BB", "SIN_AA", "SIN_AB", "SIN_BB")
    rows = [(f"INVERSE_{name}", [row[i] for row in inverses]) for i, name in enumerate(names)]
    by_tone = {
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


def words(name: str, waves: list[list[float]]) -> str:
    """Return filters as whole numbers: two samples' coefficients beside each other."""
    rows = []
    for wave in waves:
        row = [round(SCALE * x) for x in wave]
        if sum(abs(x) for x in row) >= 1 << 16:
            raise ValueError(f"{name}: 20 samples of 15 bits may leave 32 bits")
        rows.append("    {" + ", ".join(str(x) for x in row) + "},\n")
    return f"static const int16_t {name}[{len(rows)}][{HOP // 2}] = {{\n{''.join(rows)}}};\n"


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
    cosines = [tone_wave(hz, math.cos) for hz in TONES_HZ] + dial_waves(math.cos)
    sines = [[-x for x in tone_wave(hz, math.sin)] for hz in TONES_HZ] + dial_waves(math.sin)
    pairs = of_pairs()
    places = "".join(f"    {name},\n" for name, _ in pairs)
    return "".join(
        [
            "/* SPDX-License-Identifier: MIT */\n",
            "/* Made by native/tables/make_dtmf.py: do not edit. */\n",
            "/* clang-format off */\n",
            f"enum {{ BANK_SCALE = {SCALE}, BANK_EVENS = {len(cosines)},"
            f" BANK_ODDS = {len(sines)} }};\n",
            "/* Filters by distance from the middle of a hop: the eight tones' cosines, and minus\n"
            " * sines, less what they share with dial tone; then bases of dial tone and DC. */\n",
            words("BANK_EVEN", cosines),
            words("BANK_ODD", sines),
            "/* From hop to hop. */\n",
            table("HOP_COS", [[math.cos(w * HOP * h) for w in angles] for h in range(WINDOW)]),
            table("HOP_SIN", [[math.sin(w * HOP * h) for w in angles] for h in range(WINDOW)]),
            array("TONE_POWER", [power_of(hz) for hz in TONES_HZ]),
            "/* By pair, row * 4 + column: the inverses of the normal matrices of cosines and of\n",
            " * sines; a hop's turn; tangents of turns still allowed. */\n",
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
