# SPDX-License-Identifier: MIT
"""``altiware line detect``: find out what the office behind a line sends, and write it down.

Notes go to standard error while it examines, what was found to standard output.
"""

import dataclasses
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import typer

from altiware.cli.board import UP_S
from altiware.cli.office_file import write_office
from altiware.cli.output import print_json
from altiware.cli.place import Place, config_of, place
from altiware.core.office import OfficePlan
from altiware.errors import UsageError
from altiware.office_settings import settings
from altiware.office_table import toml
from drivers.base import BoardInfo, PortKind
from drivers.diagnostics.detect import Detection
from drivers.diagnostics.findings import CallerIdSeen, OfficeFindings
from drivers.diagnostics.note import Note, NoteKind
from drivers.diagnostics.session import Session, open_session

__all__ = ["FAULT", "GOOD", "detect", "examine"]

GOOD: Final = 0
FAULT: Final = 1
HOME: Final = "us"
"""The country if there is no configuration that says it."""
_MARKS: Final = {NoteKind.DOING: "...", NoteKind.ASKING: ">>>", NoteKind.FOUND: "   ",
                 NoteKind.FAULT: "!!!"}  # fmt: skip


def detect(
    line: str,
    file: Path,
    *,
    busy_number: str,
    answer_number: str,
    call_s: float,
    write: bool,
    as_json: bool,
) -> int:
    """Examine a line and print what was found; return the exit status.

    Raises:
        UsageError: the line is none, or is to be written where it isn't.
        ConfigError: the configuration is wrong.
        DriverError: the board isn't there, or can't be used now.
    """
    config = config_of(file)
    where = place(line, config)
    if write and where.trunk is None:
        raise UsageError(f"--write: {line} is no trunk of {file}")
    with open_session(where.address) as session:
        _check_port(where, session.wait_until_up(UP_S))
        detection = Detection(
            session.board,
            session.engine,
            where.port,
            busy_number=busy_number,
            answer_number=answer_number,
            call_s=call_s,
        )
        findings = examine(session, detection, _tell)
    plan = settings(findings, config.plan.country if config else HOME)
    if config is not None and where.trunk is not None:
        plan = replace(plan, impedance=config.plan.trunks[where.trunk].office.impedance)
    _print(findings, plan, as_json=as_json)
    if write and where.trunk is not None and findings.tones:
        write_office(file, where.trunk, plan)
    return FAULT if findings.faults else GOOD


def examine(
    session: Session, detection: Detection, tell: Callable[[Note], object]
) -> OfficeFindings:
    """Run an examination to its end."""
    engine = session.engine
    detection.start(engine.now)
    while True:
        while detection.notes:
            tell(detection.notes.popleft())
        if detection.done or detection.deadline is None:
            return detection.findings
        for happening in session.happenings(max(0.0, detection.deadline - engine.now)):
            detection.receive(happening, engine.now)
        if detection.deadline is not None and engine.now >= detection.deadline:
            detection.expire(engine.now)


def _check_port(where: Place, info: BoardInfo) -> None:
    kinds = {port.number: port.kind for port in info.ports}
    if kinds.get(where.port) is not PortKind.FXO:
        lines = ", ".join(str(n) for n, kind in kinds.items() if kind is PortKind.FXO) or "none"
        raise UsageError(f"port {where.port} is no office line of {info.model}; there are {lines}")


def _tell(note: Note) -> None:
    text = f"{note.at:6.1f} s {_MARKS[note.kind]} {note.text}"
    typer.echo(text if sys.stderr.isatty() is False else typer.style(text, bold=_is_bold(note)),
               err=True)  # fmt: skip


def _is_bold(note: Note) -> bool:
    return note.kind in {NoteKind.ASKING, NoteKind.FAULT}


def _print(findings: OfficeFindings, plan: OfficePlan, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(findings, plan))
        return
    verdict = findings.verdict
    office = ", ".join(verdict.countries) or "unknown"
    typer.echo(f"Office: {office} ({verdict.confidence:.0%} of the tones heard are theirs)")
    for sign in sorted(findings.signs, key=lambda each: each.value):
        typer.echo(f"At the end it gives: {sign.value}")
    if findings.answer_reversal is not None:
        typer.echo(f"At the answer it {'reverses' if findings.answer_reversal else 'says nothing'}")
    if findings.flash_recall is not None:
        typer.echo(
            f"After a flash it {'gives dial tone' if findings.flash_recall else 'does nothing'}"
        )
    for fault in findings.faults:
        typer.echo(f"Fault: {fault}")
    typer.echo(f"\n{toml(plan)}", nl=False)


def _caller_id(seen: CallerIdSeen) -> dict[str, object]:
    name = seen.standard.name.lower() if seen.standard is not None else None
    return {**dataclasses.asdict(seen), "standard": name}


def _document(findings: OfficeFindings, plan: OfficePlan) -> dict[str, object]:
    seen = findings.caller_id
    return {
        "countries": findings.verdict.countries,
        "confidence": round(findings.verdict.confidence, 3),
        "tones": [dataclasses.asdict(tone) for tone in findings.tones],
        "signs": sorted(sign.name.lower() for sign in findings.signs),
        "open_loop_ms": findings.open_loop_ms,
        "caller_id": _caller_id(seen) if seen else None,
        "ringing_ms": findings.ringing_ms,
        "receive_db": findings.receive_db,
        "answer_reversal": findings.answer_reversal,
        "flash_recall": findings.flash_recall,
        "faults": findings.faults,
        "settings": toml(plan),
    }
