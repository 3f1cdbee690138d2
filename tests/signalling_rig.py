# SPDX-License-Identifier: MIT
"""An office to test calls on, where signalling is the test's and no sound is needed.

``SignallingRig`` is the real exchange and engine on a board whose telephones and office lines
are moved directly by the test: ``alice.lifts(); alice.hears_tone("dial"); alice.dials("102");
bob.rings()``.  What is heard is read from the bus.  Time is the engine's, ticked from deadline
to deadline, so a minute takes some ten milliseconds.  The line, its sound and the boards' own
protocol are not here.
"""

import itertools
import math
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from altiware.core.ids import PortAddress
from altiware.core.notices import CallClosed, CallOpened, Notice, OrderMissed, SettingChanged
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.core.record import CallRecord
from altiware.exchange import Exchange
from altiware.features.applications import Factory
from altiware.features.catalog import FACTORIES
from altiware.ports.store import NO_ARCHIVE, Archive
from altiware.ports.voices import NO_SOUNDS, Sounds
from drivers.base import (
    BatteryChanged,
    Board,
    BoardEvent,
    BoardInfo,
    BoardLost,
    BoardState,
    BoardUp,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    LossReason,
    PolarityChanged,
    PortInfo,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
    Ticket,
)
from dsp import callerid
from dsp.callerid import CallerId
from dsp.engine import Detect, Engine
from dsp.events import (
    CallerIdHeard,
    DigitHeard,
    EngineEvent,
    LinkEvent,
    ToneEnded,
    ToneHeard,
)
from dsp.tones import RingStyle, ToneName, ToneSpec, country
from tests.rig_engine import RigEngine, Spoken

