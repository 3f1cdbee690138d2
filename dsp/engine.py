# SPDX-License-Identifier: MIT
"""The engine: a bus of timeslots, its ports, and its links to boards.

Everything with sound is a port; orders return at once and take effect between two ticks of
5 ms; what happens is read as events.  A manual engine does all its work inside ``poll``,
``tick`` and the methods that read tables; a threaded one in threads of its own, and its tables
follow orders within a tick; and one that was attached to is a process of its own (``dsp.process``)
and lives on when we don't.

Use it from one thread.  Handles that are no longer open are ignored (and counted); what can
never have been a handle raises EngineArgumentError.  Samples never come up here.
"""

import enum
import itertools
import warnings
import weakref
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from dsp.arena import Arena, Handles, count_of, seconds
from dsp.attach import Attachment
from dsp.callerid import CallerIdStandard
from dsp.cleaning import Cleanings
from dsp.conference import Conferences
from dsp.decode import EventDecoder
from dsp.echo import EchoView, EchoWant, view_of
from dsp.errors import EngineArgumentError, EngineFullError
from dsp.events import EngineEvent, EngineGone, EngineStuck, LinkDown, LinkLoss
from dsp.levels import SILENCE_DBM0
from dsp.native import ffi, lib
from dsp.orders import Orders
from dsp.progress import ProgressPlan
from dsp.ranges import (
    check_ack,
    check_echo,
    check_frame,
    check_link,
    check_ports,
    check_silence,
    factor,
)
from dsp.seat import EngineOptions, Local, Seat
from dsp.sound_ports import SoundPorts
from dsp.tables import (
    Counters,
    EchoState,
    Levels,
    LinkCounters,
    LinkFraming,
    LinkState,
    Mode,
    PatternCount,
    PortKind,
    SampleFormat,
)

__all__ = ["ECHO_WANTS", "MAX_TIMESLOTS", "TICK_S", "Detect", "Engine", "SampleFormat"]

MAX_TIMESLOTS: Final = 4096
TICK_S: Final = 0.005
MAX_WAIT_S: Final = 3600
MAX_TIME_S: Final = 1e10
"In nanoseconds within 64 bits."
ECHO_WANTS: Final = EchoWant.NLP | EchoWant.DISABLER
"""What a line's canceller does unless told otherwise."""
_LINK_COUNTS: Final = tuple(
    field.name
    for field in fields(LinkCounters)
    if field.name not in {"ppm", "compensated_ppm", "store_ms", "clocking"}
)
_COUNTS: Final = tuple(
    field.name
    for field in fields(Counters)
    if field.name not in {"busy_s", "tick_us", "tick_max_us"}
)


class Detect(enum.IntFlag):
    """What is listened for in what a port says."""

    NONE = 0
    DIGITS = 1
    PROGRESS = 2
    CALLER_ID = 4
    LEVEL = 8
    "Levels in both directions."
    CAS = 16
    "The alerting signal of caller ID during a call (``dsp.cas``)."
    MF_R1 = 32
    "Of MF, a port has one of the three standards."
    MF_R2_FORWARD = 64
    SPECIAL = 128
    "Fax, modem and special information tones."
    LEARN = 256
    "Tones that are in no plan yet: ``ToneSegment`` (``dsp.learn``)."
    VOICE = 512
    "Voice, silence, and who answered: ``VoiceHeard``, ``SilenceHeard``, ``AnsweredBy``."
    MF_R2_BACKWARD = 4096


MF_STANDARDS: Final = Detect.MF_R1 | Detect.MF_R2_FORWARD | Detect.MF_R2_BACKWARD


