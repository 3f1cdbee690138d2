# SPDX-License-Identifier: MIT
"""Firmware of a simulated Quantum board: the board's end of QHI (docs/reference/qhi.md).

Sans-I/O: bytes of the link go in by ``receive`` and come out by ``take_output``; every 5 ms
whoever owns the board calls ``play``, carries the samples over the lines, and calls
``capture``.  It knows loops, not what hangs on them.  Not done: SCHEDULED requests, firmware
update, EEPROM writing, line tests, frames other than 5 ms.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.clock import FRAME, FRAME_MS, BoardClock
from boards_sim.eventring import EventRing
from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.hybrid import IMPEDANCES, Network
from boards_sim.identity import WINDOW, Identity
from boards_sim.loop import LineNature, Loop
from boards_sim.playout import Playout
from boards_sim.profiles import Profile
from boards_sim.verbs import perform
from drivers.base import Linefeed, PortKind
from drivers.qhi.arguments import COUNT, STATE, WORD, StreamStart
from drivers.qhi.frame import Deframer, Frame, FrameFlag, FrameKind, encode
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import Bulk, EventMessage, Hello, Log, Request
from drivers.qhi.numbers import (
    BOARD_PORT,
    AlarmKind,
    BootReason,
    BulkObject,
    BulkOp,
    ClockEvent,
    Counter,
    MessageClass,
    PcmFlag,
    PcmFormat,
    PortEventCode,
    Severity,
    Status,
    SysEvent,
)
from drivers.qhi.pcm import PcmDown, PcmUp
from dsp.g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode
from dsp.line import LinePath, Lines

__all__ = ["Board"]

Samples = npt.NDArray[np.int16]

STORED_RESPONSES: Final = 32
HELLO_EVERY_MS: Final = 1000
BOOT_MS: Final = 200
SILENT_STREAM_MS: Final = 1000
SILENT_MS: Final = 5000
ALARM_EVERY_MS: Final = 1000
DEFAULT_LEAD_MS: Final = 10
INFORMATION: Final = 2
"""Log level."""
LONGEST_BULK: Final = 1024


@dataclass(slots=True)
class Ailments:
    """What is wrong with a board inside; boards_sim/faults.py sets it, a reboot ends a hang."""

    hung: bool = False
    starved: bool = False
    "Samples of the host get lost."
    dead: set[int] = field(default_factory=set)
    "Ports that do nothing."


FULL: Final = LinePath.TO_FAR | LinePath.TO_BOARD | LinePath.HYBRID


class Board:
    """One board from its line terminals to its link."""

    FRAME_MS: Final = FRAME_MS
    FORMATS: Final = sum(1 << number for number in PcmFormat)

    def __init__(self, profile: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> None:
        self.identity = Identity(profile, serial, self.FORMATS)
        self.greeting = ""
        "A line for people, sent as LOG when a session begins."
        self.clock = BoardClock()
        self.lines = lines
        self.playout = Playout(len(profile.ports))
        self.events = EventRing()
        self.stream: StreamStart | None = None
        self.log_level = 2
        self.lamp_until_ms = 0
        self._counts = dict.fromkeys(Counter, 0)
        self._output: deque[bytes] = deque()
        self._deframer = Deframer()
        self._linked = False
        self._session = 0
        self._boot_reason = BootReason.POWER
        self._reboot_as: BootReason | None = None
        self._booted_ms = 0
        self._hello_ms = 0
        self._watchdog: tuple[int, int] | None = None
        self._responses: deque[tuple[tuple[int, int], Frame]] = deque(maxlen=STORED_RESPONSES)
        self._heard_ms = 0
        self._seq = dict.fromkeys(FrameKind, 0)
        self._answered_tick: int | None = None
        self._flags = PcmFlag(0)
        self._alarm_ms = dict.fromkeys(ClockEvent, -ALARM_EVERY_MS)
        self.ailments = Ailments()
        self._follow: dict[int, Callable[[], None]] = {}
        self._gains: dict[int, tuple[float, float]] = {}
        self._balances: dict[int, Network] = {}
        self._natures: dict[int, LineNature] = {}
        self.ports: tuple[FxsPort | FxoPort, ...] = tuple(
            (FxsPort if kind is PortKind.FXS else FxoPort)(i, loop, self.clock, self._port_event)
            for i, (kind, loop) in enumerate(zip(profile.ports, loops, strict=True))
        )
        for port in self.ports:
            self._wire(port)

    def _wire(self, port: FxsPort | FxoPort) -> None:
        """Connect a port's codec to its loop: what passes follows feed and hook switch."""
        self.set_gain(port.number, 0.0, 0.0)

        def follow() -> None:
            dead = port.number in self.ailments.dead
            self.lines.path(port.number, LinePath.OPEN if dead else _path(port))
            if port.loop.nature is not self._natures[port.number]:
                self._shape(port.number)

        port.loop.watch(follow)
        if isinstance(port, FxoPort):
            port.monitor_changed = follow
        follow()
        self._follow[port.number] = follow

    def kill(self, port: int, *, dead: bool) -> None:
        """Let a port's line circuit die, or mend it."""
        (self.ailments.dead.add if dead else self.ailments.dead.discard)(port)
        self._follow[port]()
        self.ports[port].due_ms = 0

    # The link

    def link_opened(self) -> None:
        """Somebody has opened the link: greet."""
        self._linked = True
        self._deframer = Deframer()
        self._output.clear()
        self._output.append(b"\0")
        self._heard_ms = self.clock.ms
        if not self._session and not self._is_booting:
            self._send_hello()

    def link_closed(self) -> None:
        """Note that the link is gone; the session goes on until it has been silent for too long."""
        self._linked = False
        self._output.clear()

    def receive(self, data: bytes) -> None:
        """Take bytes from the link."""
        if self._is_booting or self.ailments.hung:
            return
        for frame in self._deframer.feed(data):
            self._counts[Counter.FRAMES_IN] += 1
            self._heard_ms = self.clock.ms
            self._take(frame)
        self._reboot_if_ordered()

    def take_output(self) -> bytes:
        """Return what is to be sent over the link now."""
        data = b"".join(self._output)
        self._output.clear()
        return data

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still owes the answer to the newest PCM frame."""
        return self.stream is not None and self._answered_tick is not None

    @property
    def in_session(self) -> bool:
        """Whether a host is there."""
        return self._session != 0

    # One frame of time

    def play(self) -> None:
        """Begin a frame: do what is due on the ports, give the lines their samples."""
        now_ms = self.clock.ms
        if self._is_booting or self.ailments.hung:
            self.lines.sent[:] = 0
            return
        for port in self.ports:
            if port.due_ms <= now_ms and port.number not in self.ailments.dead:
                port.tick()
        if self.playout.play(self.lines.sent):
            self._flags |= PcmFlag.UNDERRUN
            self._count(Counter.UNDERRUNS, self.playout.underruns)
            self._clock_alarm(ClockEvent.UNDERRUN, self.playout.underruns)

    def capture(self) -> None:
        """End a frame: send what the lines brought, watch over host and clock."""
        tick = self.clock.tick
        self.clock.advance()
        if self._is_booting:
            return
        if self._booted_ms and self.clock.ms >= self._booted_ms:
            self._wake()
        if self.ailments.hung:
            self._bite()
            return
        if self.stream is not None:
            self._send_samples(self.stream, tick)
        for frame in self.events.due(self.clock.ms):
            self._send(frame)
        self._watch_host()

    def _send_samples(self, stream: StreamStart, tick: int) -> None:
        numbers = [n for n in range(len(self.ports)) if stream.ports >> n & 1]
        received = self.lines.received
        samples = received if len(numbers) == len(received) else received[numbers]
        up = PcmUp(
            ms=stream.ms,
            format=stream.format,
            ports=stream.ports,
            off_hook=sum(1 << p.number for p in self.ports if p.off_hook),
            ringing=sum(1 << p.number for p in self.ports if p.ringing),
            samples=_coded(stream.format, samples),
            tx_fill_ms=self.playout.held_ms,
            flags=self._flags,
        )
        self._flags = PcmFlag(0)
        self._answered_tick = tick
        self._count(Counter.PCM_OUT)
        self._send(Frame(FrameKind.PCM, 0, self._next(FrameKind.PCM), tick, WINDOW, up.encode()))

    def _watch_host(self) -> None:
        now_ms = self.clock.ms
        silent_ms = now_ms - self._heard_ms
        if self._session and silent_ms >= (SILENT_STREAM_MS if self.stream else SILENT_MS):
            self._end_session(BootReason.HOST_SILENT)
        if self._bite():
            return
        if not self._session and now_ms - self._hello_ms >= HELLO_EVERY_MS:
            self._send_hello()

    def _bite(self) -> bool:
        """Let the watchdog do its work if its time has come: it is a circuit of its own."""
        if self._watchdog is None or self.clock.ms < self._watchdog[1]:
            return False
        self.reboot(BootReason.WATCHDOG)
        return True

    # Sessions

    def reboot(self, reason: BootReason) -> None:
        """Restart: every line dead for a moment, everything forgotten."""
        self._end_session(reason)
        self._output.clear()
        self._watchdog = None
        self._reboot_as = None
        self.ailments.hung = False
        self._deframer = Deframer()
        self._booted_ms = self.clock.ms + BOOT_MS
        for port in self.ports:
            if isinstance(port, FxsPort):
                port.set_linefeed(Linefeed.OPEN)
            else:
                port.set_hook(off_hook=False)

    def reboot_after_answer(self, reason: BootReason) -> None:
        """Restart once the response has been sent."""
        self._reboot_as = reason

    @property
    def _is_booting(self) -> bool:
        return self.clock.ms < self._booted_ms

    def _wake(self) -> None:
        self._booted_ms = 0
        self._balances.clear()
        for port in self.ports:
            port.power_up()
            self.set_gain(port.number, 0.0, 0.0)
        self._output.append(b"\0")
        self._send_hello()

    def _reboot_if_ordered(self) -> None:
        if self._reboot_as is not None:
            answer = self.take_output()
            self.reboot(self._reboot_as)
            self._output.append(answer)

    def _end_session(self, reason: BootReason) -> None:
        self._boot_reason = reason
        self._session = 0
        self._begin_anew()
        self._hello_ms = self.clock.ms - HELLO_EVERY_MS

    def _begin_anew(self) -> None:
        self.rest()
        self.stop_stream()
        self.events.begin()
        self._responses.clear()
        self._seq = dict.fromkeys(FrameKind, 0)
        self._watchdog = None

    def rest(self) -> None:
        """Put every port to rest."""
        self._balances.clear()
        for port in self.ports:
            port.rest()
            self.set_gain(port.number, 0.0, 0.0)

    def _send_hello(self) -> None:
        self._hello_ms = self.clock.ms
        hello = self.identity.hello(self._session, self._boot_reason)
        self._post(FrameKind.HELLO, hello.encode())

    # Frames from the host

    def _take(self, frame: Frame) -> None:
        try:
            if frame.kind == FrameKind.HELLO:
                self._greet(Hello.decode(frame.payload))
            elif self._session:
                self._take_in_session(frame)
        except MessageError:
            self._count(Counter.FRAMES_BAD)

    def _greet(self, hello: Hello) -> None:
        if not hello.session or hello.role != 1:
            return
        is_new = hello.session != self._session
        if is_new:
            self._begin_anew()
            self._session = hello.session
        self._send_hello()
        if is_new:
            self.report_states()
            if self.greeting:
                self._post(FrameKind.LOG, Log(INFORMATION, self.greeting).encode())

    def _take_in_session(self, frame: Frame) -> None:
        self._acknowledge(frame.ack)
        if frame.kind == FrameKind.PCM:
            self._take_samples(frame)
        elif frame.kind == FrameKind.REQ:
            self._take_request(frame)
        elif frame.kind == FrameKind.PING and frame.flags & FrameFlag.ACK_WANTED:
            self._send(replace(frame, flags=0, tick=self.clock.tick, ack=WINDOW))
        elif frame.kind == FrameKind.BULK:
            self._give_bulk(frame)

    def _acknowledge(self, seq: int) -> None:
        self.events.acknowledge(seq)
        lost = self.events.lost
        if lost and len(self.events) + len(self.ports) < EventRing.CAPACITY:
            self.events.lost = 0
            self._count(Counter.EVENTS_LOST, self._counts[Counter.EVENTS_LOST] + lost)
            args = WORD.pack(min(lost, 65535))
            self._report(MessageClass.SYS, SysEvent.EVENTS_LOST, BOARD_PORT, args)
            self.report_states()

    def _take_samples(self, frame: Frame) -> None:
        if self.stream is None:
            return
        down = PcmDown.decode(frame.payload)
        if down.ms != self.stream.ms or down.format != self.stream.format:
            raise MessageError("PCM frame of another stream")
        self._count(Counter.PCM_IN)
        if self.ailments.starved:
            self._answered_tick = None
            return
        if frame.tick == self._answered_tick:
            self._answered_tick = None
        if down.ports >> len(self.ports):
            raise MessageError("PCM frame with ports that aren't there")
        numbers = [n for n in range(len(self.ports)) if down.ports >> n & 1]
        rows = np.zeros_like(self.lines.sent)
        rows[numbers] = _decoded(down.format, down.samples).reshape(len(numbers), FRAME)
        if self.playout.add(rows):
            self._flags |= PcmFlag.SLIP
            self._count(Counter.SLIPS, self.playout.slips)
            self._clock_alarm(ClockEvent.SLIP, self.playout.slips)

    def _take_request(self, frame: Frame) -> None:
        request = Request.decode(frame.payload)
        name = (request.tag, frame.seq)
        for known, answer in self._responses:
            if known == name:
                self._count(Counter.REQUESTS_REPLAYED)
                self._send(answer)
                return
        self._count(Counter.REQUESTS)
        if frame.flags & FrameFlag.SCHEDULED:
            response = request.answer(Status.UNSUPPORTED)
        else:
            response = perform(self, request, frame)
        payload = response.encode()
        answer = Frame(FrameKind.RSP, 0, frame.seq, self.clock.tick, WINDOW, payload)
        self._responses.append((name, answer))
        self._send(answer)

    def _give_bulk(self, frame: Frame) -> None:
        wish = Bulk.decode(frame.payload)
        if wish.op is not BulkOp.READ:
            return
        dictionary = self.identity.dictionary
        if wish.object != BulkObject.DICTIONARY:
            given = Bulk(wish.object, BulkOp.REFUSED, status=Status.UNSUPPORTED)
        elif not 1 <= wish.length <= LONGEST_BULK or wish.offset > len(dictionary):
            given = Bulk(wish.object, BulkOp.REFUSED, status=Status.RANGE)
        else:
            part = dictionary[wish.offset : wish.offset + wish.length]
            total = len(dictionary)
            given = Bulk(wish.object, BulkOp.PART, wish.offset, len(part), total, part=part)
        reply = Frame(FrameKind.BULK, 0, frame.seq, self.clock.tick, WINDOW, given.encode())
        self._send(reply)

    # Frames to the host

    def _port_event(self, port: int, event: PortEventCode, args: bytes) -> None:
        self._report(MessageClass.PORT, event, port, args)

    def _report(self, class_: int, event: int, port: int, args: bytes, severity: int = 0) -> None:
        if not self._session:
            return
        message = EventMessage(class_, event, port, severity, self.clock.tick, args)
        frame = self.events.add(message, self.clock.ms)
        if frame is not None:
            self._count(Counter.EVENTS_SENT)
            self._send(frame)

    def _clock_alarm(self, event: ClockEvent, so_far: int) -> None:
        if self.clock.ms - self._alarm_ms[event] < ALARM_EVERY_MS:
            return
        self._alarm_ms[event] = self.clock.ms
        args = COUNT.pack(so_far)
        self._report(MessageClass.CLK, event, BOARD_PORT, args, Severity.WARNING)

    def raise_alarm(self, port: int, *, on: bool) -> None:
        """Report a power alarm of a port or (BOARD_PORT) of the board; a port's feed goes off."""
        args = STATE.pack(AlarmKind.POWER, on) + b"battery supply"
        if port == BOARD_PORT:
            self._report(MessageClass.SYS, SysEvent.ALARM, BOARD_PORT, args, Severity.ALARM)
            return
        line = self.ports[port]
        if on and isinstance(line, FxsPort):
            line.set_linefeed(Linefeed.OPEN)
        self._report(MessageClass.PORT, PortEventCode.ALARM, port, args, Severity.ALARM)

    def report_states(self) -> None:
        """Send PORT.STATE for every port."""
        for port in self.ports:
            self._port_event(port.number, PortEventCode.STATE, self.state_of(port))

    def state_of(self, port: FxsPort | FxoPort) -> bytes:
        """Return the arguments of PORT.STATE."""
        linefeed = port.linefeed if isinstance(port, FxsPort) else Linefeed.OPEN
        return STATE.pack(port.bits, linefeed.value)

    def _post(self, kind: FrameKind, payload: bytes) -> None:
        self._send(Frame(kind, 0, self._next(kind), self.clock.tick, WINDOW, payload))

    def _next(self, kind: FrameKind) -> int:
        seq = self._seq[kind]
        self._seq[kind] = (seq + 1) % 65536
        return seq

    def _send(self, frame: Frame) -> None:
        if self._linked:
            self._count(Counter.FRAMES_OUT)
            self._output.append(encode(frame))

    # For the verbs

    def start_stream(self, start: StreamStart) -> None:
        """Begin to send and play samples."""
        self.stream = start
        self._seq[FrameKind.PCM] = 0
        self._flags = PcmFlag.FIRST
        self._answered_tick = None
        self.playout.begin(start.lead_ms or DEFAULT_LEAD_MS)

    def stop_stream(self) -> None:
        """Send and play nothing more."""
        self.stream = None
        self.playout.begin(DEFAULT_LEAD_MS)

    def set_gain(self, port: int, receive_db: float, send_db: float) -> None:
        """Amplify between codec and line, after the hybrid and before it."""
        self._gains[port] = (receive_db, send_db)
        self._shape(port)

    def set_impedance(self, port: int, index: int) -> None:
        """Balance the hybrid with one of hybrid.IMPEDANCES."""
        self._balances[port] = tuple(IMPEDANCES.values())[index]
        self._shape(port)

    def _shape(self, port: int) -> None:
        """Give a port's voice band what its line is like and how the host has set it."""
        nature = self.ports[port].loop.nature
        receive_db, send_db = self._gains.get(port, (0.0, 0.0))
        settings = nature.settings(self._balances.get(port))
        self._natures[port] = nature
        echo_gain = 10 ** ((receive_db + send_db) / 20)
        self.lines.set(
            port,
            replace(
                settings,
                to_far_db=settings.to_far_db + send_db,
                to_board_db=settings.to_board_db + receive_db,
                echo=tuple(tap * echo_gain for tap in settings.echo),
            ),
        )

    def arm_watchdog(self, timeout_ms: int) -> None:
        """Restart unless kicked every ``timeout_ms``; 0: never."""
        self._watchdog = (timeout_ms, self.clock.ms + timeout_ms) if timeout_ms else None

    def kick_watchdog(self) -> None:
        """Put the restart off."""
        if self._watchdog is not None:
            self.arm_watchdog(self._watchdog[0])

    def counters(self) -> list[int]:
        """Return the counters in the order of their numbers."""
        bad = self._deframer.bad
        counts = {**self._counts, Counter.EVENTS_RESENT: self.events.resent}
        counts[Counter.FRAMES_BAD] += bad
        return [counts[counter] & 0xFFFF_FFFF for counter in Counter]

    def clear_counters(self) -> None:
        """Begin counting at 0."""
        self._counts = dict.fromkeys(Counter, 0)

    def _count(self, counter: Counter, value: int | None = None) -> None:
        self._counts[counter] = self._counts[counter] + 1 if value is None else value


def _coded(form: PcmFormat, samples: Samples) -> bytes:
    """Return samples as they go over the link."""
    if form is PcmFormat.ULAW:
        return ulaw_encode(samples.reshape(-1))
    if form is PcmFormat.ALAW:
        return alaw_encode(samples.reshape(-1))
    return samples.astype("<i2", copy=False).tobytes()


def _decoded(form: PcmFormat, data: bytes) -> Samples:
    """Return samples as they came over the link."""
    if form is PcmFormat.ULAW:
        return ulaw_decode(data)
    if form is PcmFormat.ALAW:
        return alaw_decode(data)
    return np.frombuffer(data, "<i2").astype(np.int16, copy=False)


def _path(port: FxsPort | FxoPort) -> LinePath:
    """Return what passes between codec and far end: that is for feed and hook switch to say."""
    feed = port.loop.feed
    if not feed.volts or feed.ring_volts or not (feed.tip and feed.ring):
        return LinePath.OPEN
    if isinstance(port, FxsPort):
        return FULL if port.loop.is_closed else LinePath.TO_FAR | LinePath.REFLECT
    if port.loop.load.closed:
        return FULL
    return LinePath.TO_BOARD if port.monitor else LinePath.OPEN
