# SPDX-License-Identifier: MIT
"""A call's trace as a ladder: a column for everyone in it, an arrow for everything that happened.

``ladder(trace_of(connection, call))`` gives the lines.  Whoever speaks first stands leftmost.
"""

from collections.abc import Sequence
from typing import Final

from altiware.store.queries import TraceLine

__all__ = ["ladder"]

COLUMN: Final = 12
"""Characters between two columns: a party's name or a short call id."""
NAME: Final = COLUMN - 2
VALUE: Final = 60
"""Characters of a value; all of it is in the trace as JSON."""


def ladder(lines: Sequence[TraceLine]) -> list[str]:
    """Draw the lines; times are seconds since the first."""
    if not lines:
        return []
    columns = list(dict.fromkeys(name for line in lines for name in (line.source, line.target)))
    heading = "".join(_short(name).center(COLUMN) for name in columns)
    begin = lines[0].at
    return [
        f"{'seconds':>9} {heading}".rstrip(),
        *(f"{line.at - begin:9.3f} {_arrow(line, columns)} {_label(line)}" for line in lines),
    ]


def _arrow(line: TraceLine, columns: Sequence[str]) -> str:
    """Draw one rung: the arrow between its two columns, the other columns passing by."""
    rung = [" "] * (COLUMN * len(columns))
    middle = COLUMN // 2
    for column in range(len(columns)):
        rung[column * COLUMN + middle] = "│"
    start = columns.index(line.source) * COLUMN + middle
    end = columns.index(line.target) * COLUMN + middle
    if start == end:
        rung[start] = "●"
    else:
        low, high = min(start, end), max(start, end)
        for place in range(low + 1, high):
            rung[place] = "─"
        rung[start] = "├" if start < end else "┤"
        rung[end - 1 if start < end else end + 1] = "▶" if start < end else "◀"
    return "".join(rung)


def _label(line: TraceLine) -> str:
    details = " ".join(f"{key}={_cut(value)}" for key, value in line.fields.items())
    return f"{line.what} {details}".rstrip()


def _cut(value: str) -> str:
    return value if len(value) <= VALUE else f"{value[: VALUE - 1]}…"


def _short(name: str) -> str:
    """Keep the end of a long name: ids of calls differ there."""
    return name if len(name) <= NAME else f"…{name[-(NAME - 1) :]}"
