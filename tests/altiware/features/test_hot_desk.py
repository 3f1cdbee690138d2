# SPDX-License-Identifier: MIT
import pytest

from altiware.core.ids import PortAddress
from altiware.core.plan import Plan, StationPlan
from altiware.features.hot_desk import seated
from altiware.features.identity import EVENTS, IGNORED, Identified, IdentityState
from tests.altiware.core.machine import every_pair_is_known

PLAN = Plan(tuple(StationPlan(str(101 + i), PortAddress(0, i)) for i in range(4)))


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(IdentityState, EVENTS, Identified.rows, IGNORED)


@pytest.mark.parametrize(
    ("seats", "ports"),
    [
        ({}, [0, 1, 2, 3]),
        ({"101": "00:02"}, [2, 1, 0, 3]),
        ({"101": "00:02", "103": "00:00"}, [2, 1, 0, 3]),
        ({"101": "00:01", "102": "00:02"}, [1, 2, 0, 3]),
        ({"101": "00:01", "104": "00:01"}, [0, 1, 2, 3]),
        ({"101": "00:09"}, [0, 1, 2, 3]),
        ({"199": "00:01"}, [0, 1, 2, 3]),
    ],
)
def test_every_extension_and_every_telephone_has_one_of_the_other(
    seats: dict[str, str], ports: list[int]
) -> None:
    assert [each.port.port for each in seated(PLAN, seats).stations] == ports
