# SPDX-License-Identifier: MIT
"""Transferred calls that nobody answers come back to who transferred them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from altiware.features.fetching import EVENTS, IGNORED, Fetching, FetchingState
from tests.altiware.core.machine import every_pair_is_known
from tests.scenarios.signalling.station_office import confirmed, station_plan, station_rig
from tests.signalling_rig import Office, Phone, SignallingRig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    made = station_plan({"104": {"no_answer": "105"}}, operator="106")
    rig = station_rig(tmp_path, made)
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.fixture
def alice(rig: SignallingRig) -> Phone:
    return rig.phone("101")


@pytest.fixture
def office(rig: SignallingRig, alice: Phone) -> Office:
    """Somebody outside, whom the operator has transferred to Alice, who talks to him."""
    office = rig.office()
    office.calls_in("2125550123", "SMITH JOHN")
    rig.phone("106").lifts()
    rig.phone("106").flashes()
    rig.phone("106").dials("101")
    alice.lifts()
    rig.phone("106").hangs_up()
    office.hears(alice)
    return office


def transfers(phone: Phone, to: str) -> None:
    """Transfer without waiting for the answer."""
    phone.flashes()
    phone.dials(to)
    phone.hangs_up()


def test_every_pair_is_known() -> None:
    every_pair_is_known(FetchingState, EVENTS, Fetching.rows, IGNORED)


@pytest.mark.feature("transfer return")
def test_it_comes_back_with_a_word(rig: SignallingRig, alice: Phone, office: Office) -> None:
    transfers(alice, "102")
    rig.passes(29.0)
    rig.phone("102").rings()
    office.hears_tone("ringback")
    rig.passes(1.1)
    rig.phone("102").is_quiet()
    alice.rings("return")
    office.hears_tone("ringback")
    alice.lifts()
    alice.hears_said("transfer-returned")
    rig.passes(0.6)
    alice.hears(office)
    office.hears(alice)


@pytest.mark.feature("transfer return")
def test_an_answer_ends_it(rig: SignallingRig, alice: Phone, office: Office) -> None:
    transfers(alice, "102")
    rig.phone("102").lifts()
    rig.passes(60.0)
    alice.is_quiet()
    office.hears(rig.phone("102"))


@pytest.mark.feature("transfer return", "coverage")
def test_where_unanswered_calls_go_comes_first(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    transfers(alice, "104")
    rig.passes(30.1)
    rig.phone("105").rings()
    alice.is_quiet()
    rig.passes(60.1)
    alice.rings("return")


@pytest.mark.feature("transfer return", "do not disturb")
def test_do_not_disturb_does_not_hold_it_up(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    transfers(alice, "102")
    confirmed(alice, "#33", "do-not-disturb-on")
    rig.passes(30.0)
    alice.rings("return")


@pytest.mark.feature("transfer return")
def test_who_is_busy_is_tried_again(rig: SignallingRig, alice: Phone, office: Office) -> None:
    transfers(alice, "102")
    alice.lifts()
    rig.passes(40.0)
    alice.hangs_up()
    rig.passes(5.1)
    alice.rings("return")


@pytest.mark.feature("transfer return")
def test_who_has_gone_is_stood_in_for_by_the_operator(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    transfers(alice, "102")
    rig.passes(30.1 + 60.1)
    alice.is_quiet()
    rig.phone("106").rings("operator")
    rig.phone("106").lifts()
    office.hears(rig.phone("106"))


@pytest.mark.feature("transfer return")
def test_it_comes_back_once(rig: SignallingRig, alice: Phone, office: Office) -> None:
    transfers(alice, "102")
    rig.passes(30.1 + 60.1 + 60.1)
    rig.phone("106").is_quiet()
    alice.is_quiet()
    office.is_free()


@pytest.mark.feature("transfer return")
def test_the_caller_gives_up(rig: SignallingRig, alice: Phone, office: Office) -> None:
    transfers(alice, "102")
    rig.passes(30.1)
    office.breaks_loop()
    alice.is_quiet()


@pytest.mark.feature("transfer return", "hold")
def test_a_caller_from_inside_comes_back_too(rig: SignallingRig) -> None:
    bob, carol = rig.phone("102"), rig.phone("103")
    bob.calls("103")
    carol.lifts()
    transfers(carol, "101")
    rig.passes(30.1)
    carol.rings("return")
    carol.lifts()
    rig.passes(0.6)
    bob.hears(carol)
