# SPDX-License-Identifier: MIT
"""docs/reference/qhi.md says what the code does: its worked examples and its numbers."""

import enum
import re
from pathlib import Path

import pytest

from drivers.qhi.arguments import RingSteps, StreamStart
from drivers.qhi.frame import Deframer, Frame, FrameKind, encode
from drivers.qhi.messages import EventMessage, Hello, Request, frame_bit
from drivers.qhi.numbers import (
    BootReason,
    ClockEvent,
    ClockVerb,
    Counter,
    Feature,
    PcmFormat,
    PortEventCode,
    PortVerb,
    Status,
    SysEvent,
    SysVerb,
)
from drivers.qhi.pcm import PcmUp

DOCUMENT = (Path(__file__).parents[3] / "docs" / "reference" / "qhi.md").read_text()
START = Request(5, 0, 0xFF, 1, StreamStart(5, PcmFormat.S16, 0xFFF, 10).encode())
BOARD = Hello(
    0x5EED0001,
    vendor=0x5141,
    type=1,
    hardware=0x100,
    firmware=0x01000000,
    serial="QX-0001",
    features=Feature.IDENTIFY | Feature.CLOCK_SOURCE,
    ports=12,
    formats=1 << PcmFormat.S16,
    window=8,
    boot_reason=BootReason.POWER,
    frames=frame_bit(5),
    event_ring=64,
    dictionary_length=500,
    dictionary_crc=0x11223344,
)
HOST = Hello(0x5EED0001, serial="altiware", formats=7, frames=frame_bit(5), role=1)
EXAMPLES = [
    Frame(FrameKind.PING, 1, 2, 0, 3),
    Frame(FrameKind.HELLO, 1, payload=HOST.encode()),
    Frame(FrameKind.HELLO, 0, 0, 0x640, 8, BOARD.encode()),
    Frame(FrameKind.REQ, 1, 1, 0, 12, START.encode()),
    Frame(FrameKind.RSP, 0, 1, 0x690, 8, START.answer(Status.OK).encode()),
    Frame(
        FrameKind.REQ, 1, 2, 0, 12, Request(3, 2, 4, 2, RingSteps((2000, 4000)).encode()).encode()
    ),
    Frame(FrameKind.EVT, 1, 13, 0x1F40, 8, EventMessage(3, 2, 4, 0, 0x1F40, b"\1").encode()),
    Frame(
        FrameKind.PCM,
        0,
        100,
        0xFA0,
        8,
        PcmUp(5, PcmFormat.ULAW, 1, 16, 0, b"\xff" * 40, 10).encode(),
    ),
]


def examples() -> list[tuple[bytes, bytes]]:
    """Payload and wire of each worked example."""
    found = re.findall(r"    payload([\s0-9a-f]*?)\n    wire ([\s0-9a-f]+?)(?:\n\n|\Z)", DOCUMENT)
    return [(bytes.fromhex(payload), bytes.fromhex(wire)) for payload, wire in found]


def test_every_example_is_here() -> None:
    assert len(examples()) == len(EXAMPLES)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_the_worked_examples_are_what_is_sent(number: int) -> None:
    payload, wire = examples()[number]
    assert EXAMPLES[number].payload == payload
    assert encode(EXAMPLES[number]) == wire
    assert Deframer().feed(wire) == [EXAMPLES[number]]


@pytest.mark.parametrize("verbs", [SysVerb, PortVerb, ClockVerb])
def test_every_verb_has_its_number(verbs: type[enum.IntEnum]) -> None:
    for verb in verbs:
        assert re.search(rf"(\| |, |; ){verb.value} {verb.name}\b", DOCUMENT), verb


@pytest.mark.parametrize("events", [SysEvent, PortEventCode, ClockEvent])
def test_every_event_has_its_number(events: type[enum.IntEnum]) -> None:
    for event in events:
        assert re.search(rf"\| {event.value} {event.name} \|", DOCUMENT), event


@pytest.mark.parametrize("numbers", [Status, Counter])
def test_every_status_and_counter_has_its_number(numbers: type[enum.IntEnum]) -> None:
    for entry in numbers:
        assert re.search(rf"[ \n]{entry.value} ({entry.name}|{entry.name.lower()})\b", DOCUMENT)


def test_every_feature_has_its_bit() -> None:
    for feature in Feature:
        bit = feature.value.bit_length() - 1
        assert re.search(rf"(bit|,|,\n) ?{bit} {feature.name}\b", DOCUMENT), feature
