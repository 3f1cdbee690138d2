# SPDX-License-Identifier: MIT
"""Where the tables of a TOML text begin and end, line by line, with the comments of each.

``blocks(lines)`` gives the root and every ``[table]`` and ``[[row]]`` in order.  A comment directly
below a setting belongs to its table, one directly above a header to that header; what an empty line
separates from both belongs to what follows.  It reads strings and lists that go over several lines,
but checks nothing: the reader of TOML has accepted the text.
"""

import re
from dataclasses import dataclass
from typing import Final

from altiware.toml_lines import HEADER, PART, Path

__all__ = ["Block", "blocks"]

LONG_QUOTES: Final = ('"""', "'''")
QUOTES: Final = "\"'"
_BLANK: Final = re.compile(r"\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one table, without the tables in it."""

    path: Path
    "Names, and the index of a row."
    lead: int
    "First line of the comment that is directly above the header, else the header's."
    line: int
    "The header's; of the root: -1."
    settings_end: int
    "Behind the last setting."
    end: int
    "Behind the comment that is directly below that."


def blocks(lines: list[str]) -> list[Block]:
    """Return the blocks of a text, the root first; ``lines`` are without line ends."""
    headers = _Headers()
    found: list[Block] = []
    path: Path = ()
    lead, line, settings_end = 0, -1, 0
    value = _Value()
    for number, text in enumerate(lines):
        header = None if value.is_open else HEADER.match(text)
        if header:
            found.append(_block(lines, path, lead, line, settings_end))
            path = headers.enter(header[2], is_row=bool(header[1]))
            lead, line, settings_end = _lead(lines, number, found[-1].end), number, number + 1
        elif value.is_open or not _is_comment(text):
            value.feed(text)
            settings_end = number + 1
    found.append(_block(lines, path, lead, line, settings_end))
    return found


def _block(lines: list[str], path: Path, lead: int, line: int, settings_end: int) -> Block:
    end = settings_end
    while end < len(lines) and lines[end].lstrip().startswith("#"):
        end += 1
    return Block(path, lead, line, settings_end, end)


def _lead(lines: list[str], header: int, floor: int) -> int:
    lead = header
    while lead > floor and lines[lead - 1].lstrip().startswith("#"):
        lead -= 1
    return lead


def _is_comment(text: str) -> bool:
    return text.lstrip().startswith("#") or _BLANK.match(text) is not None


class _Headers:
    """Counts rows: a header means the last row of each list that it names."""

    def __init__(self) -> None:
        self._counts: dict[Path, int] = {}

    def enter(self, dotted: str, *, is_row: bool) -> Path:
        names = [part.strip(QUOTES) for part in PART.findall(dotted)]
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        path = (*path, names[-1])
        if not is_row:
            return path
        self._counts[path] = self._counts.get(path, 0) + 1
        return (*path, self._counts[path] - 1)


class _Value:
    """Follows a value over its lines."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0

    @property
    def is_open(self) -> bool:
        """Whether the value goes on in the next line."""
        return bool(self._quote) or self._depth > 0

    def feed(self, line: str) -> None:
        """Take a line."""
        at = 0
        while at < len(line):
            at = self._in_string(line, at) if self._quote else self._outside(line, at)
        if self._quote not in LONG_QUOTES:
            self._quote = ""

    def _in_string(self, line: str, at: int) -> int:
        if line[at] == "\\" and self._quote[0] == '"':
            return at + 2
        if line.startswith(self._quote, at):
            at += len(self._quote)
            self._quote = ""
            return at
        return at + 1

    def _outside(self, line: str, at: int) -> int:
        if line[at] == "#":
            return len(line)
        if line[at] in QUOTES:
            self._quote = line[at : at + 3] if line.startswith(LONG_QUOTES, at) else line[at]
            return at + len(self._quote)
        self._depth += (line[at] in "[{") - (line[at] in "]}")
        return at + 1
