# SPDX-License-Identifier: MIT
from dataclasses import replace
from datetime import datetime

import pytest

from altiware.core.causes import Cause
from altiware.core.decision import DialRequest
from altiware.core.events import Event
from altiware.core.ids import PortAddress, station
from altiware.core.legs import Setup
from altiware.core.numbering import Destination, DialPlan, Place
from altiware.core.orders import Nowhere, ToOffice, ToOutside, ToStation
from altiware.core.plan import Numbering, Plan, StationPlan, TrunkDirection, TrunkPlan
from altiware.core.signals import RingStyle
from altiware.features.routing import destination, lead

NOON = datetime(2026, 3, 2, 12, 0)
ALICE, BOB = station("101"), station("102")
BOTH = TrunkPlan(PortAddress(0, 8))
OUT = TrunkPlan(PortAddress(0, 9), direction=TrunkDirection.OUT)
OFFICE = Plan(
    stations=(StationPlan("101", PortAddress(0, 0)), StationPlan("102", PortAddress(0, 1))),
    trunks=(BOTH, OUT),
    operator="102",
    numbering=Numbering(area_codes=("212",)),
)


@pytest.mark.parametrize(
    ("digits", "leads"),
    [
        ("102", ToStation(1.0, BOB, RingStyle.INTERNAL)),
        ("0", ToStation(1.0, BOB, RingStyle.OPERATOR)),
        ("199", Nowhere(1.0, Cause.WRONG_NUMBER)),
        ("95550123", ToOutside(1.0, DialRequest(ALICE, "5550123", "us", ("212",), ("911",)))),
        ("911", ToOutside(1.0, DialRequest(ALICE, "911", "us", ("212",), ("911",)))),
    ],
)
def test_a_station_s_call_leads_where_its_digits_say(digits: str, leads: Event) -> None:
    to = destination(Setup(1.0, ALICE, digits), OFFICE, DialPlan(OFFICE), NOON)
    assert isinstance(to, Destination)
    assert lead(to, ALICE, ALICE, OFFICE, 1.0) == leads


def test_nobody_outside_is_led_outside_at_his_own_charge() -> None:
    outside = DialPlan(OFFICE).destination("95550123")
    assert lead(outside, BOTH.party, BOTH.party, OFFICE, 1.0) == Nowhere(1.0, Cause.DENIED)
    forwarded = lead(outside, BOTH.party, ALICE, OFFICE, 1.0)
    assert isinstance(forwarded, ToOutside)
    assert forwarded.request.caller == ALICE


def test_a_call_from_outside_leads_to_the_operator() -> None:
    assert destination(Setup(1.0, BOTH.party), OFFICE, DialPlan(OFFICE), NOON) == ToOffice(1.0, BOB)


def test_a_call_from_outside_leads_where_the_plan_says() -> None:
    plan = replace(OFFICE, incoming="101")
    to = destination(Setup(1.0, BOTH.party), plan, DialPlan(plan), NOON)
    assert to == Destination(Place.STATION, ALICE)
    assert isinstance(to, Destination)
    rings = lead(to, BOTH.party, BOTH.party, plan, 1.0)
    assert rings == ToStation(1.0, ALICE, RingStyle.EXTERNAL)


def test_a_trunk_for_calls_out_brings_none_in() -> None:
    denied = Nowhere(1.0, Cause.DENIED)
    assert destination(Setup(1.0, OUT.party), OFFICE, DialPlan(OFFICE), NOON) == denied
