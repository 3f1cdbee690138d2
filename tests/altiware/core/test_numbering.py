# SPDX-License-Identifier: MIT
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.ids import PortAddress, station
from altiware.core.numbering import Destination, DialPlan, Place, Reading
from altiware.core.plan import KEYS, FirstDigit, Numbering, Plan, StationPlan

OFFICE = Plan(
    stations=(
        StationPlan("101", PortAddress(0, 0)),
        StationPlan("102", PortAddress(0, 1)),
        StationPlan("113", PortAddress(0, 2)),
    ),
    operator="102",
)


def in_country(country: str, first: str = "3") -> DialPlan:
    stations = (StationPlan(first + "01", PortAddress(0, 0)),)
    return DialPlan(Plan(stations=stations, country=country))


@pytest.mark.parametrize(
    ("digits", "reading"),
    [
        ("1", Reading.OPEN),
        ("10", Reading.OPEN),
        ("101", Reading.WHOLE),
        ("199", Reading.WHOLE),
        ("0", Reading.WHOLE),
        ("#", Reading.WHOLE),
        ("*", Reading.WHOLE),
        ("9", Reading.OPEN),
        ("91", Reading.OPEN),
        ("911", Reading.WHOLE),
        ("99", Reading.OPEN),
        ("9911", Reading.WHOLE),
        ("95550123", Reading.OPEN),
        ("95550123#", Reading.WHOLE),
        ("92125550123", Reading.WHOLE),
        ("912125550123", Reading.WHOLE),
        ("9011442071234567", Reading.OPEN),
        ("9411", Reading.WHOLE),
        ("9988", Reading.WHOLE),
        ("9" + "0" * 31, Reading.WHOLE),
    ],
)
def test_when_a_number_is_complete(digits: str, reading: Reading) -> None:
    assert DialPlan(OFFICE).read(digits) is reading


@pytest.mark.parametrize(
    ("country", "digits", "reading"),
    [
        ("uk", "999", Reading.WHOLE),
        ("uk", "9999", Reading.WHOLE),
        ("uk", "902071234567", Reading.WHOLE),
        ("uk", "90207123456", Reading.OPEN),
        ("de", "112", Reading.WHOLE),
        ("de", "9110", Reading.WHOLE),
        ("de", "903012345678", Reading.OPEN),
        ("jp", "119", Reading.WHOLE),
        ("jp", "909012345678", Reading.WHOLE),
        ("fr", "112", Reading.WHOLE),
        ("fr", "90123456789", Reading.OPEN),
    ],
)
def test_other_countries(country: str, digits: str, reading: Reading) -> None:
    assert in_country(country).read(digits) is reading


@pytest.mark.parametrize(
    ("digits", "place", "rest"),
    [
        ("101", Place.STATION, "101"),
        ("102", Place.STATION, "102"),
        ("199", Place.NOWHERE, ""),
        ("10", Place.NOWHERE, ""),
        ("0", Place.OPERATOR, "102"),
        ("00", Place.NOWHERE, ""),
        ("95550123", Place.OUTSIDE, "5550123"),
        ("95550123#", Place.OUTSIDE, "5550123"),
        ("911", Place.OUTSIDE, "911"),
        ("9911", Place.OUTSIDE, "911"),
        ("9", Place.NOWHERE, ""),
        ("9#", Place.NOWHERE, ""),
        ("#29", Place.NOWHERE, ""),
        ("*67", Place.NOWHERE, ""),
        ("", Place.NOWHERE, ""),
        ("9\u0661\u0661", Place.NOWHERE, ""),
        ("9+1212", Place.NOWHERE, ""),
    ],
)
def test_where_a_number_leads(digits: str, place: Place, rest: str) -> None:
    found = DialPlan(OFFICE).destination(digits)
    assert found.place is place
    assert (found.party.name if found.party else found.digits) == rest


def test_the_first_digit_table_is_the_office_s_own() -> None:
    table = dict.fromkeys("5", FirstDigit.EXTENSION) | {"8": FirstDigit.TRUNK}
    numbering = Numbering(extension_length=4, first_digits=table)
    plan = Plan(stations=(StationPlan("5001", PortAddress(0, 0)),), numbering=numbering)
    dial_plan = DialPlan(plan)
    assert dial_plan.read("500") is Reading.OPEN
    assert dial_plan.destination("5001") == Destination(Place.STATION, station("5001"))
    assert dial_plan.destination("85550123").place is Place.OUTSIDE
    assert dial_plan.destination("95550123").place is Place.NOWHERE
    assert dial_plan.destination("911") == Destination(Place.OUTSIDE, digits="911")


@given(st.text(KEYS, min_size=1, max_size=40))
def test_every_number_comes_to_an_end(digits: str) -> None:
    plan = DialPlan(dataclasses.replace(OFFICE))
    whole = [n for n in range(1, len(digits) + 1) if plan.read(digits[:n]) is Reading.WHOLE]
    assert whole or len(digits) < 32
    found = plan.destination(digits)
    assert (found.party is None) == (found.place in {Place.OUTSIDE, Place.NOWHERE})
    assert bool(found.digits) == (found.place is Place.OUTSIDE)


@given(st.sampled_from(["us", "uk", "de", "jp", "fr"]), st.data())
def test_an_emergency_number_is_always_whole_and_outside(country: str, data: st.DataObject) -> None:
    plan = Plan(stations=(StationPlan("301", PortAddress(0, 0)),), country=country)
    number = data.draw(st.sampled_from(plan.emergency))
    for dialled in (number, "9" + number):
        assert DialPlan(plan).read(dialled) is Reading.WHOLE
        assert DialPlan(plan).destination(dialled) == Destination(Place.OUTSIDE, digits=number)
