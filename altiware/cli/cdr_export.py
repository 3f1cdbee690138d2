# SPDX-License-Identifier: MIT
"""``altiware cdr export``: all calls of some days, a row for each leg, or as JSON.

Records are written as they are read: a year doesn't have to fit into memory.
"""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import typer

from altiware.cli.output import print_csv
from altiware.cli.report import Days
from altiware.core.record import CallRecord, LegRecord, LegSeconds
from altiware.errors import UsageError
from altiware.store.codec import to_json
from altiware.store.database import open_reading
from altiware.store.queries import calls_between

__all__ = ["HEADINGS", "export"]

SECONDS: Final = tuple(each.name for each in dataclasses.fields(LegSeconds))
HEADINGS: Final = (
    *("id", "session", "direction", "opened", "answered", "closed", "cause"),
    *("caller", "caller name", "dialled", "number", "charged to", "account", "digits given"),
    *("trunk", "route", "leg", "leg caller", "called kind", "called port", "called"),
    *("called name", "workgroup", "offered", "alerting", "leg answered", "ended", "leg cause"),
    *(f"{name.replace('_', ' ')} s" for name in SECONDS),
)


def export(directory: Path, when: Days, *, as_csv: bool, as_json: bool) -> None:
    """Print the closed calls of some days, in order; CSV unless JSON is asked for.

    Raises:
        UsageError: both forms are asked for.
    """
    if as_csv and as_json:
        raise UsageError("--csv and --json: one of them")
    with closing(open_reading(directory)) as connection:
        records = calls_between(connection, *when)
        if as_json:
            _print_json(records)
        else:
            print_csv(HEADINGS, (row for record in records for row in _rows(record)))


def _print_json(records: Iterator[CallRecord]) -> None:
    """Print one JSON document, an array, record by record."""
    before = "[\n"
    for record in records:
        typer.echo(before + json.dumps(to_json(record), ensure_ascii=False), nl=False)
        before = ",\n"
    typer.echo("[]" if before == "[\n" else "\n]")


def _rows(record: CallRecord) -> Iterator[tuple[object, ...]]:
    """Yield a row for each leg; of a call that reached nobody one without a leg."""
    call = _of_call(record)
    if not record.legs:
        yield (*call, *[""] * (len(HEADINGS) - len(call)))
    for number, leg in enumerate(record.legs, 1):
        yield (*call, number, *_of_leg(leg))


def _of_call(record: CallRecord) -> tuple[object, ...]:
    return (
        *(record.id, record.session, record.direction.value),
        *(_time(record.opened), _time(record.answered), _time(record.closed)),
        record.cause.value if record.cause else "",
        *(record.caller.number, record.caller.name, record.digits, record.number),
        *(record.charged_to, record.account),
        " ".join(f"{name}={value}" for name, value in record.notes),
        *(str(record.trunk or ""), record.route),
    )


def _of_leg(leg: LegRecord) -> tuple[object, ...]:
    target = leg.target
    return (
        *(leg.caller.number, target.party.kind.value, str(target.port or "-1-1")),
        *(target.number, target.name, leg.workgroup),
        *(_time(each) for each in (leg.offered, leg.alerting, leg.answered, leg.ended)),
        leg.cause.value if leg.cause else "",
        *(getattr(leg.seconds, name) for name in SECONDS),
    )


def _time(at: object) -> str:
    return str(at) if at is not None else ""
