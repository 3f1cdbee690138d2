# SPDX-License-Identifier: MIT
from altiware.features.errands import EVENTS, IGNORED, Errand, ErrandState
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(ErrandState, EVENTS, Errand.rows, IGNORED)
