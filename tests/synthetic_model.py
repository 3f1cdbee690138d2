# SPDX-License-Identifier: MIT
"""How people telephone in the synthetic office: when, whom, for how long, and with what luck.

Nothing here was measured at a real office.  What is taken from somewhere says from where; all
else is assumed, and stands here to be changed:

- calls come at random (Poisson) at a rate that follows the hour and the weekday;
- holding times are lognormal, as V. A. Bolotin found them on real circuits (IEEE JSAC 12, 1994,
  "Modeling call holding time distributions for CCS network design and performance analysis"): many
  short ones and a long tail.  The means are ours: about three minutes outside, one inside.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final

__all__ = ["HOLIDAYS", "HOURS", "Kind", "Luck", "People", "Planned", "plan_calls"]

HOURS: Final[Mapping[int, float]] = {
    7: 1.0,
    8: 6.0,
    9: 13.0,
    10: 15.0,
    11: 13.0,
    12: 6.0,
    13: 9.0,
    14: 13.0,
    15: 12.0,
    16: 8.0,
    17: 3.5,
    18: 0.5,
}
"""Of a workday's calls, per cent in the hour that begins then: two peaks, and lunch."""
WEEKDAYS: Final = (1.15, 1.05, 1.0, 0.98, 0.82, 0.03, 0.01)
"""How many calls come on a weekday beside an average workday; Monday first."""
HOLIDAYS: Final = (date(2026, 5, 25),)
"""Memorial Day, the last Monday of May."""
HOLIDAY: Final = 0.02


class Kind(Enum):
    """Who calls whom."""

    IN = 0.45
    OUT = 0.35
    INSIDE = 0.20


class Luck(Enum):
    """What becomes of a call to a number outside, with its share."""

    ANSWERED = 0.76
    NOBODY = 0.14
    BUSY = 0.10


NUMBERS: Final = {
    "5550{}": 0.68,
    "12125550{}": 0.18,
    "18005550{}": 0.06,
    "0114420794600{}": 0.05,
    "19005550{}": 0.02,
    "55": 0.01,
}
"""Dialled behind the 9, and how often: local, long distance, toll-free, abroad, at a premium (which
the policy denies), wrong.  All are numbers that are reserved for fiction."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody means to call."""

    at: datetime
    kind: Kind


class People:
    """Draws what people do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def happens(self, share: float) -> bool:
        """Whether something happens that does in this share of cases."""
        return self.random.random() < share

    def between(self, least: float, most: float) -> float:
        """Draw evenly."""
        return self.random.uniform(least, most)

    def lasts(self, mean_s: float, spread: float = 1.1) -> float:
        """Draw a lognormal time of at least three seconds; ``spread`` is its sigma."""
        return max(3.0, self.random.lognormvariate(math.log(mean_s) - spread**2 / 2, spread))

    def luck(self) -> Luck:
        """Draw what becomes of a call outside."""
        return self.random.choices(list(Luck), [each.value for each in Luck])[0]

    def number(self) -> str:
        """Draw a number outside."""
        (form,) = self.random.choices(list(NUMBERS), list(NUMBERS.values()))
        return form.format(f"{self.random.randrange(100, 200):03d}")

    def one_of(self, extensions: Sequence[str]) -> str:
        """Draw an extension."""
        return self.random.choice(extensions)


def plan_calls(people: People, first: date, days: int, calls: int) -> list[Planned]:
    """Draw when so many calls are made on some days, in order of time.

    That many events of a Poisson process, whatever its rate, lie as independent draws would.
    """
    hours = [
        datetime.combine(first + timedelta(day), time(hour))
        for day in range(days)
        for hour in range(24)
    ]
    drawn = people.random.choices(hours, [_rate(hour) for hour in hours], k=calls)
    kinds = people.random.choices(list(Kind), [each.value for each in Kind], k=calls)
    at = sorted(hour + timedelta(seconds=people.between(0, 3600)) for hour in drawn)
    return [Planned(moment, kind) for moment, kind in zip(at, kinds, strict=True)]


def _rate(hour: datetime) -> float:
    factor = HOLIDAY if hour.date() in HOLIDAYS else WEEKDAYS[hour.weekday()]
    return HOURS.get(hour.hour, 0.0) * factor + 0.02
