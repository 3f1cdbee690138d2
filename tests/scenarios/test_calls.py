# SPDX-License-Identifier: MIT
"""Whole calls, from handset to handset and to the world outside, as people would tell them.

One suite for a board in this process, behind a pseudo terminal and behind TCP.
"""

from pathlib import Path

from altiware.core.causes import Cause
from altiware.core.decision import NumberClass
from altiware.core.notices import Traced
from drivers.actors import Caller
from tests.rig import Rig


def test_an_internal_call(rig: Rig, speech: Path) -> None:
    alice, bob = rig.telephone("101"), rig.telephone("102")
    alice.lifts()
    alice.hears("dial")
    alice.dials("102")
    bob.rings()
    alice.hears("ringback")
    assert bob.shows() == Caller("101", "Alice")
    bob.lifts()
    alice.hears("silence")
    alice.says(speech, wait=False)
    bob.hears("speech")
    rig.passes(5.0)
    bob.says(speech, wait=False)
    alice.hears("speech")
    alice.hangs_up()
    bob.hears("reorder")
    bob.hangs_up()
    (record,) = rig.records
    assert (record.caller.number, record.digits, record.cause) == ("101", "102", Cause.NORMAL)


def test_a_rotary_telephone_finds_a_busy_one(rig: Rig) -> None:
    alice, bob = rig.telephone("101"), rig.telephone("102")
    bob.lifts()
    bob.hears("dial")
    alice.lifts()
    alice.dials("102", pulse=True)
    alice.hears("busy")
    alice.hangs_up()
    bob.hangs_up()
    assert rig.records[0].cause is Cause.BUSY


def test_a_call_out(rig: Rig, speech: Path) -> None:
    alice, office = rig.telephone("101"), rig.office()
    alice.lifts()
    alice.hears("dial")
    alice.dials("95550123#")
    office.is_seized()
    office.receives("5550123")
    alice.hears("ringback", within_s=6.0)
    rig.passes(8.0)
    office.answers()
    office.says(speech, wait=False)
    alice.hears("speech")
    rig.passes(10.0)
    alice.says(speech, wait=False)
    office.hears("speech")
    alice.hangs_up()
    office.is_free()
    (record,) = rig.records
    assert record.number == "5550123"
    assert record.decision is not None
    assert record.decision.number_class is NumberClass.LOCAL
    assert record.cause is Cause.NORMAL
    assert record.answered is not None


def test_the_caller_never_hears_the_dial_tone_of_the_office(rig: Rig) -> None:
    alice, office = rig.telephone("101"), rig.office()
    alice.lifts()
    alice.hears("dial")
    alice.dials("95550123#")
    office.is_seized()
    alice.hears("silence", within_s=0.3)
    office.receives("5550123")
    alice.hangs_up()
    office.is_free()
    said = [each.what for each in rig.notices if isinstance(each, Traced)]
    assert said.index("DialToneHeard") < said.index("DigitsSent") < said.index("ConnectPath")


def test_a_busy_number_outside(rig: Rig) -> None:
    alice, office = rig.telephone("101"), rig.office()
    alice.lifts()
    alice.dials("95550123#")
    office.receives("5550123")
    alice.hears("ringback", within_s=6.0)
    office.is_busy()
    office.is_free(within_s=4.0)
    alice.hears("busy")
    alice.hangs_up()
    assert rig.records[0].cause is Cause.BUSY


def test_the_party_outside_hangs_up(rig: Rig) -> None:
    alice, office = rig.telephone("101"), rig.office()
    alice.lifts()
    alice.dials("95550123#")
    office.receives("5550123")
    alice.hears("ringback", within_s=6.0)
    rig.passes(8.0)
    office.answers()
    rig.passes(10.0)
    assert rig.exchange.calls()[0].record.answered is not None
    office.hangs_up()
    office.is_free()
    alice.hears("reorder")
    alice.hangs_up()
    assert rig.records[0].cause is Cause.NORMAL


def test_a_refused_number_reaches_no_office(rig: Rig) -> None:
    alice, office = rig.telephone("101"), rig.office()
    alice.lifts()
    alice.dials("918095550123")
    alice.hears("reorder")
    office.is_free()
    alice.hangs_up()
    (record,) = rig.records
    assert record.cause is Cause.DENIED
    assert record.trunk is None


