# SPDX-License-Identifier: MIT
"""``altiware line test``: test a line, show it live, and say what is wrong with it.

What goes on is shown on standard error, the outcome on standard output.
"""

import contextlib
import dataclasses
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from altiware.cli.board import UP_S
from altiware.cli.output import end_with_fault, print_json, print_table
from altiware.cli.place import Place, board_address, config_of, place
from altiware.errors import UsageError
from drivers.base import BoardInfo, PortInfo
from drivers.diagnostics.line_test import Tell, line_test
from drivers.diagnostics.note import Note, NoteKind
from drivers.diagnostics.session import Session, open_session
from drivers.diagnostics.verdict import LineReport, Verdict
from drivers.errors import LineInUseError

__all__ = ["SETTLES_S", "shown", "test", "test_all"]

HEADINGS: Final = ("check", "measured", "limit", "verdict")
SETTLES_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class _Tested:
    """A line, and what came of its test."""

    port: PortInfo
    report: LineReport | None
    refused: str = ""
    "Why it wasn't tested."


def test(line: str, file: Path, *, lifted: bool, loop_ohms: float | None, as_json: bool) -> None:
    """Test one line; ends with status 1 if it has a fault.

    Raises:
        UsageError: there is no such line.
        LineInUseError: somebody uses it.
        DriverError: the board isn't there, or can't test lines.
    """
    where = place(line, config_of(file))
    with open_session(where.address) as session, shown() as tell:
        port = _port(where, session.wait_until_up(UP_S))
        _settle(session)
        report = line_test(session, port.number, lifted=lifted, loop_ohms=loop_ohms, tell=tell)
    _print_line(_Tested(port, report), as_json=as_json)
    if not report.is_good:
        end_with_fault()


def test_all(
    board: str, file: Path, *, lifted: bool, loop_ohms: float | None, as_json: bool
) -> None:
    """Test all lines of a board but those in use; ends with status 1 if one has a fault.

    Raises:
        UsageError: the board is none.
        LineInUseError: all lines are in use.
        DriverError: the board isn't there, or can't test lines.
    """
    if loop_ohms is not None:
        raise UsageError("--loop-ohms is of one cable, and --all tests many")
    address = board_address(board, config_of(file))
    with open_session(address) as session, shown() as tell:
        ports = session.wait_until_up(UP_S).ports
        _settle(session)
        tested = [_tested(session, port, lifted=lifted, tell=tell) for port in ports]
    if as_json:
        print_json({"lines": [_document(each) for each in tested]})
    else:
        _print_board(tested)
    reports = [each.report for each in tested if each.report is not None]
    if not reports:
        raise LineInUseError(f"{address}: every line is in use")
    if not all(report.is_good for report in reports):
        end_with_fault()


def _tested(session: Session, port: PortInfo, *, lifted: bool, tell: Tell) -> _Tested:
    tell(Note(session.engine.now, NoteKind.DOING, f"Port {port.number} ({port.kind.value})"))
    try:
        return _Tested(port, line_test(session, port.number, lifted=lifted, tell=tell))
    except LineInUseError as error:
        return _Tested(port, None, str(error))


def _settle(session: Session) -> None:
    """Let the board feed its lines, which rest while nobody has it."""
    session.passes(SETTLES_S)


def _port(where: Place, info: BoardInfo) -> PortInfo:
    found = next((each for each in info.ports if each.number == where.port), None)
    if found is None:
        lines = f"{info.ports[0].number} to {info.ports[-1].number}" if info.ports else "none"
        raise UsageError(f"port {where.port}: {info.model} has ports {lines}")
    return found


# Live, on standard error


@contextlib.contextmanager
def shown() -> Iterator[Tell]:
    """Show notes: on a terminal what is being done turns, elsewhere each note is a line."""
    if not sys.stderr.isatty():
        yield lambda note: typer.echo(f"{note.at:6.1f} s  {note.text}", err=True)
        return
    console = Console(stderr=True, highlight=False)
    with Live(console=console, transient=True, refresh_per_second=8) as live:
        yield lambda note: _show(live, note)


def _show(live: Live, note: Note) -> None:
    if note.kind is NoteKind.DOING:
        live.update(Spinner("dots", Text(note.text)))
        return
    wrong = note.kind is NoteKind.FAULT
    live.console.print(Text(f"{'✗' if wrong else '✓'} {note.text}", "bold red" if wrong else ""))


# The outcome, on standard output


def _print_line(tested: _Tested, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(tested))
        return
    report = tested.report
    assert report is not None
    print_table(HEADINGS, [_row(verdict) for verdict in report.verdicts])
    for skipped in report.skipped:
        typer.echo(f"Not tested: {skipped.check.value} ({skipped.why})")
    if not report.calibrated:
        typer.echo("The board is not calibrated: volts and ohms may be off by a few percent.")
    typer.echo()
    for sentence in [fault.sentence for fault in report.faults] or ["The line is good."]:
        typer.echo(sentence)


def _row(verdict: Verdict) -> tuple[str, ...]:
    measured = ", ".join(f"{reading.what} {reading}" for reading in verdict.readings) or "none"
    said = verdict.fault.value if verdict.fault else "good"
    return verdict.check.value, measured, verdict.limit, said


def _print_board(tested: list[_Tested]) -> None:
    rows = []
    for each in tested:
        sentences = [fault.sentence for fault in each.report.faults] if each.report else []
        said = "; ".join(sentences) or each.refused or "good"
        rows.append((str(each.port.number), each.port.kind.value, said))
    print_table(("port", "kind", "verdict"), rows)


def _document(tested: _Tested) -> dict[str, object]:
    port: dict[str, object] = {"port": tested.port.number, "kind": tested.port.kind.value}
    report = tested.report
    if report is None:
        return port | {"refused": tested.refused}
    return port | {
        "good": report.is_good,
        "calibrated": report.calibrated,
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
        "skipped": [{"check": s.check.value, "why": s.why} for s in report.skipped],
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "check": verdict.check.value,
        "fault": verdict.fault.value if verdict.fault else None,
        "severity": verdict.severity.name.lower(),
        "readings": [_reading(dataclasses.asdict(reading)) for reading in verdict.readings],
        "limit": verdict.limit,
        "sentence": verdict.sentence,
    }


def _reading(fields: dict[str, object]) -> dict[str, object]:
    """Write an open circuit as null: JSON has no infinity."""
    value = fields["value"]
    assert isinstance(value, float)
    return fields | {"value": None if math.isinf(value) else round(value, 4)}
