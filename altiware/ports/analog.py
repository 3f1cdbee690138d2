# SPDX-License-Identifier: MIT
"""Boards and the core: what a board reports as events at parties, what machines want as orders.

It knows which party is wired to which port, and nothing of calls.  An order that the board
refuses at once raises; one that fails later comes back as OrderRefused.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from altiware.core.effects import (
    AnswerLoop,
    FeedActive,
    FeedOnHook,
    PageLoop,
    PulseDigits,
    ReleaseLoop,
    Ring,
    SeizeLoop,
    StopRinging,
    ToBoard,
)
from altiware.core.events import (
    BusyHeard,
    CallerShown,
    Digit,
    DigitsSent,
    Event,
    Flash,
    InService,
    LoopBroken,
    NumberTaken,
    OffHook,
    OnHook,
    OrderRefused,
    OutOfService,
    Restored,
    Reversed,
    RingbackHeard,
    RingBegan,
    RingEnded,
)
from altiware.core.ids import Party, PartyKind, PortAddress
from altiware.core.plan import Plan
from altiware.core.signals import Absence, Caller
from drivers.base import (
    BatteryChanged,
    Board,
    BoardEvent,
    BoardInfo,
    BoardLost,
    BoardUp,
    CallerReported,
    CallProgress,
    CallProgressed,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    OrderFailed,
    PolarityChanged,
    PortEvent,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
    Ticket,
)

__all__ = ["AnalogPorts"]

_ORDERS_KEPT: Final = 8
"""Orders of a port whose failure may still be told: more are never on their way."""
_KIND: Final = {PartyKind.STATION: PortKind.FXS, PartyKind.TRUNK: PortKind.FXO}


class AnalogPorts:
    """The parties of a plan on the ports of its boards."""

    def __init__(self, plan: Plan, boards: Sequence[Board]) -> None:
        self._boards = tuple(boards)
        self._ordered: dict[PortAddress, deque[Ticket]] = {}
        self.adopt(plan)

    def adopt(self, plan: Plan) -> None:
        """Go on by a new plan."""
        self._ports = {each.party: each.port for each in plan.stations}
        self._ports |= {each.party: each.port for each in plan.trunks}
        self._parties = {port: party for party, port in self._ports.items()}
        self._impedances = {each.party: each.office.impedance for each in plan.trunks}
        usual_ms = plan.timers.loop_break_s * 1000
        self._loop_break_ms = {
            each.port: each.office.loop_break_ms or usual_ms for each in plan.trunks
        }

    def timeslot(self, party: Party) -> int:
        """Return the engine's port handle of a party.

        Raises:
            BoardOperationError: its board is not up.
        """
        board, port = self._place(party)
        return board.timeslot(port)

    def place(self, party: Party) -> PortAddress:
        """Return the port of a party."""
        return self._ports[party]

    def is_delayed(self, party: Party) -> bool:
        """Whether its board keeps samples for an unknown time."""
        return self._can(party, Capability.BULK_DELAY)

    def terminate(self, party: Party) -> None:
        """Give its line the impedance of the plan, where the board can."""
        index = self._impedances.get(party)
        if index is not None and self._can(party, Capability.IMPEDANCE):
            board, port = self._place(party)
            board.impedance(port, index)

    def perform(self, party: Party, effect: ToBoard) -> None:
        """Give the board an order.

        Raises:
            BoardOperationError: the board is not up, or the port can't do that.
        """
        board, port = self._place(party)
        ticket = _ORDERS[type(effect)](board, port, effect)
        ordered = self._ordered.setdefault(self._ports[party], deque(maxlen=_ORDERS_KEPT))
        ordered.append(ticket)

    def concerned(self, board: int, failed: OrderFailed) -> list[Party]:
        """Return whose order has failed: nobody's when it was a technician's."""
        ours = failed.ticket in self._ordered.get(PortAddress(board, failed.port), ())
        return self.at(board, failed.port) if ours else []

    def events(self, board: int, event: BoardEvent) -> Iterator[tuple[Party, Event]]:
        """Say what a board's event means, and for whom."""
        match event:
            case BoardUp(at, info):
                wrong = {party for party, _ in self.miswired(board, info)}
                right = (party for party in self.on_board(board) if party not in wrong)
                yield from ((party, InService(at)) for party in right)
            case BoardLost(at):
                yield from ((party, OutOfService(at)) for party in self.on_board(board))
            case OrderFailed(at):
                failed = self.concerned(board, event)
                yield from ((each, OrderRefused(at)) for each in failed if _acts(each))
            case PortEvent(_, port):
                party = self._parties.get(PortAddress(board, port))
                meaning = self._meaning(event, party) if party is not None else None
                if party is not None and meaning is not None:
                    yield party, meaning

    def at(self, board: int, port: int) -> list[Party]:
        """Return who is at a port: one party, or nobody."""
        return [party for party, place in self._ports.items() if place == PortAddress(board, port)]

    def on_board(self, board: int) -> list[Party]:
        """Return the parties of a board."""
        return [party for party, port in self._ports.items() if port.board == board]

    def miswired(self, board: int, info: BoardInfo) -> Iterator[tuple[Party, str]]:
        """Yield the parties whose port isn't there or is of another kind, and what is wrong."""
        kinds = {port.number: port.kind for port in info.ports}
        for party in self.on_board(board):
            pad, needed = self._ports[party], _KIND[party.kind]
            kind = kinds.get(pad.port)
            if kind is not needed:
                found = f"is {kind.value}" if kind else "does not exist on this board"
                yield party, f"{pad} {found}; a {party.kind.value} needs {needed.value}"

    def _meaning(self, event: PortEvent, party: Party) -> Event | None:
        match event:
            case HookChanged(at, _, off_hook):
                return OffHook(at) if off_hook else OnHook(at)
            case Flashed(at):
                return Flash(at)
            case PulseDigit(at, _, key):
                return Digit(at, key)
            case RingingChanged(at, _, ringing):
                return RingBegan(at) if ringing else RingEnded(at)
            case PolarityChanged(at, _, reverse):
                return Reversed(at) if reverse else Restored(at)
            case BatteryChanged(at, _, True, away_ms) if self._is_break(party, away_ms):
                return LoopBroken(at)
            case CallerReported(at, _, number, name, absent):
                absence = Absence(absent) if absent in {"P", "O"} else None
                return CallerShown(at, Caller(number, name, absence))
            case PulsesSent(at):
                return DigitsSent(at)
            case CallProgressed(at, _, progress):
                return _PROGRESS[progress](at)
            case _:
                return None

    def _can(self, party: Party, capability: Capability) -> bool:
        return capability in _capabilities(*self._place(party))

    def _is_break(self, party: Party, away_ms: int) -> bool:
        return away_ms >= self._loop_break_ms.get(self._ports[party], math.inf)

    def _place(self, party: Party) -> tuple[Board, int]:
        port = self._ports[party]
        return self._boards[port.board], port.port


