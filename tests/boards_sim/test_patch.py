# SPDX-License-Identifier: MIT
"""Two boards whose ports are cabled to each other: what a real bench does, without silicon."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from boards_sim.board import Board
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.loop import DIGITAL
from boards_sim.session import SimulatedSession
from boards_sim.stage import Stage
from drivers.base import (
    BatteryChanged,
    Flashed,
    HookChanged,
    Linefeed,
    PolarityChanged,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
)
from dsp.callerid import CallerId, CallerIdStandard, mdmf, parse
from dsp.engine import Detect, Engine
from dsp.events import CallerIdHeard, DigitHeard

CABLES = (((0, 4), (1, 0)), ((1, 5), (0, 1)))
FXS, FXO = 4, 0


@dataclass
class Bench:
    """Both ends of the cables."""

    stage: Stage
    near: SimulatedSession
    far: SimulatedSession


def bench_of(stage: Stage) -> Iterator[Bench]:
    with ExitStack() as stack:
        stack.callback(stage.close)
        sessions = []
        for number in range(2):
            engine = stack.enter_context(Engine(threaded=False))
            session = SimulatedSession(stage, engine, number)
            session.board.start(engine, 0.0)
            stack.callback(stops, session)
            session.wait_until_up(5.0)
            stage.pumps.append(session.serve)
            sessions.append(session)
        yield Bench(stage, *sessions)


def stops(session: SimulatedSession) -> None:
    session.board.stop(session.engine.now)


@pytest.fixture(params=[Board, ReferenceFirmware], ids=["python", "c"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    yield from bench_of(Stage(("Q12", "Q12"), patches=CABLES, firmware=request.param))


def test_closing_the_one_end_is_off_hook_at_the_other(bench: Bench) -> None:
    bench.far.board.seize(FXO)
    assert bench.near.expect(HookChanged, FXS, within_s=1.0).off_hook
    bench.far.board.flash(FXO, 500)
    bench.near.expect(Flashed, FXS, within_s=2.0)
    bench.far.board.pulse(FXO, "27")
    assert bench.near.expect(PulseDigit, FXS, within_s=3.0).key == "2"
    assert bench.near.expect(PulseDigit, FXS, within_s=3.0).key == "7"
    bench.far.expect(PulsesSent, FXO, within_s=3.0)
    bench.far.board.release(FXO)
    assert not bench.near.expect(HookChanged, FXS, within_s=3.0).off_hook


def test_ringing_polarity_and_battery_go_along_the_cable(bench: Bench) -> None:
    bench.near.board.ring(FXS, RingCadence((2000, 4000)))
    assert bench.far.expect(RingingChanged, FXO, within_s=1.0).ringing
    bench.far.board.seize(FXO)
    assert bench.near.expect(HookChanged, FXS, within_s=1.0).off_hook
    assert not bench.far.expect(RingingChanged, FXO, within_s=1.0).ringing
    bench.near.board.feed(FXS, Linefeed.ACTIVE_REVERSED)
    assert bench.far.expect(PolarityChanged, FXO, within_s=1.0).reversed
    bench.near.board.open_loop(FXS, 500)
    assert not bench.far.expect(BatteryChanged, FXO, within_s=1.0).present
    assert bench.far.expect(BatteryChanged, FXO, within_s=1.0).present


def test_what_the_one_says_the_other_hears_both_ways(bench: Bench) -> None:
    bench.far.board.seize(FXO)
    bench.near.expect(HookChanged, FXS, within_s=1.0)
    for here, at, there, to in (
        (bench.near, FXS, bench.far, FXO),
        (bench.far, FXO, bench.near, FXS),
    ):
        slot = there.board.timeslot(to)
        there.engine.detect(slot, Detect.DIGITS)
        keys = here.engine.open_digits("5A", level_dbm0=-8.0)
        here.engine.listen(here.board.timeslot(at), keys)
        heard = [there.expect(DigitHeard, slot, within_s=1.0) for _ in range(2)]
        assert "".join(each.key for each in heard) == "5A"
        assert heard[0].level_dbm0 == pytest.approx(-9.0, abs=1.5)
        here.engine.close_port(keys)


def test_an_on_hook_line_is_heard(bench: Bench) -> None:
    slot = bench.far.board.timeslot(FXO)
    bench.far.engine.detect(slot, Detect.CALLER_ID)
    message = mdmf(CallerId("8055554567", "CAROL JONES"))
    sender = bench.near.engine.open_caller_id(message, CallerIdStandard.BELL202)
    bench.near.engine.listen(bench.near.board.timeslot(FXS), sender)
    heard = bench.far.expect(CallerIdHeard, slot, within_s=3.0)
    assert parse(heard.message).number == "8055554567"


def test_the_other_way_round_too(bench: Bench) -> None:
    bench.far.board.ring(5, RingCadence((2000, 4000)))
    assert bench.near.expect(RingingChanged, 1, within_s=1.0).ringing


def test_a_board_can_be_cabled_to_itself() -> None:
    stage = Stage(("Q12",), patches=(((0, 4), (0, 0)),), line=DIGITAL)
    with Engine(threaded=False) as engine:
        session = SimulatedSession(stage, engine)
        session.board.start(engine, 0.0)
        session.wait_until_up(5.0)
        session.board.seize(0)
        assert session.expect(HookChanged, 4, within_s=1.0).off_hook
        session.board.stop(engine.now)
    stage.close()


def test_nobody_stands_at_a_cable() -> None:
    stage = Stage(("Q12", "Q12"), patches=CABLES)
    with pytest.raises(ValueError, match="0:4 is cabled to another port, not a telephone"):
        stage.telephone(4)
    with pytest.raises(ValueError, match="1:0 is cabled to another port, not an office"):
        stage.office(0, 1)
    stage.telephone(5)
    stage.close()


@pytest.mark.parametrize(
    ("patches", "why"),
    [
        ((((0, 0), (1, 0)),), "a cable to 0:0: that is no fxs port"),
        ((((0, 4), (1, 4)),), "a cable to 1:4: that is no fxo port"),
        ((((0, 4), (2, 0)),), "a cable to 2:0: that is no fxo port"),
        ((((0, 4), (1, 0)), ((0, 4), (1, 1))), "a cable to 0:4: there is one already"),
    ],
)
def test_a_wrong_cable_is_refused(patches: object, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Stage(("Q12", "Q12"), patches=patches)  # type: ignore[arg-type]
