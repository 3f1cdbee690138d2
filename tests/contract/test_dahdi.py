# SPDX-License-Identifier: MIT
"""The board contract on DAHDI channels: the gateway in C, on a simulated card and kernel."""

import errno

import pytest

from altiware.hil.contract.board_suite import BoardContract
from altiware.hil.contract.rig import BoardRig
from boards_sim.dahdi import DahdiCard, dahdi_card, dahdi_link
from boards_sim.stage import Stage
from drivers.actors import OfficeLine, Telephone
from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    BoardLost,
    Capability,
    HookChanged,
    LossReason,
    OrderFailed,
    PolarityChanged,
    PortKind,
    PulsesSent,
    RingingChanged,
)
from drivers.quantum.addresses import linked_board
from dsp.dahdi import DahdiFault
from dsp.engine import Engine


class DahdiRig(BoardRig):
    """A simulated card whose kernel can lose it."""

    def __init__(self) -> None:
        self.simulated = Stage(("Q12",), firmware=DahdiCard)
        self.card = dahdi_card(self.simulated)
        board = linked_board("dahdi://1-12", dahdi_link(self.simulated))
        super().__init__(board, Engine(threaded=False), self.simulated)
        self.board.start(self.engine, self.engine.now)
        self.simulated.pumps.append(self.pump)

    def vanishes(self) -> None:
        self.card.kernel.suffers(DahdiFault.REMOVED)

    def returns(self) -> None:
        self.card.kernel.suffers(DahdiFault.REMOVED, 0)

    def close(self) -> None:
        self.card.link.close()
        assert self.card.kernel.opened == 0
        self.engine.close()
        self.simulated.close()


class TestDahdi(BoardContract):
    def make_rig(self) -> BoardRig:
        return DahdiRig()

    @pytest.fixture
    def card(self, up: BoardRig) -> DahdiCard:
        assert isinstance(up, DahdiRig)
        return up.card

    def test_a_port_can_what_its_kernel_driver_does(self, up: BoardRig) -> None:
        station, trunk = up.port(PortKind.FXS), up.port(PortKind.FXO)
        assert up.board.info
        ports = up.board.info.ports
        assert Capability.POLARITY_TX in ports[station].capabilities
        assert Capability.OSI_RX in ports[trunk].capabilities
        for unknown in (Capability.VOLTS, Capability.CURRENT, Capability.IMPEDANCE):
            assert not any(unknown in port.capabilities for port in ports)
        assert up.board.info.model == "SIMCARD"
        assert up.board.info.firmware == "2.11.1"
        assert up.board.info.features["dahdi"] == "2.11.1"

    def test_a_card_that_is_pulled_out_says_why_it_does_not_come_back(self, up: BoardRig) -> None:
        up.vanishes()
        assert up.reports(BoardLost, within_s=1.0).reason is LossReason.CLOSED
        refused = up.reports(BoardLost, within_s=2.0)
        assert refused.reason is LossReason.REFUSED
        assert "channel 1: there is no such channel" in refused.detail

    def test_modules_that_are_not_loaded_are_named(self) -> None:
        rig = DahdiRig()
        rig.card.kernel.suffers(DahdiFault.NO_DEVICE, errno.ENOENT)
        assert "load the card's module" in rig.reports(BoardLost).detail
        rig.card.kernel.suffers(DahdiFault.NO_DEVICE, 0)
        rig.comes_up(within_s=3.0)
        rig.board.stop(rig.engine.now)
        rig.close()

    def test_an_alarm_of_a_telephones_port_is_an_alarm(
        self, up: BoardRig, card: DahdiCard, station: int
    ) -> None:
        card.kernel.suffers(DahdiFault.ALARM, 1, station)
        raised = up.reports(AlarmRaised, station)
        assert (raised.alarm, raised.detail) == ("power", "reported by DAHDI")
        card.kernel.suffers(DahdiFault.ALARM, 0, station)
        assert up.reports(AlarmRaised, station).detail == "over reported by DAHDI"

    def test_an_alarm_of_an_offices_line_is_its_lost_battery(
        self, up: BoardRig, card: DahdiCard, trunk: int
    ) -> None:
        card.kernel.suffers(DahdiFault.ALARM, 1, trunk)
        assert not up.reports(BatteryChanged, trunk).present
        card.kernel.suffers(DahdiFault.ALARM, 0, trunk)
        assert up.reports(BatteryChanged, trunk).present

    def test_a_polarity_that_turns_over_is_told(
        self, up: BoardRig, card: DahdiCard, trunk: int
    ) -> None:
        card.kernel.suffers(DahdiFault.POLARITY, 1, trunk)
        assert up.reports(PolarityChanged, trunk).reversed
        card.kernel.suffers(DahdiFault.POLARITY, 1, trunk)
        assert not up.reports(PolarityChanged, trunk).reversed

    def test_ringing_in_the_kernels_deaf_time_is_seen(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.board.seize(trunk)
        office.is_seized()
        up.board.release(trunk)
        office.is_free()
        office.calls_in("5551234")
        assert up.reports(RingingChanged, trunk, within_s=1.5).ringing

    def test_releasing_while_pulses_are_sent_ends_them(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.board.seize(trunk)
        office.is_seized()
        up.stage.passes(0.5)
        ticket = up.board.pulse(trunk, "9999999")
        up.stage.passes(1.0)
        up.board.release(trunk)
        assert up.reports(OrderFailed, trunk).ticket == ticket
        office.is_free()
        up.board.seize(trunk)
        office.is_seized()
        up.is_silent(PulsesSent)

    def test_a_disconnect_signal_lasts_as_long_as_the_kernel_makes_it(
        self, up: BoardRig, phone: Telephone, station: int, card: DahdiCard
    ) -> None:
        phone.lifts()
        up.reports(HookChanged, station)
        up.board.open_loop(station, 100)
        up.stage.passes(0.4)
        assert card.kernel.drives(station) == 0
        up.stage.passes(1.0)
        assert card.kernel.drives(station) == 1
        up.is_silent(HookChanged)

    def test_calls_leave_no_slips_behind(
        self, up: BoardRig, office: OfficeLine, trunk: int, card: DahdiCard
    ) -> None:
        for _ in range(3):
            up.board.seize(trunk)
            office.is_seized()
            up.board.release(trunk)
            office.is_free()
            up.stage.passes(0.5)
        assert card.gateway
        counts = card.gateway.counts()
        assert (counts.overruns, counts.dropped, counts.gaps) == (0, 0, 0)
        assert counts.underruns <= 3, "a hang-up empties the kernel's buffers"
