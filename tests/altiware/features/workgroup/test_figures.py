# SPDX-License-Identifier: MIT
"""Figures of workgroups, counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from altiware.core.ids import CallId
from altiware.core.workgroup_events import WorkgroupEvent
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.features.workgroup.figures import Figures, HourRow, total

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fact(
    minute: float,
    what: F,
    call: int = 0,
    agent: str = "",
    seconds: float = 0.0,
    level_s: float = 20,
) -> WorkgroupEvent:
    in_time = what is F.ANSWERED and seconds <= level_s
    when = NINE + timedelta(minutes=minute)
    return WorkgroupEvent(0.0, when, "sales", what, CallId(str(call)), agent, seconds, in_time)


MORNING = (
    fact(0, F.OFFERED, 1),
    fact(0.1, F.ANSWERED, 1, "102", 6.0),
    fact(1, F.OFFERED, 2),
    fact(2, F.MISSED, 2, "103", 15.0),
    fact(2, F.ANSWERED, 2, "102", 60.0),
    fact(3, F.OFFERED, 3),
    fact(4, F.ABANDONED, 3, seconds=90.0),
    fact(5, F.TALKED, 1, "102", 120.0),
    fact(6, F.WRAPPED_UP, 1, "102", 30.0),
    fact(7, F.OFFERED, 4),
    fact(8, F.OVERFLOWED, 4, seconds=60.0),
    fact(65, F.OFFERED, 5),
    fact(66, F.ANSWERED, 5, "103", 20.0),
)


def rows() -> list[HourRow]:
    figures = Figures()
    for each in MORNING:
        figures.take(each)
    return figures.rows()


def test_an_hour_of_a_group() -> None:
    nine = rows()[0]
    assert (nine.hour, nine.group, nine.agent) == (NINE, "sales", "")
    tally = nine.tally
    assert (tally.offered, tally.answered, tally.abandoned, tally.overflowed) == (4, 2, 1, 1)
    assert tally.service_level == pytest.approx(0.25), "one of four"
    assert tally.average_wait_s == pytest.approx(33.0)
    assert tally.longest_wait_s == pytest.approx(90.0)
    assert (tally.calls, tally.talked_s, tally.wrapped_up_s) == (1, 120.0, 30.0)


def test_an_hour_of_an_agent() -> None:
    by_agent = {(each.hour.hour, each.agent): each.tally for each in rows()}
    assert by_agent.keys() == {(9, ""), (9, "102"), (9, "103"), (10, ""), (10, "103")}
    assert by_agent[9, "102"].answered == 2
    assert by_agent[9, "103"].missed == 1
    assert by_agent[10, "103"].service_level == 1.0


def test_a_day_is_the_sum_of_its_hours() -> None:
    day = total(each for each in rows() if not each.agent)
    assert (day.offered, day.answered, day.in_time) == (5, 3, 2)
    assert day.longest_wait_s == 90.0
    assert day.service_level == pytest.approx(0.4)


def test_nothing_has_no_service_level() -> None:
    assert total([]).service_level is None
    assert total([]).average_wait_s is None


def test_what_goes_on_now() -> None:
    figures = Figures()
    for each in (
        fact(0, F.OFFERED, 1),
        fact(1, F.OFFERED, 2),
        fact(2, F.ANSWERED, 1, "102", 120.0),
        fact(3, F.NOT_READY, agent="103"),
    ):
        figures.take(each)
    now = figures.now["sales"]
    assert now.waiting == {CallId("2"): NINE + timedelta(minutes=1)}
    assert now.talking == {"102": CallId("1")}
    assert now.agents == {"103": F.NOT_READY}
    figures.take(fact(4, F.RESTARTED))
    assert not now.waiting
    assert not now.talking
