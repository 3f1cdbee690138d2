# SPDX-License-Identifier: MIT
"""What a board finds wrong with itself, and what to do."""

from boards_sim.session import simulated_session
from drivers.diagnostics.selftest import ADVICE, advice, self_test
from drivers.qhi.service import SelfTest


def test_a_sound_board_finds_nothing() -> None:
    with simulated_session("Q12") as session:
        assert self_test(session) == ()


def test_what_is_broken_is_named() -> None:
    with simulated_session("Q12") as session:
        session.stage.faults().run("ppm 150; eeprom-rot")
        assert self_test(session) == ("eeprom", "clock")


def test_there_is_advice_for_every_failure() -> None:
    assert ADVICE.keys() == {test.name.lower() for test in SelfTest if test.name}


def test_a_failure_of_the_maker_has_advice_too() -> None:
    assert "maker" in advice("test 17")
