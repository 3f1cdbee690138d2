# SPDX-License-Identifier: MIT
"""The firmware against a host made by hand, as docs/reference/qhi.md has it."""

import itertools
import os
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest

from boards_sim.loop import DIGITAL
from boards_sim.stage import Stage
from drivers.base import Capability, PortKind
from drivers.qhi.arguments import (
    BYTE,
    COUNT,
    FLASH_WINDOW,
    GAIN,
    ID_INFO,
    ID_READ,
    METER,
    STATE,
    WORD,
    Pulses,
    RingSteps,
)
from drivers.qhi.dictionary import Dictionary
from drivers.qhi.frame import FrameFlag, FrameKind
from drivers.qhi.messages import EventMessage, Hello
from drivers.qhi.numbers import (
    BootReason,
    ClockEvent,
    ClockVerb,
    Counter,
    IdVerb,
    LineBits,
    MessageClass,
    PcmFlag,
    PcmFormat,
    PortEventCode,
    PortVerb,
    Status,
    SysEvent,
    SysVerb,
)
from tests.boards_sim.host import Host, from_link, streaming

P = PortEventCode
PHONE = 4
TRUNK = 0


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12",))
    yield stage
    stage.close()


def hellos(host: Host) -> list[Hello]:
    return [Hello.decode(f.payload) for f in host.frames if f.kind == FrameKind.HELLO]


# Sessions


def test_a_board_without_a_session_greets_once_a_second(stage: Stage) -> None:
    host = Host(stage)
    stage.passes(3.5)
    assert [h.session for h in hellos(host)] == [0] * 4
    assert hellos(host)[0].boot_reason == BootReason.POWER


def test_a_host_is_told_who_is_there_and_how_every_port_is(stage: Stage) -> None:
    stage.telephone(PHONE).lifts()
    stage.passes(0.1)
    host = Host(stage)
    hello = host.greet()
    assert (hello.ports, hello.type, hello.serial) == (12, 1, "SIM-Q12-0000-0")
    assert len(host.states()) == 12
    assert host.states()[PHONE].arguments == STATE.pack(LineBits.OFF_HOOK | LineBits.BATTERY, 1)
    assert host.states()[TRUNK].arguments == STATE.pack(LineBits.BATTERY, 0)
    data = host.reads_dictionary(hello.dictionary_length)
    assert zlib.crc32(data) == hello.dictionary_crc
    dictionary = Dictionary.decode(data)
    assert [port.kind for port in dictionary.ports] == [PortKind.FXO] * 4 + [PortKind.FXS] * 8
    assert Capability.RING_TX in dictionary.ports[PHONE].capabilities


def test_a_host_of_1_0_finds_a_board_of_1_0(stage: Stage) -> None:
    host = Host(stage, minor=0)
    hello = host.greet()
    assert (hello.major, hello.minor) == (1, 1)
    host.streams()
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]
    assert {event.class_ for event in host.events} == {MessageClass.PORT}
    info = host.asks((MessageClass.ID, IdVerb.INFO)).results
    assert ID_INFO.unpack_from(info)[1:] == (256, 1)


