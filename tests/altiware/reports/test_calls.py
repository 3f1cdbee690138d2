# SPDX-License-Identifier: MIT
"""Counting calls: an office of four calls, each figure by hand."""

from altiware.core.causes import Cause
from altiware.core.record import Direction, LegSeconds
from altiware.reports.calls import call_sections
from altiware.reports.sections import Section, Value
from tests.altiware.reports.made_up import at, caller, leg, record, someone

IN, OUT, INSIDE = Direction.INBOUND, Direction.OUTBOUND, Direction.INTERNAL
ALICE, BOB = someone("101"), someone("102")


def office() -> dict[str, Section]:
    """Return the sections of four calls."""
    missed = LegSeconds(setup=1.0, ringing=20.0)
    led_on = [
        leg(caller(0), ALICE, at("09:10"), missed, answered=False, cause=Cause.NO_ANSWER),
        leg(caller(0), BOB, at("09:10:21"), LegSeconds(ringing=4.0, talking=120.0, held=30.0)),
    ]
    out = [leg(ALICE, caller(1), at("09:50"), LegSeconds(setup=6.0, ringing=9.0, talking=60.0))]
    inside = [leg(BOB, ALICE, at("14:00", 3), LegSeconds(ringing=5.0, talking=30.0))]
    busy = [leg(BOB, ALICE, at("14:05", 3), LegSeconds(), answered=False, cause=Cause.BUSY)]
    calls = [
        record(IN, led_on),
        record(OUT, out),
        record(INSIDE, inside),
        record(INSIDE, busy, Cause.BUSY),
    ]
    return {section.name: section for section in call_sections(calls)}


def row(section: Section, **where: Value) -> dict[str, Value]:
    """Return the one row that has these values."""
    (found,) = (each for each in section.documents() if where.items() <= each.items())
    return found


def test_all_calls_are_counted_once() -> None:
    total = row(office()["total"])
    assert total == {
        "in": 1,
        "out": 1,
        "inside": 2,
        "answered": 3,
        "talked_min": 3.5,
        "average_s": 70.0,
    }


def test_an_extension_has_what_it_made_and_what_rang_there() -> None:
    extensions = office()["extension"]
    assert row(extensions, extension="101") == {
        "extension": "101",
        "name": "Name 101",
        "made": 1,
        "outside": 1,
        "rang": 3,
        "answered": 1,
        "missed": 2,
        "talked_min": 1.5,
    }
    bob = row(extensions, extension="102")
    assert (bob["made"], bob["rang"], bob["talked_min"]) == (2, 1, 2.5)


def test_by_hour_day_and_trunk() -> None:
    sections = office()
    assert [each["hour"] for each in sections["hour"].documents()] == ["09:00", "14:00"]
    assert row(sections["day"], day="2026-03-03 Tue")["inside"] == 2
    assert row(sections["trunk"], trunk="00:09")["out"] == 1
    assert row(sections["cause"], cause="busy")["calls"] == 1


def test_nobody_who_answered_has_no_average() -> None:
    sections = {each.name: each for each in call_sections([])}
    assert row(sections["total"])["average_s"] is None
