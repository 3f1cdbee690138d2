# SPDX-License-Identifier: MIT
"""The exchange on the signalling rig: boards, failures, clocks, views.  Calls: tests/scenarios."""

import os
from datetime import timedelta

import pytest

from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.notices import BoardChanged, EngineLost, EventsMissed, Notice, OrderMissed
from altiware.core.plan import Plan, StationPlan
from altiware.core.signals import Tone
from altiware.exchange import Exchange
from drivers.base import BoardEvent, BoardLost, LossReason, OrderFailed, PortKind, Ticket
from dsp.errors import EngineSystemError
from dsp.events import DigitHeard, EngineGone, EventsLost
from tests.rig_engine import RigEngine
from tests.signalling_rig import MORNING, BenchBoard, SignallingRig, office_plan


@pytest.fixture
def rig() -> SignallingRig:
    return SignallingRig()


def test_lines_trunks_and_calls_can_be_looked_at(rig: SignallingRig) -> None:
    rig.phone("101").calls("102")
    alice, bob, *_ = rig.exchange.lines()
    (call,) = rig.exchange.calls()
    assert (alice.extension, alice.name, alice.state) == ("101", "Alice", "ringback")
    assert (alice.tone, alice.call) == (Tone.RINGBACK, call.record.id)
    assert (bob.state, bob.tone, bob.call) == ("ringing", None, call.record.id)
    assert (call.state, call.record.closed) == ("ringing", None)
    assert [each.state for each in rig.exchange.trunks()] == ["idle", "idle"]
    rig.close()


def test_a_listener_hears_until_it_unsubscribes(rig: SignallingRig) -> None:
    heard: list[Notice] = []
    unsubscribe = rig.exchange.subscribe(heard.append)
    rig.phone("101").lifts()
    count = len(heard)
    assert count > 0
    unsubscribe()
    rig.phone("101").hangs_up()
    assert len(heard) == count
    rig.close()


def test_stopping_ends_the_calls_and_gives_everything_back(rig: SignallingRig) -> None:
    rig.phone("101").calls("102")
    rig.phone("102").lifts()
    rig.phone("103").lifts()
    rig.exchange.stop()
    assert [each.cause for each in rig.records] == [Cause.STOPPED]
    assert rig.engine.open_ports() == []
    rig.engine.close()


def test_an_order_that_fails_is_told_and_the_call_goes_to_another_trunk(rig: SignallingRig) -> None:
    rig.phone("101").calls("95550123#")
    first, second = rig.office(0), rig.office(1)
    first.is_seized()
    board, port = rig.boards[0], first.port.port
    board.happens(OrderFailed(0.0, port, Ticket(999), "measure", "a technician's"))
    board.happens(OrderFailed(0.0, port, board.last, "seize", "hardware fault"))
    rig.passes(0.0)
    second.is_seized()
    (missed,) = (each for each in rig.notices if isinstance(each, OrderMissed))
    assert (missed.order, missed.reason) == ("seize", "hardware fault")
    rig.close()


def test_a_board_that_refuses_at_once_is_told_too(rig: SignallingRig) -> None:
    rig.boards[0].refuses.add("ring")
    rig.phone("101").calls("102")
    missed = [each for each in rig.notices if isinstance(each, OrderMissed)]
    assert [each.order for each in missed] == ["Ring"]
    rig.phone("101").hears_tone("ringback")
    rig.close()


def test_no_timeslot_for_a_tone_is_no_end_of_the_world() -> None:
    rig = SignallingRig()
    hoard = rig.engine.open_board_ports(128 - len(rig.engine.open_ports()))
    alice = rig.phone("101")
    alice.lifts()
    alice.is_silent()
    assert [each.order for each in rig.notices if isinstance(each, OrderMissed)] == ["PlayTone"]
    for port in hoard:
        rig.engine.close_port(port)
    alice.dials("102")
    alice.hears_tone("ringback")
    rig.close()


