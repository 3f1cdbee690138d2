# SPDX-License-Identifier: MIT
"""Every fault of every layer, seen from the host's side of the link."""

import os
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest

from boards_sim.board import Board
from boards_sim.faultscript import FaultTextError
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.offices import OFFICES, Disconnect
from boards_sim.stage import Stage
from boards_sim.wire import Wire
from boards_sim.wirepair import HEALTHY, Source
from drivers.qhi.arguments import BYTE, ID_READ, METER, WORD
from drivers.qhi.frame import FrameKind
from drivers.qhi.messages import Hello
from drivers.qhi.numbers import (
    BootReason,
    Counter,
    IdVerb,
    MessageClass,
    PortEventCode,
    PortVerb,
    Status,
    SysEvent,
    SysVerb,
)
from tests.boards_sim.host import Host, streaming

PHONE, TRUNK = 4, 0
P = PortEventCode


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12",), seed=3)
    yield stage
    stage.close()


def counter(host: Host, which: Counter) -> int:
    answer = host.asks((MessageClass.SYS, SysVerb.COUNTERS), arguments=BYTE.pack(which))
    value: int = struct.unpack_from("<I", answer.results, 2)[0]
    return value


def firmware(stage: Stage) -> Board:
    board = stage.boards[0].firmware
    assert isinstance(board, Board)
    return board


def milliamps(host: Host, port: int) -> float:
    _, tenths = METER.unpack(host.asks((MessageClass.PORT, PortVerb.METER), port).results)
    return float(tenths) / 10


def volts(host: Host, port: int) -> float:
    tenths, _ = METER.unpack(host.asks((MessageClass.PORT, PortVerb.METER), port).results)
    return float(tenths) / 10


# The script's course


def test_faults_come_and_go_in_their_time(stage: Stage) -> None:
    faults = stage.faults()
    loop = stage.actor(PHONE).loop
    faults.run(f"at 1s leak ring-ground 62k port {PHONE} for 500ms")
    stage.passes(0.9)
    assert loop.trouble == HEALTHY
    stage.passes(0.2)
    assert loop.trouble.ring_ground_ohms == 62e3
    stage.passes(0.5)
    assert loop.trouble == HEALTHY
    assert [round(at, 2) for at, _ in faults.log] == [1.0, 1.5]
    assert "leak ring-ground 62000.0 port 4 begins" in faults.log[0][1]


def test_the_end_of_one_fault_leaves_another_alone(stage: Stage) -> None:
    loop = stage.actor(PHONE).loop
    stage.faults().run("leak tip-ground 10k for 1s; stuck; foreign tip 5Vdc 1k")
    stage.passes(2)
    assert loop.trouble.stuck
    assert loop.trouble.tip_foreign == Source(dc=5.0, ohms=1e3)
    assert loop.trouble.tip_ground_ohms == float("inf")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("leak tip-ring 1k port 12", "port 12; there are 0 to 11"),
        ("disconnect busy port 4", "port 4 is no office line"),
        ("dead port 99", "port 99"),
    ],
)
def test_a_line_that_there_is_not_is_refused(stage: Stage, script: str, reason: str) -> None:
    with pytest.raises(FaultTextError, match=reason):
        stage.faults().run(f"stall; {script}")
    assert not stage.faults().log


def test_the_same_seed_and_script_make_the_same_bytes() -> None:
    def bytes_of(seed: int) -> list[bytes]:
        stage = Stage(seed=seed, faults="drop 5%; corrupt 5%; reorder 5%; duplicate 5%")
        host = streaming_through_it(stage)
        stage.passes(1)
        stage.close()
        return [frame.payload for frame in host.frames]

    assert bytes_of(1) == bytes_of(1)


def streaming_through_it(stage: Stage) -> Host:
    """Greet again and again: a lost answer is what these faults are for."""
    host = Host(stage)
    for _ in range(20):
        try:
            host.greet()
            host.streams()
        except (AssertionError, IndexError):
            continue
        return host
    raise AssertionError("no session in 20 attempts")