NAMES = ("Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi")
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday."""


class BenchBoard(Board):
    """A board without a line behind its ports: the test is the line, and sees the orders."""

    def __init__(self, engine: RigEngine, kinds: tuple[PortKind, ...]) -> None:
        super().__init__("bench://")
        self.bell: dict[int, tuple[int, ...]] = {}
        "Cadence of each port that is ringing."
        self.feeds: dict[int, Linefeed] = {}
        self.loops: set[int] = set()
        "FXO ports whose loop is closed."
        self.pulses: dict[int, str] = {}
        self.refuses: set[str] = set()
        "Orders that the board refuses."
        self.last = Ticket(0)
        "Of the last order."
        self._engine = engine
        self._kinds = kinds
        self._timeslots: list[int] = []
        self._tickets = itertools.count(1)
        self._events: deque[BoardEvent] = deque()

    # As a driver does

    def start(self, engine: Engine, now: float) -> None:
        self.comes_up()

    def stop(self, now: float) -> None:
        self._give_back()
        self.state = BoardState.CLOSED

    @property
    def wants_link(self) -> bool:
        return False

    def open_link(self) -> int:
        raise NotImplementedError

    def link_opened(self, descriptor: int, now: float) -> None:
        raise NotImplementedError

    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        raise NotImplementedError

    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        raise NotImplementedError

    def expire(self, now: float) -> list[BoardEvent]:
        self.deadline = None
        events = list(self._events)
        self._events.clear()
        return events

    def owns_link(self, link: int) -> bool:
        return False

    def timeslot(self, port: int) -> int:
        self._check("timeslot", port)
        return self._timeslots[port]

    def ring(self, port: int, cadence: RingCadence) -> Ticket:
        self._check("ring", port)
        self.bell[port] = cadence.steps_ms
        return self._ticket()

    def stop_ringing(self, port: int) -> Ticket:
        self._check("stop ringing", port)
        self.bell.pop(port, None)
        return self._ticket()

    def feed(self, port: int, linefeed: Linefeed) -> Ticket:
        self._check("feed", port)
        self.feeds[port] = linefeed
        return self._ticket()

    def seize(self, port: int) -> Ticket:
        self._check("seize", port)
        self.loops.add(port)
        return self._ticket()

    def release(self, port: int) -> Ticket:
        self._check("release", port)
        self.loops.discard(port)
        return self._ticket()

    def pulse(self, port: int, digits: str) -> Ticket:
        self._check("pulse", port)
        self.pulses[port] = digits
        return self._ticket()

    # For the rig

    def comes_up(self) -> None:
        self._timeslots = self._engine.open_board_ports(len(self._kinds))
        self.state = BoardState.UP
        ports = enumerate(self._kinds)
        every = ~(Capability.DIALS | Capability.BULK_DELAY)  # its echo comes at once
        infos = tuple(PortInfo(number, kind, every) for number, kind in ports)
        self.info = BoardInfo("Bench", "1", "0", "0", "0", infos)
        self.happens(BoardUp(self._engine.now, self.info))

    def is_lost(self) -> None:
        self._give_back()
        self.state = BoardState.WAITING
        self.happens(BoardLost(self._engine.now, LossReason.STALLED))

    def happens(self, event: BoardEvent) -> None:
        self._events.append(event)
        self.deadline = self._engine.now

    def _give_back(self) -> None:
        for port in self._timeslots:
            self._engine.close_port(port)
        self._timeslots = []
        for book in (self.bell, self.feeds, self.pulses):
            book.clear()
        self.loops.clear()

    def _check(self, order: str, port: int) -> None:
        if self.state is not BoardState.UP or order in self.refuses:
            raise self._refused(order, port)

    def _ticket(self) -> Ticket:
        self.last = Ticket(next(self._tickets))
        return self.last


class SignallingRig:
    """An office: telephones 101.. on board 0 from port 0, then office lines."""

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        engine: RigEngine | None = None,
        morning: datetime = MORNING,
        echo_tail_ms: int = 0,
        sounds: Sounds = NO_SOUNDS,
        factories: Mapping[str, Factory] = FACTORIES,
        kept: Iterable[SettingChanged] = (),
        archive: Archive = NO_ARCHIVE,
    ) -> None:
        """Build it; with cancellers (``echo_tail_ms``) a tick takes twice as long."""
        self.plan = plan or office_plan()
        self.engine = engine or RigEngine()
        self.boards = _boards(self.plan, self.engine)
        self.notices: list[Notice] = []
        self.exchange = Exchange(
            self.plan,
            self.engine,
            self.boards,
            wall=lambda: morning + timedelta(seconds=self.engine.now),
            echo_tail_ms=echo_tail_ms,
            sounds=sounds,
            factories=factories,
            kept=kept,
            archive=archive,
        )
        self.exchange.subscribe(self.notices.append)
        self.exchange.start()
        self.passes(0.0)

    def passes_to_next(self, until: float) -> None:
        """Let time pass to the next deadline, or to ``until``."""
        self.passes(max(0.0, min(self._next, until) - self.engine.now))

    def passes(self, seconds: float) -> None:
        """Let time pass, from one deadline to the next."""
        until = self.engine.now + seconds
        while True:
            self.engine.advance(max(self.engine.now, min(self._next, until)))
            self.exchange.pump()
            if self._next > until:
                break
        self.engine.advance(until)
        self.exchange.pump()

    @property
    def _next(self) -> float:
        deadline = self.exchange.deadline
        return min(self.engine.next, math.inf if deadline is None else deadline)

    def close(self) -> None:
        """Switch everything off."""
        self.exchange.stop()
        self.engine.close()

    def phone(self, extension: str) -> "Phone":
        """Return a telephone by its extension."""
        (port,) = (each.port for each in self.plan.stations if each.extension == extension)
        return Phone(self, extension, port)

    def office(self, index: int = 0) -> "Office":
        """Return an office line: the first trunk of the plan is 0."""
        return Office(self, self.plan.trunks[index].port)

    def everybody_hangs_up(self) -> None:
        """Replace every handset, end every outside call, and wait until all is at rest."""
        for each in self.plan.stations:
            self.phone(each.extension).hangs_up()
        for index in range(len(self.plan.trunks)):
            self.office(index).breaks_loop()
        for each in self.plan.stations:
            self.phone(each.extension).hangs_up()
        self.passes(10.0)

    @property
    def records(self) -> list[CallRecord]:
        """Return the records of the closed calls."""
        return [each.record for each in self.notices if isinstance(each, CallClosed)]

    @property
    def opened(self) -> list[CallRecord]:
        """Return the records of all calls, as they were opened."""
        return [each.record for each in self.notices if isinstance(each, CallOpened)]

    def is_clean(self) -> None:
        """Assert that no port, path, call or open record is left, and nothing went wrong."""
        missed = [each for each in self.notices if isinstance(each, OrderMissed)]
        assert not missed, missed
        self.is_empty()

    def is_empty(self) -> None:
        """Assert that no port, path, call or open record is left."""
        assert self.exchange.calls() == ()
        assert [each.id for each in self.opened] == [each.id for each in self.records] or (
            {each.id for each in self.opened} == {each.id for each in self.records}
        )
        board_ports = {slot for board in self.boards for slot in board._timeslots}
        assert set(self.engine.open_ports()) == board_ports, "no port is left"
        for port in board_ports:
            assert self.engine.sources(port) == [], "nobody hears anything"
            assert self.engine.echo_state(port).tail_ms == 0, "all lines rest"
        for board in self.boards:
            assert not board.bell
            assert not board.loops


def _boards(plan: Plan, engine: RigEngine) -> list[BenchBoard]:
    kinds: dict[PortAddress, PortKind] = {each.port: PortKind.FXS for each in plan.stations}
    kinds |= {each.port: PortKind.FXO for each in plan.trunks}
    count = max(port.board for port in kinds) + 1
    return [
        BenchBoard(
            engine, tuple(kind for port, kind in sorted(kinds.items()) if port.board == board)
        )
        for board in range(count)
    ]


def office_plan(stations: int = 4, trunks: int = 2, **changes: Any) -> Plan:
    """Return a small office: 101.. on 00:00.., trunks behind them, all on one board."""
    return Plan(
        stations=tuple(
            StationPlan(str(101 + i), PortAddress(0, i), NAMES[i % len(NAMES)])
            for i in range(stations)
        ),
        trunks=tuple(TrunkPlan(PortAddress(0, stations + i)) for i in range(trunks)),
        **changes,
    )


class _AtPort:
    """Whoever is at the far end of a port."""

    def __init__(self, rig: SignallingRig, port: PortAddress) -> None:
        self.rig = rig
        self.port = port
        self.board = rig.boards[port.board]

    @property
    def timeslot(self) -> int:
        return self.board.timeslot(self.port.port)

    def hears(self, *others: "_AtPort") -> None:
        """Assert that exactly these others are heard."""
        heard = set(self.rig.engine.sources(self.timeslot))
        direct = {other.timeslot for other in others}
        if heard == direct:
            return
        together = [self.rig.engine.parties.get(each, set()) for each in heard]
        assert together == [direct | {self.timeslot}], f"{self} hears {heard}"

    def hears_tone(self, tone: str) -> None:
        """Assert that exactly this tone is heard."""
        says = [self.rig.engine.says.get(each) for each in self.rig.engine.sources(self.timeslot)]
        tones = country(self.rig.plan.country).tones.items()
        assert [name.value for name, spec in tones if [spec] == says] == [tone], self.state

    def hears_beside(self, tone: str, *others: "_AtPort") -> None:
        """Assert that one beep of a tone is heard beside these others."""
        heard = set(self.rig.engine.sources(self.timeslot))
        direct = {other.timeslot for other in others}
        assert direct < heard, f"{self} hears {heard}"
        (source,) = heard - direct
        beep = self.rig.engine.says[source]
        named = country(self.rig.plan.country).tones[ToneName(tone)]
        assert isinstance(beep, ToneSpec)
        assert (beep.steps, beep.loop_from) == (named.steps[: len(beep.steps)], None)

    @property
    def state(self) -> str:
        """The state of the line or trunk by its name."""
        states = {each.port: each.state for each in self.rig.exchange.lines()}
        states |= {each.port: each.state for each in self.rig.exchange.trunks()}
        return states[self.port]

    def hears_said(self, *names: str) -> None:
        """Assert that what is being said begins so: clips by their names, one after the other."""
        said = [self.rig.engine.says.get(each) for each in self.rig.engine.sources(self.timeslot)]
        heard = [each.names[: len(names)] for each in said if isinstance(each, Spoken)]
        assert heard == [list(names)], f"{self}, {self.state}, hears {said}"

    @property
    def is_spoken_to(self) -> bool:
        """Whether anything is being said."""
        sources = self.rig.engine.sources(self.timeslot)
        return any(isinstance(self.rig.engine.says.get(each), Spoken) for each in sources)

    def listens_for(self, what: Detect) -> bool:
        """Whether the exchange listens for this."""
        return what in self.rig.engine.ears.get(self.timeslot, Detect.NONE)

    def is_silent(self) -> None:
        """Assert that nothing is heard."""
        assert self.rig.engine.sources(self.timeslot) == []

    def _happens(self, event: BoardEvent) -> None:
        self.board.happens(event)
        self.rig.passes(0.0)

    def _says(self, event: EngineEvent) -> None:
        self.rig.engine.inject(event)
        self.rig.passes(0.0)

    @property
    def _now(self) -> float:
        return self.rig.engine.now


class Phone(_AtPort):
    """A person with a telephone."""

    def __init__(self, rig: SignallingRig, extension: str, port: PortAddress) -> None:
        super().__init__(rig, port)
        self.extension = extension

    def __repr__(self) -> str:
        return self.extension

    def lifts(self) -> None:
        """Lift the handset; a bell stops by ring trip."""
        self.board.bell.pop(self.port.port, None)
        self._happens(HookChanged(self._now, self.port.port, off_hook=True))

    def hangs_up(self) -> None:
        """Replace the handset."""
        self._happens(HookChanged(self._now, self.port.port, off_hook=False))

    def flashes(self) -> None:
        """Press the hook for a moment."""
        self._happens(Flashed(self._now, self.port.port))

    def dials(self, digits: str, *, pulse: bool = False) -> None:
        """Dial, a digit every 0.2 s."""
        for key in digits:
            if pulse:
                self._happens(PulseDigit(self._now, self.port.port, key))
            elif self.listens_for(Detect.DIGITS):
                self._says(DigitHeard(self._now, self.timeslot, key, -10.0))
            self.rig.passes(0.2)

    def presses(self, keys: str) -> None:
        """Press keys during a call."""
        self.dials(keys)

    def presses_for_display(self, key: str) -> None:
        """Let the display answer a signal by a key that people don't have, if it is awaited."""
        if self.listens_for(Detect.DIGITS):
            self._says(DigitHeard(self._now, self.timeslot, key, -10.0))

    def calls(self, digits: str) -> None:
        """Lift and dial."""
        self.lifts()
        self.dials(digits)

    def rings(self, style: str | None = None) -> None:
        """Assert that the bell is ringing, in a style by its name."""
        cadence = self.board.bell.get(self.port.port)
        assert cadence is not None, f"{self} is {self.state!r}"
        if style is not None:
            assert cadence == country(self.rig.plan.country).ringing_ms[RingStyle(style)]

    def is_quiet(self) -> None:
        """Assert that the bell is not ringing."""
        assert self.port.port not in self.board.bell

    def is_shown(self) -> CallerId:
        """Return the caller that is being shown now."""
        assert self.board.feeds.get(self.port.port) is Linefeed.ON_HOOK_TRANSMISSION
        (source,) = self.rig.engine.sources(self.timeslot)
        message = self.rig.engine.says[source]
        assert isinstance(message, bytes)
        return callerid.parse(message)


