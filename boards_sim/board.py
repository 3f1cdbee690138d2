# SPDX-License-Identifier: MIT
"""Firmware of a simulated Quantum board: the board's end of QHI (docs/reference/qhi.md).

Sans-I/O: bytes of the link go in by ``receive`` and come out by ``take_output``; every 5 ms
whoever owns the board calls ``play``, carries the samples over the lines, and calls
``capture``.  It knows loops, not what hangs on them.  Not done: SCHEDULED requests, clock roles,
frames other than 5 ms.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from boards_sim.arrivals import Arrivals
from boards_sim.bulk import part_of
from boards_sim.clock import FRAME_MS
from boards_sim.eeprom import Eeprom
from boards_sim.firmware_slots import Behaviour
from boards_sim.fxs import FxsPort
from boards_sim.identity import WINDOW, serial_of
from boards_sim.loop import Loop
from boards_sim.profiles import Profile
from boards_sim.reports import ReportingUnit
from boards_sim.service_verbs import Injector
from boards_sim.verbs import perform
from drivers.base import Linefeed
from drivers.qhi.arguments import STATE, WORD, StreamStart
from drivers.qhi.frame import Deframer, Frame, FrameFlag, FrameKind
from drivers.qhi.layout import MessageError
from drivers.qhi.messages import Hello, Log, Request
from drivers.qhi.numbers import (
    BOARD_PORT,
    AlarmKind,
    BootReason,
    ClockEvent,
    Counter,
    Feature,
    MessageClass,
    Severity,
    Status,
    SysEvent,
)
from drivers.qhi.pcm import PcmDown
from dsp.line import Lines

__all__ = ["Board"]

STORED_RESPONSES: Final = 32
HELLO_EVERY_MS: Final = 1000
BOOT_MS: Final = 200
CRASH_MS: Final = 1000
"""After a boot, where the firmware is such."""
SILENT_STREAM_MS: Final = 1000
SILENT_MS: Final = 5000
INFORMATION: Final = 2
"""Log level."""


class Board(ReportingUnit):
    """One board from its line terminals to its link."""

    FRAME_MS: Final = FRAME_MS

    def __init__(
        self,
        profile: Profile,
        loops: Sequence[Loop],
        lines: Lines,
        serial: str,
        *,
        eeprom: Eeprom | None = None,
    ) -> None:
        """Make a board; ``eeprom``: with one that was used.  Its number seeds its errors."""
        super().__init__(profile, loops, lines, serial, eeprom)
        self.greeting = ""
        "A line for people, sent as LOG when a session begins."
        self.injector: Injector | None = None
        self.log_level = 2
        self.lamp_until_ms = 0
        self.boot_reason = BootReason.POWER
        self._deframer = Deframer()
        self._arrivals = Arrivals()
        self._session = 0
        self._session_ms = 0
        self._reboot_as: BootReason | None = None
        self._booted_ms = 0
        self._waking = False
        self._hello_ms = 0
        self._watchdog: tuple[int, int] | None = None
        self._responses: deque[tuple[tuple[int, int], Frame]] = deque(maxlen=STORED_RESPONSES)
        self._heard_ms = 0

    # The link

    def link_opened(self) -> None:
        """Somebody has opened the link: greet."""
        self._begin_frames()
        self.outbox.open()
        self._heard_ms = self.clock.ms
        if not self._session and not self._is_dead:
            self._send_hello()

    def link_closed(self) -> None:
        """Note that the link is gone; the session goes on until it has been silent for too long."""
        self.outbox.close()

    def receive(self, data: bytes) -> None:
        """Take bytes from the link."""
        if self._is_dead or self.ailments.hung:
            return
        for frame in self._deframer.feed(data):
            self.outbox.count(Counter.FRAMES_IN)
            self._heard_ms = self.clock.ms
            self._take(frame)
        if self._reboot_as is not None:
            answer = self.take_output()
            self.reboot(self._reboot_as)
            self.outbox.put(answer)

    def _begin_frames(self) -> None:
        """Forget what came before: it is no part of any frame."""
        self.outbox.add(Counter.FRAMES_BAD, self._deframer.bad)
        self._deframer = Deframer()

    def take_output(self) -> bytes:
        """Return what is to be sent over the link now."""
        return self.outbox.take()

    @property
    def stream(self) -> StreamStart | None:
        """The stream of samples that flows, if one does."""
        return self.timeslots.stream

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still owes the answer to the newest PCM frame."""
        return self.stream is not None and self.timeslots.awaits_answer

    @property
    def in_session(self) -> bool:
        """Whether a host is there."""
        return self._session != 0

    # One frame of time

    def play(self) -> None:
        """Begin a frame: do what is due on the ports, give the lines their samples."""
        now_ms = self.clock.ms
        if self._is_dead or self.ailments.hung:
            self.lines.sent[:] = 0
            return
        for number in self.tests.tick(now_ms):
            self.timeslots.mute(number, on=False)
        for port in self.ports:
            if port.due_ms <= now_ms and not self.is_out_of_service(port.number):
                port.tick()
        if self.timeslots.play(self.lines.sent):
            underruns = self.timeslots.playout.underruns
            self.outbox.count(Counter.UNDERRUNS, underruns)
            self._clock_alarm(ClockEvent.UNDERRUN, underruns)

    def capture(self) -> None:
        """End a frame: send what the lines brought, watch over host and clock."""
        tick = self.clock.tick
        self.clock.advance()
        now_ms = self.clock.ms
        if now_ms >= self._booted_ms and self._is_failing(now_ms):
            return
        if self._is_dead:
            return
        if self._waking and now_ms >= self._booted_ms:
            self._wake()
        if self.ailments.hung:
            self._bite()
            return
        off_hook = sum(1 << p.number for p in self.ports if p.off_hook)
        ringing = sum(1 << p.number for p in self.ports if p.ringing)
        up = self.timeslots.up(tick, self.lines.received, off_hook, ringing)
        if up is not None:
            self.outbox.count(Counter.PCM_OUT)
            self.outbox.post(FrameKind.PCM, up.encode(), tick)
        self.outbox.resend_events()
        self._watch_host()

    def _is_failing(self, now_ms: int) -> bool:
        """Reset if the firmware is such, or its trial has failed; tell whether so."""
        crashes = self.slots.behaviour is Behaviour.CRASHES
        if crashes and now_ms - self._booted_ms >= CRASH_MS:
            self.reboot(BootReason.WATCHDOG)
            return True
        session_ms = now_ms - self._session_ms if self._session else None
        if self.slots.watch(now_ms, session_ms):
            self.reboot(BootReason.FIRMWARE_UPDATE)
            return True
        return False

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
        self.take_output()
        self._watchdog = None
        self._reboot_as = None
        self.ailments.hung = False
        self.clock.trim(0.0)
        self._begin_frames()
        self.slots.boot(self.clock.ms)
        self._booted_ms = self.clock.ms + BOOT_MS
        self._waking = True
        for port in self.ports:
            if isinstance(port, FxsPort):
                port.set_linefeed(Linefeed.OPEN)
            else:
                port.set_hook(off_hook=False)

    def reboot_after_answer(self, reason: BootReason) -> None:
        """Restart once the response has been sent."""
        self._reboot_as = reason

    @property
    def _is_dead(self) -> bool:
        """Whether it boots, or its firmware does nothing."""
        return self.clock.ms < self._booted_ms or self.slots.behaviour is Behaviour.MUTE

    def _wake(self) -> None:
        self._waking = False
        self.identity.boot(self.slots.version, serial_of(self.eeprom))
        self.calibrate()
        for port in self.ports:
            port.power_up()
        self.codecs.rest()
        self.outbox.put(b"\0")
        self._send_hello()

    def _end_session(self, reason: BootReason) -> None:
        self.boot_reason = reason
        self._session = 0
        self._begin_anew()
        self._hello_ms = self.clock.ms - HELLO_EVERY_MS

    def _begin_anew(self) -> None:
        self.rest()
        self.timeslots.stop()
        self.outbox.begin()
        self._responses.clear()
        self._watchdog = None

    def rest(self) -> None:
        """Put every port to rest."""
        self.tests.rest()
        self.timeslots.rest()
        for port in self.ports:
            port.rest()
        self.codecs.rest()

    def _send_hello(self) -> None:
        self._hello_ms = self.clock.ms
        hello = self.identity.hello(self._session, self.boot_reason)
        self.outbox.post(FrameKind.HELLO, hello.encode())

    # Frames from the host

    def _take(self, frame: Frame) -> None:
        try:
            if frame.kind == FrameKind.HELLO:
                self._greet(Hello.decode(frame.payload))
            elif self._session:
                self._take_in_session(frame)
        except MessageError:
            self.outbox.count(Counter.FRAMES_BAD)

    def _greet(self, hello: Hello) -> None:
        if not hello.session or hello.role != 1:
            return
        is_new = hello.session != self._session
        if is_new:
            self._begin_anew()
            self._session = hello.session
            self._session_ms = self.clock.ms
        self._send_hello()
        if is_new:
            self.report_states()
            if self.eeprom.is_damaged:
                args = STATE.pack(AlarmKind.CONFIGURATION, 1) + b"an EEPROM page is damaged"
                self._report(MessageClass.SYS, SysEvent.ALARM, BOARD_PORT, args, Severity.WARNING)
            if self.greeting:
                self.outbox.post(FrameKind.LOG, Log(INFORMATION, self.greeting).encode())

    def _take_in_session(self, frame: Frame) -> None:
        self._acknowledge(frame.ack)
        if frame.kind == FrameKind.PCM:
            self._take_samples(frame)
        elif frame.kind == FrameKind.REQ:
            self._take_request(frame)
        elif frame.kind == FrameKind.PING and frame.flags & FrameFlag.ACK_WANTED:
            self.outbox.resend(replace(frame, flags=0, tick=self.clock.tick, ack=WINDOW))
        elif frame.kind == FrameKind.BULK:
            given = part_of(self.identity.dictionary, frame.payload)
            if given is not None:
                self.outbox.send(FrameKind.BULK, frame.seq, given)

    def _acknowledge(self, seq: int) -> None:
        self.outbox.events.acknowledge(seq)
        lost = self.outbox.lost_events(len(self.ports))
        if lost:
            args = WORD.pack(min(lost, 65535))
            self._report(MessageClass.SYS, SysEvent.EVENTS_LOST, BOARD_PORT, args)
            self.report_states()

    def _take_samples(self, frame: Frame) -> None:
        if self.stream is None:
            return
        down = PcmDown.decode(frame.payload)
        self.outbox.count(Counter.PCM_IN)
        missing = self._arrivals.take(frame.seq, frame.tick)
        self.outbox.add(Counter.PCM_MISSING, missing or 0)
        self.outbox.add(Counter.PCM_LATE, int(missing is None))
        if self.ailments.starved:
            self.timeslots.awaits_answer = False
            return
        slipped = self.timeslots.take(down, frame.tick)
        if slipped:
            slips = self.timeslots.playout.slips
            self.outbox.count(Counter.SLIPS, slips)
            self._clock_alarm(ClockEvent.SLIP, slips)

    def _take_request(self, frame: Frame) -> None:
        request = Request.decode(frame.payload)
        name = (request.tag, frame.seq)
        for known, answer in self._responses:
            if known == name:
                self.outbox.count(Counter.REQUESTS_REPLAYED)
                self.outbox.resend(answer)
                return
        self.outbox.count(Counter.REQUESTS)
        if frame.flags & FrameFlag.SCHEDULED:
            response = request.answer(Status.UNSUPPORTED)
        else:
            response = perform(self, request, frame)
        answer = self.outbox.send(FrameKind.RSP, frame.seq, response.encode())
        self._responses.append((name, answer))

    # For the verbs

    def start_stream(self, start: StreamStart) -> None:
        """Begin to send and play samples."""
        self.outbox.begin_kind(FrameKind.PCM)
        self._arrivals.begin(self.clock.tick)
        self.timeslots.start(start)

    def suffer_from(self, injector: Injector) -> None:
        """Let the host ask for faults (feature SIM, in every HELLO from now on)."""
        self.injector = injector
        self.identity.features |= Feature.SIM

    def arm_watchdog(self, timeout_ms: int) -> None:
        """Restart unless kicked every ``timeout_ms``; 0: never."""
        self._watchdog = (timeout_ms, self.clock.ms + timeout_ms) if timeout_ms else None

    def kick_watchdog(self) -> None:
        """Put the restart off."""
        if self._watchdog is not None:
            self.arm_watchdog(self._watchdog[0])

    def counters(self) -> list[int]:
        """Return the counters in the order of their numbers."""
        return self.outbox.counters(self._deframer.bad)

    def clear_counters(self) -> None:
        """Begin counting at 0; what the deframer has counted so far is no longer told."""
        self.outbox.clear_counters()
        self.outbox.add(Counter.FRAMES_BAD, -self._deframer.bad)
