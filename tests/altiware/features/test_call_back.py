# SPDX-License-Identifier: MIT
from altiware.features.call_back import EVENTS, IGNORED, CallBack, CallBackState
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(CallBackState, EVENTS, CallBack.rows, IGNORED)
