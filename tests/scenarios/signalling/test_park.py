# SPDX-License-Identifier: MIT
"""Callers parked at a location or at an extension, fetched from anywhere, and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from altiware.core.causes import Cause
from altiware.core.plan import FeatureCode, Numbering, Service
from tests.scenarios.signalling.office_sounds import PHRASE_S, MadeUpSounds
from tests.signalling_rig import Office, Phone, SignallingRig, office_plan

CODES = {
    "#29": FeatureCode(Service("pickup", "one"), follows=3),
    "#30": FeatureCode(Service("pickup", "any")),
    "#31": FeatureCode(Service("park", "personal")),
    "#41": FeatureCode(Service("park", "system"), follows=None),
}
PLAN = office_plan(numbering=Numbering(codes=CODES))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = SignallingRig(PLAN, sounds=MadeUpSounds(tmp_path, music=True))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.fixture
def alice(rig: SignallingRig) -> Phone:
    return rig.phone("101")


@pytest.fixture
def office(rig: SignallingRig, alice: Phone) -> Office:
    """Somebody outside, who talks with Alice."""
    office = rig.office()
    office.calls_in("2125550123", "SMITH JOHN")
    alice.lifts()
    office.hears(alice)
    return office


def park(rig: SignallingRig, phone: Phone, code: str) -> None:
    """Park whom the phone is talking with."""
    phone.flashes()
    phone.dials(code)
    rig.passes(4.2 if code == "#41" else 0.2)
    phone.hears_said("parked-at")
    phone.hangs_up()


@pytest.mark.feature("call park")
def test_a_caller_is_parked_and_fetched_from_another_telephone(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    park(rig, alice, "#41")
    office.hears_said("music")
    alice.is_silent()
    bob = rig.phone("102")
    bob.calls("#411#")
    office.hears(bob)
    bob.hears(office)
    bob.hangs_up()
    office.is_free()
    assert {each.cause for each in rig.records} >= {Cause.NORMAL, Cause.TRANSFERRED}


@pytest.mark.feature("call park")
def test_the_location_is_asked_for(rig: SignallingRig, alice: Phone, office: Office) -> None:
    park(rig, alice, "#41")
    bob = rig.phone("102")
    bob.calls("#41#")
    bob.hears_said("park-enter-location")
    bob.dials("1#")
    office.hears(bob)


@pytest.mark.feature("call park")
def test_two_callers_have_two_locations(rig: SignallingRig, alice: Phone, office: Office) -> None:
    park(rig, alice, "#41")
    bob, carol = rig.phone("102"), rig.phone("103")
    bob.calls("103")
    carol.lifts()
    park(rig, carol, "#41")
    carol.calls("#412#")
    carol.hears(bob)
    alice.calls("#411#")
    alice.hears(office)


@pytest.mark.feature("call park")
def test_nobody_is_parked_there(rig: SignallingRig) -> None:
    bob = rig.phone("102")
    bob.calls("#417#")
    bob.hears_said("park-none")
    rig.passes(PHRASE_S + 0.1)
    bob.hears_tone("reorder")


@pytest.mark.feature("call park")
def test_who_is_not_fetched_rings_where_he_was_parked(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    park(rig, alice, "#41")
    rig.passes(119.0)
    alice.is_quiet()
    rig.passes(1.1)
    alice.rings()
    office.hears_tone("ringback")
    alice.lifts()
    office.hears(alice)


@pytest.mark.feature("call park")
def test_a_parked_caller_gives_up(rig: SignallingRig, alice: Phone, office: Office) -> None:
    park(rig, alice, "#41")
    office.breaks_loop()
    bob = rig.phone("102")
    bob.calls("#411#")
    bob.hears_said("park-none")


@pytest.mark.feature("call park", "hold")
def test_the_parker_changes_his_mind(rig: SignallingRig, alice: Phone, office: Office) -> None:
    alice.flashes()
    alice.dials("#41")
    rig.passes(4.2)
    alice.hears_said("parked-at")
    alice.flashes()
    office.hears(alice)


@pytest.mark.feature("personal park")
def test_a_caller_is_parked_at_the_extension(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    park(rig, alice, "#31")
    office.hears_said("music")
    bob = rig.phone("102")
    bob.calls("#31")
    bob.hears_said("park-none")
    alice.calls("#31")
    office.hears(alice)


@pytest.mark.feature("call park", "transfer")
def test_a_fetched_caller_is_transferred(rig: SignallingRig, alice: Phone, office: Office) -> None:
    park(rig, alice, "#41")
    bob, carol = rig.phone("102"), rig.phone("103")
    bob.calls("#411#")
    bob.flashes()
    bob.dials("103")
    carol.lifts()
    bob.hangs_up()
    office.hears(carol)


@pytest.mark.feature("call park", "conference")
def test_a_parked_caller_is_fetched_into_a_conference(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    park(rig, alice, "#41")
    bob, carol = rig.phone("102"), rig.phone("103")
    carol.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("#411#")
    bob.hears(office)
    office.hears(bob)


def test_a_caller_from_outside_parks_nothing(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("#41#")
    alice.hears_said("park-enter-location")
    rig.passes(PHRASE_S + 5.1)
    alice.hears_said("park-none")


@pytest.mark.feature("pickup of one extension")
def test_a_ringing_extension_is_picked_up(rig: SignallingRig) -> None:
    alice, bob, carol = (rig.phone(each) for each in ("101", "102", "103"))
    alice.calls("102")
    bob.rings()
    carol.calls("#29102")
    bob.is_quiet()
    carol.hears(alice)


@pytest.mark.feature("pickup of any extension")
def test_any_ringing_call_is_picked_up(rig: SignallingRig) -> None:
    office, carol = rig.office(), rig.phone("103")
    office.calls_in("2125550123")
    rig.phone("101").rings()
    carol.calls("#30")
    rig.phone("101").is_quiet()
    office.is_seized()
    office.hears(carol)


@pytest.mark.feature("pickup of any extension")
def test_nothing_rings(rig: SignallingRig) -> None:
    carol = rig.phone("103")
    carol.calls("#30")
    carol.hears_tone("reorder")


@pytest.mark.feature("pickup of one extension", "transfer")
def test_a_transferred_call_is_picked_up_while_it_rings(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    bob, carol = rig.phone("102"), rig.phone("103")
    alice.flashes()
    alice.dials("102")
    bob.rings()
    alice.hangs_up()
    carol.calls("#29102")
    bob.is_quiet()
    office.hears(carol)


@pytest.mark.feature("pickup of one extension", "consultation")
def test_a_consulted_extension_is_answered_elsewhere(
    rig: SignallingRig, alice: Phone, office: Office
) -> None:
    bob, carol = rig.phone("102"), rig.phone("103")
    alice.flashes()
    alice.dials("102")
    bob.rings()
    carol.calls("#29102")
    carol.hears(alice)
    alice.hangs_up()
    office.hears(carol)