class Engine(Cleanings, Conferences, SoundPorts):
    """One engine and its arena, made for what ``dsp.seat.EngineOptions`` says.

    Raises:
        EngineArgumentError: an option is out of its range.
        EngineSystemError: no memory, descriptor or thread to be had.
    """

    def __init__(
        self,
        *,
        threaded: bool = True,
        timeslots: int = 1024,
        threads: int = 1,
        echo_channels: int = 512,
        echo_tail_ms: int = 32,
        echo_delay_ms: int = 0,
        keep_ports: int = 0,
        keep_s: int = 10,
    ) -> None:
        echo = (echo_channels, echo_tail_ms, echo_delay_ms)
        options = EngineOptions(timeslots, threads, *echo, keep_ports, keep_s)
        self._take_seat(Local(threaded=threaded, options=options))

    @classmethod
    def attach(cls, socket_path: Path) -> Self:
        """Control the engine that ``python -m dsp.process --socket PATH`` runs.

        What a controlling side before us had opened and connected is as it was, and its handles
        are valid (``open_ports``, ``kind``, ``sources``, ``joined``, ``links``); events that it
        had not read come first.  EngineGone says when the engine's process has died.

        Raises:
            EngineSystemError: there is no engine at that socket.
            EngineError: it is of another version, or has a controlling side already.
        """
        engine = cls.__new__(cls)
        engine._take_seat(Attachment(socket_path))
        engine._read_back()
        return engine

    def resume(self, socket_path: Path) -> None:
        """Go on with another engine's process, EngineGone having told that the last one died.

        Every handle is stale from now on.  ``fileno`` is another; time goes on when the process
        was told where to begin (``dsp.launch``).

        Raises:
            EngineSystemError: there is no engine at that socket.
            EngineError: it is of another version, or has a controlling side already.
        """
        seat, ports, links = Attachment(socket_path), self._ports, self._links
        self.close()
        self._take_seat(seat)
        self._ports.outlive(ports)
        self._links.outlive(links)

    def _take_seat(self, seat: Seat) -> None:
        self._seat: Seat | None = seat
        self._unclosed = weakref.finalize(self, _close_dropped, seat)
        relieve = None if seat.threaded else seat.apply
        self._arena = Arena(seat.memory, seat.command_bell, relieve)
        self._ports = Handles(int(seat.memory.timeslots), "port")
        self._links = Handles(int(lib.AW_LINKS_MAX), "link")
        self._heard: dict[int, set[int]] = {}
        self._orders = Orders(self._arena)
        self._events = EventDecoder(self._arena)
        self._stuck = count_of(seat.memory.counters, "stuck")
        self.threaded = seat.threaded

    def _read_back(self) -> None:
        self._ports.restore(self._arena.ports)
        self._links.restore(self._arena.links)
        for port in self.open_ports():
            entry = self._arena.ports[port & 0xFFFF]
            if entry.source_count:
                self._heard[port] = {int(entry.source[i]) for i in range(entry.source_count)}

    def close(self) -> None:
        """Stop and free everything, recordings completed; or leave an engine we attached to.

        May be called again.
        """
        if self._seat is not None:
            self._unclosed.detach()
            self._seat.close()
            self._seat = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Time and events

    @property
    def now(self) -> float:
        """Engine seconds: samples moved so far, divided by 8000."""
        return seconds(lib.aw_arena_now(self._arena_open().memory))

    def fileno(self) -> int:
        """Return a descriptor that is readable while events wait."""
        return self._seat_taken().fileno()

    def events(self) -> list[EngineEvent]:
        """Take all waiting events, oldest first; never block."""
        seat = self._seat_taken()
        lib.aw_bell_hush(seat.event_bell)
        events = self._events.drain()
        stuck = count_of(seat.memory.counters, "stuck")
        if stuck != self._stuck:
            self._stuck = stuck
            events.append(EngineStuck(self.now))
        if seat.gone():
            down = (LinkLoss.CLOSED, "the engine's process has died")
            events += [LinkDown(self.now, link, *down) for link in self._links.taken()]
            events.append(EngineGone(self.now))
        return events

    def poll(self, timeout_s: float = 0.0) -> None:
        """Manual engine: apply orders, then serve every ready link once.

        Waits for the first at most ``timeout_s``.
        """
        if not 0 <= timeout_s <= MAX_WAIT_S:  # below, it would wait for ever
            raise EngineArgumentError(f"to wait {timeout_s} s: allowed are 0 to {MAX_WAIT_S}")
        self._seat_taken().poll(timeout_s)

    def tick(self) -> None:
        """Manual engine: apply orders, then make one tick of 5 ms without a board."""
        self._seat_taken().tick()

    def set_time(self, now_s: float) -> None:
        """Manual engine: tell the time, so that boards' clocks are compared and compensated.

        0: it is no longer known.
        """
        if not 0 <= now_s <= MAX_TIME_S:
            raise EngineArgumentError(f"time {now_s} s: allowed are 0 to {MAX_TIME_S:.0e}")
        self._seat_taken().set_time(now_s)

    # Ports

    def open_board_ports(self, count: int) -> list[int]:
        """Open ports for a board; they say and hear what its link carries.

        Raises:
            EngineFullError: there are not so many free timeslots; none was opened.
        """
        if count > self._ports.free:
            raise EngineFullError(f"{count} ports wanted, {self._ports.free} timeslots free")
        return [self._open_port(lib.AW_PORT_BOARD) for _ in range(count)]

    def close_port(self, port: int) -> None:
        """Close a port; whoever listened to it hears it no more."""
        self._known(port).close_port(port)
        if self._ports.in_use(port):
            self._ports.give_back(port)
            self._heard.pop(port, None)
            for sources in self._heard.values():
                sources.discard(port)
        if not self.threaded:
            self._apply()

    def _open_sound(self, order: Callable[[Orders, int], None]) -> int:
        return self._open(lambda port: order(self._orders, port), self._ports)

    def _open_port(self, kind: int, option: int = 0, loudest: int = 0) -> int:
        return self._open(
            lambda port: self._orders.open_port(port, kind, option, loudest), self._ports
        )

    # Switching

    def listen(self, listener: int, source: int, gain_db: float = 0.0) -> None:
        """Let one port hear another; again: change the gain (-30 to 30 dB).

        Raises:
            EngineFullError: the listener has four sources already.
        """
        orders, by = self._known(listener, source), factor(gain_db)
        self._check_room((listener, source))
        orders.listen(listener, source, by)
        self._note((listener, source))

    def unlisten(self, listener: int, source: int) -> None:
        """Let one port no longer hear another."""
        self._known(listener, source).unlisten(listener, source)
        self._heard.get(listener, set()).discard(source)

    def silence(self, listener: int) -> None:
        """Let a port hear nothing; a conference that it has joined is not left."""
        self._known(listener).silence(listener)
        self._heard.pop(listener, None)

    def connect(self, a: int, b: int, gain_db: float = 0.0) -> None:
        """Let two ports hear each other.

        Raises:
            EngineFullError: one of them has four sources already; nothing was changed.
        """
        orders, by = self._known(a, b), factor(gain_db)
        self._check_room((a, b), (b, a))
        orders.listen(a, b, by, both=True)
        self._note((a, b), (b, a))

    def disconnect(self, a: int, b: int) -> None:
        """Let two ports no longer hear each other."""
        self._known(a, b).unlisten(a, b, both=True)
        self._heard.get(a, set()).discard(b)
        self._heard.get(b, set()).discard(a)

    def gain(self, port: int, *, receive_db: float = 0.0, send_db: float = 0.0) -> None:
        """Set a port's own gains: on what it says (receive) and on what it hears (send)."""
        self._known(port).gain(port, factor(receive_db), factor(send_db))

    def detect(
        self,
        port: int,
        what: Detect,
        plan: ProgressPlan | None = None,
        *,
        standard: CallerIdStandard = CallerIdStandard.BELL202,
        silence_ms: int = 1000,
    ) -> None:
        """Listen for ``what`` in what the port says, and for nothing else; NONE stops.

        What was being listened for already goes on undisturbed, but PROGRESS (which needs a
        ``plan``) begins anew.  ``standard`` is that of CALLER_ID, which another one begins anew,
        ``silence_ms`` (10 to 3,600,000) what VOICE calls a silence; who answered is judged from the
        moment at which VOICE begins.

        Raises:
            EngineArgumentError: PROGRESS without a plan, several standards of MF, or a silence out
                of its range.
        """
        check_silence(silence_ms)
        if what & Detect.PROGRESS and plan is None:
            raise EngineArgumentError("to listen for call progress, give a plan")
        if len(what & MF_STANDARDS) > 1:
            names = ", ".join(str(one.name) for one in what & MF_STANDARDS)
            raise EngineArgumentError(f"to listen for {names} at once: allowed is one of them")
        native = None if plan is None else plan.native(self._events.tone_id)
        self._known(port).detect(port, what, standard, silence_ms, native)

    def echo(self, port: int, tail_ms: int = 32, wants: EchoWant = ECHO_WANTS) -> None:
        """Take the echo of what a port hears out of what it says; again: begin anew; 0: stop.

        Detectors, listeners and levels get what is left.  Counted as refused, and without effect:
        a tail over the engine's, SEARCH where it has no ``echo_delay_ms``, a conference, more
        ports than the engine has cancellers for.
        """
        check_echo(tail_ms, wants)
        self._known(port).echo(port, tail_ms, wants)

    # Links

    def open_link(
        self,
        descriptor: int,
        ports: Sequence[int],
        *,
        sample_format: SampleFormat,
        clock: bool,
        framing: LinkFraming = LinkFraming.QHI,
    ) -> int:
        """Open a link on a socket, terminal or pipe; the engine closes the descriptor.

        The board's port i is ``ports[i]``; other framings than QHI have one.  PCM frames of a
        ``clock`` link drive the tick (as those of any link do while there is no such one).
        LinkDown says when it is dead; close it then.
        """
        self._known(*ports)
        check_link(descriptor, ports, sample_format, framing)
        return self._open(
            lambda link: self._orders.open_link(
                link, self._seat_taken().lend(descriptor), ports, sample_format, clock, framing
            ),
            self._links,
        )

    def set_link(self, link: int, ports: Sequence[int], *, sample_format: SampleFormat) -> None:
        """Give a link other ports, or send in another format."""
        self._known(*ports)
        check_ports(ports, sample_format)
        self._known_link(link).set_link(link, ports, sample_format)

    def close_link(self, link: int) -> None:
        """Close a link and its descriptor; its ports stay open and are silent."""
        self._known_link(link).close_link(link)
        self._links.give_back(link)
        if not self.threaded:
            self._apply()

    def send_frame(
        self,
        link: int,
        kind: int,
        payload: bytes,
        *,
        flags: int = 0,
        seq: int = 0,
        tick: int = 0,
        ack: int = 0,
    ) -> None:
        """Send one frame of any kind but PCM; header fields as in docs/reference/qhi.md.

        On a link that isn't QHI: an order of ``SerialKind``.
        """
        check_frame(kind, payload, flags=flags, seq=seq, tick=tick, ack=ack)
        self._known_link(link).send_frame(
            link, kind, payload, flags=flags, seq=seq, tick=tick, ack=ack
        )

    def set_ack(self, link: int, ack: int) -> None:
        """Set the cumulative event acknowledgement that every PCM frame down carries."""
        check_ack(ack)
        self._known_link(link).set_ack(link, ack)

    # Tables

    def levels(self, port: int) -> Levels:
        """Return the levels of a port; silence unless ``Detect.LEVEL`` is on."""
        e = self._entry(port)
        if not e.handle:
            return Levels(SILENCE_DBM0, 0, SILENCE_DBM0, 0)
        return Levels(e.receive_dbm0, e.receive_peak, e.send_dbm0, e.send_peak)

    def echo_state(self, port: int) -> EchoState:
        """Return how the echo canceller of a port is doing."""
        e = self._entry(port)
        return EchoState(int(e.echo.tail_ms), view_of(e.echo.view))

    def echo_view(self, port: int) -> EchoView:
        """Return what the echo canceller of a port knows of its line; see ``echo_state``."""
        return self.echo_state(port).view

    def pattern(self, port: int) -> PatternCount:
        """Return what a pattern port has found."""
        e = self._entry(port)
        return PatternCount(
            bool(e.synchronised),
            count_of(e, "pattern_samples"),
            count_of(e, "pattern_errors"),
            count_of(e, "pattern_losses"),
        )

    def sources(self, port: int) -> list[int]:
        """Return the ports that a port listens to, conferences that it has joined included."""
        e = self._entry(port)
        heard = [int(e.source[i]) for i in range(e.source_count)]
        return [*heard, int(e.conference)] if e.conference else heard

    def open_ports(self) -> list[int]:
        """Return the handles of all open ports."""
        self._apply()
        ports = self._arena.ports
        return [int(ports[i].handle) for i in range(self._ports.count) if ports[i].handle]

    def kind(self, port: int) -> PortKind:
        """Return what a port is; CLOSED too when the handle is stale."""
        return PortKind(self._entry(port).kind)

    def links(self) -> list[LinkState]:
        """Return all links that were opened and not closed."""
        self._apply()
        entries = (self._arena.links[i] for i in range(self._links.count))
        return [_link_state(entry) for entry in entries if entry.handle]

    def link_counters(self, link: int) -> LinkCounters:
        """Return the counters of a link; zeros when it is closed."""
        index = self._links.index(link)
        self._apply()
        c = self._arena.links[index]
        if c.handle != link:
            c = ffi.new("aw_link_entry *")
        return LinkCounters(
            **{name: count_of(c, name) for name in _LINK_COUNTS},
            ppm=c.ppm,
            compensated_ppm=c.compensated_ppm,
            store_ms=c.store_ms,
            clocking=bool(c.clocking),
        )

    def modes(self) -> Mode:
        """Return how the engine runs, once its clock has begun."""
        return Mode(self._arena_open().memory.modes)

    def counters(self) -> Counters:
        """Return the engine's counters."""
        self._apply()
        c = self._arena.memory.counters
        return Counters(
            **{name: count_of(c, name) for name in _COUNTS},
            busy_s=count_of(c, "busy_ns") / 1e9,
            tick_us=count_of(c, "tick_ns") / 1e3,
            tick_max_us=count_of(c, "tick_max_ns") / 1e3,
        )

    # Handles and moments

    def _seat_taken(self) -> Seat:
        if self._seat is None:
            raise EngineArgumentError("the engine is closed")
        return self._seat

    def _arena_open(self) -> Arena:
        self._seat_taken()
        return self._arena

    def _apply(self) -> None:
        """Between two ticks every moment of a manual engine is a tick's border."""
        self._seat_taken().apply()

    def _entry(self, port: int) -> Any:
        index = self._ports.index(port)
        self._apply()
        entry = self._arena.ports[index]
        return entry if entry.handle == port else ffi.new("aw_port_entry *")

    def _known(self, *ports: int) -> Orders:
        self._arena_open()
        for port in ports:
            self._ports.index(port)
        return self._orders

    def _known_link(self, link: int) -> Orders:
        self._arena_open()
        self._links.index(link)
        return self._orders

    def _open(self, order: Callable[[int], None], table: Handles) -> int:
        self._arena_open()
        handle = table.take()
        try:
            order(handle)
        except BaseException:
            table.give_back(handle)
            raise
        return handle

    def _check_room(self, *pairs: tuple[int, int]) -> None:
        """Count sources here too, so that a fifth is refused at once."""
        for listener, source in pairs:
            if listener == source:
                raise EngineArgumentError(f"port {listener} cannot listen to itself")
            heard = self._heard.get(listener, set())
            if source not in heard and len(heard) == lib.AW_SOURCES_MAX:
                raise EngineFullError(f"port {listener} listens to {len(heard)} ports already")

    def _note(self, *pairs: tuple[int, int]) -> None:
        if all(self._ports.in_use(port) for port in itertools.chain(*pairs)):
            for listener, source in pairs:
                self._heard.setdefault(listener, set()).add(source)


def _close_dropped(seat: Seat) -> None:
    """Close what an engine's last user has forgotten to; say so where threads would live on."""
    seat.close()
    if seat.threaded:
        warnings.warn("an engine was not closed", ResourceWarning, stacklevel=2)


def _link_state(entry: Any) -> LinkState:
    return LinkState(
        link=int(entry.handle),
        ports=tuple(int(entry.port[i]) for i in range(entry.count)),
        sample_format=SampleFormat(entry.format),
        clock=bool(entry.may_clock),
        alive=entry.state == 1,
        off_hook=int(entry.off_hook),
        ringing=int(entry.ringing),
    )
