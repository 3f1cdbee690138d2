# SPDX-License-Identifier: MIT
"""The board contract on cellular modules of three makers, and what befalls modules only."""

from dataclasses import replace

import numpy as np
import pytest

from altiware.hil.contract.board_suite import BoardContract
from altiware.hil.contract.rig import BoardRig
from boards_sim.cellular_module import CELLULAR, MODULES, CellularModule, ModuleKind, cellular_maker
from boards_sim.network import Network
from boards_sim.stage import Stage
from drivers.base import (
    AlarmRaised,
    BoardLost,
    BoardState,
    CallerReported,
    CallProgress,
    CallProgressed,
    Capability,
    LossReason,
    OrderFailed,
    PortKind,
    RingingChanged,
)
from drivers.cellular.board import CellularModule as Driver
from drivers.links import InProcessLink
from drivers.qhi.numbers import BootReason
from dsp.engine import Engine

LINE = 0


class CellularRig(BoardRig):
    """A simulated module at the other end of two socket pairs."""

    def __init__(self, kind: ModuleKind, *, sim: str = "READY", service: bool = True) -> None:
        self.simulated = Stage((CELLULAR,), firmware=cellular_maker(kind))
        self._gone = False
        self.module.sim = sim
        if not service:
            self.simulated.perform(self.network.loses_service())
        board = Driver(
            "cellular:///dev/ttyUSB2?audio=/dev/ttyUSB1",
            InProcessLink(self._open),
            InProcessLink(self._open_audio),
        )
        super().__init__(board, Engine(threaded=False), self.simulated)
        self.board.start(self.engine, self.engine.now)
        self.simulated.pumps.append(self.pump)
        self._ticks_ahead = 0

    @property
    def module(self) -> CellularModule:
        firmware = self.simulated.boards[0].firmware
        assert isinstance(firmware, CellularModule)
        return firmware

    @property
    def network(self) -> Network:
        actor = self.simulated.actor(LINE)
        assert isinstance(actor, Network)
        return actor

    def serve_engine(self) -> None:
        """Samples come in pieces of 20 ms: four ticks at once, and then none for a while."""
        before = self.engine.now
        self.engine.poll()
        self._ticks_ahead += round((self.engine.now - before) / 0.005) - 1
        if self._ticks_ahead < -4 or (self._ticks_ahead < 0 and self.module.stream is None):
            self.engine.tick()
            self._ticks_ahead += 1

    def _open(self) -> int:
        if self._gone:
            raise ConnectionRefusedError("unplugged")
        return self.simulated.descriptor()

    def _open_audio(self) -> int:
        if self._gone:
            raise ConnectionRefusedError("unplugged")
        return self.module.audio_descriptor()

    def vanishes(self) -> None:
        self._gone = True
        self.simulated.faults().closes()

    def returns(self) -> None:
        self._gone = False

    def close(self) -> None:
        self.engine.close()
        self.module.audio.close()
        self.simulated.close()


class CellularContract(BoardContract):
    kind: ModuleKind

    def make_rig(self) -> BoardRig:
        return CellularRig(self.kind)

    def test_the_caller_is_reported_once(self, up: BoardRig) -> None:
        up.stage.office(LINE).calls_in("+12125550123")
        assert up.reports(RingingChanged, LINE).ringing
        assert up.reports(CallerReported, LINE).number == "+12125550123"
        up.stage.passes(12.0)
        up.is_silent(CallerReported)

    def test_a_withheld_number_is_told_as_such(self, up: BoardRig) -> None:
        up.stage.office(LINE).calls_in(absent="P")
        caller = up.reports(CallerReported, LINE)
        assert (caller.number, caller.absent) == ("", "P")

    def test_the_next_caller_is_reported_too(self, up: BoardRig) -> None:
        office = up.stage.office(LINE)
        for number in ("5550100", "5550101"):
            office.calls_in(number)
            assert up.reports(CallerReported, LINE).number == number
            office.stops_calling()
            up.stage.passes(10.0)

    def test_calls_one_after_the_other(self, up: BoardRig) -> None:
        office = up.stage.office(LINE)
        for _ in range(5):
            up.board.dial(LINE, "5550123")
            office.is_seized()
            up.stage.passes(1.0)
            up.board.release(LINE)
            office.is_free()
            up.stage.passes(0.5)
        up.is_silent(BoardLost, OrderFailed, AlarmRaised)

    def test_released_at_once(self, up: BoardRig) -> None:
        up.board.dial(LINE, "5550123")
        up.board.release(LINE)
        up.stage.passes(3.0)
        up.stage.office(LINE).is_free()
        up.is_silent(BoardLost, OrderFailed, CallProgressed)

    def test_the_network_is_told_with_what_the_board_is(self, rig: BoardRig) -> None:
        info = rig.comes_up()
        assert info.serial == "867698041234567"
        assert info.features["operator"] == "Simulated"
        assert info.features["signal"] == "-71 dBm"
        assert info.features["network"] == "home"

    def test_a_lost_network_ends_the_call_and_is_told(self, up: BoardRig) -> None:
        assert isinstance(up, CellularRig)
        up.stage.office(LINE).calls_in("5550123")
        up.reports(RingingChanged, LINE)
        up.board.seize(LINE)
        up.stage.office(LINE).is_seized()
        up.stage.passes(1.0)
        up.simulated.perform(up.network.loses_service())
        assert up.reports(AlarmRaised, LINE).detail == "searching"
        ticket = up.board.dial(LINE, "5550123")
        failed = up.reports(OrderFailed, LINE)
        assert (failed.ticket, failed.status) == (ticket, "no network: searching")
        up.simulated.perform(up.network.finds_service())
        assert up.reports(AlarmRaised, LINE).alarm == "network is back"
        up.board.dial(LINE, "5550123")
        up.stage.office(LINE).is_seized()

    def test_a_module_that_restarts_by_itself_is_lost_and_comes_back(self, up: BoardRig) -> None:
        assert isinstance(up, CellularRig)
        up.module.reboot(BootReason.FAULT)
        assert up.reports(BoardLost).reason is LossReason.REBOOTED
        up.comes_up()


