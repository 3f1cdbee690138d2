# SPDX-License-Identifier: MIT
"""Callers of a workgroup: answered, given up, led elsewhere."""

import dataclasses

from altiware.core.causes import Cause
from altiware.core.record import CallRecord, Direction, LegSeconds
from altiware.reports.sections import Section, Value
from altiware.reports.workgroups import workgroup_sections
from tests.altiware.reports.made_up import at, caller, leg, queue, record, someone


def answered(time: str, waited_s: float, talked_s: float, agent: str = "101") -> CallRecord:
    """Return a caller who waited in the queue, and whom an agent had."""
    waiting = LegSeconds(waiting=waited_s)
    first = leg(caller(0), queue("180"), at(time), waiting, cause=Cause.FORWARDED)
    assert first.ended is not None
    talk = LegSeconds(ringing=5.0, talking=talked_s)
    second = leg(caller(0), someone(agent), first.ended, talk, workgroup="180")
    return record(Direction.INBOUND, [first, second])


def gave_up(time: str, waited_s: float) -> CallRecord:
    """Return a caller who hung up while he waited."""
    waiting = LegSeconds(waiting=waited_s)
    return record(Direction.INBOUND, [leg(caller(1), queue("180"), at(time), waiting)])


def figures(section: Section, **where: Value) -> dict[str, Value]:
    """Return the one row that has these values."""
    (row,) = (row for row in section.documents() if where.items() <= row.items())
    return row


def test_who_waited_and_who_was_answered() -> None:
    calls = [
        answered("09:00", 10.0, 180.0),
        answered("09:10", 30.0, 120.0, "102"),
        gave_up("10:00", 45.0),
    ]
    groups, agents, hours = workgroup_sections(calls)
    row = figures(groups, workgroup="180")
    assert (row["name"], row["callers"], row["answered"], row["lost"]) == ("Sales", 3, 2, 1)
    assert (row["average_wait_s"], row["longest_wait_s"]) == (20.0, 45.0)
    assert row["within_20s_%"] == 33.3
    assert (row["talked_min"], row["busiest_hour"]) == (5.0, "2026-03-02 09:00")
    assert row["agents_needed"] == 1, "two calls of 2.5 min in an hour: 0.083 erlangs"
    assert figures(agents, agent="102")["calls"] == 1
    assert [each["callers"] for each in hours.documents()] == [2, 1]


def test_an_agent_in_another_call_of_the_session_answers_too() -> None:
    whole = answered("09:00", 10.0, 60.0)
    first = dataclasses.replace(whole, legs=whole.legs[:1], cause=Cause.TRANSFERRED)
    second = dataclasses.replace(
        whole, id=type(whole.id)("c99999"), legs=whole.legs[1:], opened=at("09:00:05")
    )
    groups, _, _ = workgroup_sections([second, first])
    assert figures(groups)["answered"] == 1


def test_an_agent_who_passes_the_caller_on_answers_once() -> None:
    whole = answered("09:00", 10.0, 60.0)
    again = dataclasses.replace(whole.legs[1], target=someone("103"))
    groups, agents, _ = workgroup_sections([dataclasses.replace(whole, legs=(*whole.legs, again))])
    assert (figures(groups)["callers"], figures(groups)["answered"]) == (1, 1)
    assert len(agents.rows) == 2


def test_without_callers_there_are_no_figures() -> None:
    assert [section.rows for section in workgroup_sections([])] == [(), (), ()]
