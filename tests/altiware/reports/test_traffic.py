# SPDX-License-Identifier: MIT
"""Traffic of records by hand, where every figure can be counted on fingers."""

import dataclasses
from datetime import date, timedelta

import pytest

from altiware.core.causes import Cause
from altiware.core.record import CallRecord, Direction, LegSeconds
from altiware.reports.occupancy import Occupancy, busy_times, split
from altiware.reports.sections import Section, Value
from altiware.reports.traffic import traffic_sections
from tests.altiware.reports.made_up import LINES, at, caller, leg, record, someone

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
HOUR_S = 3600.0


def busy(line: int, begin: str, seconds: float, day: int = 2) -> CallRecord:
    """Return a call in that keeps a trunk busy for so long."""
    talking = LegSeconds(talking=seconds)
    return record(Direction.INBOUND, [leg(caller(line), someone("101"), at(begin, day), talking)])


def lost(time: str, day: int = 2) -> CallRecord:
    """Return a call out that found no trunk."""
    made = busy(0, time, 0.0, day)
    return dataclasses.replace(made, legs=(), trunk=None, cause=Cause.ALL_TRUNKS_BUSY)


def figures(section: Section, **where: Value) -> dict[str, Value]:
    """Return the one row that has these values."""
    (row,) = (row for row in section.documents() if where.items() <= row.items())
    return row


def test_an_hour_of_one_trunk_is_an_erlang() -> None:
    busy_hours, hours, _ = traffic_sections([busy(0, "10:00", HOUR_S)])
    row = figures(busy_hours, group="all trunks")
    assert (row["busy_hour"], row["erlangs"], row["trunks"]) == ("10:00-11:00", 1.0, 1)
    assert row["trunks_needed"] == 5, "one erlang at 1 %: 4 trunks carry 0.869, 5 carry 1.36"
    assert figures(hours, hour="10:00")["erlangs"] == 1.0


def test_the_busy_hour_begins_at_any_quarter() -> None:
    calls = [busy(0, "10:30", HOUR_S), busy(1, "10:45", 1800.0)]
    (busy_hours, hours, _) = traffic_sections(calls)
    assert figures(busy_hours)["busy_hour"] == "10:30-11:30"
    assert figures(busy_hours)["erlangs"] == 1.5
    assert figures(hours, hour="10:00")["erlangs"] == 0.75
    assert figures(hours, hour="11:00")["erlangs"] == 0.75


def test_days_whose_peaks_lie_apart_have_a_peak_above_the_busy_hour() -> None:
    # Monday 1 erlang at ten; Tuesday 0.5 at ten and 2 at three: the busy hour is three's.
    calls = [
        busy(0, "10:00", HOUR_S),
        busy(0, "10:00", 1800.0, 3),
        busy(0, "15:00", HOUR_S, 3),
        busy(1, "15:00", HOUR_S, 3),
    ]
    row = figures(traffic_sections(calls)[0])
    assert (row["days"], row["busy_hour"], row["erlangs"]) == (2, "15:00-16:00", 1.0)
    assert row["daily_peak_erlangs"] == 1.5


def test_a_weekend_does_not_count_for_busy_hours() -> None:
    calls = [busy(0, "10:00", HOUR_S), busy(0, "15:00", HOUR_S, 7), busy(1, "15:00", HOUR_S, 7)]
    busy_hours, _, by_day = traffic_sections(calls)
    assert (figures(busy_hours)["days"], figures(busy_hours)["busy_hour"]) == (1, "10:00-11:00")
    assert figures(by_day, day="2026-03-07 Sat")["erlang_hours"] == 2.0
    at_weekend = traffic_sections(calls[1:])[0]
    assert figures(at_weekend)["days"] == 1, "there is nothing else"


def test_calls_that_found_no_trunk_raise_what_was_offered() -> None:
    calls = [*(busy(0, f"10:{minute:02d}", 1200.0) for minute in (0, 20, 40)), lost("10:30")]
    busy_hours, hours, _ = traffic_sections(calls)
    row = figures(busy_hours)
    assert (row["erlangs"], row["blocked_%"]) == (1.0, 25.0)
    assert row["offered_erlangs"] == pytest.approx(1.0 / 0.75, abs=0.001)
    assert figures(hours, hour="10:00")["blocked"] == 1


def test_routes_are_groups() -> None:
    groups = {LINES[0]: "main", LINES[1]: "main", LINES[2]: "overseas"}
    calls = [busy(line, "10:00", 1800.0) for line in range(3)]
    busy_hours, _, _ = traffic_sections(calls, groups)
    assert [row["group"] for row in busy_hours.documents()] == ["all trunks", "main", "overseas"]
    assert figures(busy_hours, group="main")["erlangs"] == 1.0
    assert figures(busy_hours, group="overseas")["trunks"] == 1


def test_a_trunk_is_busy_from_seizure_to_release() -> None:
    spent = LegSeconds(setup=5.0, ringing=15.0, talking=30.0, held=10.0)
    out = record(Direction.OUTBOUND, [leg(someone("101"), caller(1), at("10:00"), spent)])
    assert list(busy_times(out)) == [(LINES[1], at("10:00"), at("10:01"))]


def test_an_old_record_without_legs_counts_from_opening_to_close() -> None:
    old = dataclasses.replace(busy(0, "10:00", 90.0), legs=())
    assert list(busy_times(old)) == [(LINES[0], at("10:00"), at("10:01:30"))]


def test_a_caller_who_is_led_outside_keeps_two_trunks_busy() -> None:
    tie = record(
        Direction.INBOUND,
        [leg(caller(0), caller(1), at("10:00"), LegSeconds(talking=60.0))],
    )
    assert [port for port, _, _ in busy_times(tie)] == LINES[:2]


def test_time_is_split_at_quarters_and_at_midnight() -> None:
    begin = at("23:40:30")
    parts = list(split(begin, begin + timedelta(minutes=30)))
    assert parts == [(MONDAY, 94, 270.0), (MONDAY, 95, 900.0), (TUESDAY, 0, 630.0)]
    assert list(split(begin, begin)) == []


def test_nothing_at_all_is_no_fault() -> None:
    assert [section.rows for section in traffic_sections([])] == [(), (), ()]
    assert traffic_sections([lost("10:00")])[0].rows == ()
    assert Occupancy().busy_hour([]) == (0, 0.0)
