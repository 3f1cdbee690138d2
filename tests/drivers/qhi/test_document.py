# SPDX-License-Identifier: MIT
"""docs/reference/qhi.md says what the code does: its worked examples and its numbers."""

import enum
import re
from pathlib import Path

import pytest

from drivers.qhi.arguments import RingSteps, StreamStart
from drivers.qhi.firmware import ImagePiece
from drivers.qhi.frame import Deframer, Frame, FrameKind, encode
from drivers.qhi.measures import LineResult, PatternWish, TestEnd
from drivers.qhi.messages import EventMessage, Hello, Request, frame_bit
from drivers.qhi.numbers import (
    BootReason,
    ClockEvent,
    ClockVerb,
    Counter,
    Feature,
    IdVerb,
    PcmFormat,
    PortEventCode,
    PortVerb,
    Status,
    SysEvent,
    SysVerb,
)
from drivers.qhi.pcm import PcmUp
from drivers.qhi.service import (
    ClockRole,
    FirmwareVerb,
    SelfTest,
    SimVerb,
    SwitchVerb,
    TestEvent,
    TestVerb,
)
from drivers.service import (
    BEYOND_OHMS,
    LineTest,
    Loopback,
    Pattern,
    SlotState,
    TerminalOhms,
    Toward,
)

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
PIECE = Request(2, 1, 0xFF, 3, ImagePiece(1024, b"QX-001").encode())
TONE = PatternWish(Pattern.TONE, Toward.LINE, hertz=1004, level_dbm0=-10.0)
PATTERN = Request(4, 3, 0, 4, TONE.encode())
LEAK = LineResult(LineTest.RESISTANCE, TerminalOhms(7120.0, BEYOND_OHMS, 62_000.0, 20.0))
MEASURED = EventMessage(7, 1, 4, 0, 0x2328, TestEnd(5, 5, Status.OK, LEAK).encode())
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
    Frame(FrameKind.REQ, 1, 3, 0, 13, PIECE.encode()),
    Frame(FrameKind.REQ, 1, 4, 0, 13, PATTERN.encode()),
    Frame(FrameKind.REQ, 1, 5, 0, 13, Request(7, 0, 4, 5, bytes([LineTest.RESISTANCE])).encode()),
    Frame(FrameKind.EVT, 1, 14, 0x2328, 8, MEASURED.encode()),
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


VERBS = [SysVerb, IdVerb, FirmwareVerb, PortVerb, SwitchVerb, ClockVerb, TestVerb, SimVerb]
CHOICES = [ClockRole, LineTest, Loopback, Pattern, SlotState]


@pytest.mark.parametrize("numbers", [*VERBS, *CHOICES])
def test_every_verb_and_every_choice_has_its_number(numbers: type[enum.IntEnum]) -> None:
    for entry in numbers:
        assert re.search(rf"(\| |, |; |: |\(|kind |role ){entry.value} {entry.name}\b", DOCUMENT), (
            entry
        )


@pytest.mark.parametrize("events", [SysEvent, PortEventCode, ClockEvent, TestEvent])
def test_every_event_has_its_number(events: type[enum.IntEnum]) -> None:
    for event in events:
        assert re.search(rf"\| {event.value} {event.name} \|", DOCUMENT), event


@pytest.mark.parametrize("numbers", [Status, Counter])
def test_every_status_and_counter_has_its_number(numbers: type[enum.IntEnum]) -> None:
    for entry in numbers:
        assert re.search(rf"[ \n]{entry.value} ({entry.name}|{entry.name.lower()})\b", DOCUMENT)


@pytest.mark.parametrize("flags", [Feature, SelfTest])
def test_every_feature_and_every_failure_has_its_bit(flags: type[enum.IntFlag]) -> None:
    for flag in flags:
        bit = flag.value.bit_length() - 1
        assert re.search(rf"(bit|,|,\n) ?{bit} {flag.name}\b", DOCUMENT), flag
