# SPDX-License-Identifier: MIT
"""What every board must do for a technician, as far as it promises to: part of BoardContract.

A test is skipped where the board's abilities or its ports' capabilities don't promise what it
is about; then the order must be refused (the first tests).  Nothing here does lasting harm to a
real board: pages are put back, none is locked, and firmware is only flashed where the rig has
an image for it.
"""

from collections.abc import Callable
from typing import TypeVar

import pytest

from altiware.hil.contract.rig import BoardRig
from drivers.actors import Telephone
from drivers.base import (
    AlarmRaised,
    Board,
    BoardLost,
    Capability,
    HookChanged,
    LossReason,
    OrderFailed,
    PortKind,
    RingCadence,
    Ticket,
)
from drivers.errors import BoardOperationError
from drivers.firmware import (
    FirmwareUpdate,
    Updated,
    UpdateEvent,
    UpdateFailed,
    UpdateProgress,
    UpdateState,
)
from drivers.service import (
    Ability,
    BitErrors,
    BoardMeter,
    BoardTime,
    BootInfo,
    ClockAdjusted,
    Counters,
    FaultInjected,
    FirmwareBegun,
    LineCurrent,
    LineTest,
    Loopback,
    OfficeFeed,
    PageContent,
    PageStates,
    Pattern,
    Prbs,
    ReceiverOhms,
    RingerLoad,
    SelfTestDone,
    SlotState,
    TerminalOhms,
    TerminalVolts,
    Toward,
)
from dsp.tables import PatternCount

US_RINGING = RingCadence((2000, 4000))
FACTORY, OEM = 0, 1
UPDATE_S = 200.0
STEP_S = 0.02
TRIES = 10
Found = TypeVar("Found")

Order = Callable[[Board], Ticket]
BOARD_ORDERS: list[tuple[Ability, Order]] = [
    (Ability.READ_PAGES, lambda board: board.read_page(0)),
    (Ability.READ_PAGES, lambda board: board.page_states()),
    (Ability.WRITE_PAGES, lambda board: board.write_page(1, bytes(256))),
    (Ability.WRITE_PAGES, lambda board: board.lock_page(1, bytes(256))),
    (Ability.FIRMWARE, lambda board: board.begin_firmware(1000, bytes(32))),
    (Ability.FIRMWARE, lambda board: board.write_firmware(0, b"x")),
    (Ability.FIRMWARE, lambda board: board.verify_firmware()),
    (Ability.FIRMWARE, lambda board: board.activate_firmware()),
    (Ability.FIRMWARE, lambda board: board.roll_back_firmware()),
    (Ability.FIRMWARE, lambda board: board.boot_info()),
    (Ability.SELF_TEST, lambda board: board.self_test()),
    (Ability.METER, lambda board: board.meter()),
    (Ability.COUNTERS, lambda board: board.counters()),
    (Ability.COUNTERS, lambda board: board.clear_counters()),
    (Ability.TIME, lambda board: board.time()),
    (Ability.RESET, lambda board: board.reset()),
    (Ability.ADJUST_CLOCK, lambda board: board.adjust_clock(0.0)),
    (Ability.FAULTS, lambda board: board.inject_fault("leak")),
    (Ability.FAULTS, lambda board: board.clear_faults()),
    (Ability.PATTERNS, lambda board: board.pattern(0, Pattern.OFF, Toward.HOST)),
    (Ability.PATTERNS, lambda board: board.loop_back(0, Loopback.NONE)),
    (Ability.PATTERNS, lambda board: board.start_prbs(0, Prbs.PRBS_9)),
    (Ability.PATTERNS, lambda board: board.stop_prbs(0)),
    (Ability.PATTERNS, lambda board: board.bit_errors(0)),
]
PORT_ORDERS: list[tuple[Capability, Callable[[Board, int], Ticket]]] = [
    (Capability.GAIN, lambda board, port: board.gain(port, 0.0, 0.0)),
    (Capability.IMPEDANCE, lambda board, port: board.impedance(port, 0)),
    (Capability.LINE_TEST, lambda board, port: board.measure(port, LineTest.VOLTS)),
    (Capability.LINE_TEST, lambda board, port: board.stop_measuring(port)),
    (Capability.LINE_TEST, lambda board, port: board.read_line(port)),
]


