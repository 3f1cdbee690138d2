# SPDX-License-Identifier: MIT
"""``altiware doctor``: print what keeps boards from working here, and what to do about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import typer

from altiware.cli.output import end_with_fault, print_json
from altiware.doctor.clocks import judge_board_clock
from altiware.doctor.examination import examine
from altiware.doctor.findings import Finding, Severity, fault, good
from altiware.doctor.machine import Case, Machine
from drivers.diagnostics.session import Session, open_session
from drivers.errors import AddressError, BoardTimeoutError, NotAvailableError
from drivers.registry import schemes

__all__ = ["board_findings", "device_of", "see_doctor"]

UP_S: Final = 10.0
LISTEN_S: Final = 12.0
"""Long enough for the engine to tell a board's drift: it waits for 5 s of steady samples."""
ON_DEVICES: Final = frozenset({"quantum+serial", "vmodem"})
"""Schemes whose path is a serial port."""
MARKS: Final = {"good": "ok", "note": "--", "warning": "warn", "fault": "FAULT"}


def see_doctor(address: str | None, directory: Path, *, as_json: bool) -> None:
    """Examine this machine, and the board at an address if one is given.

    Raises:
        AddressError: the address names no kind of board.
    """
    case = Case(Machine(), directory, device_of(address) if address else "")
    findings = [*examine(case), *(_board(address) if address else ())]
    if as_json:
        print_json([_document(each) for each in findings])
    else:
        _print(findings)
    if any(each.severity is Severity.FAULT for each in findings):
        end_with_fault()


def device_of(address: str) -> str:
    """Return the serial port in an address; empty where it has none.

    Raises:
        AddressError: the address names no kind of board.
    """
    parts = urlsplit(address)
    if parts.scheme not in schemes():
        allowed = ", ".join(f"{name}://" for name in sorted(schemes()))
        raise AddressError(f"board address {address!r}: begin it with one of {allowed}")
    return parts.path if parts.scheme in ON_DEVICES else ""


def _board(address: str) -> list[Finding]:
    try:
        with open_session(address) as session:
            return list(board_findings(session))
    except NotAvailableError as error:
        return [_silent(str(error))]


def board_findings(session: Session, listen_s: float = LISTEN_S) -> Iterator[Finding]:
    """Ask the board who it is, and compare its clock with this machine's."""
    try:
        info = session.wait_until_up(UP_S)
    except (BoardTimeoutError, NotAvailableError) as error:
        yield _silent(str(error))
        return
    yield good("board", f"{info.model}, serial {info.serial or 'none'}, firmware {info.firmware}")
    session.passes(listen_s)
    for link in session.engine.links():
        if session.board.owns_link(link.link):
            yield judge_board_clock(session.engine.link_counters(link.link).ppm)


def _silent(why: str) -> Finding:
    return fault(
        "board",
        why,
        "no line of it can be used",
        "see what is said of its port above; then unplug it, wait 5 s, plug it in again",
    )


def _document(finding: Finding) -> dict[str, str]:
    return {
        "severity": finding.severity.value,
        "subject": finding.subject,
        "what": finding.what,
        "why": finding.why,
        "remedy": finding.remedy,
    }


def _print(findings: list[Finding]) -> None:
    width = max(len(each.subject) for each in findings)
    for each in findings:
        typer.echo(f"{MARKS[each.severity.value]:<5} {each.subject:<{width}}  {each.what}")
        for name, text in (("why", each.why), ("do", each.remedy)):
            if text:
                typer.echo(f"{'':<{width + 8}}{name}: {text}")
    counts = [(sum(f.severity is s for f in findings), s.value) for s in Severity]
    typer.echo(", ".join(f"{count} {name}" for count, name in counts if count))
