# SPDX-License-Identifier: MIT
"""Figures of a workgroup from facts by hand: each could be counted on fingers."""

from altiware.core.ids import CallId
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.reports.sections import Section, Value
from altiware.reports.workgroups import workgroup_sections
from tests.altiware.reports.made_up import at

F = WorkgroupFact


def fact(
    time: str, what: WorkgroupFact, seconds: float = 0.0, *, agent: str = "", in_time: bool = False
) -> WorkgroupEvent:
    """Return a fact about the workgroup for sales."""
    return WorkgroupEvent(0.0, at(time), "sales", what, CallId("c"), agent, seconds, in_time)


MORNING = [
    fact("09:00", F.OFFERED),
    fact("09:00:10", F.ANSWERED, 10.0, agent="101", in_time=True),
    fact("09:03:10", F.TALKED, 180.0, agent="101"),
    fact("09:03:40", F.WRAPPED_UP, 30.0, agent="101"),
    fact("09:10", F.OFFERED),
    fact("09:10:15", F.MISSED, 15.0, agent="101"),
    fact("09:10:30", F.ANSWERED, 30.0, agent="102"),
    fact("09:12:30", F.TALKED, 120.0, agent="102"),
    fact("10:00", F.OFFERED),
    fact("10:00:45", F.ABANDONED, 45.0),
]


def figures(section: Section, **where: Value) -> dict[str, Value]:
    """Return the one row that has these values."""
    (row,) = (row for row in section.documents() if where.items() <= row.items())
    return row


def test_callers_and_how_they_waited() -> None:
    row = figures(workgroup_sections(MORNING)[0], workgroup="sales")
    assert (row["offered"], row["answered"], row["abandoned"]) == (3, 2, 1)
    assert (row["average_wait_s"], row["longest_wait_s"], row["in_time_%"]) == (20.0, 45.0, 33.3)
    assert (row["talked_min"], row["wrap-up_min"]) == (5.0, 0.5)
    assert row["busiest_hour"] == "2026-03-02 09:00"


def test_agents_needed_in_the_busiest_hour() -> None:
    # A hundred calls of three minutes: 5 erlangs; for 80 % within 20 s the formula wants eight.
    calls = [fact("09:00", F.OFFERED) for _ in range(100)]
    talks = [fact("09:03", F.TALKED, 180.0, agent="101")]
    assert figures(workgroup_sections([*calls, *talks])[0])["agents_needed"] == 8
    nobody = workgroup_sections(calls)[0]
    assert figures(nobody)["agents_needed"] is None, "how long a call is isn't known"


def test_agents_and_hours() -> None:
    _, agents, hours = workgroup_sections(MORNING)
    assert figures(agents, agent="101") == {
        "workgroup": "sales",
        "agent": "101",
        "calls": 1,
        "missed": 1,
        "talked_min": 3.0,
        "wrap-up_min": 0.5,
        "average_s": 180.0,
    }
    assert figures(hours, hour="09:00")["answered"] == 2
    assert figures(hours, hour="10:00")["average_wait_s"] is None


def test_a_restart_and_silence_are_no_figures() -> None:
    restarted = WorkgroupEvent(0.0, at("09:00"), "", F.RESTARTED)
    assert [section.rows for section in workgroup_sections([restarted])] == [(), (), ()]
