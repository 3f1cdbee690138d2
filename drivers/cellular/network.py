# SPDX-License-Identifier: MIT
"""What a module has said of the network it is in, or not in."""

import re
from dataclasses import dataclass, field
from typing import Final

from drivers.cellular.words import Registration

__all__ = ["Network"]

_OPERATOR: Final = re.compile(r'^\+COPS: *\d+,\d+,"([^"]*)"')


@dataclass(slots=True)
class Network:
    """The network, by the latest news of each kind."""

    dbm: int | None = None
    operator: str = ""
    _news: dict[str, Registration] = field(default_factory=dict)

    def note(self, news: Registration) -> None:
        """Take news of a domain."""
        self._news[news.domain] = news

    def note_operator(self, line: str) -> None:
        """Take the operator's name out of a line that has it."""
        match = _OPERATOR.match(line)
        if match is not None:
            self.operator = match[1]

    @property
    def registered(self) -> bool:
        """Whether any kind of network takes calls."""
        return any(each.registered for each in self._news.values())

    @property
    def state(self) -> str:
        """How it is, in words: of the kind that is registered, or of the last."""
        told = sorted(self._news.values(), key=lambda each: each.registered)
        return told[-1].state if told else "nothing was said of it"

    def features(self) -> dict[str, str]:
        """Return what a board says of itself."""
        found = {"network": self.state}
        if self.operator:
            found["operator"] = self.operator
        if self.dbm is not None:
            found["signal"] = f"{self.dbm} dBm"
        return found
