# SPDX-License-Identifier: MIT
"""The simulated hardware under the reference firmware: what only its C core asks for."""

import hashlib
import math
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest

from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.profiles import profile
from boards_sim.stage import Stage
from drivers.qhi.arguments import BYTE, ID_READ
from drivers.qhi.firmware import ImageOffer, ImagePiece, decode_boot_info
from drivers.qhi.numbers import BOARD_PORT, BootReason, IdVerb, MessageClass, PcmFormat, Status
from drivers.qhi.service import FirmwareVerb
from drivers.service import SlotState
from tests.boards_sim.host import Host, from_link, streaming

OEM = 1
PHONE = 4
TDM_LOOPBACK = (MessageClass.TDM, 4)
IMPEDANCE = (MessageClass.PORT, 9)
DIGITAL, ANALOG = 1, 3
TONE = (8000 * np.sin(np.arange(40) * 2 * np.pi / 8)).astype(np.int16)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12",), firmware=ReferenceFirmware)
    yield stage
    stage.close()


def power(host: Host) -> float:
    rows = [from_link(PcmFormat.S16, up.samples).reshape(-1, 40)[PHONE] for up in host.ups]
    return float(np.mean(np.concatenate(rows[-20:]).astype(float) ** 2))


def test_a_page_is_written_and_stays_through_a_reboot(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    piece = b"AWOE\1\0\0\0Example Telephone Works"
    written = host.asks(
        (MessageClass.ID, IdVerb.WRITE),
        arguments=bytes([OEM, 0, len(piece)]) + piece,
    )
    assert written.status == Status.OK
    assert struct.unpack("<I", written.results) == (zlib.crc32(piece),)
    stage.boards[0].firmware.reboot(BootReason.FAULT)
    stage.passes(0.5)
    host.session += 1
    host.greet()
    read = host.asks((MessageClass.ID, IdVerb.READ), arguments=ID_READ.pack(OEM, 0, len(piece)))
    assert read.results == piece


def test_the_factory_page_is_locked_and_those_that_a_factory_writes_are_sound(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    pages, size, locked, sound = struct.unpack(
        "<BHHH", host.asks((MessageClass.ID, IdVerb.INFO)).results
    )
    assert (pages, size, locked, sound) == (4, 256, 0b0001, 0b1001)
    refused = host.asks((MessageClass.ID, IdVerb.WRITE), BOARD_PORT, bytes([0, 8, 1, 0x51]))
    assert refused.status == Status.LOCKED


def test_an_analog_loopback_comes_back_from_the_terminals(stage: Stage) -> None:
    host = streaming(stage)
    host.sends = lambda count: np.tile(TONE, (12, 1))
    stage.passes(0.5)
    assert host.asks(TDM_LOOPBACK, PHONE, BYTE.pack(ANALOG)).status == Status.OK
    stage.passes(0.5)
    lost_db = 10 * math.log10(float(np.mean(TONE.astype(float) ** 2)) / power(host))
    assert lost_db == pytest.approx(6.0, abs=1.5)
    host.session += 1
    host.greet()
    host.streams()
    stage.telephone(PHONE).lifts()
    stage.passes(0.5)
    assert power(host) < float(np.mean(TONE.astype(float) ** 2)) / 10, "the line is back"


def test_what_is_looped_is_not_heard_on_the_line(stage: Stage) -> None:
    host = streaming(stage)
    host.sends = lambda count: np.tile(TONE, (12, 1))
    assert host.asks(TDM_LOOPBACK, PHONE, BYTE.pack(DIGITAL)).status == Status.OK
    stage.passes(0.5)
    assert not stage.boards[0].lines.sent[PHONE].any()
    assert stage.boards[0].lines.sent[PHONE + 1].any()
    rows = from_link(PcmFormat.S16, host.ups[-1].samples).reshape(-1, 40)
    assert np.array_equal(rows[PHONE], TONE)


def test_a_mute_image_is_left_after_a_minute(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    image = simulated_image(SIMULATED_VENDOR, profile("Q12").type, 0x0200_0000, Behaviour.MUTE)
    offer = ImageOffer(len(image), hashlib.sha256(image).digest())
    assert host.asks((MessageClass.FW, FirmwareVerb.BEGIN), arguments=offer.encode()).status == 0
    for at in range(0, len(image), 1024):
        piece = ImagePiece(at, image[at : at + 1024]).encode()
        written = host.asks((MessageClass.FW, FirmwareVerb.WRITE), arguments=piece)
        assert written.status == Status.OK
    while host.asks((MessageClass.FW, FirmwareVerb.VERIFY)).status == Status.BUSY:
        stage.passes(0.05)
    assert host.asks((MessageClass.FW, FirmwareVerb.ACTIVATE)).status == Status.OK
    stage.passes(1.0)
    host.frames.clear()
    stage.passes(58.0)
    assert host.frames == []
    stage.passes(2.0)
    host.session += 1
    host.greet()
    info = decode_boot_info(host.asks((MessageClass.FW, FirmwareVerb.BOOT_INFO)).results)
    assert info.running == 0
    assert [slot.state for slot in info.slots] == [SlotState.CONFIRMED, SlotState.FAILED]
    assert info.slots[1].version == 0x0200_0000


def test_an_impedance_balances_the_hybrid_until_the_session_ends(stage: Stage) -> None:
    host = streaming(stage)
    host.sends = lambda count: np.tile(TONE, (12, 1))
    stage.telephone(PHONE).lifts()

    def echo(index: int) -> float:
        assert host.asks(IMPEDANCE, PHONE, BYTE.pack(index)).status == Status.OK
        stage.passes(0.5)
        return power(host)

    made = echo(0)
    assert echo(8) != pytest.approx(made, rel=0.1)
    assert host.asks(IMPEDANCE, PHONE, BYTE.pack(10)).status == Status.RANGE
    assert echo(0) == pytest.approx(made, rel=0.01)


def test_its_clock_runs_as_it_is_trimmed(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    trimmed = host.asks((MessageClass.CLK, 4), arguments=struct.pack("<h", 20000))
    assert trimmed.results == struct.pack("<h", 20000)
    firmware = stage.boards[0].firmware
    assert isinstance(firmware, ReferenceFirmware)
    begun = firmware.look().samples
    stage.passes(100.0)
    fast = firmware.look().samples - begun - 100 * 8000
    assert fast == pytest.approx(160, abs=40)  # 200 ppm, in whole frames
