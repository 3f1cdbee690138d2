# SPDX-License-Identifier: MIT
"""The running PBX: the switchboard's machines on an engine and its boards.

``start`` it, give boards the links that they want, and call ``pump`` whenever the engine has
events and when ``deadline`` has passed.  Nothing here blocks, and nothing here decides: events
go in to the switchboard, effects come out to the ports, notices to the listeners.
"""

import dataclasses
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from altiware.blackbox.keeper import Keeper
from altiware.core.causes import Cause
from altiware.core.effects import Outside, Record, Say, ToBoard, ToEngine, ToStore
from altiware.core.events import Event, InService, OrderRefused, Recorded, SaidAll
from altiware.core.ids import CallId, Party, PartyKind, PortAddress
from altiware.core.notices import (
    BoardChanged,
    EngineLost,
    EventsMissed,
    Notice,
    OrderMissed,
    SettingChanged,
)
from altiware.core.office import OfficePlan
from altiware.core.pager import Pager
from altiware.core.plan import Plan, paging
from altiware.core.signals import RingStyle
from altiware.core.trunk import Trunk
from altiware.core.views import CallView, ConversationView, LineView, TrunkView
from altiware.features.applications import Factory
from altiware.features.catalog import FACTORIES, residents
from altiware.features.hot_desk import seated
from altiware.features.settings import Settings
from altiware.features.switchboard import Outcome, Perform, Switchboard
from altiware.ports.analog import AnalogPorts
from altiware.ports.media import ECHO_TAIL_MS, Media
from altiware.ports.store import NO_ARCHIVE, Archive
from altiware.ports.voices import NO_SOUNDS, SoundError, Sounds
from drivers.base import Board, BoardEvent, BoardInfo, BoardLost, BoardUp, OrderFailed
from drivers.errors import DriverError
from dsp.callerid import CallerIdError
from dsp.engine import Engine
from dsp.errors import EngineError, EngineSystemError
from dsp.events import EngineEvent, EngineGone, EventsLost, LinkEvent, PortDone, PortEvent
from dsp.tones import RingStyle as BellStyle
from dsp.tones import country

__all__ = ["Exchange"]

Listener = Callable[[Notice], None]