class ServiceContract:
    """The technician's part of the suite; its fixtures are those of BoardContract."""

    # What isn't promised

    def test_what_a_board_does_not_promise_it_refuses(self, up: BoardRig) -> None:
        assert up.board.info
        for ability, order in BOARD_ORDERS:
            if ability not in up.board.info.abilities:
                with pytest.raises(BoardOperationError):
                    order(up.board)

    def test_what_a_port_does_not_promise_it_refuses(self, up: BoardRig) -> None:
        assert up.board.info
        for port in up.board.info.ports:
            for capability, order in PORT_ORDERS:
                if capability not in port.capabilities:
                    with pytest.raises(BoardOperationError):
                        order(up.board, port.number)

    def test_a_lost_board_takes_no_technicians_orders(self, up: BoardRig) -> None:
        up.vanishes()
        up.reports(BoardLost, within_s=4.0)
        for _, order in BOARD_ORDERS:
            with pytest.raises(BoardOperationError):
                order(up.board)

    # The board as a whole

    def test_its_factory_page_is_sound(self, up: BoardRig) -> None:
        up.able(Ability.READ_PAGES)
        page = up.result(up.board.read_page(FACTORY), PageContent)
        assert page.content[:4] == b"AWID"
        states = up.result(up.board.page_states(), PageStates)
        assert FACTORY in states.locked
        if states.sound is not None:
            assert FACTORY in states.sound

    def test_a_locked_page_is_not_written(self, up: BoardRig) -> None:
        up.able(Ability.WRITE_PAGES)
        before = up.result(up.board.read_page(FACTORY), PageContent).content
        assert up.failed(up.board.write_page(FACTORY, bytes(256))) == "locked"
        assert up.result(up.board.read_page(FACTORY), PageContent).content == before

    def test_a_written_page_reads_back(self, up: BoardRig) -> None:
        up.able(Ability.WRITE_PAGES)
        states = up.result(up.board.page_states(), PageStates)
        if OEM in states.locked:
            pytest.skip("its OEM page is locked")
        before = up.result(up.board.read_page(OEM), PageContent).content
        content = bytes(range(256))
        up.done(up.board.write_page(OEM, content))
        assert up.result(up.board.read_page(OEM), PageContent).content == content
        assert up.failed(up.board.lock_page(OEM, content)) == "verify"
        up.done(up.board.write_page(OEM, before))

    def test_its_self_test_finds_nothing(self, up: BoardRig) -> None:
        up.able(Ability.SELF_TEST)
        assert up.result(up.board.self_test(), SelfTestDone).failures == ()

    def test_its_meters_show_something_possible(self, up: BoardRig) -> None:
        up.able(Ability.METER)
        found = up.result(up.board.meter(), BoardMeter)
        assert found.celsius is None or -20.0 < found.celsius < 90.0
        assert found.supply_volts is None or 3.0 < found.supply_volts < 60.0

    def test_its_clock_runs_as_the_engines_does(self, up: BoardRig) -> None:
        up.able(Ability.TIME)
        begun = up.engine.now
        first = up.result(up.board.time(), BoardTime)
        up.stage.passes(2.0)
        second = up.result(up.board.time(), BoardTime)
        passed = up.engine.now - begun
        ticks = (second.tick - first.tick) % (1 << 32) / 8000
        assert ticks == pytest.approx(passed, abs=0.1)
        assert (second.since_boot_us - first.since_boot_us) / 1e6 == pytest.approx(ticks, abs=0.1)

    def test_it_counts_what_it_is_asked(self, up: BoardRig) -> None:
        up.able(Ability.COUNTERS)
        before = dict(up.result(up.board.counters(), Counters).counts)
        after = dict(up.result(up.board.counters(), Counters).counts)
        assert after["requests"] > before["requests"]
        up.done(up.board.clear_counters())
        again = dict(up.result(up.board.counters(), Counters).counts)
        assert again["requests"] < after["requests"]

    def test_a_reset_board_comes_back_by_itself(self, up: BoardRig) -> None:
        up.able(Ability.RESET)
        up.board.reset()
        assert up.reports(BoardLost, within_s=6.0).reason is LossReason.REBOOTED
        up.comes_up(within_s=10.0)

    def test_its_clock_can_be_moved_a_little(self, up: BoardRig) -> None:
        up.able(Ability.ADJUST_CLOCK)
        moved = up.result(up.board.adjust_clock(12.3), ClockAdjusted)
        assert moved.ppm == pytest.approx(12.3, abs=1.0)
        assert up.result(up.board.adjust_clock(0.0), ClockAdjusted).ppm == pytest.approx(0, abs=1)

    def test_it_suffers_at_a_word_until_it_is_told_to_stop(self, up: BoardRig) -> None:
        up.able(Ability.FAULTS)
        station = up.port(PortKind.FXS, Capability.LINE_TEST)
        leak = up.board.inject_fault("leak ring-ground 62k", station)
        number = up.result(leak, FaultInjected).number
        ohms = up.measured(up.board.measure(station, LineTest.RESISTANCE)).measurement
        assert isinstance(ohms, TerminalOhms)
        assert ohms.ring_ground == pytest.approx(62_000.0, rel=0.1)
        up.done(up.board.clear_faults(number))
        ohms = up.measured(up.board.measure(station, LineTest.RESISTANCE)).measurement
        assert isinstance(ohms, TerminalOhms)
        assert ohms.ring_ground is not None
        assert ohms.ring_ground > 150_000.0
        assert up.failed(up.board.inject_fault("brew coffee")) == "bad arg"

    def test_nothing_is_applied_to_a_hazardous_line(self, up: BoardRig) -> None:
        up.able(Ability.FAULTS)
        station = up.port(PortKind.FXS, Capability.LINE_TEST)
        up.done(up.board.inject_fault("foreign ring 120Vac 60Hz 20k", station))
        assert up.failed(up.board.measure(station, LineTest.RINGER)) == "line hazard"
        assert up.reports(AlarmRaised, station).alarm == "line hazard"
        volts = up.measured(up.board.measure(station, LineTest.VOLTS)).measurement
        assert isinstance(volts, TerminalVolts)
        assert volts.ring_ground_ac is not None
        assert volts.ring_ground_ac > 50.0
        up.done(up.board.clear_faults())
        up.measured(up.board.measure(station, LineTest.VOLTS))
        up.measured(up.board.measure(station, LineTest.RINGER))

    @pytest.mark.parametrize(
        "order",
        [
            lambda board: board.read_page(16),
            lambda board: board.write_page(1, bytes(255)),
            lambda board: board.begin_firmware(15, bytes(32)),
            lambda board: board.begin_firmware(100, bytes(31)),
            lambda board: board.write_firmware(0, bytes(1025)),
            lambda board: board.adjust_clock(201.0),
            lambda board: board.gain(0, 12.1, 0.0),
            lambda board: board.impedance(0, 256),
            lambda board: board.pattern(0, Pattern.TONE, Toward.HOST, hertz=4000),
            lambda board: board.pattern(0, Pattern.CONSTANT, Toward.HOST, value=32768),
            lambda board: board.start_prbs(0, Prbs.PRBS_9, bits=12),
            lambda board: board.inject_fault("x" * 256),
            lambda board: board.clear_faults(65535),
            lambda board: board.loop_back(999, Loopback.DIGITAL),
        ],
    )
    def test_orders_that_mean_nothing_are_refused_at_once(self, up: BoardRig, order: Order) -> None:
        with pytest.raises(BoardOperationError):
            order(up.board)

    # Samples

    def test_gains_and_impedances_are_set(self, up: BoardRig) -> None:
        trunk = up.port(PortKind.FXO, Capability.GAIN)
        up.done(up.board.gain(trunk, -3.0, -6.5))
        trunk = up.port(PortKind.FXO, Capability.IMPEDANCE)
        up.done(up.board.impedance(trunk, 2))

    def test_a_digital_loopback_returns_every_bit(self, up: BoardRig) -> None:
        up.able(Ability.PATTERNS)
        trunk = up.port(PortKind.FXO)
        up.done(up.board.loop_back(trunk, Loopback.DIGITAL))

        def through() -> PatternCount:
            up.stage.passes(0.2)
            pattern = up.engine.open_pattern()
            up.engine.connect(pattern, up.board.timeslot(trunk))
            up.stage.passes(0.4)
            found = up.engine.pattern(pattern)
            up.engine.close_port(pattern)
            return found

        found = some_time(through, lambda count: count.synchronised and not count.errors)
        assert found.samples > 1500
        up.done(up.board.loop_back(trunk, Loopback.NONE))
        assert not through().synchronised

    def test_a_line_in_use_is_not_looped_back(self, up: BoardRig) -> None:
        up.able(Ability.PATTERNS)
        trunk = up.port(PortKind.FXO)
        up.board.seize(trunk)
        up.stage.passes(0.2)
        assert up.failed(up.board.loop_back(trunk, Loopback.ANALOG)) == "busy"

    def test_bits_that_the_host_exchanges_arrive_without_error(self, up: BoardRig) -> None:
        up.able(Ability.PATTERNS)
        assert up.board.info
        if len(up.board.info.ports) < 2:
            pytest.skip(f"{up.board.address} has one port only")
        up.engine.connect(up.board.timeslot(0), up.board.timeslot(1))
        up.stage.passes(0.2)

        def exchanged() -> list[BitErrors]:
            for port in (0, 1):
                up.done(up.board.stop_prbs(port))
            up.stage.passes(0.2)
            for port in (0, 1):
                up.done(up.board.start_prbs(port, Prbs.PRBS_15))
            up.stage.passes(0.4)
            return [up.result(up.board.bit_errors(port), BitErrors) for port in (0, 1)]

        def is_clean(counts: list[BitErrors]) -> bool:
            return not any(count.errors or count.sync_losses for count in counts)

        for count in some_time(exchanged, is_clean):
            assert count.bits > 20_000
        up.done(up.board.stop_prbs(0))
        assert not up.result(up.board.bit_errors(0), BitErrors).running

    def test_bits_that_nobody_returns_are_not_taken_for_any(self, up: BoardRig) -> None:
        up.able(Ability.PATTERNS)
        trunk = up.port(PortKind.FXO)
        assert up.failed(up.board.bit_errors(trunk)) == "bad state"
        up.done(up.board.start_prbs(trunk, Prbs.PRBS_9))
        up.stage.passes(1.0)
        found = up.result(up.board.bit_errors(trunk), BitErrors)
        assert not found.in_sync
        assert found.bits == 0

    def test_a_tone_of_the_board_is_heard_in_the_handset(
        self, up: BoardRig, phone: Telephone, station: int
    ) -> None:
        up.able(Ability.PATTERNS)
        phone.lifts()
        up.reports(HookChanged, station)
        phone.hears("silence")
        up.done(up.board.pattern(station, Pattern.TONE, Toward.LINE, hertz=1004, level_dbm0=-10))
        up.stage.passes(0.1)  # what is in a board's buffers comes first
        with pytest.raises(AssertionError):
            phone.hears("silence", within_s=1.0)
        up.done(up.board.pattern(station, Pattern.OFF, Toward.LINE))
        phone.hears("silence")

    # Lines

    @pytest.fixture
    def tested(self, up: BoardRig) -> int:
        """A telephone's port whose line can be tested."""
        return up.port(PortKind.FXS, Capability.LINE_TEST)

    def test_a_healthy_line_has_no_foreign_voltage_and_no_leak(
        self, up: BoardRig, tested: int
    ) -> None:
        volts = up.measured(up.board.measure(tested, LineTest.VOLTS)).measurement
        assert isinstance(volts, TerminalVolts)
        for value in (volts.tip_ground_dc, volts.ring_ground_dc):
            assert value is None or abs(value) < 6.0
        for value in (volts.tip_ground_ac, volts.ring_ground_ac):
            assert value is None or value < 10.0
        ohms = up.measured(up.board.measure(tested, LineTest.RESISTANCE)).measurement
        assert isinstance(ohms, TerminalOhms)
        for leak in (ohms.tip_ground, ohms.ring_ground, ohms.tip_ring):
            assert leak is None or leak > 150_000.0

    def test_a_telephone_has_a_bell(self, up: BoardRig, tested: int) -> None:
        bells = up.measured(up.board.measure(tested, LineTest.RINGER)).measurement
        assert isinstance(bells, RingerLoad)
        assert 0.175 <= bells.ren <= 5.0

    def test_a_lifted_telephone_is_no_resistor(self, up: BoardRig, tested: int) -> None:
        up.stage.telephone(tested).lifts()
        up.reports(HookChanged, tested)
        loop = up.measured(up.board.measure(tested, LineTest.RECEIVER)).measurement
        assert isinstance(loop, ReceiverOhms)
        assert loop.low_ohms > 1.5 * loop.high_ohms
        assert loop.high_volts >= 2 * loop.low_volts

    def test_a_port_rings_again_after_its_test(self, up: BoardRig, tested: int) -> None:
        ticket = up.board.measure(tested, LineTest.VOLTS)
        up.measured(ticket)
        up.board.ring(tested, US_RINGING)
        up.stage.telephone(tested).rings()
        up.is_silent(OrderFailed, HookChanged)

    def test_a_ringing_port_is_not_tested(self, up: BoardRig, tested: int) -> None:
        up.board.ring(tested, US_RINGING)
        up.stage.telephone(tested).rings()
        assert up.failed(up.board.measure(tested, LineTest.VOLTS)) == "busy"

    def test_a_test_can_be_stopped(self, up: BoardRig, tested: int) -> None:
        ticket = up.board.measure(tested, LineTest.RESISTANCE)
        up.done(up.board.stop_measuring(tested))
        assert up.failed(ticket) == "cut short"
        up.measured(up.board.measure(tested, LineTest.VOLTS))

    def test_a_test_ends_with_the_link_that_ordered_it(self, up: BoardRig, tested: int) -> None:
        ticket = up.board.measure(tested, LineTest.RESISTANCE)
        up.stage.passes(0.2)
        up.vanishes()
        assert up.failed(ticket, within_s=5.0) == "no answer"
        up.returns()
        up.comes_up(within_s=10.0)

    def test_the_line_is_read_without_disturbing_it(self, up: BoardRig, tested: int) -> None:
        idle = up.result(up.board.read_line(tested), LineCurrent)
        assert idle.volts.tip_ring_dc is not None
        assert abs(idle.volts.tip_ring_dc) > 20.0
        up.stage.telephone(tested).lifts()
        up.reports(HookChanged, tested)
        lifted = up.result(up.board.read_line(tested), LineCurrent)
        assert lifted.loop_ma is not None
        assert abs(lifted.loop_ma) >= 15.0
        up.is_silent(HookChanged)

    def test_the_offices_feed_is_measured_free_and_seized(self, up: BoardRig) -> None:
        trunk = up.port(PortKind.FXO, Capability.LINE_TEST)
        free = up.measured(up.board.measure(trunk, LineTest.OFFICE)).measurement
        assert isinstance(free, OfficeFeed)
        assert abs(free.battery_volts) > 20.0
        assert free.loop_ma is None
        up.board.seize(trunk)
        up.stage.passes(1.0)
        seized = up.measured(up.board.measure(trunk, LineTest.OFFICE)).measurement
        assert isinstance(seized, OfficeFeed)
        assert seized.loop_ma is not None
        assert abs(seized.loop_ma) > 10.0
        assert abs(seized.battery_volts) < abs(free.battery_volts)

    def test_a_trunk_has_no_bells_to_be_measured(self, up: BoardRig) -> None:
        trunk = up.port(PortKind.FXO)
        with pytest.raises(BoardOperationError):
            up.board.measure(trunk, LineTest.RINGER)

    # Firmware

    def test_what_runs_is_confirmed(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        info = up.result(up.board.boot_info(), BootInfo)
        assert info.slots[info.running].state is SlotState.CONFIRMED
        assert info.trial_s == 0

    def test_an_update_is_written_tried_and_confirmed(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        assert up.board.info
        before = up.board.info.firmware
        ended = updates(up, up.firmware())[-1]
        assert isinstance(ended, Updated), ended
        assert up.board.info.firmware != before
        self.test_what_runs_is_confirmed(up)

    def test_an_update_goes_on_after_the_link_was_lost(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        image = up.firmware()
        update = FirmwareUpdate(up.board, image)
        update.start(up.engine.now)
        until(up, update, UpdateState.WRITING)
        drive(up, update)
        up.vanishes()
        until(up, update, UpdateState.WAITING)
        up.returns()
        said = until(up, update, UpdateState.WRITING, UpdateState.VERIFYING)
        assert any(event.written > 0 for event in said if isinstance(event, UpdateProgress))
        ended = until(up, update, UpdateState.DONE, UpdateState.FAILED)[-1]
        assert isinstance(ended, Updated), ended

    def test_firmware_that_crashes_is_left_again(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        assert up.board.info
        before = up.board.info.firmware
        ended = updates(up, up.firmware(works=False))[-1]
        assert isinstance(ended, UpdateFailed)
        assert ended.rolled_back
        assert up.board.info.firmware == before

    def test_the_way_back_is_not_overwritten_while_an_image_is_on_trial(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        update = FirmwareUpdate(up.board, up.firmware())
        update.start(up.engine.now)
        until(up, update, UpdateState.PROVING)
        info = up.result(up.board.boot_info(), BootInfo)
        assert info.slots[info.running].state is SlotState.TRIAL
        assert up.failed(up.board.begin_firmware(3000, bytes(32))) == "bad state"
        until(up, update, UpdateState.DONE)

    def test_what_is_no_image_is_refused_and_nothing_changes(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        ended = updates(up, bytes(3000))[-1]
        assert isinstance(ended, UpdateFailed)
        assert not ended.rolled_back
        self.test_what_runs_is_confirmed(up)

    def test_pieces_out_of_order_are_refused(self, up: BoardRig) -> None:
        up.able(Ability.FIRMWARE)
        up.result(up.board.begin_firmware(3000, bytes(32)), FirmwareBegun)
        assert up.failed(up.board.write_firmware(1024, b"x" * 64)) == "bad state"
        assert up.failed(up.board.verify_firmware()) == "bad state"
        assert up.failed(up.board.activate_firmware()) == "bad state"


def some_time(measure: Callable[[], Found], is_clean: Callable[[Found], bool]) -> Found:
    """Measure until it is clean: a busy machine may lose a frame now and then, not always."""
    for _ in range(TRIES):
        found = measure()
        if is_clean(found):
            return found
    raise AssertionError(f"never clean in {TRIES} tries: {found}")


def drive(up: BoardRig, update: FirmwareUpdate) -> list[UpdateEvent]:
    """Let a moment pass and the update see what it brought."""
    found: list[UpdateEvent] = []
    up.stage.passes(STEP_S)
    for event in up.take():
        found += update.receive(event, up.engine.now)
    if update.deadline is not None and update.deadline <= up.engine.now:
        found += update.expire(up.engine.now)
    return found


def until(up: BoardRig, update: FirmwareUpdate, *states: UpdateState) -> list[UpdateEvent]:
    """Run an update until it is in one of these states."""
    said: list[UpdateEvent] = []
    for _ in range(round(UPDATE_S / STEP_S)):
        if update.state in states:
            return said
        said += drive(up, update)
    raise AssertionError(f"{update.state.value} for {UPDATE_S} s: {said[-3:]}")


def updates(up: BoardRig, image: bytes) -> list[UpdateEvent]:
    """Run an update to its end."""
    update = FirmwareUpdate(up.board, image)
    begun = update.start(up.engine.now)
    return begun + until(up, update, UpdateState.DONE, UpdateState.FAILED)
