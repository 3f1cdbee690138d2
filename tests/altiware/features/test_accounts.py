# SPDX-License-Identifier: MIT
from altiware.features.accounts import EVENTS, IGNORED, AccountCode, AccountState
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(AccountState, EVENTS, AccountCode.rows, IGNORED)
