# SPDX-License-Identifier: MIT
"""Prints the table of docs/reference/robustness.md: ``python -m tests.fault_table``.

It is made from build/accuracy.json, which ``python -m tests.accuracy faults`` writes.
"""

import json
from collections.abc import Mapping
from typing import Final

from tests.measure import BUILD

__all__ = ["COLUMNS", "KINDS", "table"]

KINDS: Final = {
    "firmware": "socket pair, in process",
    "terminal": "pseudo terminal",
    "tcp": "TCP",
    "modem": "a modem's line, socket pair",
    "usb": "simulated USB bus",
}
COLUMNS: Final = {
    "calls": ("calls",),
    "cut": ("calls_cut",),
    "frames both ways": ("sent_to_host", "sent_to_board"),
    "spoiled": ("drop", "corrupt", "duplicate", "reorder"),
    "stalls": ("stall",),
    "unplugged": ("unplug",),
    "crashes": ("reboot",),
    "link lost": ("losses",),
    "longest away, s": ("away_s",),
    "missing by the host's count": ("missing_to_host",),
    "by the board's": ("missing_to_board",),
    "lost with link or stream": ("with_links",),
    "unaccounted": ("unaccounted",),
    "exceptions": ("exceptions",),
    "stuck": ("stuck",),
}
"""Heading and the figures that are added up under it."""


def table(figures: Mapping[str, float]) -> str:
    """Return a row for each kind of link, as Markdown; what wasn't measured is a dash."""
    lines = ["| link | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for link, what in KINDS.items():
        cells = (_cell(figures, link, names) for names in COLUMNS.values())
        lines.append(f"| {what} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(figures: Mapping[str, float], link: str, names: tuple[str, ...]) -> str:
    found = [figures.get(f"faults_{link}_{name}") for name in names]
    known = [value for value in found if value is not None]
    if not known:
        return "-"
    total = sum(known)
    return f"{total:,.1f}" if names == ("away_s",) else f"{total:,.0f}"


def main() -> None:
    """Print it."""
    rows = json.loads((BUILD / "accuracy.json").read_text())
    print(table({row["name"]: row["value"] for row in rows}))  # noqa: T201


if __name__ == "__main__":
    main()
