# SPDX-License-Identifier: MIT
"""``altiware attendant draw``: the trees of the attendants as a picture (SVG), top to the left."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

import typer

from altiware.attendant_table import clip_text
from altiware.config import read
from altiware.core.attendants import ROOT, AttendantAct, AttendantItem, AttendantPlan
from altiware.core.plan import Plan
from altiware.errors import UsageError

__all__ = ["draw", "drawing"]

BOX: Final = (190, 44)
STEP: Final = (240, 58)
EDGE: Final = 20
STYLE: Final = (
    "text{font:12px sans-serif;fill:#222}.k{font-weight:bold;fill:#1f6fb2}.p{font-size:10px;"
    "fill:#666}rect{fill:#f6f8fa;stroke:#345;rx:6}.m{fill:#e8f1fb}path{stroke:#345;fill:none}"
)


def draw(file: Path, name: str | None, output: Path | None) -> None:
    """Write the picture of one attendant, or the first, to a file or standard output.

    Raises:
        ConfigError: the configuration is wrong.
        UsageError: there is no such attendant.
    """
    plan = read(file).plan
    names = [each.name for each in plan.attendants]
    if not names:
        raise UsageError(f"{file}: no attendants; they are written as [[attendants]]")
    if name is not None and name not in names:
        raise UsageError(f"{name}: allowed are {', '.join(names)}")
    chosen = plan.attendants[names.index(name) if name is not None else 0]
    picture = drawing(chosen, plan)
    if output is None:
        typer.echo(picture, nl=False)
    else:
        output.write_text(picture, "utf-8")


def drawing(attendant: AttendantPlan, plan: Plan) -> str:
    """Return the tree as SVG."""
    rows = {path: row for row, path in enumerate(_in_order(attendant, ROOT))}
    deepest = max(map(len, rows))
    width = 2 * EDGE + deepest * STEP[0] + BOX[0]
    height = 2 * EDGE + len(rows) * STEP[1]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        f"<title>Attendant {escape(attendant.name)}</title><style>{STYLE}</style>",
    ]
    for path, row in rows.items():
        if path:
            parts += _edge(path, rows[path[:-1]], row)
    for path, row in rows.items():
        parts += _box(path, row, attendant.items[path], plan)
    return "\n".join([*parts, "</svg>", ""])


def _in_order(attendant: AttendantPlan, path: str) -> Iterator[str]:
    yield path
    for key in sorted(attendant.below(path)):
        yield from _in_order(attendant, path + key)


def _at(path: str, row: int) -> tuple[int, int]:
    return EDGE + len(path) * STEP[0], EDGE + row * STEP[1]


def _edge(path: str, parent_row: int, row: int) -> Iterator[str]:
    x, y = _at(path, row)
    from_x, from_y = _at(path[:-1], parent_row)
    middle, parent_middle = y + BOX[1] // 2, from_y + BOX[1] // 2
    bend = from_x + BOX[0] + (STEP[0] - BOX[0]) // 3
    yield f'<path d="M{from_x + BOX[0]},{parent_middle} H{bend} V{middle} H{x}"/>'
    yield f'<text class="k" x="{x - 16}" y="{middle - 4}">{escape(path[-1])}</text>'


def _box(path: str, row: int, item: AttendantItem, plan: Plan) -> Iterator[str]:
    x, y = _at(path, row)
    kind = ' class="m"' if item.act is AttendantAct.MENU else ""
    yield f'<rect{kind} x="{x}" y="{y}" width="{BOX[0]}" height="{BOX[1]}"/>'
    words = item.name or ("Top" if path == ROOT else _does(item, plan))
    said = " ".join(map(clip_text, item.prompt)) or _does(item, plan)
    yield f'<text x="{x + 8}" y="{y + 18}">{escape(_short(words, 26))}</text>'
    yield f'<text class="p" x="{x + 8}" y="{y + 34}">{escape(_short(said, 34))}</text>'


def _does(item: AttendantItem, plan: Plan) -> str:
    names = {each.extension: each.name for each in plan.stations}
    names |= {number: each.name for number, each in plan.numbering.services.items()}
    whom = names.get(item.target, "")
    target = f" {item.target}" if item.target else ""
    return f"{item.act.value}{target}" + (f" ({whom})" if whom else "")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
