# SPDX-License-Identifier: MIT
from datetime import datetime, time

import pytest

from altiware.core.schedules import Holiday, Schedule, Slot

NINE, NOON, ONE, FIVE = time(9), time(12), time(13), time(17)
OFFICE = Schedule(
    "office",
    {**dict.fromkeys(range(5), ((NINE, NOON), (ONE, FIVE))), 5: ((time(22), time.min),)},
    (Holiday(12, 25), Holiday(4, 2, 2027, "Good Friday")),
)


@pytest.mark.parametrize(
    ("when", "slot"),
    [
        ("2026-03-02 09:00", Slot.BUSINESS),
        ("2026-03-02 08:59", Slot.OUTSIDE),
        ("2026-03-02 12:00", Slot.OUTSIDE),
        ("2026-03-02 13:00", Slot.BUSINESS),
        ("2026-03-02 17:00", Slot.OUTSIDE),
        ("2026-03-07 23:59", Slot.BUSINESS),
        ("2026-03-07 12:00", Slot.OUTSIDE),
        ("2026-03-08 12:00", Slot.NON_WORKDAY),
        ("2026-12-25 10:00", Slot.HOLIDAY),
        ("2031-12-25 10:00", Slot.HOLIDAY),
        ("2027-04-02 10:00", Slot.HOLIDAY),
        ("2026-04-02 10:00", Slot.BUSINESS),
    ],
)
def test_a_moment_falls_into_its_slot(when: str, slot: Slot) -> None:
    assert OFFICE.slot(datetime.fromisoformat(when)) is slot


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule("a", {0: ((FIVE, NINE),)}),
        Schedule("a", {0: ((NINE, FIVE), (NOON, time(18)))}),
        Schedule("a", {0: ((NINE, time.min), (time(23), time(23, 30)))}),
        Schedule("a", {}, (Holiday(2, 30),)),
        Schedule("a", {}, (Holiday(2, 29, 2027),)),
    ],
)
def test_hours_that_are_none_are_refused(schedule: Schedule) -> None:
    assert list(schedule.contradictions())


def test_the_29th_of_february_is_a_day_of_every_year_that_has_it() -> None:
    assert not list(Schedule("a", {}, (Holiday(2, 29),)).contradictions())
