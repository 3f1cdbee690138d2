# SPDX-License-Identifier: MIT
"""Every machine of a workgroup answers every event in every state."""

import pytest

from altiware.features.workgroup import group, kept_place, leg, queued, shift, supervision
from tests.altiware.core.machine import every_pair_is_known

MACHINES = {
    "queued": (queued.QueuedState, queued.EVENTS, queued.Queued.rows, queued.IGNORED),
    "kept place": (
        kept_place.KeptPlaceState,
        kept_place.EVENTS,
        kept_place.KeptPlace.rows,
        kept_place.IGNORED,
    ),
    "group": (group.GroupState, group.EVENTS, group.Group.rows, group.IGNORED),
    "leg": (leg.LegState, leg.EVENTS, leg.Leg.rows, leg.IGNORED),
    "shift": (shift.ShiftState, shift.EVENTS, shift.Shift.rows, shift.IGNORED),
    "supervision": (
        supervision.SupervisionState,
        supervision.EVENTS,
        supervision.Supervision.rows,
        supervision.IGNORED,
    ),
}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_answers_every_event(name: str) -> None:
    every_pair_is_known(*MACHINES[name])
