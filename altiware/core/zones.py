# SPDX-License-Identifier: MIT
"""Page zones: telephones that are called together, to hear somebody who speaks to them all."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

__all__ = ["ZonePlan"]


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """One zone."""

    name: str
    stations: tuple[str, ...]
    "Extensions."

    def contradictions(self, extensions: Collection[str]) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        if not self.stations:
            yield "stations", (), "at least one extension"
        for extension in self.stations:
            if extension not in extensions:
                yield "stations", extension, f"some of {', '.join(sorted(extensions))}"
