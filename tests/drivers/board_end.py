# SPDX-License-Identifier: MIT
"""The board's end of a QHI session, as the specification has it, for tests of the host's end.

No lines and no samples: it answers requests, keeps events until they are acknowledged, and
counts what it performed.  It is not the simulator's firmware, on purpose.
"""

import zlib
from collections import OrderedDict
from dataclasses import dataclass, field

from drivers.qhi.dictionary import encode_dictionary
from drivers.qhi.frame import Frame, FrameFlag, FrameKind
from drivers.qhi.messages import Bulk, EventMessage, Hello, Request, Response, frame_bit
from drivers.qhi.numbers import (
    MINOR,
    BulkOp,
    ClockVerb,
    Feature,
    MessageClass,
    PcmFormat,
    PortVerb,
    Status,
    SysVerb,
)

RESEND_S = 0.2
STORED = 32
FXO = ["ring_rx", "polarity_rx", "osi_rx", "flash_tx", "pulse_tx", "caller_id_rx"]
FXS = ["ring_tx", "loop_sense", "osi_tx", "flash_rx", "pulse_rx", "polarity_tx", "caller_id_tx"]
PORTS = [{"kind": "fxo", "capabilities": FXO}] * 2 + [{"kind": "fxs", "capabilities": FXS}] * 4
DICTIONARY = encode_dictionary({"model": "Q6", "ports": PORTS, "doc": "x" * 40})


@dataclass
class Kept:
    frame: Frame
    due: float


@dataclass
class BoardEnd:
    """A board without lines; ``out`` collects what it sends."""

    dictionary: bytes = DICTIONARY
    formats: int = (1 << PcmFormat.S16) | (1 << PcmFormat.ULAW)
    ports: int = len(PORTS)
    minor: int = MINOR
    features: Feature = Feature.IDENTIFY
    results: dict[tuple[int, int], bytes] = field(default_factory=dict)
    deaf: bool = False
    refuses: dict[tuple[int, int], Status] = field(default_factory=dict)
    out: list[Frame] = field(default_factory=list)
    performed: list[Request] = field(default_factory=list)
    session: int = 0
    streaming: bool = False
    reads: int = 0

    def __post_init__(self) -> None:
        self._seq = 0
        self._kept: OrderedDict[int, Kept] = OrderedDict()
        self._stored: OrderedDict[tuple[int, int], Frame] = OrderedDict()

    def boot(self, reason: int = 2) -> None:
        self._begin(0)
        self.out.append(Frame(FrameKind.HELLO, payload=self._hello(reason).encode()))

    def happens(self, message: EventMessage, now: float) -> None:
        self._seq = (self._seq + 1) % 65536
        frame = Frame(FrameKind.EVT, FrameFlag.ACK_WANTED, self._seq, payload=message.encode())
        self._kept[self._seq] = Kept(frame, now + RESEND_S)
        self.out.append(frame)

    @property
    def unacknowledged(self) -> int:
        return len(self._kept)

    def receive(self, frame: Frame, now: float) -> None:
        if self.deaf:
            return
        if frame.kind == FrameKind.HELLO:
            self._greet(Hello.decode(frame.payload))
        elif self.session:
            self.acknowledge(frame.ack)
            take = {
                FrameKind.REQ: self._take_request,
                FrameKind.PING: self._take_ping,
                FrameKind.BULK: self._take_bulk,
            }[FrameKind(frame.kind)]
            take(frame)

    def acknowledge(self, ack: int) -> None:
        for seq in list(self._kept):
            if (ack - seq) % 65536 < 0x8000:
                del self._kept[seq]

    def expire(self, now: float) -> None:
        for kept in self._kept.values():
            if kept.due <= now:
                kept.due = now + RESEND_S
                flags = kept.frame.flags | FrameFlag.RETRANSMIT
                self.out.append(
                    Frame(FrameKind.EVT, flags, kept.frame.seq, payload=kept.frame.payload)
                )

    def _hello(self, reason: int = 1) -> Hello:
        return Hello(
            self.session,
            minor=self.minor,
            vendor=0x5141,
            type=1,
            hardware=0x0102,
            firmware=0x01020003,
            serial="QX-000017",
            features=self.features,
            ports=self.ports,
            formats=self.formats,
            window=8,
            boot_reason=reason,
            frames=frame_bit(5),
            event_ring=64,
            dictionary_length=len(self.dictionary),
            dictionary_crc=zlib.crc32(self.dictionary),
        )

    def _begin(self, session: int) -> None:
        self.session = session
        self.streaming = False
        self._seq = 0
        self._kept.clear()
        self._stored.clear()

    def _greet(self, hello: Hello) -> None:
        if hello.session != self.session:
            self._begin(hello.session)
        self.out.append(Frame(FrameKind.HELLO, payload=self._hello().encode()))

    def _take_request(self, frame: Frame) -> None:
        request = Request.decode(frame.payload)
        name = (request.tag, frame.seq)
        if name not in self._stored:
            self.performed.append(request)
            response = self._perform(request)
            self._stored[name] = Frame(FrameKind.RSP, 0, frame.seq, payload=response.encode())
            while len(self._stored) > STORED:
                self._stored.popitem(last=False)
        self.out.append(self._stored[name])

    def _perform(self, request: Request) -> Response:
        what = (request.class_, request.verb)
        if what == (MessageClass.CLK, ClockVerb.START):
            self.streaming = True
        status = self.refuses.get(what, Status.OK)
        return request.answer(status, self.results.get(what, b"") if not status else b"")

    def _take_ping(self, frame: Frame) -> None:
        if frame.flags & FrameFlag.ACK_WANTED:
            self.out.append(Frame(FrameKind.PING, 0, frame.seq, payload=frame.payload))

    def _take_bulk(self, frame: Frame) -> None:
        bulk = Bulk.decode(frame.payload)
        assert bulk.op is BulkOp.READ
        self.reads += 1
        part = self.dictionary[bulk.offset : bulk.offset + bulk.length]
        size = len(self.dictionary)
        answer = Bulk(0, BulkOp.PART, bulk.offset, len(part), size, part=part)
        self.out.append(Frame(FrameKind.BULK, 0, frame.seq, payload=answer.encode()))


NOP = Request(MessageClass.SYS, SysVerb.NOP, 0xFF)
PORT_STATE = (MessageClass.PORT, PortVerb.STATE)
