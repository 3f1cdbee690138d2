# SPDX-License-Identifier: MIT
"""What every board must do, whatever its make and link: subclass :class:`BoardContract`.

A subclass says how its board is reached by overriding ``make_rig``; the tests then speak only
to ``drivers.base.Board`` and to the actors of ``drivers.actors``.  A test of something that no
port of the board can do is skipped and says so.
"""

import abc
from collections.abc import Iterator

import pytest

from altiware.hil.contract.rig import BoardRig
from altiware.hil.contract.service_suite import ServiceContract
from drivers.actors import OfficeLine, Telephone
from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    BoardLost,
    BoardState,
    CallProgress,
    CallProgressed,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    LossReason,
    OrderFailed,
    PolarityChanged,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
)
from drivers.errors import BoardOperationError
from dsp.tones import ToneName, country

US_RINGING = RingCadence((2000, 4000))


class BoardContract(ServiceContract, abc.ABC):
    """The suite; what technicians need is in service_suite.py.  Test names are the contract."""

    @abc.abstractmethod
    def make_rig(self) -> BoardRig:
        """Return a rig whose board was started and isn't up yet."""

    @pytest.fixture
    def rig(self) -> Iterator[BoardRig]:
        rig = self.make_rig()
        yield rig
        rig.board.stop(rig.engine.now)
        assert rig.engine.open_ports() == []
        rig.close()

    @pytest.fixture
    def up(self, rig: BoardRig) -> BoardRig:
        rig.comes_up()
        return rig

    @pytest.fixture
    def station(self, up: BoardRig) -> int:
        return up.port(PortKind.FXS)

    @pytest.fixture
    def phone(self, up: BoardRig, station: int) -> Telephone:
        return up.stage.telephone(station)

    @pytest.fixture
    def trunk(self, up: BoardRig) -> int:
        return up.port(PortKind.FXO)

    @pytest.fixture
    def office(self, up: BoardRig, trunk: int) -> OfficeLine:
        return up.stage.office(trunk)

    # The board itself

    def test_it_comes_up_and_says_what_it_is(self, rig: BoardRig) -> None:
        info = rig.comes_up()
        assert info.model
        assert info.protocol
        assert [port.number for port in info.ports] == list(range(len(info.ports)))
        assert rig.board.state is BoardState.UP
        slots = {rig.board.timeslot(port.number) for port in info.ports}
        assert slots == set(rig.engine.open_ports())

    def test_it_has_no_port_beyond_its_last(self, up: BoardRig) -> None:
        assert up.board.info
        with pytest.raises(BoardOperationError):
            up.board.timeslot(len(up.board.info.ports))

    def test_it_refuses_to_ring_a_trunk_and_to_seize_a_telephone(
        self, up: BoardRig, station: int, trunk: int
    ) -> None:
        with pytest.raises(BoardOperationError):
            up.board.ring(trunk, US_RINGING)
        with pytest.raises(BoardOperationError):
            up.board.seize(station)

    # Telephones

    def test_lifting_and_replacing_a_handset_is_reported(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        phone.lifts()
        assert up.reports(HookChanged, station).off_hook
        phone.hangs_up()
        assert not up.reports(HookChanged, station).off_hook
        up.stage.passes(1.0)
        up.is_silent(HookChanged, Flashed, PulseDigit)

    def test_a_telephone_rings_until_it_is_told_to_stop(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.board.ring(station, US_RINGING)
        phone.rings()
        up.board.stop_ringing(station)
        up.stage.passes(0.1)
        phone.is_quiet()
        up.is_silent(OrderFailed, HookChanged)

    def test_answering_trips_the_ringing(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.board.ring(station, US_RINGING)
        phone.rings()
        phone.lifts()
        assert up.reports(HookChanged, station, within_s=1.0).off_hook
        phone.hangs_up()
        assert not up.reports(HookChanged, station).off_hook
        phone.is_quiet()

    def test_answering_in_the_pause_ends_the_ringing_too(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.board.ring(station, US_RINGING)
        phone.rings()
        up.stage.passes(3.0)
        phone.lifts()
        assert up.reports(HookChanged, station, within_s=1.0).off_hook
        phone.hangs_up()
        assert not up.reports(HookChanged, station).off_hook
        phone.is_quiet()

    def test_ringing_a_lifted_telephone_is_a_failed_order(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        phone.lifts()
        up.reports(HookChanged, station)
        ticket = up.board.ring(station, US_RINGING)
        assert up.reports(OrderFailed, station).ticket == ticket

    def test_a_flash_is_a_flash_and_no_hang_up(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.port(PortKind.FXS, Capability.FLASH_RX)
        phone.lifts()
        up.reports(HookChanged, station)
        phone.flashes(500)
        up.reports(Flashed, station)
        up.stage.passes(1.5)
        up.is_silent(HookChanged, PulseDigit, Flashed)

    def test_rotary_digits_are_counted(self, up: BoardRig, phone: Telephone, station: int) -> None:
        up.port(PortKind.FXS, Capability.PULSE_RX)
        phone.lifts()
        up.reports(HookChanged, station)
        phone.dials("1590", pulse=True)
        assert "".join(up.reports(PulseDigit, station).key for _ in range(4)) == "1590"
        up.is_silent(HookChanged, Flashed)

    def test_each_telephone_is_reported_on_its_own_port(self, up: BoardRig) -> None:
        assert up.board.info
        stations = [port.number for port in up.board.info.ports if port.kind is PortKind.FXS]
        for station in stations:
            up.stage.telephone(station).lifts()
            assert up.reports(HookChanged).port == station

    def test_an_opened_loop_is_a_done_order_and_no_hang_up(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.port(PortKind.FXS, Capability.OSI_TX)
        phone.lifts()
        up.reports(HookChanged, station)
        up.board.open_loop(station, 500)
        up.stage.passes(2.0)
        up.is_silent(HookChanged, Flashed, PulseDigit, OrderFailed)

    def test_reversing_a_line_is_no_hang_up(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.port(PortKind.FXS, Capability.POLARITY_TX)
        phone.lifts()
        up.reports(HookChanged, station)
        up.board.feed(station, Linefeed.ACTIVE_REVERSED)
        up.stage.passes(2.0)
        up.is_silent(HookChanged, Flashed, PulseDigit, OrderFailed)

    def test_what_the_bus_says_is_heard_in_the_handset(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        phone.lifts()
        up.reports(HookChanged, station)
        tone = up.engine.open_tone(country("us").tones[ToneName.DIAL])
        up.engine.listen(up.board.timeslot(station), tone)
        phone.hears("dial")
        up.engine.close_port(tone)
        phone.hears("silence")

    # Lines of the office

    def test_seizing_closes_the_loop_and_releasing_opens_it(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.goes_off_hook(trunk)
        office.is_seized()
        up.board.release(trunk)
        office.is_free()
        up.is_silent(OrderFailed)

    def test_releasing_what_is_free_is_no_failure(self, up: BoardRig, trunk: int) -> None:
        up.board.release(trunk)
        up.stage.passes(0.2)
        up.is_silent(OrderFailed)

    def test_pulses_reach_the_office_and_their_end_is_told(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.port(PortKind.FXO, Capability.PULSE_TX)
        up.board.seize(trunk)
        office.is_seized()
        up.stage.passes(1.0)
        ticket = up.board.pulse(trunk, "307")
        assert up.reports(PulsesSent, trunk, within_s=10.0).ticket == ticket
        office.receives("307")

    def test_pulsing_on_a_free_line_is_a_failed_order(self, up: BoardRig, trunk: int) -> None:
        up.port(PortKind.FXO, Capability.PULSE_TX)
        ticket = up.board.pulse(trunk, "1")
        assert up.reports(OrderFailed, trunk).ticket == ticket

    def test_a_flash_to_the_office_leaves_the_line_seized(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.port(PortKind.FXO, Capability.FLASH_TX)
        up.board.seize(trunk)
        office.is_seized()
        up.stage.passes(0.5)
        up.board.flash(trunk, 500)
        up.stage.passes(1.0)
        office.is_seized()
        up.is_silent(OrderFailed, BatteryChanged)

    def test_ringing_of_the_office_is_reported_burst_by_burst(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        office.calls_in("5551234")
        assert up.reports(RingingChanged, trunk).ringing
        assert not up.reports(RingingChanged, trunk).ringing
        assert up.reports(RingingChanged, trunk, within_s=6.0).ringing
        office.stops_calling()
        assert not up.reports(RingingChanged, trunk).ringing

    def test_seizing_answers_a_ringing_line(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        office.calls_in("5551234")
        up.reports(RingingChanged, trunk)
        up.board.seize(trunk)
        office.is_seized()
        up.stage.passes(8.0)
        assert not up.reports(RingingChanged, trunk).ringing
        up.is_silent(RingingChanged)

    def test_the_offices_disconnect_signal_is_seen(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.port(PortKind.FXO, Capability.OSI_RX)
        office.calls_in("5551234")
        up.reports(RingingChanged, trunk)
        up.board.seize(trunk)
        office.is_seized()
        up.stage.passes(1.0)
        office.hangs_up()
        assert not up.reports(BatteryChanged, trunk, within_s=10.0).present
        back = up.reports(BatteryChanged, trunk)
        assert back.present
        assert 200 <= back.duration_ms <= 1500
        up.is_silent(PolarityChanged)

    def test_a_number_is_called_whole_and_what_becomes_of_it_is_told(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.port(PortKind.FXO, Capability.DIALS)
        up.board.dial(trunk, "+12125550123")
        assert up.reports(CallProgressed, trunk).progress is CallProgress.TAKEN
        office.receives("+12125550123")
        assert up.reports(CallProgressed, trunk).progress is CallProgress.ALERTING
        office.answers()
        assert up.reports(CallProgressed, trunk).progress is CallProgress.ANSWERED
        up.stage.passes(1.0)
        office.hangs_up()
        assert up.reports(CallProgressed, trunk).progress is CallProgress.ENDED
        up.is_silent(OrderFailed, AlarmRaised)

    def test_a_busy_number_is_told(self, up: BoardRig, office: OfficeLine, trunk: int) -> None:
        up.port(PortKind.FXO, Capability.DIALS)
        up.board.dial(trunk, "5550123")
        assert up.reports(CallProgressed, trunk).progress is CallProgress.TAKEN
        office.is_busy()
        assert up.reports(CallProgressed, trunk).progress is CallProgress.BUSY
        office.is_free()

    def test_the_end_of_an_answered_call_is_told_where_numbers_are_dialled(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.port(PortKind.FXO, Capability.DIALS)
        office.calls_in("5551234")
        up.reports(RingingChanged, trunk)
        up.board.seize(trunk)
        office.is_seized()
        up.stage.passes(1.0)
        office.hangs_up()
        assert up.reports(CallProgressed, trunk).progress is CallProgress.ENDED
        up.is_silent(OrderFailed, AlarmRaised)

    @pytest.mark.parametrize("number", ["", "*21*5550123#", "555;+CMGD=1,4", "+", "1\r2"])
    def test_what_is_no_number_is_refused(self, up: BoardRig, trunk: int, number: str) -> None:
        up.port(PortKind.FXO, Capability.DIALS)
        with pytest.raises(BoardOperationError):
            up.board.dial(trunk, number)

    def test_answering_nobody_is_a_failed_order_where_numbers_are_dialled(
        self, up: BoardRig, trunk: int
    ) -> None:
        up.port(PortKind.FXO, Capability.DIALS)
        ticket = up.board.seize(trunk)
        assert up.reports(OrderFailed, trunk).ticket == ticket

    # Going and coming back

    def test_a_board_that_vanishes_is_lost_and_comes_back_by_itself(self, up: BoardRig) -> None:
        up.vanishes()
        lost = up.reports(BoardLost, within_s=4.0)
        assert lost.reason in {LossReason.CLOSED, LossReason.STALLED}
        assert up.engine.open_ports() == []
        up.stage.passes(1.0)
        up.returns()
        up.comes_up(within_s=10.0)

    def test_a_board_that_returns_forgets_what_it_did(
        self, up: BoardRig, office: OfficeLine, trunk: int
    ) -> None:
        up.goes_off_hook(trunk)
        office.is_seized()
        up.vanishes()
        up.reports(BoardLost, within_s=4.0)
        office.is_free(within_s=8.0)
        up.returns()
        up.comes_up(within_s=10.0)

    def test_a_telephone_lifted_while_the_board_was_away_is_found(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.vanishes()
        up.reports(BoardLost, within_s=4.0)
        phone.lifts()
        up.returns()
        up.comes_up(within_s=10.0)
        assert up.reports(HookChanged, station).off_hook

    def test_orders_to_a_lost_board_are_refused(self, up: BoardRig, trunk: int) -> None:
        up.vanishes()
        up.reports(BoardLost, within_s=4.0)
        with pytest.raises(BoardOperationError):
            up.board.seize(trunk)
