# SPDX-License-Identifier: MIT
"""Who calls, as a modem's formatted lines say it: ``NMBR = 8055554567``."""

import re
from dataclasses import dataclass, field
from typing import Final

__all__ = ["CallerLines", "is_caller_line"]

_LINE: Final = re.compile(r"^(DATE|TIME|NMBR|NAME|MESG|DDN_NMBR)\s*=\s*(.*)$")
_ABSENT: Final = frozenset({"P", "O"})
"""Instead of a number: private, out of area."""


def is_caller_line(line: str) -> bool:
    """Tell whether a line speaks of a caller."""
    return _LINE.match(line) is not None


@dataclass(slots=True)
class CallerLines:
    """Gathers the lines of one call."""

    number: str = ""
    name: str = ""
    absent: str = ""
    _seen: set[str] = field(default_factory=set)

    @property
    def begun(self) -> bool:
        """Whether anything has been said of the caller."""
        return bool(self._seen)

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be expected: some modems leave the name out."""
        return {"NMBR", "NAME"} <= self._seen

    def take(self, line: str) -> None:
        """Take one line; what isn't understood says nothing."""
        match = _LINE.match(line)
        if match is None:
            return
        key, value = match[1], match[2].strip()
        self._seen.add(key)
        if key == "NMBR" and value in _ABSENT:
            self.absent = value
        elif key == "NMBR":
            self.number = value
        elif key == "NAME" and value not in _ABSENT:
            self.name = value
