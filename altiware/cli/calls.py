# SPDX-License-Identifier: MIT
"""``altiware cdr list|show`` and ``altiware call trace``: what the records hold."""

import dataclasses
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from altiware.cli.ladder import ladder
from altiware.cli.output import print_json, print_table
from altiware.core.record import CallRecord, LegRecord, RecordParty
from altiware.errors import UsageError
from altiware.store.codec import to_json
from altiware.store.database import open_reading
from altiware.store.queries import call_record, newest_calls, trace_of

__all__ = ["call_lines", "list_calls", "show_call", "show_trace"]

LEG_HEADINGS = ("from", "to", "caller", "called", "workgroup", "spent", "ended")
HEADINGS = ("id", "opened", "direction", "from", "to", "digits", "talked", "cause")


def list_calls(directory: Path, limit: int, *, as_json: bool) -> None:
    """Print the newest calls.

    Raises:
        DirectoryError: there are no records.
    """
    with _records(directory) as connection:
        records = newest_calls(connection, limit)
    if as_json:
        print_json([to_json(record) for record in records])
    elif records:
        print_table(HEADINGS, map(_row, records))
    else:
        typer.echo("no calls yet")


def show_call(directory: Path, call: str, *, as_json: bool) -> None:
    """Print one call and its legs.

    Raises:
        UsageError: there is no such call.
    """
    with _records(directory) as connection:
        record = _known(connection, call)
    if as_json:
        print_json(to_json(record))
        return
    for line in call_lines(record):
        typer.echo(line)
    typer.echo("")
    print_table(LEG_HEADINGS, map(_leg_row, record.legs))


def show_trace(directory: Path, call: str, *, as_json: bool) -> None:
    """Print what happened in a call.

    Raises:
        UsageError: there is no such call.
    """
    with _records(directory) as connection:
        record = _known(connection, call)
        lines = trace_of(connection, call)
    if as_json:
        trace = [dataclasses.asdict(line) for line in lines]
        print_json({"call": to_json(record), "trace": trace})
        return
    for line in [*call_lines(record), "", *ladder(lines)]:
        typer.echo(line)


def call_lines(record: CallRecord) -> Sequence[str]:
    """Say in a few lines what became of a call, and why."""
    cells = dict(zip(HEADINGS, _row(record), strict=True))
    lines = [
        f"call {record.id}: {cells['from']} to {cells['to'] or record.digits or 'nobody'}, "
        f"{record.direction.value}, opened {record.opened:%Y-%m-%d %H:%M:%S}",
        f"cause: {cells['cause']}; rang {record.ringing_s:.1f} s, "
        f"talked {record.talking_s:.1f} s, on hold {record.held_s:.1f} s",
    ]
    decision = record.decision
    if decision:
        lines.append(f"decision: {decision.verdict.value} by rule {decision.rule}: {decision.why}")
    return lines


def _known(connection: sqlite3.Connection, call: str) -> CallRecord:
    """Return a call's record; say what calls there are if there is none."""
    record = call_record(connection, call)
    if record is None:
        latest = [each.id for each in newest_calls(connection, 3)]
        known = f"the latest are {', '.join(latest)}" if latest else "there are none yet"
        raise UsageError(f"call {call}: not in the records; {known} (altiware cdr list)")
    return record


def _leg_row(leg: LegRecord) -> tuple[str, ...]:
    seconds = dataclasses.asdict(leg.seconds).items()
    spent = (f"{name.replace('_', ' ')} {each:.1f} s" for name, each in seconds if each)
    return (
        f"{leg.offered:%H:%M:%S}",
        f"{leg.ended:%H:%M:%S}" if leg.ended else "(going on)",
        _named(leg.caller),
        _named(leg.target),
        leg.workgroup,
        ", ".join(spent),
        leg.cause.value if leg.cause else "",
    )


def _named(party: RecordParty) -> str:
    """Return number and name, or what there is of them."""
    return f"{party.number} {party.name}".strip() or str(party.party)


def _row(record: CallRecord) -> tuple[str, ...]:
    caller = record.caller.number or str(record.caller.party)
    target = record.target
    return (
        record.id,
        f"{record.opened:%Y-%m-%d %H:%M:%S}",
        record.direction.value,
        caller,
        (target.number or target.name or str(target.party)) if target else "",
        record.digits,
        f"{record.talking_s:.0f} s",
        record.cause.value if record.cause else "(going on)",
    )


@contextmanager
def _records(directory: Path) -> Iterator[sqlite3.Connection]:
    connection = open_reading(directory)
    try:
        yield connection
    finally:
        connection.close()