def test_a_repeated_hello_changes_nothing_and_a_new_one_begins_anew(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    host.greet()
    assert stage.boards[0].firmware.ports[TRUNK].off_hook
    assert len(host.states()) == 12
    host.session = 8
    host.greet()
    assert not stage.boards[0].firmware.ports[TRUNK].off_hook
    assert stage.boards[0].firmware.stream is None


def test_a_silent_host_frees_trunks_and_stops_the_bells(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    host.orders(PortVerb.RING, PHONE, RingSteps((2000, 4000)).encode())
    stage.telephone(PHONE).rings()
    stage.office(TRUNK).is_seized()
    host.answers = False
    stage.passes(1.1)
    assert not stage.telephone_set(PHONE).is_ringing
    stage.office(TRUNK).is_free()
    assert hellos(host)[-1].boot_reason == BootReason.HOST_SILENT


def test_a_reboot_is_announced_and_everything_is_at_rest(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    assert host.asks((MessageClass.SYS, SysVerb.RESET), arguments=b"\0").status == Status.OK
    stage.passes(0.5)
    assert (hellos(host)[-1].session, hellos(host)[-1].boot_reason) == (0, BootReason.ORDER)
    assert not stage.boards[0].firmware.ports[TRUNK].off_hook


def test_an_unkicked_watchdog_resets(stage: Stage) -> None:
    host = streaming(stage)
    host.asks((MessageClass.SYS, SysVerb.WATCHDOG), arguments=WORD.pack(300))
    stage.passes(0.2)
    host.asks((MessageClass.SYS, SysVerb.KICK))
    stage.passes(0.25)
    assert stage.boards[0].firmware.in_session
    stage.passes(0.5)
    assert hellos(host)[-1].boot_reason == BootReason.WATCHDOG


# Requests


def test_a_repeated_request_is_answered_from_store_and_done_once(stage: Stage) -> None:
    host = streaming(stage)
    args = Pulses("12").encode()
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    first = host.asks((MessageClass.PORT, PortVerb.PULSE), TRUNK, args, tag=3)
    host._seq -= 1
    again = host.asks(
        (MessageClass.PORT, PortVerb.PULSE), TRUNK, args, tag=3, flags=FrameFlag.RETRANSMIT
    )
    assert (first.status, again.status) == (Status.OK, Status.OK)
    third = host.asks((MessageClass.PORT, PortVerb.PULSE), TRUNK, args, tag=4)
    assert third.status == Status.BUSY


@pytest.mark.parametrize(
    ("verb", "port", "arguments", "status"),
    [
        ((MessageClass.PORT, 99), PHONE, b"", Status.UNSUPPORTED),
        ((MessageClass.DSP, 0), 0xFF, b"", Status.UNSUPPORTED),
        ((MessageClass.PORT, PortVerb.STATE), 12, b"", Status.NO_PORT),
        ((MessageClass.SYS, SysVerb.NOP), 3, b"", Status.NO_PORT),
        ((MessageClass.PORT, PortVerb.RING), TRUNK, RingSteps((2000, 4000)).encode(), 2),
        ((MessageClass.PORT, PortVerb.HOOK), PHONE, BYTE.pack(1), Status.UNSUPPORTED),
        ((MessageClass.PORT, PortVerb.HOOK), TRUNK, b"", Status.BAD_ARG),
        ((MessageClass.PORT, PortVerb.HOOK), TRUNK, BYTE.pack(2), Status.BAD_ARG),
        ((MessageClass.PORT, PortVerb.RING), PHONE, b"\x03abcdef", Status.BAD_ARG),
        ((MessageClass.PORT, PortVerb.RING), PHONE, RingSteps((20, 4000)).encode(), Status.RANGE),
        ((MessageClass.PORT, PortVerb.LINEFEED), PHONE, BYTE.pack(4), Status.BAD_ARG),
        ((MessageClass.PORT, PortVerb.FLASH), TRUNK, WORD.pack(500), Status.BAD_STATE),
        ((MessageClass.PORT, PortVerb.FLASH), TRUNK, WORD.pack(50), Status.RANGE),
        ((MessageClass.PORT, PortVerb.PULSE), TRUNK, Pulses("1").encode(), Status.BAD_STATE),
        ((MessageClass.PORT, PortVerb.OPEN_LOOP), PHONE, WORD.pack(2000), Status.RANGE),
        ((MessageClass.PORT, PortVerb.GAIN), PHONE, GAIN.pack(121, 0), Status.RANGE),
        ((MessageClass.PORT, PortVerb.IMPEDANCE), PHONE, BYTE.pack(99), Status.RANGE),
        ((MessageClass.PORT, PortVerb.FLASH_WINDOW), PHONE, FLASH_WINDOW.pack(50, 60), 6),
        ((MessageClass.ID, IdVerb.READ), 0xFF, ID_READ.pack(0, 200, 100), Status.RANGE),
        ((MessageClass.CLK, ClockVerb.START), 0xFF, b"\x0a\x02\0\0\x01\0\0\0", Status.RANGE),
        ((MessageClass.CLK, ClockVerb.START), 0xFF, b"\x05\x02\0\0\0\x10\0\0", Status.RANGE),
    ],
)
def test_a_senseless_request_is_refused(
    stage: Stage, verb: tuple[int, int], port: int, arguments: bytes, status: int
) -> None:
    assert streaming(stage).asks(verb, port, arguments).status == status


def test_the_factory_page_holds_the_serial_number(stage: Stage) -> None:
    host = streaming(stage)
    verb = (MessageClass.ID, IdVerb.READ)
    page = host.asks(verb, arguments=ID_READ.pack(0, 0, 128)).results
    page += host.asks(verb, arguments=ID_READ.pack(0, 128, 128)).results
    assert page[:4] == b"AWID"
    assert page[8:24].rstrip(b"\0") == b"Q12"
    assert page[24:40].rstrip(b"\0") == b"SIM-Q12-0000-0"
    assert struct.unpack("<I", page[252:])[0] == zlib.crc32(page[:252])


def test_the_meter_reads_volts_and_milliamps(stage: Stage) -> None:
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    stage.passes(0.1)
    answer = host.asks((MessageClass.PORT, PortVerb.METER), PHONE).results
    # 26 mA from the limited feed through 140 ohm of cable and 250 ohm of telephone: 10.14 V
    assert METER.unpack(answer) == (101, 260)
    assert METER.unpack(host.asks((MessageClass.PORT, PortVerb.METER), TRUNK).results) == (480, 0)


# Events


def test_an_event_is_repeated_until_acknowledged(stage: Stage) -> None:
    host = streaming(stage)
    host.acknowledges = False
    stage.telephone(PHONE).lifts()
    stage.passes(0.7)
    copies = [f for f in host.frames if f.kind == FrameKind.EVT][12:]
    assert len(copies) == 4
    assert {(f.seq, bool(f.flags & FrameFlag.RETRANSMIT)) for f in copies[1:]} == {(13, True)}
    host.acknowledges = True
    stage.passes(0.3)
    host.frames.clear()
    stage.passes(0.5)
    assert not [f for f in host.frames if f.kind == FrameKind.EVT]


def test_events_that_found_the_ring_full_are_counted_and_states_sent(stage: Stage) -> None:
    host = streaming(stage)
    host.acknowledges = False
    for _ in range(9):
        host.asks((MessageClass.SYS, SysVerb.STATE))
    host.acknowledges = True
    stage.passes(1.0)
    lost = [e for e in host.events if (e.class_, e.event) == (MessageClass.SYS, 1)]
    assert len(lost) == 1
    assert lost[0].event == SysEvent.EVENTS_LOST
    # 9 x 12 asked for, 64 kept
    assert WORD.unpack(lost[0].arguments) == (108 - 64,)
    assert len(host.states()) == 12 + 64 + 12


# The hook switch


def test_off_hook_is_reported_in_time_and_on_hook_after_the_flash_window(stage: Stage) -> None:
    host = streaming(stage)
    alice = stage.telephone(PHONE)
    alice.lifts()
    stage.passes(0.1)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]
    assert host.ups[-1].off_hook == 1 << PHONE
    alice.hangs_up()
    stage.passes(1.1)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]
    stage.passes(0.05)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1"), (P.HOOK, b"\0")]
    assert host.ups[-1].off_hook == 0


@pytest.mark.parametrize(
    ("length_ms", "reported"),
    [(60, None), (150, None), (270, None), (280, 280), (300, 300), (700, 700), (1100, 1100)],
)
def test_a_flash_is_a_break_within_the_window(
    stage: Stage, length_ms: int, reported: int | None
) -> None:
    host = streaming(stage)
    alice = stage.telephone(PHONE)
    alice.lifts()
    stage.passes(0.5)
    alice.flashes(length_ms)
    stage.passes(0.1)
    flashes = [WORD.unpack(a)[0] for e, a in host.port_events(PHONE) if e is P.FLASH]
    assert flashes == ([] if reported is None else [reported])
    stage.passes(1.5)
    assert (P.HOOK, b"\0") not in host.port_events(PHONE)


def test_a_rotary_dial_is_read(stage: Stage) -> None:
    host = streaming(stage)
    alice = stage.telephone(PHONE)
    alice.lifts()
    stage.passes(0.5)
    alice.dials("1029", pulse=True)
    stage.passes(0.3)
    events = host.port_events(PHONE)
    assert [a for e, a in events if e is P.PULSE_DIGIT] == [b"1", b"0", b"2", b"9"]
    assert [e for e, _ in events if e is not P.PULSE_DIGIT] == [P.HOOK]


@pytest.mark.parametrize(
    ("break_ms", "make_ms"), [(20, 25), (35, 10), (100, 25), (50, 75), (60, 40)]
)
def test_pulses_of_8_to_22_a_second_are_read(stage: Stage, break_ms: int, make_ms: int) -> None:
    host = streaming(stage)
    phone = stage.telephone_set(PHONE)
    stage.telephone(PHONE).lifts()
    stage.passes(0.5)
    lifted = phone.loop.load
    resting = type(lifted)(closed=False)
    for _ in range(7):
        phone.loop.load_with(resting)
        stage.passes(break_ms / 1000)
        phone.loop.load_with(lifted)
        stage.passes(make_ms / 1000)
    stage.passes(0.3)
    assert [a for e, a in host.port_events(PHONE) if e is P.PULSE_DIGIT] == [b"7"]


# Ringing


def test_ringing_follows_its_cadence_and_is_tripped_within_250_ms(stage: Stage) -> None:
    host = streaming(stage)
    bob = stage.telephone(PHONE)
    host.orders(PortVerb.RING, PHONE, RingSteps((400, 200, 400, 3000)).encode())
    began = stage.now
    stage.passes(4.2)
    bursts = stage.telephone_set(PHONE).bursts
    lengths = [round(b - a, 3) for a, b in bursts[:2] if b is not None]
    assert lengths == [0.4, 0.4]
    assert bursts[1][0] - bursts[0][0] == pytest.approx(0.6)
    assert bursts[2][0] - bursts[0][0] == pytest.approx(4.0)
    assert bursts[0][0] == pytest.approx(began, abs=0.02)
    assert host.ups[-1].ringing == 1 << PHONE
    lifted_at = stage.now
    bob.lifts()
    while (P.HOOK, b"\1") not in host.port_events(PHONE):
        stage.step()
        assert stage.now - lifted_at < 0.25
    assert host.port_events(PHONE) == [(P.RING_TRIP, b""), (P.HOOK, b"\1")]
    assert not stage.telephone_set(PHONE).is_ringing
    assert host.ups[-1].ringing == 0
    answer = host.asks((MessageClass.PORT, PortVerb.RING), PHONE, RingSteps((400, 200)).encode())
    assert answer.status == Status.BAD_STATE


def test_ring_trip_comes_within_the_burst(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.RING, PHONE, RingSteps((2000, 4000)).encode())
    stage.telephone(PHONE).rings()
    stage.telephone(PHONE).lifts()
    stage.passes(0.045)
    assert host.port_events(PHONE) == []
    stage.passes(0.1)
    assert host.port_events(PHONE) == [(P.RING_TRIP, b""), (P.HOOK, b"\1")]


def test_ringing_stops_when_told_to(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.RING, PHONE, RingSteps((2000, 4000)).encode())
    stage.telephone(PHONE).rings()
    host.orders(PortVerb.RING_STOP, PHONE)
    stage.telephone(PHONE).is_quiet()
    host.orders(PortVerb.RING_STOP, PHONE)


def test_an_open_loop_is_an_open_loop_and_no_hook_event(stage: Stage) -> None:
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    host.orders(PortVerb.OPEN_LOOP, PHONE, WORD.pack(500))
    stage.passes(0.1)
    assert stage.telephone_set(PHONE).loop.reading.milliamps == 0
    stage.passes(0.5)
    assert stage.telephone_set(PHONE).loop.reading.milliamps == pytest.approx(26)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]


