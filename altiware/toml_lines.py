# SPDX-License-Identifier: MIT
"""In which line of a TOML file a setting stands.

``Lines(text).of(("stations", 3, "port"))``.  The standard reader keeps no positions; this reads
headers and keys, one to a line, which is how people write them.  What stands in an inline table
or after a multi-line string is found by the line of what encloses it, or not at all.
"""

import re
from typing import Final

__all__ = ["Lines", "Path", "shown"]

Path = tuple[str | int, ...]
"""Names and indices from the root to a setting."""

KEY: Final = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
DOTTED: Final = re.compile(rf"\s*({KEY}(?:\s*\.\s*{KEY})*)\s*")
HEADER: Final = re.compile(rf"\s*\[(\[?){DOTTED.pattern}\]")
SETTING: Final = re.compile(rf"{DOTTED.pattern}=")
PART: Final = re.compile(KEY)


def shown(path: Path) -> str:
    """Write a path as people do: ``stations[3].port``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


class Lines:
    """The lines of one file's settings."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), start=1):
            header = HEADER.match(line)
            setting = SETTING.match(line)
            if header:
                table = self._enter(_names(header[2]), is_array=bool(header[1]))
                self._lines.setdefault(table, number)
            elif setting:
                self._lines.setdefault((*table, *_names(setting[1])), number)

    def of(self, path: Path) -> int | None:
        """Return the line of a setting, or of the innermost thing around it that has one."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def _enter(self, names: list[str], *, is_array: bool) -> Path:
        """Return the path of a header; names of arrays before the last mean their last table."""
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        path = (*path, names[-1])
        if not is_array:
            return path
        self._counts[path] = self._counts.get(path, 0) + 1
        return (*path, self._counts[path] - 1)


def _names(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in PART.findall(dotted)]