class Office(_AtPort):
    """The central office at the other end of a line, and the party outside."""

    def __repr__(self) -> str:
        return f"office line {self.port}"

    def rings(self, bursts: int = 1, *, on_s: float = 2.0, off_s: float = 4.0) -> None:
        """Ring, and be in the pause after the last burst."""
        for burst in range(bursts):
            if burst:
                self.rig.passes(off_s)
            self.begins_ring()
            self.rig.passes(on_s)
            self.ends_ring()

    def begins_ring(self) -> None:
        """Ring from now on."""
        self._happens(RingingChanged(self._now, self.port.port, ringing=True))

    def ends_ring(self) -> None:
        """Be in the pause between two rings."""
        self._happens(RingingChanged(self._now, self.port.port, ringing=False))

    def shows(self, number: str, name: str = "") -> None:
        """Send caller ID, if it is listened for."""
        if self.listens_for(Detect.CALLER_ID):
            message = callerid.mdmf(CallerId(number, name))
            self._says(CallerIdHeard(self._now, self.timeslot, message))

    def calls_in(self, number: str, name: str = "", *, on_s: float = 2.0) -> None:
        """Ring once, and say who calls."""
        self.rings(on_s=on_s)
        self.rig.passes(1.0)
        self.shows(number, name)

    def presses(self, keys: str) -> None:
        """Let the party outside press keys, one every 0.2 s, if they are listened for."""
        for key in keys:
            if self.listens_for(Detect.DIGITS):
                self._says(DigitHeard(self._now, self.timeslot, key, -10.0))
            self.rig.passes(0.2)

    def gives(self, tone: str) -> None:
        """Give a tone, if progress is listened for."""
        if self.listens_for(Detect.PROGRESS):
            self._says(ToneHeard(self._now, self.timeslot, tone))

    def stops(self, tone: str) -> None:
        """End a tone."""
        if self.listens_for(Detect.PROGRESS):
            self._says(ToneEnded(self._now, self.timeslot, tone))

    def reverses(self, *, back: bool = False) -> None:
        """Exchange tip and ring, or put them back."""
        self._happens(PolarityChanged(self._now, self.port.port, reversed=not back))

    def breaks_loop(self, duration_ms: int = 350) -> None:
        """Open the loop for a moment."""
        self._happens(BatteryChanged(self._now, self.port.port, present=False))
        self.rig.passes(duration_ms / 1000)
        back = BatteryChanged(self._now, self.port.port, present=True, duration_ms=duration_ms)
        self._happens(back)

    def is_seized(self) -> None:
        """Assert that the loop is closed."""
        assert self.port.port in self.board.loops, f"{self} is {self.state!r}"

    def is_free(self) -> None:
        """Assert that the loop is open."""
        assert self.port.port not in self.board.loops, f"{self} is {self.state!r}"

    def receives(self, digits: str) -> None:
        """Assert that these digits, and only these, are on their way out by DTMF."""
        sources = self.rig.engine.sources(self.timeslot)
        assert [self.rig.engine.says.get(each) for each in sources] == [digits]

    def receives_pulses(self, digits: str) -> None:
        """Assert that the board was told to pulse these digits, and let them all be sent."""
        assert self.board.pulses.pop(self.port.port) == digits
        self._happens(PulsesSent(self._now, self.port.port, Ticket(0)))

    def receives_nothing(self) -> None:
        """Assert that no digit is on its way out."""
        self.is_silent()
        assert self.port.port not in self.board.pulses