def test_a_station_on_an_office_s_port_is_told() -> None:
    plan = Plan(stations=(StationPlan("101", PortAddress(0, 0)),))
    engine = RigEngine()
    board = BenchBoard(engine, (PortKind.FXO,))
    exchange = Exchange(plan, engine, [board])
    notices: list[Notice] = []
    exchange.subscribe(notices.append)
    exchange.start()
    exchange.pump()
    assert [each.reason for each in notices if isinstance(each, OrderMissed)] == [
        "00:00 is fxo; a station needs fxs"
    ]
    assert exchange.lines()[0].state == "out of service"
    exchange.stop()
    engine.close()


def test_the_deadline_is_the_first_of_boards_and_machines(rig: SignallingRig) -> None:
    assert rig.exchange.deadline is None
    rig.phone("101").lifts()
    assert rig.exchange.deadline == pytest.approx(rig.engine.now + 10.0)
    rig.boards[0].deadline = 3.0
    assert rig.exchange.deadline == 3.0
    rig.close()


def test_digits_of_nobody_are_nobody_s(rig: SignallingRig) -> None:
    rig.engine.inject(DigitHeard(0.0, 999, "1", -10.0))
    rig.passes(0.1)
    assert rig.exchange.calls() == ()
    rig.close()


def test_records_follow_the_wall_clock_only_when_it_is_set() -> None:
    engine = RigEngine()
    shown = [MORNING]
    board = BenchBoard(engine, (PortKind.FXS, PortKind.FXS))
    plan = office_plan(stations=2, trunks=0)
    exchange = Exchange(plan, engine, [board], wall=lambda: shown[0])
    exchange.start()
    exchange.pump()
    epoch = exchange._epoch
    shown[0] = MORNING + timedelta(milliseconds=300)
    exchange.pump()
    assert exchange._epoch == epoch, "jitter is not believed"
    shown[0] = MORNING + timedelta(hours=1)
    exchange.pump()
    assert exchange._epoch == epoch + timedelta(hours=1)
    exchange.stop()
    engine.close()


def test_the_end_of_the_engine_s_process_is_told(rig: SignallingRig) -> None:
    rig.engine.inject(EngineGone(1.5))
    rig.passes(0.1)
    assert [each.at for each in rig.notices if isinstance(each, EngineLost)] == [1.5]
    rig.close()


def test_a_link_that_a_dying_engine_does_not_take_is_closed_and_tried_again(
    rig: SignallingRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    (board,) = rig.boards
    failed: list[str] = []

    def refuse(descriptor: int, now: float) -> None:
        raise EngineSystemError("the engine's process has died")

    def fail(detail: str, now: float) -> list[BoardEvent]:
        failed.append(detail)
        return []

    monkeypatch.setattr(board, "link_opened", refuse)
    monkeypatch.setattr(board, "link_failed", fail)
    reader, writer = os.pipe()
    rig.exchange.link_opened(board, writer)
    assert failed == ["the engine: the engine's process has died"]
    assert os.read(reader, 1) == b"", "the writing end is closed"
    os.close(reader)
    rig.close()


def test_lost_events_are_told(rig: SignallingRig) -> None:
    rig.engine.inject(EventsLost(0.0, 7))
    rig.passes(0.1)
    assert [each.count for each in rig.notices if isinstance(each, EventsMissed)] == [7]
    rig.close()


def test_call_ids_are_unique_and_sorted_by_time(rig: SignallingRig) -> None:
    for _ in range(3):
        rig.phone("101").calls("102")
        rig.phone("101").hangs_up()
    ids = [each.id for each in rig.records]
    assert ids == sorted(set(ids))
    assert ids[0].startswith("260302-080000-000-")
    rig.close()


def test_boards_that_cannot_be_reached_are_told() -> None:
    class Failing(BenchBoard):
        def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
            return [BoardLost(now, LossReason.REFUSED, detail)]

    engine = RigEngine()
    board = Failing(engine, (PortKind.FXS,))
    exchange = Exchange(office_plan(stations=1, trunks=0), engine, [board])
    notices: list[Notice] = []
    exchange.subscribe(notices.append)
    exchange.link_failed(board, "no such file")
    (changed,) = (each for each in notices if isinstance(each, BoardChanged))
    assert (changed.state, changed.reason) == ("lost", "link refused: no such file")
    engine.close()
