# SPDX-License-Identifier: MIT
"""A host made by hand over the codec: greets, asks, answers every PCM frame, keeps all it gets.

``host.patch[a] = b`` sends what port b says to port a, so that telephones and offices can talk
through the board without a PBX.
"""

import os
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from boards_sim.board import Board
from boards_sim.stage import Stage
from drivers.qhi.arguments import StreamStart
from drivers.qhi.frame import Deframer, Frame, FrameKind, encode
from drivers.qhi.messages import Bulk, EventMessage, Hello, Request, Response
from drivers.qhi.numbers import (
    BOARD_PORT,
    MINOR,
    BulkObject,
    BulkOp,
    ClockVerb,
    MessageClass,
    PcmFormat,
    PortEventCode,
    PortVerb,
    Status,
)
from drivers.qhi.pcm import PcmDown, PcmUp
from dsp import g711


def from_link(form: PcmFormat, data: bytes) -> npt.NDArray[np.int16]:
    if form is PcmFormat.S16:
        return np.frombuffer(data, "<i2")
    return g711.ulaw_decode(data) if form is PcmFormat.ULAW else g711.alaw_decode(data)


def to_link(form: PcmFormat, samples: npt.NDArray[np.int16]) -> bytes:
    if form is PcmFormat.S16:
        return samples.tobytes()
    return g711.ulaw_encode(samples) if form is PcmFormat.ULAW else g711.alaw_encode(samples)


class Host:
    """The other end of a stage's link; ``pump`` serves it."""

    def __init__(self, stage: Stage, session: int = 7, minor: int = MINOR) -> None:
        self.stage = stage
        self.minor = minor
        self.session = session
        self.descriptor = stage.descriptor()
        os.set_blocking(self.descriptor, False)
        self.frames: list[Frame] = []
        self.events: list[EventMessage] = []
        self.ups: deque[PcmUp] = deque(maxlen=400)
        self.up_frames: deque[Frame] = deque(maxlen=400)
        self.patch: dict[int, int] = {}
        self.sends: Callable[[int], npt.NDArray[np.int16]] | None = None
        self.sends_raw: Callable[[int], npt.NDArray[np.uint8]] | None = None
        "Rows of bytes as they go over the link."
        self.returns_raw = False
        "Send every port what it said, byte for byte."
        self.turns_over: dict[int, int] = {}
        "How many bits of a port's frame to turn over."
        self.answers = True
        self.acknowledges = True
        self._deframer = Deframer()
        self._acked = 0
        self._seq = 0
        self._count = 0
        stage.pumps.append(self.pump)

    def pump(self) -> None:
        try:
            data = os.read(self.descriptor, 1 << 20)
        except (BlockingIOError, ConnectionResetError):
            return
        for frame in self._deframer.feed(data):
            self.frames.append(frame)
            if frame.kind == FrameKind.EVT:
                self._take_event(frame)
            elif frame.kind == FrameKind.PCM:
                self._take_samples(frame)

    def _take_event(self, frame: Frame) -> None:
        if frame.seq == (self._acked + 1) % 65536:
            self._acked = frame.seq
            self.events.append(EventMessage.decode(frame.payload))
        if self.acknowledges:
            self.send(FrameKind.PING)

    def _take_samples(self, frame: Frame) -> None:
        up = PcmUp.decode(frame.payload)
        self.ups.append(up)
        self.up_frames.append(frame)
        if not self.answers:
            return
        said = from_link(up.format, up.samples).reshape(-1, 40)
        rows = np.zeros_like(said)
        for listener, speaker in self.patch.items():
            rows[listener] = said[speaker]
        if self.sends is not None:
            rows[:] = self.sends(self._count)
        data = to_link(up.format, rows.reshape(-1))
        if self.sends_raw is not None:
            data = self.sends_raw(self._count).tobytes()
        if self.returns_raw:
            data = self._returned(up)
        self._count += 1
        down = PcmDown(up.ms, up.format, up.ports, data)
        self.send(FrameKind.PCM, down.encode(), seq=frame.seq, tick=frame.tick)

    def _returned(self, up: PcmUp) -> bytes:
        rows = np.frombuffer(up.samples, np.uint8).reshape(up.ports.bit_count(), -1).copy()
        for port, count in self.turns_over.items():
            rows[port, np.arange(count) * 7] ^= 0x10
        return rows.tobytes()

    def send(
        self, kind: int, payload: bytes = b"", *, flags: int = 0, seq: int = 0, tick: int = 0
    ) -> None:
        ack = self._acked if self.acknowledges else 0
        os.write(self.descriptor, encode(Frame(kind, flags, seq, tick, ack, payload)))

    def greet(self) -> Hello:
        self.send(FrameKind.HELLO, Hello(self.session, minor=self.minor, role=1).encode())
        for _ in range(10):
            self.stage.step()
        hellos = [Hello.decode(f.payload) for f in self.frames if f.kind == FrameKind.HELLO]
        assert hellos[-1].session == self.session
        return hellos[-1]

    def asks(
        self,
        verb: tuple[int, int],
        port: int = BOARD_PORT,
        arguments: bytes = b"",
        *,
        tag: int = 1,
        flags: int = 0,
    ) -> Response:
        self._seq += 1
        request = Request(*verb, port, tag, arguments)
        before = len(self.frames)
        self.send(FrameKind.REQ, request.encode(), seq=self._seq, flags=flags)
        for _ in range(4):
            self.stage.step()
            new = self.frames[before:]
            answers = [f for f in new if f.kind == FrameKind.RSP and f.seq == self._seq]
            if answers:
                return Response.decode(answers[-1].payload)
        raise AssertionError(f"no response to {request}")

    def orders(self, verb: PortVerb, port: int, arguments: bytes = b"") -> None:
        response = self.asks((MessageClass.PORT, verb), port, arguments)
        assert response.status == Status.OK, response

    def streams(self, form: PcmFormat = PcmFormat.S16, lead_ms: int = 0) -> None:
        ports = (1 << len(self.stage.boards[0].firmware.ports)) - 1
        start = StreamStart(5, form, ports, lead_ms)
        response = self.asks((MessageClass.CLK, ClockVerb.START), arguments=start.encode())
        assert response.status == Status.OK, response

    def reads_dictionary(self, length: int) -> bytes:
        whole = b""
        while len(whole) < length:
            wish = Bulk(BulkObject.DICTIONARY, BulkOp.READ, len(whole), 100)
            self.send(FrameKind.BULK, wish.encode(), seq=len(whole))
            self.stage.step()
            self.stage.step()
            parts = [f for f in self.frames if f.kind == FrameKind.BULK and f.seq == len(whole)]
            whole += Bulk.decode(parts[-1].payload).part
        return whole

    def port_events(self, port: int) -> list[tuple[PortEventCode, bytes]]:
        """Return what was reported of a port, but for its state at the beginning."""
        return [
            (PortEventCode(e.event), e.arguments)
            for e in self.events
            if e.class_ == MessageClass.PORT and e.port == port and e.event != PortEventCode.STATE
        ]

    def states(self) -> list[EventMessage]:
        state = (MessageClass.PORT, PortEventCode.STATE)
        return [e for e in self.events if (e.class_, e.event) == state]


def inside(stage: Stage) -> Board:
    """Return the first board, whose inside is known."""
    board = stage.boards[0].firmware
    assert isinstance(board, Board)
    return board


def streaming(stage: Stage) -> Host:
    """Return a host with a session and samples flowing."""
    host = Host(stage)
    host.greet()
    host.streams()
    return host
