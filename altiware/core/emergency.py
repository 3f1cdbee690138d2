# SPDX-License-Identifier: MIT
"""What an office does when somebody calls help; where its telephones stand, the stations say."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

__all__ = ["EmergencyPlan"]


@dataclass(frozen=True, slots=True)
class EmergencyPlan:
    """Who is told of a call for help, and what is said of its place."""

    notify: tuple[str, ...] = ()
    "Extensions that are rung until somebody there has confirmed."
    call_back: str = ""
    "The number under which help calls back, where the station has none of its own."
    test: str = ""
    "What is dialled to test it; empty: as is usual in the country."

    def contradictions(self, extensions: Collection[str]) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        for extension in self.notify:
            if extension not in extensions:
                yield "notify", extension, f"some of {', '.join(sorted(extensions))}"
        for setting, number in (("call_back", self.call_back), ("test", self.test)):
            if number and not (number.isascii() and number.isdigit()):
                yield setting, number, "digits"
