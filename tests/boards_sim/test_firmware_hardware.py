# SPDX-License-Identifier: MIT
"""The simulated hardware under the reference firmware: what only its C core asks for."""

import math
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest

from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.stage import Stage
from drivers.qhi.arguments import BYTE, ID_READ
from drivers.qhi.numbers import BOARD_PORT, BootReason, IdVerb, MessageClass, PcmFormat, Status
from tests.boards_sim.host import Host, from_link, streaming

OEM = 1
PHONE = 4
TDM_LOOPBACK = (MessageClass.TDM, 4)
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


def test_the_factory_page_is_locked_and_sound(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    pages, size, locked, sound = struct.unpack(
        "<BHHH", host.asks((MessageClass.ID, IdVerb.INFO)).results
    )
    assert (pages, size, locked, sound) == (4, 256, 1, 1)
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
