# SPDX-License-Identifier: MIT
"""A box as a picture: SVG, all on one time axis, that any browser shows.

For each direction the waveform and the spectrogram; below them what was decoded, what happened in
the call, and the line's volts and current.  It is one file: the spectrograms are inside.
"""

import base64
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

import numpy as np

from altiware.blackbox.box import RATE, Box, Decoded
from altiware.blackbox.png import png_of, spectrogram
from dsp.levels import dbm0_of
from dsp.pcm import Samples

__all__ = ["picture"]

WIDTH: Final = 1200
LEFT: Final = 90
RIGHT: Final = 70
WAVE: Final = 70
BAND: Final = 100
LANE: Final = 16
GAP: Final = 14
CURVE: Final = 70
COLOURS: Final = {"digit": "#1f6fb2", "tone": "#2f8f4e", "caller": "#8e44ad", "special": "#c0392b"}
STYLE: Final = (
    "text{font:11px sans-serif;fill:#222}.t{font-size:14px;font-weight:bold}.g{stroke:#ddd}"
    ".w{stroke:#345;fill:none;stroke-width:.6}.e{fill:#555}"
)
SIDES: Final = (("said", "from the line"), ("heard", "to the line"))


class _Sheet:
    """What is drawn so far, from above to below."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(seconds, 0.001)
        self.top = 40
        self.parts: list[str] = []

    def x(self, at: float) -> float:
        """Return where a time is."""
        share = min(max(at / self.seconds, 0.0), 1.0)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def add(self, part: str) -> None:
        self.parts.append(part)

    def text(self, x: float, y: float, words: str, more: str = "") -> None:
        self.add(f'<text x="{x}" y="{y}" {more}>{escape(words)}</text>')

    def name(self, words: str) -> None:
        """Name what begins here."""
        self.text(LEFT - 6, self.top + 12, words, 'text-anchor="end"')


def picture(box: Box, decoded: Sequence[Decoded]) -> str:
    """Return the picture as SVG."""
    sheet = _Sheet(len(box.said) / RATE)
    for (side, words), pcm in zip(SIDES, (box.said, box.heard), strict=True):
        _waveform(sheet, words, pcm)
        _spectrogram(sheet, pcm)
        _decoded(sheet, [each for each in decoded if each.side == side])
    _moments(sheet, box)
    for name, unit, curve in _curves(box):
        _curve(sheet, name, unit, curve)
    height = sheet.top + 24
    grid = "".join(_grid(sheet, height))
    title = escape(_title(box))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}"><title>{title}</title><style>{STYLE}</style>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        f'<text class="t" x="{LEFT}" y="24">{title}</text>{grid}{"".join(sheet.parts)}</svg>\n'
    )


def _title(box: Box) -> str:
    facts = box.facts
    words = (facts.party or box.path.stem, facts.began, facts.reason)
    return "  ".join(word for word in words if word)


def _grid(sheet: _Sheet, height: int) -> Iterator[str]:
    step = 1 if sheet.seconds > 2 else 0.1
    for number in range(int(sheet.seconds / step) + 1):
        x = sheet.x(number * step)
        yield f'<line class="g" x1="{x}" x2="{x}" y1="34" y2="{height - 18}"/>'
        yield f'<text x="{x}" y="{height - 6}" text-anchor="middle">{number * step:g} s</text>'


def _waveform(sheet: _Sheet, words: str, pcm: Samples) -> None:
    """Draw the least and the most of each column."""
    sheet.name(words)
    sheet.text(LEFT - 6, sheet.top + 28, f"{dbm0_of(pcm):.0f} dBm0", 'text-anchor="end"')
    middle = sheet.top + WAVE / 2
    columns = WIDTH - LEFT - RIGHT
    pieces = np.array_split(pcm, columns) if len(pcm) >= columns else [pcm]
    path = []
    for number, piece in enumerate(pieces):
        low, high = (int(piece.min()), int(piece.max())) if len(piece) else (0, 0)
        x = round(LEFT + number * columns / len(pieces), 1)
        ends = [round(middle - value / 32768 * WAVE / 2, 1) for value in (high, low)]
        path.append(f"M{x} {ends[0]}V{ends[1] + 0.3:.1f}")
    sheet.add(f'<path class="w" d="{"".join(path)}"/>')
    sheet.top += WAVE + 4


def _spectrogram(sheet: _Sheet, pcm: Samples) -> None:
    image = base64.b64encode(png_of(spectrogram(pcm))).decode("ascii")
    sheet.text(LEFT - 6, sheet.top + 10, "4 kHz", 'text-anchor="end"')
    sheet.text(LEFT - 6, sheet.top + BAND, "0", 'text-anchor="end"')
    sheet.add(
        f'<image x="{LEFT}" y="{sheet.top}" width="{WIDTH - LEFT - RIGHT}" height="{BAND}" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{image}"/>'
    )
    sheet.top += BAND + 4


def _decoded(sheet: _Sheet, decoded: Sequence[Decoded]) -> None:
    """Draw what was decoded as bars, each kind in a lane of its own."""
    for kind in COLOURS:
        found = [each for each in decoded if each.kind == kind]
        if not found:
            continue
        sheet.name(kind)
        for each in found:
            x, end = sheet.x(each.at), sheet.x(each.until)
            sheet.add(
                f'<rect x="{x}" y="{sheet.top + 2}" width="{max(end - x, 2):.1f}" '
                f'height="{LANE - 3}" fill="{COLOURS[kind]}" fill-opacity=".35"/>'
            )
            sheet.text(x + 2, sheet.top + 12, each.what)
        sheet.top += LANE
    sheet.top += GAP


def _moments(sheet: _Sheet, box: Box) -> None:
    """Draw the call's events, one below another where they would touch."""
    shown = [each for each in box.facts.moments if 0 <= each.at <= sheet.seconds]
    if not shown:
        return
    sheet.name("call")
    ends: list[float] = []
    for each in shown:
        words, x = f"{each.target}: {each.what}", sheet.x(each.at)
        lane = next((n for n, end in enumerate(ends) if end < x), len(ends))
        ends[lane : lane + 1] = [x + 7 + 6 * len(words)]
        y = sheet.top + lane * 13
        sheet.add(f'<circle class="e" cx="{x}" cy="{y + 8}" r="2"/>')
        anchored = x < WIDTH - RIGHT - 100
        sheet.text(x + 5 if anchored else x - 5, y + 12, words,
                   "" if anchored else 'text-anchor="end"')  # fmt: skip
    sheet.top += len(ends) * 13 + GAP


Curve = list[tuple[float, float]]


def _curves(box: Box) -> Iterator[tuple[str, str, Curve]]:
    readings = box.facts.readings
    volts = [(each.at, each.volts) for each in readings if each.volts is not None]
    milliamps = [(each.at, each.milliamps) for each in readings if each.milliamps is not None]
    if volts:
        yield "tip-ring", "V", volts
    if milliamps:
        yield "current", "mA", milliamps


def _curve(sheet: _Sheet, name: str, unit: str, curve: Curve) -> None:
    sheet.name(name)
    values = [value for _, value in curve]
    low, high = min(*values, 0.0), max(*values, 0.0)
    span = max(high - low, 1.0)
    points = " ".join(
        f"{sheet.x(at)},{sheet.top + CURVE - (value - low) / span * CURVE:.1f}"
        for at, value in curve
    )
    sheet.add(f'<polyline points="{points}" fill="none" stroke="#b5651d"/>')
    sheet.text(WIDTH - RIGHT + 6, sheet.top + 10, f"{high:.0f} {unit}")
    sheet.text(WIDTH - RIGHT + 6, sheet.top + CURVE, f"{low:.0f} {unit}")
    sheet.top += CURVE + GAP
