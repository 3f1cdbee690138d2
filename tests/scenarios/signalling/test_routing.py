# SPDX-License-Identifier: MIT
"""Calls in by trunk, caller and hour; calls out by pattern, route and tenant."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from altiware.core.decision import DialPolicy, NumberClass
from altiware.core.errors import PlanError
from altiware.core.plan import Plan
from altiware.core.routes import Hunting, InRule, OutPattern, OutRoute, Routing
from altiware.core.schedules import Holiday, Schedule
from tests.signalling_rig import SignallingRig, office_plan

HOURS = Schedule(
    "office", {day: ((time(9), time(17)),) for day in range(5)}, (Holiday(12, 25, name="Xmas"),)
)
MONDAY, NIGHT, SUNDAY, XMAS = (
    datetime(2026, 3, 2, 10, tzinfo=UTC),
    datetime(2026, 3, 2, 20, tzinfo=UTC),
    datetime(2026, 3, 1, 10, tzinfo=UTC),
    datetime(2026, 12, 25, 10, tzinfo=UTC),
)
ANYTHING = DialPolicy(frozenset(NumberClass))


def plan(routing: Routing, trunks: int = 3, **changes: Any) -> Plan:
    made = office_plan(stations=4, trunks=trunks, schedules=(HOURS,), policy=ANYTHING)
    named = tuple(replace(each, name=f"line {i}") for i, each in enumerate(made.trunks))
    return replace(made, trunks=named, routing=routing, **changes)


@contextmanager
def office(routing: Routing, morning: datetime = MONDAY, **changes: Any) -> Iterator[SignallingRig]:
    rig = SignallingRig(plan(routing, **changes), morning=morning)
    try:
        yield rig
        rig.everybody_hangs_up()
        rig.is_clean()
    finally:
        rig.close()


# In

RULES = Routing(
    incoming=(
        InRule("103", caller="212"),
        InRule("104", trunk="line 1"),
        InRule("101", schedule="office", outside="102", non_workday="103", holiday="104"),
    )
)


@pytest.mark.feature("incoming rules")
@pytest.mark.parametrize(
    ("line", "caller", "extension"),
    [(0, "2125550123", "103"), (1, "8055550123", "104"), (1, "2125550123", "103"),
     (0, "8055550123", "101"), (0, "", "101")],
)  # fmt: skip
def test_a_call_in_takes_the_first_rule_that_fits(line: int, caller: str, extension: str) -> None:
    with office(RULES) as rig:
        if caller:
            rig.office(line).calls_in(caller)
        else:
            rig.office(line).rings(2)
        rig.phone(extension).rings("external")


@pytest.mark.feature("time schedules")
@pytest.mark.parametrize(
    ("when", "extension"), [(MONDAY, "101"), (NIGHT, "102"), (SUNDAY, "103"), (XMAS, "104")]
)
def test_the_hour_decides_where_a_call_leads(when: datetime, extension: str) -> None:
    with office(RULES, when) as rig:
        rig.office().calls_in("8055550123")
        rig.phone(extension).rings()


# Out

ROUTES = (
    OutRoute("city", ("line 0", "line 1"), costs={NumberClass.LONG_DISTANCE: 0.30}),
    OutRoute("carrier", ("line 2",), insert="1010288", costs={NumberClass.LONG_DISTANCE: 0.05}),
)


def dial(rig: SignallingRig, extension: str, number: str) -> None:
    """Dial a number outside, and let the office give its dial tone wherever a line is seized."""
    phone = rig.phone(extension)
    phone.calls(f"9{number}#")
    for index, _ in enumerate(rig.plan.trunks):
        if rig.office(index).state == "waiting for dial tone":
            rig.office(index).gives("dial")


@pytest.mark.feature("outgoing routes")
def test_a_pattern_chooses_the_route_and_the_route_the_digits() -> None:
    patterns = (OutPattern("1", ("carrier", "city")), OutPattern("", ("city",)))
    with office(Routing(routes=ROUTES, patterns=patterns)) as rig:
        dial(rig, "101", "5550123")
        rig.office(0).receives("5550123")
        dial(rig, "102", "18055550123")
        rig.office(2).receives("101028818055550123")
        dial(rig, "103", "18055550124")  # the carrier's line is taken
        rig.office(1).receives("18055550124")
        rig.everybody_hangs_up()
        assert {each.route for each in rig.records} == {"city", "carrier"}


@pytest.mark.feature("outgoing routes")
def test_the_longest_prefix_wins() -> None:
    patterns = (OutPattern("1", ("city",)), OutPattern("1805", ("carrier",)))
    with office(Routing(routes=ROUTES, patterns=patterns)) as rig:
        dial(rig, "101", "18055550123")
        rig.office(2).receives("101028818055550123")


@pytest.mark.feature("least-cost routing")
def test_the_cheapest_route_is_tried_first() -> None:
    patterns = (OutPattern("", ("city", "carrier"), least_cost=True),)
    with office(Routing(routes=ROUTES, patterns=patterns)) as rig:
        dial(rig, "101", "18055550123")
        rig.office(2).receives("101028818055550123")
        dial(rig, "102", "5550123")  # costs nothing on either: as in the pattern
        rig.office(0).receives("5550123")


@pytest.mark.feature("outgoing routes")
def test_digits_are_deleted_before_others_are_put_in() -> None:
    routes = (OutRoute("tie", ("line 0",), delete=4, insert="77"),)
    with office(Routing(routes=routes)) as rig:
        dial(rig, "101", "18055550123")
        rig.office(0).receives("775550123")


@pytest.mark.feature("outgoing routes", "time schedules")
def test_a_route_is_used_in_its_hours_only() -> None:
    routes = (OutRoute("day", ("line 0",), schedule="office"), OutRoute("always", ("line 1",)))
    with office(Routing(routes=routes), NIGHT) as rig:
        dial(rig, "101", "5550123")
        rig.office(1).receives("5550123")
        rig.office(0).is_free()


@pytest.mark.feature("trunk hunting")
@pytest.mark.parametrize(
    ("hunting", "taken"),
    [(Hunting.LOW, [0, 0, 0]), (Hunting.HIGH, [2, 2, 2]), (Hunting.ROUND_ROBIN, [0, 1, 2])],
)
def test_trunks_are_hunted(hunting: Hunting, taken: list[int]) -> None:
    routes = (OutRoute("all", ("line 0", "line 1", "line 2"), hunting),)
    with office(Routing(routes=routes)) as rig:
        seized = []
        for _ in taken:
            rig.phone("101").calls("95550123#")
            seized += [i for i in range(3) if rig.office(i).port.port in rig.boards[0].loops]
            rig.phone("101").hangs_up()
            rig.passes(2.0)
        lines = {each.port.port: index for index, each in enumerate(rig.plan.trunks)}
        assert sorted(lines.values()) == [0, 1, 2]
        assert seized == taken


@pytest.mark.feature("trunk hunting")
def test_no_trunk_of_the_route_is_free() -> None:
    routes = (OutRoute("one", ("line 0",)),)
    with office(Routing(routes=routes)) as rig:
        rig.phone("101").calls("95550123#")
        rig.phone("102").calls("95550123#")
        rig.phone("102").hears_tone("reorder")


@pytest.mark.feature("tenants")
def test_a_station_of_a_tenant_takes_his_trunks_and_those_of_nobody() -> None:
    with office(Routing()) as rig:
        stations = tuple(
            replace(each, tenant={"101": "Smith", "102": "Jones"}.get(each.extension, ""))
            for each in rig.plan.stations
        )
        first, second, third = rig.plan.trunks
        trunks = (replace(first, tenant="Jones"), replace(second, tenant="Smith"), third)
        changed = replace(rig.plan, stations=stations, trunks=trunks)
        rig.exchange.reconfigure(changed)
        dial(rig, "101", "5550123")
        rig.office(1).receives("5550123")
        dial(rig, "102", "5550124")
        rig.office(0).receives("5550124")
        dial(rig, "103", "5550125")
        rig.office(2).receives("5550125")


@pytest.mark.feature("outgoing routes", "emergency call")
def test_a_call_for_help_asks_for_no_route() -> None:
    routes = (OutRoute("day", ("line 2",), schedule="office", insert="55"),)
    with office(Routing(routes=routes), NIGHT) as rig:
        rig.phone("101").calls("911")
        rig.office(0).gives("dial")
        rig.office(0).receives("911")


@pytest.mark.parametrize(
    ("routing", "setting"),
    [
        (Routing(incoming=(InRule("555"),)), "incoming_rules.0.to"),
        (Routing(incoming=(InRule("101", trunk="none"),)), "incoming_rules.0.trunk"),
        (Routing(incoming=(InRule("101", schedule="none"),)), "incoming_rules.0.schedule"),
        (Routing(routes=(OutRoute("a", ("none",)),)), "routes.0.trunks"),
        (Routing(routes=(OutRoute("a", ()),)), "routes.0.trunks"),
        (Routing(routes=(OutRoute("a", ("line 0",), insert="x"),)), "routes.0.insert"),
        (Routing(patterns=(OutPattern("1", ("none",)),)), "patterns.0.routes"),
        (Routing((), ROUTES, (OutPattern("1", ("city",) * 7),)), "patterns.0.routes"),
        (Routing((), ROUTES, (OutPattern("1", ("city",), (9, 3)),)), "patterns.0.digits"),
    ],
)
def test_routing_that_leads_nowhere_is_refused(routing: Routing, setting: str) -> None:
    with pytest.raises(PlanError, match=setting):
        plan(routing)
