# SPDX-License-Identifier: MIT
"""Conference rooms: PINs, hosts, who comes and goes, and what other features do to those inside."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.errors import PlanError
from altiware.core.plan import FeatureCode, Numbering, Service
from altiware.core.rooms import RoomPlan
from altiware.features.conference import EVENTS, IGNORED, Room, RoomState
from altiware.features.outcall import EVENTS as OUTCALL_EVENTS
from altiware.features.outcall import IGNORED as OUTCALL_IGNORED
from altiware.features.outcall import Outcall, OutcallState
from tests.altiware.core.machine import every_pair_is_known
from tests.scenarios.signalling.office_sounds import PHRASE_S, MadeUpSounds
from tests.signalling_rig import Phone, SignallingRig, office_plan

OPEN = RoomPlan("open", most=3)
BOARD = RoomPlan("board", pin="1234", host_pin="9876", waits_for_host=True)
NUMBERING = Numbering(
    services={"180": Service("room", "open"), "181": Service("room", "board")},
    codes={"#41": FeatureCode(Service("park", "system"), follows=None)},
)
PLAN = office_plan(stations=5, numbering=NUMBERING, rooms=(OPEN, BOARD))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = SignallingRig(PLAN, sounds=MadeUpSounds(tmp_path, music=True))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def enter(rig: SignallingRig, extension: str, number: str = "180", pin: str = "") -> Phone:
    """Let somebody call a room, and hear what is said to him to its end."""
    phone = rig.phone(extension)
    phone.calls(number)
    if pin:
        phone.dials(f"{pin}#")
    rig.passes(8 * PHRASE_S)
    return phone


def are_together(rig: SignallingRig, *phones: Phone, muted: tuple[Phone, ...] = ()) -> None:
    """Assert that these, and nobody else, are in one conference."""
    slots = {phone.timeslot for phone in phones}
    assert slots in rig.engine.parties.values()
    for phone in phones:
        seated = rig.engine.seated(phone.timeslot)
        assert seated is not None
        assert seated.muted == (phone in muted)


@pytest.mark.feature("conference room")
def test_who_calls_the_number_is_in(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("180")
    alice.hears_said("conference-first")
    rig.passes(PHRASE_S)
    bob = rig.phone("102")
    bob.calls("180")
    bob.hears_said("conference-there-is", "number-1", "person", "conference-besides-you")
    alice.hears_said("extension", "number-1", "number-0", "number-2", "conference-has-joined")
    are_together(rig, alice, bob)
    carol = enter(rig, "103")
    are_together(rig, alice, bob, carol)
    bob.hangs_up()
    are_together(rig, alice, carol)


@pytest.mark.feature("conference room")
def test_a_full_room_lets_nobody_in(rig: SignallingRig) -> None:
    for extension in ("101", "102", "103"):
        enter(rig, extension)
    dave = rig.phone("104")
    dave.calls("180")
    dave.hears_said("conference-full")
    rig.passes(3 * PHRASE_S)
    dave.hears_tone("reorder")


@pytest.mark.feature("conference room")
def test_a_wrong_pin_is_refused_three_times(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("181")
    for _ in range(2):
        alice.dials("1111#")
        alice.hears_said("conference-wrong-pin", "conference-enter-pin")
    alice.dials("1111#")
    alice.hears_said("conference-wrong-pin", "goodbye")
    rig.passes(3 * PHRASE_S)
    alice.hears_tone("reorder")


@pytest.mark.feature("conference room")
def test_nobody_hears_anybody_before_the_host_is_there(rig: SignallingRig) -> None:
    alice = enter(rig, "101", "181", "1234")
    bob = enter(rig, "102", "181", "1234")
    alice.hears_said("music")
    bob.hears_said("music")
    host = enter(rig, "103", "181", "9876")
    are_together(rig, alice, bob, host)


@pytest.mark.feature("conference room")
def test_one_mutes_himself(rig: SignallingRig) -> None:
    alice, bob = enter(rig, "101"), enter(rig, "102")
    alice.dials("*6")
    alice.hears_said("conference-muted")
    are_together(rig, alice, bob, muted=(alice,))
    alice.dials("*6")
    alice.hears_said("conference-unmuted")
    are_together(rig, alice, bob)


@pytest.mark.feature("conference room")
def test_only_the_host_mutes_locks_and_removes(rig: SignallingRig) -> None:
    host, alice = enter(rig, "103", "181", "9876"), enter(rig, "101", "181", "1234")
    alice.dials("*7")
    alice.hears_said("not-a-choice")
    host.dials("*8")
    are_together(rig, host, alice, muted=(alice,))
    host.dials("*7")
    host.hears_said("conference-locked")
    bob = rig.phone("102")
    bob.calls("181")
    bob.dials("1234#")
    bob.hears_said("conference-is-locked")
    host.dials("*7")
    bob.hangs_up()
    bob = enter(rig, "102", "181", "1234")
    are_together(rig, host, alice, bob, muted=(alice,))
    host.dials("*9")
    bob.hears_said("conference-removed")
    are_together(rig, host, alice, muted=(alice,))


@pytest.mark.feature("conference room")
def test_the_host_invites_somebody(rig: SignallingRig) -> None:
    alice, dave = enter(rig, "101"), rig.phone("104")
    alice.dials("*0")
    alice.hears_said("conference-invite-number")
    alice.dials("104#")
    dave.rings()
    dave.lifts()
    rig.passes(8 * PHRASE_S)
    are_together(rig, alice, dave)


@pytest.mark.feature("conference room")
def test_an_invitation_that_nobody_answers_is_told(rig: SignallingRig) -> None:
    alice, dave = enter(rig, "101"), rig.phone("104")
    alice.dials("*0104#")
    dave.rings()
    rig.passes(60.2)
    alice.hears_said("no-answer")
    dave.is_quiet()


@pytest.mark.feature("conference room", "hold")
def test_who_puts_the_room_on_hold_is_out_of_it(rig: SignallingRig) -> None:
    alice, bob = enter(rig, "101"), enter(rig, "102")
    alice.flashes()
    alice.hears_tone("stutter")
    assert {bob.timeslot} in rig.engine.parties.values()
    alice.flashes()
    rig.passes(PHRASE_S)
    are_together(rig, alice, bob)


@pytest.mark.feature("conference room", "transfer")
def test_a_caller_is_transferred_into_the_room(rig: SignallingRig) -> None:
    alice, bob, carol = enter(rig, "101"), rig.phone("102"), rig.phone("103")
    carol.calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("180")
    rig.passes(8 * PHRASE_S)
    are_together(rig, alice, bob)
    bob.hangs_up()
    rig.passes(8 * PHRASE_S)
    are_together(rig, alice, carol)


@pytest.mark.feature("conference room", "call park")
def test_who_parks_the_conference_leaves_it(rig: SignallingRig) -> None:
    alice, bob = enter(rig, "101"), enter(rig, "102")
    alice.flashes()
    alice.dials("#41")
    rig.passes(4.2)
    alice.hears_said("parked-at")
    alice.hangs_up()
    rig.passes(1.0)
    assert {bob.timeslot} in rig.engine.parties.values()


@pytest.mark.feature("conference room", "emergency")
def test_nobody_leaves_a_room_alone_with_the_outside(rig: SignallingRig) -> None:
    alice = enter(rig, "101")
    alice.flashes()
    alice.dials("911")
    rig.office(0).is_seized()
    alice.hangs_up()
    rig.office(0).is_free()


@pytest.mark.parametrize(
    ("change", "what"),
    [({"pin": "12a"}, "pin"), ({"waits_for_host": True}, "waits_for_host"),
     ({"pin": "12", "host_pin": "12"}, "host_pin")],
)  # fmt: skip
def test_a_room_that_makes_no_sense_is_refused(change: dict[str, object], what: str) -> None:
    room = replace(RoomPlan("odd"), **change)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match=rf"rooms\.0\.{what}"):
        replace(PLAN, rooms=(room, OPEN, BOARD))


def test_every_state_answers_every_event() -> None:
    every_pair_is_known(RoomState, EVENTS, Room.rows, IGNORED)
    every_pair_is_known(OutcallState, OUTCALL_EVENTS, Outcall.rows, OUTCALL_IGNORED)
