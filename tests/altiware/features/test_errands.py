# SPDX-License-Identifier: MIT
from altiware.core.speech import Phrase
from altiware.features.errands import EVENTS, IGNORED, Errand, ErrandState, keys
from tests.altiware.core.machine import every_pair_is_known


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(ErrandState, EVENTS, Errand.rows, IGNORED)


def test_keys_are_said_one_by_one() -> None:
    assert keys("1*#") == (Phrase("number-1"), Phrase("star"), Phrase("pound"))
