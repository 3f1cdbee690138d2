# SPDX-License-Identifier: MIT
"""The fields of a request, each taken once, of its type, within its limits.

``Fields(object).text("note", "")``; after the last, ``end()`` refuses what nobody has asked for.
"""

from typing import Any

from altiware.errors import UsageError
from altiware.toml_lines import Path

__all__ = ["Fields", "Json"]

Json = dict[str, Any]
"""An object of a JSON document."""


class Fields:
    """What a request says."""

    def __init__(self, document: Json) -> None:
        self._left = dict(document)

    def text(self, name: str, default: str) -> str:
        """Return a text."""
        value = self._left.pop(name, default)
        if not isinstance(value, str):
            raise UsageError(f"{name}: a text")
        return value

    def flag(self, name: str) -> bool:
        """Return true or false; false if nothing is said."""
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            raise UsageError(f"{name}: true or false")
        return value

    def number_or_none(self, name: str, least: int) -> int | None:
        """Return a whole number; None if nothing is said."""
        value = self._left.pop(name, None)
        if value is not None and (type(value) is not int or value < least):
            raise UsageError(f"{name}: a whole number, at least {least}")
        return value

    def seconds(self, name: str, limit_s: float) -> float | None:
        """Return a time, 1 s at least; None if nothing is said."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if type(value) not in (int, float) or not 1.0 <= value <= limit_s:
            raise UsageError(f"{name}: 1 to {limit_s:.0f} seconds")
        return float(value)

    def objects(self, name: str) -> list[object]:
        """Return a list."""
        value = self._left.pop(name, None)
        if not isinstance(value, list):
            raise UsageError(f"{name}: a list")
        return value

    def path(self, name: str) -> Path:
        """Return names and indices, one at least."""
        parts = self.objects(name)
        if not parts or any(type(part) not in (int, str) for part in parts):
            raise UsageError(f"{name}: a list of names and indices")
        return tuple(part for part in parts if isinstance(part, int | str))

    def end(self) -> None:
        """Refuse what is left."""
        if self._left:
            raise UsageError(f"{next(iter(self._left))}: is nothing that is asked for here")
