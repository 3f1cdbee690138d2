# SPDX-License-Identifier: MIT
"""A day of the synthetic office; the month is run by hand, and its page is in the docs."""

from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

from altiware.core.causes import Cause
from altiware.core.record import CallRecord, Direction
from altiware.store.database import open_reading
from altiware.store.queries import calls_between
from tests.synthetic_model import HOLIDAYS, Kind, People, plan_calls
from tests.synthetic_office import SyntheticOffice, document

MONTH = Path(__file__).parent.parent / "docs" / "reference" / "month.md"
CALLS = 350


def live(directory: Path, calls: int, seed: int = 7) -> list[CallRecord]:
    """Return what is in the store after a day of so many calls."""
    with SyntheticOffice(directory, first=date(2026, 5, 4), days=1, calls=calls, seed=seed) as day:
        fates = day.run()
        assert fates.meant == calls
    with closing(open_reading(directory)) as connection:
        records = list(calls_between(connection, None, None))
    assert len(records) == fates.records
    page = document(directory, day)
    assert f"{calls:,} calls" in page
    return records


def test_a_day_in_the_office(tmp_path: Path) -> None:
    records = live(tmp_path, CALLS)
    assert len(records) > 0.8 * CALLS
    causes = Counter(record.cause for record in records)
    assert causes[Cause.NORMAL] > 0.6 * len(records)
    assert causes.keys() >= {Cause.TRANSFERRED, Cause.BUSY, Cause.ABANDONED}
    assert {record.direction for record in records} == set(Direction)
    spent = [leg.seconds for record in records for leg in record.legs]
    for what in ("ringing", "attendant", "waiting", "talking", "held"):
        assert any(getattr(each, what) for each in spent), what
    groups = {leg.workgroup for record in records for leg in record.legs}
    assert groups == {"", "180"}, "whom the queue led to an agent is known by it"
    lunch = sum(record.opened.hour == 12 for record in records)
    assert lunch < sum(record.opened.hour == 10 for record in records), "people eat"


def test_the_same_seed_is_the_same_day(tmp_path: Path) -> None:
    one, same, other = (
        [(each.opened, each.closed, each.digits, each.cause) for each in live(folder, 40, seed)]
        for folder, seed in ((tmp_path / "a", 1), (tmp_path / "b", 1), (tmp_path / "c", 2))
    )
    assert one == same
    assert one != other


def test_calls_follow_hours_weekdays_and_holidays() -> None:
    planned = plan_calls(People(1), date(2026, 5, 1), 31, 10_000)
    assert len(planned) == 10_000
    assert planned == sorted(planned, key=lambda each: each.at)
    days = Counter(each.at.date() for each in planned)
    sunday, wednesday = days[date(2026, 5, 3)], days[date(2026, 5, 6)]
    assert sunday < wednesday / 10
    assert days[HOLIDAYS[0]] < wednesday / 10
    kinds = Counter(each.kind for each in planned)
    for kind in Kind:
        assert abs(kinds[kind] / 10_000 - kind.value) < 0.02


def test_the_month_is_in_the_docs() -> None:
    page = MONTH.read_text(encoding="utf-8")
    assert "15,000 calls" in page
    for report in ("calls", "traffic", "workgroup"):
        assert f"## `altiware report {report}`" in page
