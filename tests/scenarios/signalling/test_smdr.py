# SPDX-License-Identifier: MIT
"""The lines that whole calls print: attendants, transfers both ways, forwarding, a dead trunk."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.notices import SettingChanged
from altiware.core.plan import Numbering, Plan, Service
from altiware.core.speech import Phrase
from altiware.store.smdr import smdr_lines
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.scenarios.signalling.test_outgoing_calls import LOCAL, dials_out
from tests.signalling_rig import Phone, SignallingRig, office_plan

MENU = AttendantItem(AttendantAct.MENU, prompt=(Phrase("greeting"),))
MAIN = AttendantPlan("main", {"": MENU})


@dataclass(frozen=True)
class Line:
    """What stands at the places of a line."""

    seconds: int
    calling: str
    "Who called: a trunk and a number outside, or an extension."
    called: str
    "Whom: an extension, or a number outside and a trunk."


def lines(rig: SignallingRig) -> list[Line]:
    """Return all that has been printed, read by the places of the table."""
    printed = [text.decode() for record in rig.records for text in smdr_lines(record)]
    return [_read(text) for text in printed]


def _read(text: str) -> Line:
    hours, minutes, seconds = (int(text[at : at + 2]) for at in (14, 17, 20))
    is_out = text[27:33].isspace()
    calling = text[23:27] if is_out else f"{text[23:27]} {text[27:61]}"
    called = f"{text[33:59].strip()} {text[61:65]}" if is_out else text[61:65]
    return Line(hours * 3600 + minutes * 60 + seconds, calling.strip(), called.strip())


def plan() -> Plan:
    made = office_plan(
        trunks=3,
        attendants=(MAIN,),
        incoming="190",
        numbering=Numbering(services={"190": Service("attendant", "main")}),
    )
    bob = replace(made.stations[1], forwards_outside=True)
    return replace(made, stations=(made.stations[0], bob, *made.stations[2:]))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = SignallingRig(plan(), sounds=MadeUpSounds(tmp_path))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def asks_for(rig: SignallingRig, extension: str) -> Phone:
    """Have somebody outside ask the attendant for an extension."""
    office = rig.office()
    office.calls_in("2125550123")
    rig.passes(1.0)
    office.presses(extension)
    return rig.phone(extension)


def ends(rig: SignallingRig) -> list[Line]:
    """Let all hang up; return what was printed."""
    rig.everybody_hangs_up()
    return lines(rig)


@pytest.mark.feature("SMDR")
def test_a_caller_whom_the_attendant_led_called_who_answered(rig: SignallingRig) -> None:
    alice = asks_for(rig, "101")
    rig.passes(5.0)
    alice.lifts()
    rig.passes(30.0)
    (line,) = ends(rig)
    assert (line.calling, line.called) == ("0004 2125550123", "101")
    assert line.seconds in range(35, 40), "since the attendant has answered"


@pytest.mark.feature("SMDR")
def test_a_caller_who_only_heard_the_attendant_called_its_number(rig: SignallingRig) -> None:
    rig.office().calls_in("2125550123")
    rig.passes(3.0)
    assert [line.called for line in ends(rig)] == ["190"]


@pytest.mark.feature("SMDR", "transfer")
def test_a_transferred_caller_is_logged_again_from_then_on(rig: SignallingRig) -> None:
    alice, carol = asks_for(rig, "101"), rig.phone("103")
    alice.lifts()
    rig.passes(20.0)
    alice.flashes()
    alice.dials("103")
    carol.lifts()
    rig.passes(10.0)
    alice.hangs_up()
    rig.passes(40.0)
    first, second = ends(rig)
    assert (first.called, second.called) == ("101", "103")
    assert first.seconds in range(30, 36)
    assert second.seconds == 40, "without the ten seconds that the two spoke about him"
    assert second.calling == "0004 2125550123"


@pytest.mark.feature("SMDR", "transfer")
def test_who_was_transferred_to_nobody_has_called_once(rig: SignallingRig) -> None:
    alice = asks_for(rig, "101")
    alice.lifts()
    alice.flashes()
    alice.dials("103")
    alice.hangs_up()
    rig.passes(5.0)
    assert [line.called for line in ends(rig)] == ["101"]


@pytest.mark.feature("SMDR", "transfer")
def test_a_call_out_that_is_transferred_stays_one(rig: SignallingRig) -> None:
    alice, office = dials_out(rig)
    rig.passes(50.0)
    bob = rig.phone("103")
    alice.flashes()
    alice.dials("103")
    bob.lifts()
    alice.hangs_up()
    rig.passes(40.0)
    bob.hears(office)
    first, second = ends(rig)
    assert {first.calling, second.calling} == {"101"}, "who made it is charged for it all"
    assert {first.called, second.called} == {f"{LOCAL} 0004"}
    assert first.seconds in range(30, 33), "of 52, the first 20 taken as ringing"
    assert second.seconds == 40
    assert not any(record.direction.value == "inbound" for record in rig.records)


@pytest.mark.feature("SMDR", "forward all calls")
def test_a_caller_who_is_forwarded_outside_has_two_trunks(tmp_path: Path) -> None:
    kept = [SettingChanged(0.0, "102", "forward", f"9{LOCAL}")]
    rig = SignallingRig(plan(), sounds=MadeUpSounds(tmp_path), kept=kept)
    asks_for(rig, "102")
    other = rig.office(1)
    other.gives("dial")
    rig.passes(2.0)
    rig.passes(60.0)
    came, went = ends(rig)
    assert (came.calling, came.called) == ("0004 2125550123", "102")
    assert (went.calling, went.called) == ("102", f"{LOCAL} 0005"), "who forwarded pays"
    assert went.seconds in range(38, 44)
    rig.is_clean()
    rig.close()


@pytest.mark.feature("SMDR", "outgoing call")
def test_the_trunk_is_the_one_that_carried_the_call(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls(f"9{LOCAL}#")
    rig.passes(6.0)  # the first gives no dial tone
    rig.office(1).gives("dial")
    rig.passes(62.0)
    assert [line.called for line in ends(rig)] == [f"{LOCAL} 0005"]


@pytest.mark.feature("SMDR")
def test_calls_inside_are_not_logged(rig: SignallingRig) -> None:
    rig.phone("101").calls("102")
    rig.phone("102").lifts()
    rig.passes(60.0)
    assert ends(rig) == []