class TestQuectel(CellularContract):
    kind = MODULES["EC25"]


class TestHuawei(CellularContract):
    kind = MODULES["K3765"]


class TestSim7600(CellularContract):
    kind = MODULES["SIM7600"]


@pytest.mark.parametrize(
    ("sim", "said"), [("", "no SIM"), ("SIM PIN", "wants its PIN"), ("SIM PUK", "wants its PIN")]
)
def test_without_its_sim_it_is_refused_with_the_reason(sim: str, said: str) -> None:
    rig = CellularRig(MODULES["EC25"], sim=sim)
    lost = rig.reports(BoardLost, within_s=5.0)
    assert lost.reason is LossReason.REFUSED
    assert said in lost.detail
    rig.stage.passes(8.0)
    rig.is_silent(BoardLost)
    rig.module.sim = "READY"
    rig.comes_up(within_s=15.0)
    rig.board.stop(rig.engine.now)
    rig.close()


def test_without_a_network_it_is_refused_until_there_is_one() -> None:
    rig = CellularRig(MODULES["K3765"], service=False)
    assert "no network: searching" in rig.reports(BoardLost, within_s=5.0).detail
    rig.simulated.perform(rig.network.finds_service())
    rig.comes_up(within_s=15.0)
    rig.board.stop(rig.engine.now)
    rig.close()


def test_a_module_without_voice_is_refused() -> None:
    rig = CellularRig(replace(MODULES["EC25"], has_voice=False))
    assert "no voice over serial ports" in rig.reports(BoardLost, within_s=5.0).detail
    rig.board.stop(rig.engine.now)
    rig.close()


def test_a_modem_that_is_no_known_module_is_refused() -> None:
    rig = CellularRig(replace(MODULES["EC25"], maker="Acme", model="M1"))
    assert "Acme M1: no module that is known" in rig.reports(BoardLost, within_s=5.0).detail
    rig.board.stop(rig.engine.now)
    rig.close()


def test_a_module_whose_samples_stay_away_is_restarted() -> None:
    """SIM7600: after the first call its audio is gone until AT+CRESET."""
    rig = CellularRig(replace(MODULES["SIM7600"], calls_with_audio=1))
    rig.comes_up()
    is_answered(rig)
    assert rig.module.stream is not None
    rig.board.release(LINE)
    rig.stage.passes(3.0)
    rig.is_silent(AlarmRaised, BoardLost)
    is_answered(rig)
    assert rig.reports(AlarmRaised, LINE).alarm == "no samples"
    assert rig.reports(BoardLost).reason is LossReason.REBOOTED
    assert "AT+CRESET" in rig.module.heard_commands
    rig.comes_up()
    is_answered(rig)
    assert rig.module.stream is not None
    rig.board.stop(rig.engine.now)
    rig.close()


def test_a_call_without_samples_is_told_and_ended() -> None:
    rig = CellularRig(replace(MODULES["EC25"], calls_with_audio=0))
    rig.comes_up()
    is_answered(rig)
    assert rig.reports(AlarmRaised, LINE).alarm == "no samples"
    assert rig.reports(CallProgressed, LINE).progress is CallProgress.ENDED
    rig.stage.office(LINE).is_free()
    rig.stage.passes(1.0)
    rig.is_silent(BoardLost)
    rig.board.stop(rig.engine.now)
    rig.close()


def is_answered(rig: CellularRig) -> None:
    """Let somebody call, and answer him."""
    office = rig.stage.office(LINE)
    office.calls_in("5550123")
    while not rig.reports(RingingChanged, LINE).ringing:
        pass  # the end of the one before
    rig.board.seize(LINE)
    office.is_seized()
    rig.stage.passes(1.0)


@pytest.mark.parametrize("name", MODULES)
def test_samples_pass_both_ways(name: str) -> None:
    rig = CellularRig(replace(MODULES[name], echoes=False))
    rig.comes_up()
    office = rig.stage.office(LINE)
    rig.board.dial(LINE, "5550123")
    office.is_seized()
    rig.stage.passes(1.0)
    office.answers()
    assert rig.reports(CallProgressed, LINE).progress is CallProgress.TAKEN
    tone = rig.engine.open_digits("1234567890" * 3)
    rig.engine.listen(rig.board.timeslot(LINE), tone)
    rig.stage.passes(1.0)
    counters = rig.engine.link_counters(_audio(rig.board))
    before = (counters.pcm_in, counters.pcm_out)
    rig.stage.passes(2.0)
    counters = rig.engine.link_counters(_audio(rig.board))
    came, went = counters.pcm_in - before[0], counters.pcm_out - before[1]
    assert came == went
    assert came == pytest.approx(400, abs=4)
    rig.board.stop(rig.engine.now)
    rig.close()


def _audio(board: object) -> int:
    assert isinstance(board, Driver)
    assert board._samples is not None
    return board._samples.link


def test_what_a_module_can_do_is_said() -> None:
    rig = CellularRig(MODULES["SIM7600"])
    info = rig.comes_up()
    (port,) = info.ports
    assert port.kind is PortKind.FXO
    assert Capability.DIALS in port.capabilities
    assert not port.capabilities & (Capability.FLASH_TX | Capability.OSI_RX)
    assert info.features["support"] == "experimental"
    assert rig.board.state is BoardState.UP
    assert np.isfinite(rig.engine.now)
    rig.board.stop(rig.engine.now)
    rig.close()
