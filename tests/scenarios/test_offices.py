# SPDX-License-Identifier: MIT
"""Offices of other kinds, and boards that fail: whole calls with a board in this process."""

from dataclasses import replace

import pytest

from altiware.core.causes import Cause
from altiware.core.notices import BoardChanged
from altiware.core.office import CallerIdKind, OfficePlan
from altiware.core.plan import Dialling
from boards_sim.fsk import V23, Modem
from boards_sim.offices import CallerIdKind as SentCallerId
from boards_sim.stage import Stage
from drivers.actors import Caller
from tests.rig import Rig, quantum_plan


def test_an_office_that_wants_pulses() -> None:
    with Rig(quantum_plan(dialling=Dialling.PULSE)) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.receives("5550123", within_s=15.0)
        alice.hears("ringback", within_s=6.0)
        alice.hangs_up()
        office.is_free()


def test_an_office_that_reverses_at_answer_and_at_the_end() -> None:
    with Rig(quantum_plan("jp", answer_after_s=None)) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("923456789#")
        office.receives("23456789")
        alice.hears("ringback", within_s=6.0)
        office.answers()
        rig.passes(0.3)
        assert rig.exchange.calls()[0].record.answered is not None
        rig.passes(5.0)
        office.hangs_up()
        office.is_free()
        alice.hears("reorder")
        alice.hangs_up()
        assert rig.records[0].cause is Cause.NORMAL
        assert 5.0 < rig.records[0].talking_s < 7.0


def test_an_office_that_tells_the_end_by_busy_tone_only() -> None:
    with Rig(quantum_plan("de")) as rig:
        operator, office = rig.telephone("101"), rig.office()
        office.calls_in("3012345678")
        operator.rings(within_s=8.0)
        assert operator.shows() == Caller("3012345678")
        operator.lifts()
        rig.passes(5.0)
        office.hangs_up()
        office.is_free(within_s=6.0)
        operator.hears("reorder")
        operator.hangs_up()
        assert rig.records[0].cause is Cause.NORMAL


def test_a_double_ring_before_caller_id() -> None:
    with Rig(quantum_plan("uk")) as rig:
        operator, office = rig.telephone("101"), rig.office()
        office.calls_in("2071234567")
        operator.rings(within_s=8.0)
        assert operator.shows().number == "2071234567"
        operator.lifts()
        office.is_seized()
        operator.hangs_up()
        office.is_free()


@pytest.mark.parametrize(
    ("kind", "sent", "modem"),
    [
        (CallerIdKind.V23, SentCallerId.BEFORE_RING, V23),
        (CallerIdKind.DTMF, SentCallerId.DTMF, V23),
    ],
)
def test_a_caller_who_is_shown_before_the_first_ring(
    kind: CallerIdKind, sent: SentCallerId, modem: Modem
) -> None:
    plan = quantum_plan("de")
    office = OfficePlan(caller_id=kind)
    plan = replace(plan, trunks=tuple(replace(each, office=office) for each in plan.trunks))
    with Rig(plan) as rig:
        assert isinstance(rig.stage, Stage)
        line = rig.stage.office_set(0)
        line.take_profile(replace(line.profile, caller_id=sent, modem=modem))
        operator, caller = rig.telephone("101"), rig.office()
        caller.calls_in("3012345678")
        operator.rings(within_s=9.0)
        assert operator.shows() == Caller("3012345678")
        caller.hangs_up()
        rig.passes(10.0)
        assert rig.records[0].caller.number == "3012345678"


def test_a_reversal_that_nobody_calls_after_is_forgotten() -> None:
    with Rig(quantum_plan("de")) as rig:
        assert isinstance(rig.stage, Stage)
        line = rig.stage.office_set(0)
        line.feed(sign=-1.0)
        rig.passes(1.0)
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.receives("5550123")  # the line is free meanwhile
        alice.hangs_up()
        office.is_free()
        line.feed(sign=-1.0)
        rig.passes(10.0)


def test_a_trunk_taken_from_its_call_for_an_emergency() -> None:
    with Rig() as rig:
        callers = [rig.telephone(str(101 + index)) for index in range(4)]
        for caller in callers:
            caller.lifts()
            caller.dials("95550123#")
        for index in range(4):
            rig.office(index).receives("5550123")
        helper = rig.telephone("108")
        helper.lifts()
        helper.dials("911")
        began = rig.stage.now
        rig.office(0).is_free()
        rig.office(0).is_seized()
        assert rig.stage.now - began <= 2.0
        rig.office(0).receives("911")
        callers[0].hears("reorder")
        for caller in (*callers, helper):
            caller.hangs_up()
        rig.passes(2.0)
        assert {each.cause for each in rig.records} == {Cause.PREEMPTED, Cause.ABANDONED}


def test_a_board_that_reboots_ends_its_calls_and_comes_back() -> None:
    with Rig() as rig:
        assert isinstance(rig.stage, Stage)
        alice, bob = rig.telephone("101"), rig.telephone("102")
        alice.lifts()
        alice.dials("102")
        bob.rings()
        bob.lifts()
        rig.passes(1.0)
        rig.stage.faults().reboots()
        rig.passes(1.0)
        alice.hangs_up()
        bob.hangs_up()
        rig.passes(5.0)
        assert rig.records[0].cause is Cause.BOARD_LOST
        states = [each.state for each in rig.notices if isinstance(each, BoardChanged)]
        assert states == ["up", "lost", "up"]
        alice.lifts()
        alice.hears("dial")
        alice.hangs_up()