def _acts(party: Party) -> bool:
    """Whether a refused order means something: a telephone has nothing to do about it."""
    return party.kind is PartyKind.TRUNK


def _capabilities(board: Board, port: int) -> Capability:
    ports = board.info.ports if board.info is not None else ()
    return next((each.capabilities for each in ports if each.number == port), Capability(0))


def _seize(board: Board, port: int, effect: SeizeLoop) -> Ticket:
    """Close the loop for a number that follows; or call it, where the port takes it whole."""
    if Capability.DIALS in _capabilities(board, port):
        return board.dial(port, effect.digits or effect.decision.digits)
    return board.seize(port)


_PROGRESS: Final[dict[CallProgress, type[Event]]] = {
    CallProgress.TAKEN: NumberTaken,
    CallProgress.ALERTING: RingbackHeard,
    CallProgress.ANSWERED: Reversed,
    CallProgress.BUSY: BusyHeard,
    CallProgress.ENDED: LoopBroken,
}
"""What an office would have said in tones and on the loop."""

_ORDERS: Final[dict[type[ToBoard], Callable[[Board, int, Any], Ticket]]] = {
    Ring: lambda board, port, effect: board.ring(port, RingCadence(effect.cadence_ms)),
    StopRinging: lambda board, port, _: board.stop_ringing(port),
    FeedOnHook: lambda board, port, _: board.feed(port, Linefeed.ON_HOOK_TRANSMISSION),
    FeedActive: lambda board, port, _: board.feed(port, Linefeed.ACTIVE),
    SeizeLoop: _seize,
    PageLoop: lambda board, port, _: board.seize(port),
    AnswerLoop: lambda board, port, _: board.seize(port),
    ReleaseLoop: lambda board, port, _: board.release(port),
    PulseDigits: lambda board, port, effect: board.pulse(port, effect.digits),
}
"""The order for each effect that is the board's."""
