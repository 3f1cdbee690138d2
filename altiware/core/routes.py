# SPDX-License-Identifier: MIT
"""The plan of routing: where calls from outside lead, and over which trunks calls leave.

Both are ordered lists of rules.  A call in takes the first rule that fits it; a call out the
pattern with the longest prefix that fits, and tries its routes in order.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from altiware.core.decision import NumberClass
from altiware.core.schedules import Slot

__all__ = ["MOST_ROUTES", "Hunting", "InRule", "OutPattern", "OutRoute", "Routing"]

MOST_ROUTES: Final = 6
"""Of one pattern, as AltiWare."""
DIGITS: Final = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True)
class InRule:
    """Where calls from outside lead that fit it; what is empty fits all."""

    to: str
    "As dialled inside, in business hours, and at all times without a schedule."
    trunk: str = ""
    "The trunk's name, or its port as 00:03."
    caller: str = ""
    "With what the caller's number begins."
    called: str = ""
    "With what the number ends that the network says was called (DID, DNIS)."
    schedule: str = ""
    outside: str = ""
    "Outside hours; empty: as in business hours."
    non_workday: str = ""
    "Empty: as outside hours."
    holiday: str = ""
    "Empty: as on a non-workday."

    def target(self, slot: Slot) -> str:
        """Return where to in a slot."""
        ladder = {
            Slot.BUSINESS: (self.to,),
            Slot.OUTSIDE: (self.outside, self.to),
            Slot.NON_WORKDAY: (self.non_workday, self.outside, self.to),
            Slot.HOLIDAY: (self.holiday, self.non_workday, self.outside, self.to),
        }
        return next(number for number in ladder[slot] if number)

    @property
    def targets(self) -> Iterator[tuple[str, str]]:
        """Where it may lead, by the name of the setting."""
        for name in ("to", "outside", "non_workday", "holiday"):
            number = str(getattr(self, name))
            if number:
                yield name, number


class Hunting(enum.Enum):
    """Which of a route's trunks is tried first."""

    LOW = "low"
    "In the order of the route."
    HIGH = "high"
    "In the reverse order: away from where calls come in first."
    ROUND_ROBIN = "round-robin"
    "The one after the last that was taken."


@dataclass(frozen=True, slots=True)
class OutRoute:
    """An ordered group of trunks, and what is done to numbers that go over it."""

    name: str
    trunks: tuple[str, ...]
    "By name, or by port as 00:03."
    hunting: Hunting = Hunting.LOW
    delete: int = 0
    "So many digits of the head are left out."
    insert: str = ""
    "Put before what is left."
    schedule: str = ""
    "Used in business hours of this schedule only; empty: always."
    costs: Mapping[NumberClass, float] = field(default_factory=lambda: MappingProxyType({}))
    "For a minute, by class, in the office's money; what isn't here costs nothing."

    def digits(self, digits: str) -> str:
        """Return what is dialled on its trunks for a number."""
        return self.insert + digits[self.delete :]


@dataclass(frozen=True, slots=True)
class OutPattern:
    """Which routes numbers take that begin so."""

    prefix: str
    routes: tuple[str, ...]
    "In the order in which they are tried."
    digits: tuple[int, int] = (1, 32)
    "How long the numbers are that it is for."
    least_cost: bool = False
    "The cheapest route for the number's class first, instead."

    def fits(self, number: str) -> bool:
        """Whether it is for a number."""
        least, most = self.digits
        return number.startswith(self.prefix) and least <= len(number) <= most


@dataclass(frozen=True, slots=True)
class Routing:
    """All routing of an office."""

    incoming: tuple[InRule, ...] = ()
    routes: tuple[OutRoute, ...] = ()
    patterns: tuple[OutPattern, ...] = ()
    "A number that fits none takes the routes in their order; without routes, any trunk."

    def contradictions(
        self, trunks: frozenset[str], schedules: frozenset[str]
    ) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        for index, rule in enumerate(self.incoming):
            if rule.trunk and rule.trunk not in trunks:
                yield f"incoming_rules.{index}.trunk", rule.trunk, _one_of(trunks)
            if rule.schedule and rule.schedule not in schedules:
                yield f"incoming_rules.{index}.schedule", rule.schedule, _one_of(schedules)
        names = frozenset(each.name for each in self.routes)
        for index, route in enumerate(self.routes):
            yield from _route_faults(f"routes.{index}", route, trunks, schedules)
        for index, pattern in enumerate(self.patterns):
            at = f"patterns.{index}"
            for name in pattern.routes:
                if name not in names:
                    yield f"{at}.routes", name, _one_of(names)
            if not 1 <= len(pattern.routes) <= MOST_ROUTES:
                yield f"{at}.routes", len(pattern.routes), f"1 to {MOST_ROUTES} routes"
            least, most = pattern.digits
            if not 1 <= least <= most:
                yield f"{at}.digits", pattern.digits, "the smaller number first, at least 1"


def _route_faults(
    at: str, route: OutRoute, trunks: frozenset[str], schedules: frozenset[str]
) -> Iterator[tuple[str, object, str]]:
    for trunk in route.trunks:
        if trunk not in trunks:
            yield f"{at}.trunks", trunk, _one_of(trunks)
    if not route.trunks:
        yield f"{at}.trunks", (), "at least one trunk"
    if not set(route.insert) <= DIGITS:
        yield f"{at}.insert", route.insert, "digits 0-9 * #"
    if route.schedule and route.schedule not in schedules:
        yield f"{at}.schedule", route.schedule, _one_of(schedules)


def _one_of(names: frozenset[str]) -> str:
    return f"one of {', '.join(sorted(names))}" if names else "none: there are none"
