# SPDX-License-Identifier: MIT
"""What a report is made of: sections with headings and rows, whatever they are printed as."""

from dataclasses import dataclass

__all__ = ["Section", "Value"]

Value = str | int | float | None
"""None: there is no such figure, as an average of nothing."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table.  Headings are words with units; a row has a value for each."""

    name: str
    "One word, by which it can be asked for."
    title: str
    "A sentence for people."
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    "How figures are meant."

    def documents(self) -> list[dict[str, Value]]:
        """Return the rows as JSON objects; ``talked s`` is called ``talked_s``."""
        names = [heading.replace(" ", "_") for heading in self.headings]
        return [dict(zip(names, row, strict=True)) for row in self.rows]
