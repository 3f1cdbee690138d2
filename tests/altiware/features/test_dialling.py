# SPDX-License-Identifier: MIT
from altiware.features.dialling import EVENTS, IGNORED, Dialling, DiallingState
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(DiallingState, EVENTS, Dialling.rows, IGNORED)