CLOCK_STEP: Final = timedelta(seconds=1)
"""How far the wall clock may be from where the engine's clock puts it before that is believed."""


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class Exchange:
    """An office's exchange on an engine and its boards."""

    def __init__(
        self,
        plan: Plan,
        engine: Engine,
        boards: Sequence[Board],
        *,
        wall: Callable[[], datetime] = _now,
        echo_tail_ms: int = ECHO_TAIL_MS,
        blackbox: Keeper | None = None,
        sounds: Sounds = NO_SOUNDS,
        factories: Mapping[str, Factory] = FACTORIES,
        kept: Iterable[SettingChanged] = (),
        archive: Archive = NO_ARCHIVE,
    ) -> None:
        """Build it; ``kept`` is what people had set at their telephones."""
        self.plan = plan
        kept = tuple(kept)
        self._seated = plan = seated(plan, Settings(kept).seats)
        self._moves = False
        "Somebody has logged in at another telephone, or out."
        self.boards = tuple(boards)
        self._engine = engine
        self._wall = wall
        self._epoch = wall() - timedelta(seconds=engine.now)
        bells = country(plan.country).ringing_ms
        ringing_ms = {style: bells[BellStyle(style.value)] for style in RingStyle}
        self._switchboard = Switchboard(
            plan, ringing_ms, _call_ids(wall()), self._wall_at, factories=factories, kept=kept
        )
        self._ports = AnalogPorts(plan, self.boards)
        offices = _offices(plan)
        self._media = Media(
            engine, plan.country, wall, echo_tail_ms=echo_tail_ms, offices=offices, sounds=sounds
        )
        self._archive = archive
        self._answers: deque[tuple[Party | None, Event | Notice]] = deque()
        archive.attend(self.answer)
        self._listeners: list[Listener] = []
        self._blackbox = blackbox
        if blackbox:
            blackbox.attend(engine, self.boards)
            self._listeners.append(blackbox.note)

    def start(self) -> None:
        """Start the boards; from now on they want links."""
        for board in self.boards:
            board.start(self._engine, self._engine.now)
        for resident in residents(self._switchboard):
            self._switchboard.employ(resident)

    def stop(self) -> None:
        """End all calls with cause "stopped" and quiet the boards."""
        now = self._engine.now
        self._carry_out(self._switchboard.clear(now, Cause.STOPPED))
        self._media.close()
        for board in self.boards:
            board.stop(now)

    def pump(self) -> None:
        """Take what the engine reports, expire what is due, perform what follows; never block."""
        self._set_clock()
        for event in self._engine.events():
            self._take(event)
        now = self._engine.now
        for index, board in enumerate(self.boards):
            if board.deadline is not None and board.deadline <= now:
                self._take_from_board(index, board.expire(now))
        self._media.expire(now)
        self._carry_out(self._switchboard.expire(now))
        if self._moves:
            self._move()
        if self._blackbox:
            self._blackbox.expire(now)

    def _move(self) -> None:
        """Let extensions change their telephones, once all of these are replaced."""
        seats = self._switchboard.settings.seats
        now, then = _ports(self._seated), _ports(seated(self.plan, seats))
        moving = [party for party, port in then.items() if now.get(party) != port]
        if all(map(self._switchboard.is_at_rest, moving)):
            self.reconfigure(self.plan)

    def answer(self, party: Party | None, event: Event | Notice) -> None:
        """Take what the store tells a party, or (None) all: by the next ``pump`` they know.

        For the thread that pumps; the event's own time is of no account.
        """
        self._answers.append((party, event))

    @property
    def deadline(self) -> float | None:
        """Engine seconds at which ``pump`` is due even if nothing happens; None: never."""
        waiting = [
            self._switchboard.deadline,
            self._media.deadline,
            *(board.deadline for board in self.boards),
        ]
        if self._blackbox:
            waiting.append(self._blackbox.deadline)
        return min((each for each in waiting if each is not None), default=None)

    def link_opened(self, board: Board, descriptor: int) -> None:
        """Give a board the link that its ``open_link`` returned."""
        try:
            board.link_opened(descriptor, self._engine.now)
        except EngineSystemError as error:  # it has just died: the descriptor is still ours
            os.close(descriptor)
            self.link_failed(board, f"the engine: {error}")

    def link_failed(self, board: Board, detail: str) -> None:
        """Tell a board that its ``open_link`` raised."""
        failed = board.link_failed(detail, self._engine.now)
        self._take_from_board(self.boards.index(board), failed)

    def reconfigure(self, plan: Plan) -> None:
        """Go on by a new plan of the same boards and country; calls go on too.

        Who is in it no more, or at another port, is torn from his calls as by a lost board.
        """
        self.plan, self._moves = plan, False
        plan = seated(plan, self._switchboard.settings.seats)
        before, after = _ports(self._seated), _ports(plan)
        now = self._engine.now
        turned = {each.party for each in paging(self._seated)}
        turned ^= {each.party for each in paging(plan)}  # trunks to paging ports, or back
        gone = [p for p, port in before.items() if after.get(p) != port or p in turned]
        self._carry_out(self._switchboard.adopt(plan, gone, now))
        for party in gone:
            self._media.forget(party)
        self._seated = plan
        self._ports.adopt(plan)
        self._archive.adopt(plan)
        self._media.adopt(_offices(plan))
        for party, port in after.items():
            info = self.boards[port.board].info if port.board < len(self.boards) else None
            if (before.get(party) != port or party in turned) and info is not None:
                self._come_up(port.board, party, info, now)

    def _come_up(self, board: int, party: Party, info: BoardInfo, now: float) -> None:
        """Take a party into service whose board is up."""
        wrong = dict(self._ports.miswired(board, info))
        if party in wrong:
            self._tell(OrderMissed(now, party, "put in service", wrong[party]))
            return
        self._place(party)
        self._carry_out(self._switchboard.receive(party, InService(now)))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every notice from now on; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # Snapshots

    def lines(self) -> tuple[LineView, ...]:
        """Return the station lines as they are now."""
        board = self._switchboard
        return tuple(
            LineView(
                extension=line.station.extension,
                name=line.station.name,
                port=line.station.port,
                state=line.state.value,
                tone=board.tone_at(party),
                call=board.call_at(party),
            )
            for party, line in board.lines.items()
        )

    def trunks(self) -> tuple[TrunkView, ...]:
        """Return the trunks as they are now."""
        board = self._switchboard
        lines: list[Trunk | Pager] = [*board.trunks.values(), *board.pagers.values()]
        return tuple(
            TrunkView(each.trunk.port, each.trunk.name, each.state.value, board.call_at(each.party))
            for each in lines
        )

    def calls(self) -> tuple[CallView, ...]:
        """Return the open calls as they are now."""
        now = self._engine.now
        calls = self._switchboard.calls.values()
        return tuple(
            CallView(each.state.value, self._switchboard.record(each, now)) for each in calls
        )

    def conversations(self) -> tuple[ConversationView, ...]:
        """Return what applications have going on now."""
        board = self._switchboard
        return tuple(
            ConversationView(party.name, each.state.value, board.call_at(party))
            for party, each in board.conversations.items()
        )

    # Events in

    def _take(self, event: EngineEvent) -> None:
        if isinstance(event, LinkEvent):
            for index, board in enumerate(self.boards):
                if board.owns_link(event.link):
                    self._take_from_board(index, board.receive(event, event.at))
                    return
        elif isinstance(event, PortEvent):
            if self._blackbox and isinstance(event, PortDone) and self._blackbox.done(event):
                return
            meant = self._media.event(event)
            if meant is not None:
                self._carry_out(self._switchboard.receive(*meant))
        elif isinstance(event, EventsLost):
            self._tell(EventsMissed(event.at, event.count))
        elif isinstance(event, EngineGone):
            self._tell(EngineLost(event.at))

    def _take_from_board(self, index: int, events: Iterable[BoardEvent]) -> None:
        for event in events:
            if self._blackbox and self._blackbox.took(index, event):
                continue
            self._note_board(index, event)
            for party, meaning in self._ports.events(index, event):
                if isinstance(event, BoardUp):
                    self._place(party)
                self._carry_out(self._switchboard.receive(party, meaning))
                if isinstance(event, BoardLost):
                    self._media.forget(party)

    def _place(self, party: Party) -> None:
        """Give a party its place on the bus."""
        timeslot, delayed = self._ports.timeslot(party), self._ports.is_delayed(party)
        self._media.place(party, timeslot, delayed=delayed)
        self._ports.terminate(party)
        if self._blackbox:
            self._blackbox.placed(party, timeslot, self._ports.place(party))

    def _note_board(self, index: int, event: BoardEvent) -> None:
        address = self.boards[index].address
        if isinstance(event, BoardUp):
            self._tell(BoardChanged(event.at, address, "up"))
            for party, wrong in self._ports.miswired(index, event.info):
                self._tell(OrderMissed(event.at, party, "put in service", wrong))
        elif isinstance(event, BoardLost):
            reason = f"{event.reason.value}: {event.detail}" if event.detail else event.reason.value
            self._tell(BoardChanged(event.at, address, "lost", reason))
        elif isinstance(event, OrderFailed):
            for party in self._ports.concerned(index, event):
                self._tell(OrderMissed(event.at, party, event.order, event.status))

    # Effects out

    def _carry_out(self, outcomes: Iterable[Outcome]) -> None:
        waiting = deque(outcomes)
        while waiting or self._answers:
            if not waiting:
                waiting.extend(self._answered())
                continue
            outcome = waiting.popleft()
            if not isinstance(outcome, Perform):
                self._tell(outcome)
                continue
            missed = self._perform(outcome)
            if missed is not None:
                self._tell(missed)
                waiting.extend(self._refused(outcome.party, outcome.effect))
        self._media.settle()

    def _answered(self) -> list[Outcome]:
        """Return what follows from the store's next answer."""
        party, told = self._answers.popleft()
        told = dataclasses.replace(told, at=self._engine.now)
        if isinstance(told, Notice):
            return self._switchboard.hear(told)
        return self._switchboard.receive(party, told) if party is not None else []

    def _perform(self, order: Perform) -> OrderMissed | None:
        """Let board or engine do it; say so if they won't."""
        try:
            if isinstance(order.effect, ToBoard):
                self._ports.perform(order.party, order.effect)
            elif isinstance(order.effect, ToEngine):
                self._media.perform(order.party, order.effect)
            elif isinstance(order.effect, ToStore):
                self._archive.perform(order.party, order.effect)
        except (DriverError, EngineError, CallerIdError, SoundError) as error:
            name = type(order.effect).__name__
            return OrderMissed(self._engine.now, order.party, name, str(error))
        return None

    def _refused(self, party: Party, effect: Outside) -> list[Outcome]:
        """Tell who can do something about it that an order failed: a telephone can't."""
        told: Event | None = None
        if party.kind is PartyKind.TRUNK:
            told = OrderRefused(self._engine.now)
        elif isinstance(effect, Say):
            told = SaidAll(self._engine.now)
        elif isinstance(effect, Record):
            told = Recorded(self._engine.now, effect.file, "unwritable")
        return self._switchboard.receive(party, told) if told is not None else []

    def _tell(self, notice: Notice) -> None:
        if isinstance(notice, SettingChanged) and notice.setting == "seat":
            self._moves = True
        for listener in tuple(self._listeners):
            listener(notice)

    # Time

    def _wall_at(self, at: float) -> datetime:
        return self._epoch + timedelta(seconds=at)

    def _set_clock(self) -> None:
        """Follow the wall clock when somebody has set it, or the engine's has drifted away."""
        epoch = self._wall() - timedelta(seconds=self._engine.now)
        if abs(epoch - self._epoch) > CLOCK_STEP:
            self._epoch = epoch


def _offices(plan: Plan) -> dict[Party, OfficePlan]:
    return {each.party: each.office for each in plan.trunks}


def _ports(plan: Plan) -> dict[Party, PortAddress]:
    stations = {each.party: each.port for each in plan.stations}
    return stations | {each.party: each.port for each in plan.trunks}


def _call_ids(start: datetime) -> Iterator[CallId]:
    """Return the calls' ids: unique over restarts, and sorted by time."""
    prefix = start.strftime("%y%m%d-%H%M%S-%f")[:-3]
    return (CallId(f"{prefix}-{number:05d}") for number in itertools.count(1))
