# SPDX-License-Identifier: MIT
"""``altiware report calls|traffic|workgroup``: figures of the calls of some days."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import typer

from altiware.cli.output import print_csv, print_json, print_table
from altiware.config import read
from altiware.core.ids import PortAddress
from altiware.core.plan import Plan
from altiware.core.record import CallRecord
from altiware.errors import UsageError
from altiware.reports import Section, Value, call_sections, traffic_sections, workgroup_sections
from altiware.store.database import open_reading
from altiware.store.queries import calls_between
from altiware.store.workgroups import workgroup_events

__all__ = ["Days", "days", "print_sections", "report_calls", "report_traffic", "report_workgroups"]

Days = tuple[date | None, date | None]
"""The first and the last; None: no limit."""
Sections = Callable[[Iterable[CallRecord]], Sequence[Section]]
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
"""Before and after which no workgroup has told anything."""
REST: Final = "other trunks"
"""The group of trunks that no route has."""


def days(first: str | None, last: str | None) -> Days:
    """Read the days of a report.

    Raises:
        UsageError: they aren't days, or the wrong way round.
    """
    begin, end = _day(first), _day(last)
    if begin and end and begin > end:
        raise UsageError(f"--from {first} --to {last}: the first day comes after the last")
    return begin, end


def report_calls(directory: Path, when: Days, by: str, *, as_csv: bool, as_json: bool) -> None:
    """Print calls by extension, trunk, hour and day."""
    print_sections(_made(directory, when, call_sections), by, as_csv=as_csv, as_json=as_json)


def report_traffic(
    directory: Path, config: Path, when: Days, by: str, lost: float, *, as_csv: bool, as_json: bool
) -> None:
    """Print erlangs, busy hours and how many trunks are needed; the routes are trunk groups.

    Raises:
        ConfigError: there is a configuration, and it is wrong.
    """
    groups = groups_of(read(config).plan) if config.exists() else {}
    sections = partial(traffic_sections, group_of=groups, lost=lost)
    print_sections(_made(directory, when, sections), by, as_csv=as_csv, as_json=as_json)


def report_workgroups(directory: Path, when: Days, by: str, *, as_csv: bool, as_json: bool) -> None:
    """Print how long the callers of workgroups waited, and how many agents are needed."""
    begin, end = _span(when)
    with closing(open_reading(directory)) as connection:
        sections = workgroup_sections(workgroup_events(connection, begin, end))
    print_sections(sections, by, as_csv=as_csv, as_json=as_json)


def groups_of(plan: Plan) -> Mapping[PortAddress, str]:
    """Return the group of each trunk: the first route that has it."""
    groups: dict[PortAddress, str] = {}
    if not plan.routing.routes:
        return groups
    for trunk in plan.trunks:
        names = {trunk.name, str(trunk.port)}
        routes = (each.name for each in plan.routing.routes if names & set(each.trunks))
        groups[trunk.port] = next(routes, REST)
    return groups


def print_sections(sections: Sequence[Section], by: str, *, as_csv: bool, as_json: bool) -> None:
    """Print all sections, or the one that is named.

    Raises:
        UsageError: there is no such one, or two forms are asked for.
    """
    if as_csv and as_json:
        raise UsageError("--csv and --json: one of them")
    names = [each.name for each in sections]
    if by and by not in names:
        raise UsageError(f"--by {by}: one of {', '.join(names)}")
    chosen = [each for each in sections if by in ("", each.name)]
    if as_json:
        print_json({each.name: each.documents() for each in chosen})
    elif as_csv:
        _print_csv(chosen)
    else:
        _print_text(chosen)


def _made(directory: Path, when: Days, sections: Sections) -> Sequence[Section]:
    with closing(open_reading(directory)) as connection:
        return sections(calls_between(connection, *when))


def _span(when: Days) -> tuple[datetime, datetime]:
    """Return from when to before when, on this machine's clock."""
    first, last = when[0] or EARLIEST, when[1] or LATEST
    begin = datetime.combine(max(first, EARLIEST), time.min)
    end = datetime.combine(min(last, LATEST), time.min) + timedelta(days=1)
    return begin.astimezone(), end.astimezone()


def _print_csv(sections: Sequence[Section]) -> None:
    """Print sections one after the other, an empty line between them."""
    for number, section in enumerate(sections):
        if number:
            typer.echo("")
        print_csv(section.headings, section.rows)


def _print_text(sections: Sequence[Section]) -> None:
    for number, section in enumerate(sections):
        if number:
            typer.echo("")
        typer.echo(section.title)
        if section.rows:
            print_table(section.headings, _texts(section.rows))
        else:
            typer.echo("(none)")
        for note in section.notes:
            typer.echo(f"  {note}")


def _texts(rows: Iterable[tuple[Value, ...]]) -> Iterator[list[str]]:
    for row in rows:
        yield ["-" if value is None else str(value) for value in row]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"{text}: a day as 2026-03-31") from error