def test_a_call_in(rig: Rig, speech: Path) -> None:
    operator, office = rig.telephone("101"), rig.office()
    office.calls_in("2125550123", "SMITH JOHN")
    operator.rings()
    assert operator.shows() == Caller("2125550123", "SMITH JOHN")
    office.hears("ringback")
    operator.lifts()
    office.is_seized()
    office.says(speech, wait=False)
    operator.hears("speech")
    rig.passes(5.0)
    office.hangs_up()
    operator.hears("reorder")
    office.is_free()
    operator.hangs_up()
    (record,) = rig.records
    assert record.caller.number == "2125550123"
    assert record.caller_id is not None


def test_a_caller_outside_gives_up(rig: Rig) -> None:
    operator, office = rig.telephone("101"), rig.office()
    office.calls_in("2125550123")
    operator.rings()
    office.stops_calling()
    rig.passes(7.0)
    operator.is_quiet()
    assert rig.records[0].cause is Cause.ABANDONED


def test_the_operator_asks_and_transfers(rig: Rig, speech: Path) -> None:
    operator, carol, office = rig.telephone("101"), rig.telephone("103"), rig.office()
    office.calls_in("2125550123", "SMITH JOHN")
    operator.rings()
    operator.lifts()
    rig.passes(1.0)
    operator.flashes()
    operator.hears("stutter")
    operator.dials("103")
    carol.rings()
    carol.lifts()
    operator.says(speech, wait=False)
    carol.hears("speech")
    office.hears("silence")
    rig.passes(5.0)
    operator.hangs_up()
    rig.passes(1.5)
    carol.says(speech, wait=False)
    office.hears("speech")
    rig.passes(5.0)
    carol.hangs_up()
    office.is_free()
    first, second = rig.records
    assert first.session == second.session
    assert first.cause is Cause.TRANSFERRED
    assert second.trunk == first.trunk


def test_a_conference_of_three(rig: Rig, speech: Path) -> None:
    alice, bob, carol = (rig.telephone(each) for each in ("101", "102", "103"))
    alice.lifts()
    alice.dials("102")
    bob.rings()
    bob.lifts()
    rig.passes(0.5)
    alice.flashes()
    alice.hears("stutter")
    alice.dials("103")
    carol.rings()
    carol.lifts()
    rig.passes(0.5)
    alice.flashes()
    rig.passes(1.0)
    bob.says(speech, wait=False)
    alice.hears("speech")
    carol.hears("speech")
    rig.passes(5.0)
    alice.flashes()
    carol.hears("reorder")
    bob.says(speech, wait=False)
    alice.hears("speech")
    for each in (alice, bob, carol):
        each.hangs_up()


def test_a_held_party_comes_back(rig: Rig) -> None:
    alice, bob = rig.telephone("101"), rig.telephone("102")
    alice.lifts()
    alice.dials("102")
    bob.rings()
    bob.lifts()
    rig.passes(0.5)
    alice.flashes()
    alice.hears("stutter")
    alice.hangs_up()
    alice.rings()
    alice.lifts()
    rig.passes(0.5)
    bob.hangs_up()
    alice.hears("reorder")
    alice.hangs_up()


def test_a_call_for_help(rig: Rig) -> None:
    alice, office = rig.telephone("101"), rig.office()
    alice.lifts()
    alice.dials("911")
    office.is_seized()
    office.receives("911")
    alice.hears("ringback", within_s=8.0)
    office.answers()
    rig.passes(2.0)
    alice.hangs_up()
    office.is_free()


def test_a_telephone_left_off_hook(rig: Rig) -> None:
    alice = rig.telephone("101")
    alice.lifts()
    alice.hears("dial")
    alice.hears("reorder", within_s=13.0)
    alice.hears("howler", within_s=25.0)
    alice.hears("silence", within_s=45.0)
    alice.hangs_up()
    rig.passes(1.0)
    alice.lifts()
    alice.hears("dial")
    alice.hangs_up()
