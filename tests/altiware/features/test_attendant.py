# SPDX-License-Identifier: MIT
from altiware.features.attendant import EVENTS, IGNORED, Attendant, AttendantState
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(AttendantState, EVENTS, Attendant.rows, IGNORED)
