# SPDX-License-Identifier: MIT
"""Prints the tables of docs/topics/line-tests.md: ``python -m tests.line_tables``.

Every line in them is simulated and tested when they are printed: some 20 s.
"""

from collections.abc import Callable
from typing import Final

from tests.line_faults import FAULTY, HEALTHY, Line, named, tested

__all__ = ["TABLES"]


def table(head: str, rows: list[str]) -> str:
    """Return a table of Markdown."""
    columns = head.count("|") + 1
    return "\n".join([f"| {head} |", "|---" * columns + "|", *(f"| {row} |" for row in rows)])


def faulty() -> str:
    """Return what the line test says of forty faults."""
    rows = []
    for line in FAULTY:
        assert line.fault is not None
        report = tested(line)
        right = "yes" if named(report) is line.fault else "**no**"
        said = report.faults[0].sentence if report.faults else ""
        rows.append(f"{line.fault.value} | {line.what} | {_place(line)} | {right} | {said}")
    return table("fault | how | on | named | what is said first", rows)


def healthy() -> str:
    """Return what the line test says of forty healthy lines."""
    rows = []
    for line in HEALTHY:
        faults = ", ".join(each.sentence for each in tested(line).faults)
        rows.append(f"{line.what} | {_place(line)} | {faults or 'good'}")
    return table("line | on | verdict", rows)


def _place(line: Line) -> str:
    return "half a kilometre" if line.loop == "clean" else line.loop.upper()


TABLES: Final[dict[str, Callable[[], str]]] = {"Faults": faulty, "Healthy lines": healthy}


if __name__ == "__main__":
    for title, make in TABLES.items():
        print(f"{title}\n\n{make()}\n")  # noqa: T201 - what it is run for