# Office lines


def test_ringing_polarity_and_battery_of_the_office_are_reported(stage: Stage) -> None:
    host = streaming(stage)
    office = stage.office_set(TRUNK)
    office.feed(ring=True)
    stage.passes(0.5)
    office.feed()
    stage.passes(0.5)
    assert host.port_events(TRUNK) == [(P.RINGING, b"\1"), (P.RINGING, b"\0")]
    host.events.clear()
    office.feed(sign=-1)
    stage.passes(0.2)
    office.feed(sign=1)
    stage.passes(0.05)
    office.feed(sign=-1)
    stage.passes(0.2)
    assert host.port_events(TRUNK) == [(P.POLARITY, b"\1")]
    host.events.clear()
    office.feed(sign=0)
    stage.passes(0.3)
    office.feed(sign=-1)
    stage.passes(0.2)
    assert host.port_events(TRUNK) == [
        (P.BATTERY, struct.pack("<BBH", 0, 0, 0)),
        (P.BATTERY, struct.pack("<BBH", 1, 0, 300)),
    ]
    host.events.clear()
    office.feed(sign=0)
    stage.passes(0.05)
    office.feed(sign=-1)
    stage.passes(0.2)
    assert host.port_events(TRUNK) == []


def test_pulses_and_flash_reach_the_office(stage: Stage) -> None:
    host = streaming(stage)
    office = stage.office(TRUNK)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    office.is_seized()
    host.orders(PortVerb.PULSE, TRUNK, Pulses("9042").encode())
    office.receives("9042")
    stage.passes(0.5)
    assert [e for e, _ in host.port_events(TRUNK)] == [P.PULSES_SENT]
    host.orders(PortVerb.FLASH, TRUNK, WORD.pack(500))
    stage.passes(1.0)
    seizure = stage.office_set(TRUNK).seizures[-1]
    assert (seizure.flashes, seizure.released_at, seizure.pulse) == (1, None, True)
    assert P.BATTERY not in [e for e, _ in host.port_events(TRUNK)]


