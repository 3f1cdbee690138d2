# SPDX-License-Identifier: MIT
"""The board contract on voice modems of several makes, as far as one office line goes."""

from dataclasses import replace

from altiware.hil.contract.board_suite import BoardContract
from altiware.hil.contract.rig import BoardRig
from boards_sim.stage import Stage
from boards_sim.voice_modem import KINDS, MODEM, ModemKind, VoiceModem, modem_maker
from drivers.base import (
    BatteryChanged,
    BoardLost,
    BoardState,
    CallerReported,
    Capability,
    LossReason,
    OrderFailed,
    PortKind,
    RingingChanged,
)
from drivers.links import InProcessLink
from drivers.vmodem.board import VoiceModem as Driver
from dsp.engine import Engine

LINE = 0


class ModemRig(BoardRig):
    """A simulated modem at the other end of a socket pair."""

    def __init__(self, kind: ModemKind) -> None:
        self.simulated = Stage((MODEM,), firmware=modem_maker(kind))
        self._gone = False
        board = Driver("vmodem:///dev/ttyACM0", InProcessLink(self._open))
        super().__init__(board, Engine(threaded=False), self.simulated)
        self.board.start(self.engine, self.engine.now)
        self.simulated.pumps.append(self.pump)

    @property
    def modem(self) -> VoiceModem:
        firmware = self.simulated.boards[0].firmware
        assert isinstance(firmware, VoiceModem)
        return firmware

    def _open(self) -> int:
        if self._gone:
            raise ConnectionRefusedError("unplugged")
        return self.simulated.descriptor()

    def vanishes(self) -> None:
        self._gone = True
        self.simulated.faults().closes()

    def returns(self) -> None:
        self._gone = False

    def close(self) -> None:
        self.engine.close()
        self.simulated.close()


class ModemContract(BoardContract):
    kind: ModemKind

    def make_rig(self) -> BoardRig:
        return ModemRig(self.kind)

    def test_the_caller_is_reported(self, up: BoardRig) -> None:
        up.stage.office(LINE).calls_in("8055554567", "CAROL JONES")
        assert up.reports(RingingChanged, LINE, within_s=3.0).ringing
        caller = up.reports(CallerReported, LINE, within_s=6.0)
        assert caller.number == "8055554567"
        assert caller.name == ("CAROL JONES" if self.kind.names_caller else "")

    def test_a_withheld_number_is_told_as_such(self, up: BoardRig) -> None:
        up.stage.office(LINE).calls_in(absent="P")
        caller = up.reports(CallerReported, LINE, within_s=8.0)
        assert (caller.number, caller.absent) == ("", "P")

    def test_calls_one_after_the_other(self, up: BoardRig) -> None:
        office = up.stage.office(LINE)
        for _ in range(5):
            up.board.seize(LINE)
            office.is_seized()
            up.board.release(LINE)
            office.is_free()
            up.stage.passes(0.5)
        up.is_silent(BoardLost, OrderFailed)

    def test_released_before_the_stream_has_begun(self, up: BoardRig) -> None:
        up.board.seize(LINE)
        up.board.release(LINE)
        up.stage.passes(3.0)
        up.stage.office(LINE).is_free()
        up.board.seize(LINE)
        up.stage.office(LINE).is_seized()
        up.is_silent(BoardLost, OrderFailed)

    def test_a_break_of_the_loop_is_told_within_the_stream(self, up: BoardRig) -> None:
        office = up.stage.office(LINE)
        office.calls_in("8055554567")
        up.reports(RingingChanged, LINE)
        up.board.seize(LINE)
        office.is_seized()
        up.stage.passes(1.0)
        office.hangs_up()
        gone = up.reports(BatteryChanged, LINE, within_s=6.0)
        assert not gone.present
        assert up.reports(BatteryChanged, LINE).duration_ms >= 200


class TestUsr5637(ModemContract):
    kind = KINDS["USR5637"]


class TestCx93001(ModemContract):
    kind = KINDS["CX93001"]


class TestZoom3095(ModemContract):
    kind = KINDS["Zoom3095"]


class TestOtherV253(ModemContract):
    kind = KINDS["V253"]


def test_a_modem_without_duplex_is_refused_with_the_reason() -> None:
    rig = ModemRig(KINDS["MT2834"])
    lost = rig.reports(BoardLost, within_s=5.0)
    assert lost.reason is LossReason.REFUSED
    assert "can't speak and hear at once" in lost.detail
    rig.board.stop(rig.engine.now)
    rig.close()


def test_a_modem_that_only_shows_it_off_hook_fails_the_order() -> None:
    shy = replace(KINDS["V253"], duplex=False)
    rig = ModemRig(shy)
    rig.comes_up()
    ticket = rig.board.seize(LINE)
    failed = rig.reports(OrderFailed, LINE, within_s=5.0)
    assert failed.ticket == ticket
    assert "can't speak and hear at once" in failed.status
    rig.stage.office(LINE).is_free()
    rig.board.stop(rig.engine.now)
    rig.close()


def test_the_silence_detector_is_off_or_calls_would_end() -> None:
    rig = ModemRig(KINDS["CX93001"])
    rig.comes_up()
    rig.stage.office(LINE).calls_in("1")
    rig.reports(RingingChanged, LINE)
    rig.board.seize(LINE)
    rig.stage.passes(20.0)
    assert rig.modem.stream is not None
    rig.is_silent(BatteryChanged)
    rig.board.stop(rig.engine.now)
    rig.stage.passes(0.5)
    assert rig.modem.stream is None
    rig.close()


def test_a_modem_that_does_not_answer_to_hang_up_is_lost_and_hung_up() -> None:
    rig = ModemRig(KINDS["CX93001"])
    rig.comes_up()
    office = rig.stage.office(LINE)
    office.calls_in("1")
    rig.reports(RingingChanged, LINE)
    rig.board.seize(LINE)
    office.is_seized(within_s=5.0)
    rig.stage.passes(1.0)
    rig.board.release(LINE)
    while rig.modem.stream is not None:
        rig.stage.passes(0.005)
    rig.simulated.faults().run("drop 100% for 13s")
    assert rig.reports(BoardLost, within_s=13.0).reason is LossReason.STALLED
    office.is_free()
    rig.comes_up(within_s=20.0)
    rig.board.stop(rig.engine.now)
    rig.close()


def test_what_a_modem_can_do_is_said() -> None:
    rig = ModemRig(KINDS["CX93001"])
    (port,) = rig.comes_up().ports
    assert port.kind is PortKind.FXO
    assert Capability.BULK_DELAY in port.capabilities
    assert Capability.FLASH_TX not in port.capabilities
    assert rig.board.state is BoardState.UP
    rig.board.stop(rig.engine.now)
    rig.close()
