# SPDX-License-Identifier: MIT
"""The world outside behind a cellular module: calls in and out, as on any other trunk."""

from pathlib import Path

import pytest

from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.notices import OrderMissed
from altiware.core.plan import TrunkPlan
from boards_sim.cellular_module import MODULES, CellularModule
from boards_sim.network import Network
from boards_sim.stage import Stage
from drivers.actors import Caller
from drivers.qhi.numbers import BootReason
from tests.rig import Rig, modem_plan
from tests.scenarios.own_voice import own_voice_dbfs


def network_of(rig: Rig) -> Network:
    assert isinstance(rig.stage, Stage)
    network = rig.stage.actor(0, board=1)
    assert isinstance(network, Network)
    return network


def module_of(rig: Rig) -> CellularModule:
    assert isinstance(rig.stage, Stage)
    module = rig.stage.boards[1].firmware
    assert isinstance(module, CellularModule)
    return module


@pytest.fixture(params=list(MODULES))
def make(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_call_out(make: str, speech: Path) -> None:
    with Rig(modem_plan(), modem=MODULES[make]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.hears("dial")
        alice.dials("95550123#")
        office.is_seized()
        office.receives("5550123")
        alice.hears("ringback", within_s=6.0)
        rig.passes(25.0)
        office.answers()
        rig.passes(2.0)
        office.says(speech, wait=False)
        alice.hears("speech")
        rig.passes(4.0)
        alice.says(speech, wait=False)
        office.hears("speech")
        alice.hangs_up()
        office.is_free()
    (record,) = rig.records
    assert record.cause is Cause.NORMAL
    assert record.talking_s == pytest.approx(8.0, abs=4.0)


def test_a_call_in_with_its_caller(make: str, speech: Path) -> None:
    with Rig(modem_plan(), modem=MODULES[make]) as rig:
        office, alice = rig.office(), rig.telephone("101")
        office.calls_in("+18055554567")
        alice.rings(within_s=12.0)
        assert alice.shows() == Caller("+18055554567")
        alice.lifts()
        office.is_seized()
        rig.passes(1.0)
        alice.says(speech, wait=False)
        office.hears("speech", within_s=5.0)
        office.hangs_up()
        alice.hears("reorder", within_s=10.0)
        alice.hangs_up()


def test_a_busy_number(make: str) -> None:
    with Rig(modem_plan(), modem=MODULES[make]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.is_seized()
        office.is_busy()
        alice.hears("busy", within_s=5.0)
        alice.hangs_up()
    (record,) = rig.records
    assert (record.cause, record.talking_s) == (Cause.BUSY, 0.0)


def test_nobody_answers_and_no_answer_is_supposed(make: str) -> None:
    with Rig(modem_plan(), modem=MODULES[make]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.is_seized()
        alice.hears("ringback", within_s=6.0)
        rig.passes(30.0)
        office.hangs_up()
        alice.hears("reorder", within_s=6.0)
        alice.hangs_up()
    (record,) = rig.records
    assert (record.cause, record.talking_s) == (Cause.NO_ANSWER, 0.0)


def test_the_network_is_lost_in_a_call(make: str) -> None:
    with Rig(modem_plan(), modem=MODULES[make]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.is_seized()
        rig.passes(2.0)
        office.answers()
        rig.passes(2.0)
        rig.stage.perform(network_of(rig).loses_service())  # type: ignore[attr-defined]
        alice.hears("reorder", within_s=6.0)
        alice.hangs_up()


def test_without_a_network_the_next_trunk_is_taken() -> None:
    plan = modem_plan(TrunkPlan(PortAddress(0, 0)))
    with Rig(plan, modem=MODULES["EC25"]) as rig:
        alice, copper = rig.telephone("101"), rig.office(1)
        rig.stage.perform(network_of(rig).loses_service())  # type: ignore[attr-defined]
        alice.lifts()
        alice.dials("95550123#")
        copper.is_seized(within_s=5.0)
        copper.receives("5550123")
        alice.hangs_up()
        copper.is_free()
        (missed,) = (each for each in rig.notices if isinstance(each, OrderMissed))
        assert missed.reason == "no network: searching"
        rig.notices.remove(missed)


def test_a_module_that_restarts_in_a_call_ends_it() -> None:
    with Rig(modem_plan(), modem=MODULES["EC25"]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.is_seized()
        rig.passes(2.0)
        office.answers()
        rig.passes(1.0)
        module_of(rig).reboot(BootReason.FAULT)
        alice.hears("reorder", within_s=5.0)
        alice.hangs_up()
        rig.passes(5.0)
        office.calls_in("5550123")
        alice.rings(within_s=12.0)
        office.stops_calling()
        rig.passes(10.0)
    assert [each.cause for each in rig.records] == [Cause.BOARD_LOST, Cause.ABANDONED]


def test_digits_in_a_call_are_tones(make: str) -> None:
    """An automatic attendant outside hears what is dialled on after the answer."""
    with Rig(modem_plan(), modem=MODULES[make]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.dials("95550123#")
        office.is_seized()
        rig.passes(2.0)
        office.answers()
        rig.passes(1.0)
        alice.dials("42")
        rig.passes(0.5)
        assert network_of(rig).digits == "42"
        alice.hangs_up()


def test_the_echo_of_a_module_is_found_and_lessened(tmp_path: Path, speech: Path) -> None:
    """75 ms of stores and batches before a hybrid: 19 dB are taken out of three sentences."""
    with_echo, without = (
        own_voice_dbfs(
            Rig(modem_plan(), modem=MODULES["EC25"], echo_tail_ms=tail_ms),
            tmp_path / "ear.wav",
            speech,
        )
        for tail_ms in (0, 32)
    )
    assert without < with_echo - 15