def test_battery_is_not_judged_while_the_board_pulses(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    host.orders(PortVerb.PULSE, TRUNK, Pulses("00").encode())
    stage.passes(0.2)
    stage.office_set(TRUNK).feed(sign=0)
    stage.passes(0.2)
    stage.office_set(TRUNK).feed()
    stage.passes(1.0)
    assert P.BATTERY not in [e for e, _ in host.port_events(TRUNK)]


def test_pulses_cut_short_say_so(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    host.orders(PortVerb.PULSE, TRUNK, Pulses("999").encode())
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(0))
    stage.passes(0.1)
    ((event, arguments),) = host.port_events(TRUNK)
    assert event is P.PULSES_SENT
    assert arguments[3] == Status.BAD_STATE


# Samples


def test_samples_take_two_frames_from_port_to_port_bit_for_bit() -> None:
    stage = Stage(("Q12S",), line=DIGITAL)
    host = streaming(stage)
    alice, bob = stage.telephone_set(0), stage.telephone_set(1)
    for port in range(2):
        stage.telephone(port).lifts()
    stage.passes(0.5)
    host.patch = {1: 0}
    pattern = np.random.default_rng(1).integers(-32768, 32767, 8000).astype(np.int16)
    start = bob.ear.recording.end
    alice.mouth.say(pattern)
    stage.passes(1.1)
    heard = bob.ear.recording.since(start)
    assert not heard[:80].any()
    assert np.array_equal(heard[80 : 80 + len(pattern)], pattern)
    assert not heard[80 + len(pattern) :].any()


@pytest.mark.parametrize("form", [PcmFormat.ULAW, PcmFormat.ALAW])
def test_a_compressed_link_carries_its_own_values_unchanged(form: PcmFormat) -> None:
    stage = Stage(("Q12S",), line=DIGITAL)
    host = Host(stage)
    host.greet()
    host.streams(form)
    for port in range(2):
        stage.telephone(port).lifts()
    stage.passes(0.5)
    host.patch = {1: 0}
    values = from_link(form, bytes(range(256)) * 10)
    bob = stage.telephone_set(1).ear.recording
    start = bob.end
    stage.telephone_set(0).mouth.say(values)
    stage.passes(0.5)
    assert np.array_equal(bob.since(start)[80 : 80 + len(values)], values)


def test_frames_are_numbered_and_carry_the_sample_clock(stage: Stage) -> None:
    host = streaming(stage)
    stage.passes(1.0)
    frames = list(host.up_frames)
    assert [f.seq for f in frames] == list(range(len(frames)))
    assert {b.tick - a.tick for a, b in itertools.pairwise(frames)} == {40}
    assert [bool(up.flags & PcmFlag.FIRST) for up in host.ups] == [True] + [False] * (
        len(frames) - 1
    )
    assert host.ups[-1].tx_fill_ms == 5


def test_a_late_host_gives_an_underrun_that_fades(stage: Stage) -> None:
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    host.sends = lambda _: np.full(40, 8000, np.int16)
    stage.passes(0.5)
    host.answers = False
    stage.passes(0.03)
    host.answers = True
    stage.passes(0.1)
    ear = stage.telephone_set(PHONE).ear.recording
    tail = ear.since(ear.end - 1600).astype(int)
    assert np.abs(np.diff(tail[tail < 7000])).max() < 400 or tail.min() > -400
    underruns = [
        COUNT.unpack(e.arguments)[0]
        for e in host.events
        if (e.class_, e.event) == (MessageClass.CLK, ClockEvent.UNDERRUN)
    ]
    assert underruns == [1]
    counters = host.asks((MessageClass.SYS, SysVerb.COUNTERS), arguments=b"\0").results
    values = struct.unpack_from("<12I", counters, 2)
    assert values[Counter.UNDERRUNS] == 1


def test_gain_is_applied_at_the_port() -> None:
    stage = Stage(("Q12S",), line=DIGITAL)
    host = streaming(stage)
    stage.telephone(0).lifts()
    stage.passes(0.2)
    host.orders(PortVerb.GAIN, 0, GAIN.pack(-60, 60))
    host.sends = lambda _: np.full(40, 1000, np.int16)
    stage.telephone_set(0).mouth.say(np.full(4000, 1000, np.int16))
    stage.passes(0.3)
    assert stage.telephone_set(0).ear.recording.since(0)[-1] == 1995
    said = np.frombuffer(host.ups[-1].samples, "<i2").reshape(12, 40)[0]
    assert said[0] == 501


def test_garbage_and_bad_payloads_do_no_harm(stage: Stage) -> None:
    host = streaming(stage)
    os.write(host.descriptor, b"\x01\x02\x03\x00" + bytes(range(1, 200)) + b"\0")
    host.send(FrameKind.PCM, b"\x05\x02\0\0\xff\xff\xff\xffxx")
    host.send(FrameKind.REQ, b"\x03")
    host.send(FrameKind.BULK, b"\x00\x09\0\0\0\0\0\0")
    host.send(FrameKind.HELLO, b"QHI2")
    host.send(13, b"whatever")
    stage.passes(0.1)
    counters = host.asks((MessageClass.SYS, SysVerb.COUNTERS), arguments=b"\0").results
    assert struct.unpack_from("<12I", counters, 2)[Counter.FRAMES_BAD] == 6
    assert isinstance(host.events[0], EventMessage)


def counted(host: Host) -> dict[Counter, int]:
    results = host.asks((MessageClass.SYS, SysVerb.COUNTERS), arguments=b"\0").results
    values = struct.unpack_from(f"<{len(Counter)}I", results, 2)
    return dict(zip(Counter, values, strict=True))


def test_a_bad_frame_stays_counted_when_the_link_has_gone_until_it_is_cleared(
    stage: Stage,
) -> None:
    host = streaming(stage)
    os.write(host.descriptor, b"\x01\x02\x03\x00")
    stage.passes(0.05)
    stage.faults().closes()
    os.close(host.descriptor)
    stage.pumps.clear()
    again = streaming(stage)
    os.write(again.descriptor, b"\x01\x02\x03\x00")
    stage.passes(0.05)
    stage.faults().reboots()
    stage.passes(0.3)
    again.greet()
    assert counted(again)[Counter.FRAMES_BAD] == 2
    os.write(again.descriptor, b"\x01\x02\x03\x00")
    again.asks((MessageClass.SYS, SysVerb.CLEAR_COUNTERS))
    assert counted(again)[Counter.FRAMES_BAD] == 0


def test_the_hosts_missing_and_late_frames_are_counted(stage: Stage) -> None:
    host = streaming(stage)
    stage.passes(0.5)
    before = counted(host)
    way = stage.boards[0].wire.to_board
    way.shares = {"drop": 0.2, "duplicate": 0.2}
    stage.passes(0.5)
    way.shares = {}
    spoiled = way.counts
    after = counted(host)
    assert after[Counter.PCM_MISSING] - before[Counter.PCM_MISSING] == spoiled["drop"] > 10
    assert after[Counter.PCM_LATE] - before[Counter.PCM_LATE] == spoiled["duplicate"] > 10


def test_the_same_seed_gives_the_same_bytes() -> None:
    def run(seed: int) -> list[bytes]:
        stage = Stage(("Q12",), seed=seed)
        host = streaming(stage)
        stage.telephone(PHONE).lifts()
        host.patch = {PHONE: 5, 5: PHONE}
        stage.telephone(PHONE).dials("123")
        stage.office(TRUNK).calls_in("5551234", "BOB")
        stage.passes(1.0)
        return [f.payload for f in host.frames]

    first = run(1)
    assert first == run(1)
    assert first != run(2)
