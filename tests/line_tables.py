# SPDX-License-Identifier: MIT
"""Prints the tables of docs/topics/line-tests.md: ``python -m tests.line_tables``.

Every line in them is simulated and tested when they are printed: some 20 s.
"""

from collections.abc import Callable
from typing import Final

from boards_sim.cable import EIA
from boards_sim.hybrid import IMPEDANCES as NETWORKS
from boards_sim.hybrid import RESISTOR_600, echo_filter, echo_return_loss_db
from boards_sim.loop import NATURES
from boards_sim.session import simulated_session
from drivers.diagnostics.echotune import echotune
from tests.line_faults import FAULTY, HEALTHY, TRUNK, UP_S, Line, named, tested

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


def echo() -> str:
    """Return what echotune measures on the test loops, beside what their impedances make it."""
    rows = []
    for number, cable in EIA.items():
        with simulated_session("Q12", line=NATURES[f"ll{number}"]) as session:
            session.passes(UP_S)
            tuning = echotune(session, TRUNK)
        computed = [
            echo_return_loss_db(echo_filter(cable, RESISTOR_600, network))
            for network in NETWORKS.values()
        ]
        measured = [trial.return_loss_db for trial in tuning.trials]
        off = max(abs(a - b) for a, b in zip(measured, computed, strict=True))
        cells = [f"**{db:.1f}**" if db == max(measured) else f"{db:.1f}" for db in measured]
        before, after = f"{tuning.before_db:.1f}", f"{tuning.best.return_loss_db:.1f}"
        row = (f"LL{number}", before, *cells, after, f"{off:.1f}")
        rows.append(" | ".join(row))
    names = " | ".join(str(index) for index in range(len(NETWORKS)))
    return table(f"loop | before | {names} | after | off by at most", rows)


def _place(line: Line) -> str:
    return "half a kilometre" if line.loop == "clean" else line.loop.upper()


TABLES: Final[dict[str, Callable[[], str]]] = {
    "Faults": faulty,
    "Healthy lines": healthy,
    "Echo": echo,
}


if __name__ == "__main__":
    for title, make in TABLES.items():
        print(f"{title}\n\n{make()}\n")  # noqa: T201 - what it is run for
