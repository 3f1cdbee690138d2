# SPDX-License-Identifier: MIT
from altiware.features.call_waiting import EVENTS, IGNORED, CallWaiting, CallWaitingState
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(CallWaitingState, EVENTS, CallWaiting.rows, IGNORED)