# The wire


@pytest.mark.parametrize("verb", ["drop", "corrupt", "duplicate", "reorder"])
def test_spoiled_frames_are_counted_and_the_stream_goes_on(stage: Stage, verb: str) -> None:
    host = streaming(stage)
    stage.faults().run(f"{verb} 10% for 2s")
    stage.passes(3)
    assert 40 < stage.faults().counts[verb] < 160
    before = len(host.ups)
    host.ups.clear()
    stage.passes(1)
    assert before
    assert len(host.ups) == pytest.approx(200, abs=2)


def test_a_stall_lets_nothing_through(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run("stall for 100ms")
    host.ups.clear()
    stage.passes(0.095)
    assert not host.ups
    stage.passes(0.1)
    assert host.ups


def test_a_half_closed_link_still_takes_what_the_host_sends(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run("half-close")
    host.ups.clear()
    stage.passes(0.1)
    assert not host.ups
    assert os.read(host.descriptor, 100) == b""
    heard = firmware(stage).counters()[Counter.FRAMES_IN]
    host.send(FrameKind.PING)
    stage.step()
    assert firmware(stage).counters()[Counter.FRAMES_IN] == heard + 1


def test_an_unplugged_link_sends_hosts_away_until_it_is_back(stage: Stage) -> None:
    streaming(stage)
    stage.faults().run("unplug for 1s")
    early = os.read(stage.descriptor(), 1)
    assert early == b""
    stage.pumps.clear()
    stage.passes(1.1)
    host = Host(stage, session=9)
    host.greet()


def test_garbage_is_no_frame(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run("garbage for 50ms")
    before = len(host.ups)
    stage.passes(0.045)
    assert len(host.ups) <= before + 1
    stage.passes(0.2)
    assert len(host.ups) > before + 20


# The board


@pytest.mark.parametrize("ppm", [20000, -20000])
def test_a_fast_or_slow_board_lives_through_more_or_fewer_frames(stage: Stage, ppm: int) -> None:
    host = streaming(stage)
    stage.faults().run(f"ppm {ppm:+d}")
    before = firmware(stage).clock.samples
    host.ups.clear()
    stage.passes(1)
    passed = firmware(stage).clock.samples - before
    assert passed == pytest.approx(8000 * (1 + ppm / 1e6), abs=40)
    assert len(host.ups) == pytest.approx(200 * (1 + ppm / 1e6), abs=1)


def test_a_clock_that_leaps(stage: Stage) -> None:
    host = streaming(stage)
    stage.passes(0.1)
    before = host.up_frames[-1].tick
    stage.faults().run("jump 100ms")
    stage.passes(0.02)
    assert host.up_frames[-1].tick - before >= 800


def test_a_starved_board_underruns(stage: Stage) -> None:
    host = streaming(stage)
    host.sends = lambda _: np.full((12, 40), 1000, np.int16)
    stage.passes(0.2)
    stage.faults().run("starve for 100ms")
    stage.passes(0.5)
    assert counter(host, Counter.UNDERRUNS) == 1


def test_a_dead_port_says_so_and_the_others_live(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run(f"dead port {PHONE} for 1s")
    stage.telephone(PHONE).lifts()
    stage.telephone(PHONE + 1).lifts()
    stage.passes(0.5)
    verb = (MessageClass.PORT, PortVerb.METER)
    assert host.asks(verb, PHONE).status == Status.HW_FAULT
    assert host.asks(verb, PHONE + 1).status == Status.OK
    assert not host.port_events(PHONE)
    assert host.port_events(PHONE + 1) == [(P.HOOK, b"\1")]
    stage.passes(1)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]


def test_a_power_alarm_is_told_and_a_ports_feed_is_gone(stage: Stage) -> None:
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    stage.faults().run(f"power-alarm for 1s; power-alarm port {PHONE}")
    stage.passes(1.2)
    alarms = [
        e.arguments[:2]
        for e in host.events
        if (e.class_, e.event) == (MessageClass.SYS, SysEvent.ALARM)
    ]
    assert alarms == [b"\0\1", b"\0\0"]
    assert (P.ALARM, b"\0\1battery supply") in host.port_events(PHONE)
    assert milliamps(host, PHONE) == 0


def test_a_rotten_page_fails_its_checksum(stage: Stage) -> None:
    host = Host(stage)
    host.greet()

    def page() -> bytes:
        parts = [
            host.asks((MessageClass.ID, IdVerb.READ), arguments=ID_READ.pack(0, at, 128)).results
            for at in (0, 128)
        ]
        return b"".join(parts)

    def is_good(whole: bytes) -> bool:
        return zlib.crc32(whole[:252]) == int.from_bytes(whole[252:], "little")

    assert is_good(page())
    stage.faults().run("eeprom-rot 3 for 1s")
    assert not is_good(page())
    stage.passes(1)
    assert is_good(page())


def test_a_hung_board_is_bitten_by_its_watchdog(stage: Stage) -> None:
    host = streaming(stage)
    host.asks((MessageClass.SYS, SysVerb.WATCHDOG), arguments=WORD.pack(500))
    stage.faults().run("hang")
    host.ups.clear()
    stage.passes(0.4)
    assert not host.ups
    stage.passes(0.5)
    hello = Hello.decode([f for f in host.frames if f.kind == FrameKind.HELLO][-1].payload)
    assert hello.boot_reason == BootReason.WATCHDOG
    host.greet()


def test_a_hang_without_watchdog_lasts_as_long_as_it_is_told(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run("hang for 300ms")
    host.ups.clear()
    stage.passes(0.295)
    assert not host.ups
    stage.passes(0.1)
    assert host.ups


def test_a_storm_of_events_overruns_the_ring_and_is_counted(stage: Stage) -> None:
    host = streaming(stage)
    host.acknowledges = False
    stage.faults().run("storm for 200ms")
    stage.passes(0.3)
    host.acknowledges = True
    host.send(FrameKind.PING)
    stage.passes(1)
    assert counter(host, Counter.EVENTS_LOST) > 100
    assert any(
        e.event == SysEvent.EVENTS_LOST and e.class_ == MessageClass.SYS for e in host.events
    )


def test_a_reboot_by_script(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run("at 100ms reboot")
    stage.passes(0.5)
    hello = Hello.decode([f for f in host.frames if f.kind == FrameKind.HELLO][-1].payload)
    assert hello.boot_reason == BootReason.FAULT


def test_a_clock_that_leaps_while_the_board_boots_doesnt_keep_it_down(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    stage.faults().run("reboot; at 100ms jump 150ms")
    stage.passes(0.5)
    host.greet()


# Lines


def test_a_stuck_hook_switch_and_a_low_leak_look_off_hook(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run(f"stuck port {PHONE}; leak tip-ring 500 port {PHONE + 1}")
    stage.passes(0.2)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]
    assert host.port_events(PHONE + 1) == [(P.HOOK, b"\1")]


def test_a_high_leak_draws_current_and_nobody_is_off_hook(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run(f"leak tip-ring 10k port {PHONE}")
    stage.passes(0.2)
    assert milliamps(host, PHONE) == pytest.approx(48 / 10.54, abs=0.1)
    assert not host.port_events(PHONE)


def test_a_cut_line_has_no_telephone(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run("cut")
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    assert not host.port_events(PHONE)


def test_a_cut_office_line_has_no_battery(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run(f"cut port {TRUNK} for 1s")
    stage.passes(0.2)
    assert volts(host, TRUNK) == 0
    stage.passes(1.0)
    assert volts(host, TRUNK) == pytest.approx(48, abs=0.2)


def test_a_parallel_telephone_pulls_the_trunks_voltage_down(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(0))
    assert volts(host, TRUNK) == pytest.approx(48, abs=0.2)
    stage.faults().run(f"parallel lifted port {TRUNK} for 1s")
    assert volts(host, TRUNK) < 10
    stage.passes(1)
    assert volts(host, TRUNK) == pytest.approx(48, abs=0.2)


def test_many_bells_take_the_ringing_voltage(stage: Stage) -> None:
    host = streaming(stage)
    loop = stage.actor(PHONE).loop
    stage.faults().run(f"ren 9 port {PHONE}")
    host.orders(PortVerb.RING, PHONE, struct.pack("<BHH", 2, 2000, 4000))
    stage.passes(0.2)
    assert loop.reading.ring_volts == pytest.approx(65 * 700 / 1240, rel=0.05)
    stage.telephone(PHONE).is_quiet(1)


def test_hum_noise_echo_and_copper_come_and_go(stage: Stage) -> None:
    loop = stage.actor(PHONE).loop
    before = loop.nature
    stage.faults().run("hum 50Hz; noise 40dBrnC; echo D5 6dB; loop ll4; at 1s noise 10dBrnC")
    assert loop.nature.hum is not None
    assert loop.nature.echo is not None
    assert loop.nature.cable.ohms == pytest.approx(999, abs=2)
    stage.faults().run("hum 60Hz -20dBm0 for 500ms")
    stage.passes(0.6)
    assert loop.nature.hum.hz == 50.0
    assert loop.nature != before


def test_hum_is_heard_at_once_by_the_board(stage: Stage) -> None:
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    stage.faults().run(f"hum 60Hz -20dBm0 port {PHONE}")
    stage.passes(0.2)
    heard = np.frombuffer(host.ups[-1].samples, "<i2").reshape(12, 40)[PHONE]
    assert np.abs(heard).max() > 1000


# Offices


def test_another_office_by_name(stage: Stage) -> None:
    stage.faults().run("office de-mute port 0")
    assert stage.office_set(0).profile == OFFICES["de-mute"].profile
    assert stage.office_set(1).profile != OFFICES["de-mute"].profile
    stage.faults().run("disconnect open 800ms for 1s")
    assert stage.office_set(0).profile.open_switch_ms == 800
    stage.passes(1.1)
    assert stage.office_set(0).profile.disconnect is Disconnect.NOTHING


def test_a_reversed_or_weak_battery_is_seen_at_once(stage: Stage) -> None:
    host = streaming(stage)
    stage.faults().run(f"reversed port {TRUNK}")
    stage.passes(0.2)
    assert host.port_events(TRUNK) == [(P.POLARITY, b"\1")]
    stage.faults().run(f"battery 24V port {TRUNK}")
    stage.passes(0.2)
    assert volts(host, TRUNK) == pytest.approx(24, abs=0.2)
    assert host.port_events(TRUNK)[1:] == [(P.POLARITY, b"\0")]


# Other firmware


def test_lines_and_wire_of_the_reference_firmware_suffer_alike() -> None:
    stage = Stage(firmware=ReferenceFirmware)
    host = streaming(stage)
    stage.faults().run(f"stuck port {PHONE}; hum 60Hz -20dBm0; drop 10% for 1s")
    stage.passes(0.5)
    heard = np.frombuffer(host.ups[-1].samples, "<i2").reshape(12, 40)[PHONE]
    assert np.abs(heard).max() > 1000
    stage.passes(1)
    assert host.port_events(PHONE) == [(P.HOOK, b"\1")]
    assert stage.faults().counts["drop"] > 10
    with pytest.raises(FaultTextError, match="not with this board's firmware"):
        stage.faults().run("hang")
    stage.close()


def test_the_pieces_of_a_modem_are_lost_whole() -> None:
    wire = Wire(1, framed=False)
    wire.to_board.shares["drop"] = 0.5
    pieces = [wire.to_board.feed(b"AT+VLS=1\r") for _ in range(100)]
    assert set(pieces) == {b"", b"AT+VLS=1\r"}
    assert pieces.count(b"") == wire.to_board.counts["drop"]
