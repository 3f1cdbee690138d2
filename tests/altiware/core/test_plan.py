# SPDX-License-Identifier: MIT
from typing import Any

import pytest

from altiware.core.errors import PlanError
from altiware.core.ids import PortAddress, station
from altiware.core.plan import FirstDigit, Numbering, Plan, StationPlan, TrunkPlan

ALICE = StationPlan("101", PortAddress(0, 0), "Alice")
LINE_1 = TrunkPlan(PortAddress(0, 8))


def test_the_first_station_answers_for_the_office_unless_another_is_named() -> None:
    bob = StationPlan("102", PortAddress(0, 1))
    assert Plan((ALICE, bob)).operator_party == station("101")
    assert Plan((ALICE, bob), operator="102").operator_party == station("102")


def test_emergency_numbers_are_the_country_s_unless_given() -> None:
    assert Plan((ALICE,)).emergency == ("911",)
    assert Plan((StationPlan("201", PortAddress(0, 0)),), country="fr").emergency == ("112",)
    own = Numbering(emergency=("911", "933"))
    assert Plan((ALICE,), numbering=own).emergency == ("911", "933")


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"stations": ()}, "stations"),
        ({"numbering": Numbering(extension_length=2)}, "numbering.extension_length"),
        ({"numbering": Numbering(extension_length=7)}, "numbering.extension_length"),
        (
            {
                "numbering": Numbering(
                    first_digits={"1": FirstDigit.EXTENSION, "A": FirstDigit.TRUNK}
                )
            },
            "numbering.first_digits",
        ),
        ({"numbering": Numbering(extension_length=4)}, "stations[0].extension"),
        ({"stations": (ALICE, StationPlan("10x", PortAddress(0, 1)))}, "stations[1].extension"),
        ({"stations": (ALICE, StationPlan("901", PortAddress(0, 1)))}, "stations[1].extension"),
        ({"stations": (ALICE, StationPlan("101", PortAddress(0, 1)))}, "stations[1].extension"),
        (
            {"stations": (StationPlan("112", PortAddress(0, 1)),), "country": "de"},
            "stations[0].extension",
        ),
        ({"stations": (ALICE, StationPlan("102", PortAddress(0, 0)))}, "stations[1].port"),
        ({"trunks": (LINE_1, LINE_1)}, "trunks[1].port"),
        ({"trunks": (TrunkPlan(PortAddress(0, 0)),)}, "trunks[0].port"),
        ({"trunks": (TrunkPlan(PortAddress(0, 100)),)}, "trunks[0].port"),
        ({"operator": "199"}, "operator"),
    ],
)
def test_a_contradiction_is_refused_by_name(wrong: dict[str, Any], setting: str) -> None:
    with pytest.raises(PlanError) as refused:
        Plan(**{"stations": (ALICE,), **wrong})
    assert refused.value.setting == setting
    assert refused.value.allowed in str(refused.value)


def test_ports_print_as_pads() -> None:
    assert str(PortAddress(1, 7)) == "01:07"
    assert PortAddress(1, 7).recorded == "0107"
    assert LINE_1.party.name == "00:08"
