# SPDX-License-Identifier: MIT
"""The one contract between the PBX and a telephony board, whatever its make.

A board is a sans-I/O machine: feed it the engine's link events and the time, give it orders,
and perform nothing else; it talks through the engine link that its host opened for it.  The
host asks ``wants_link``, opens what ``open_link`` returns (which may block: in a thread) and
calls ``link_opened`` or ``link_failed``; it calls ``expire`` when ``deadline`` has passed.

What a driver must do is marked *Req*, what it may leave to the base class *Opt*: an optional
order that a port's capabilities don't name raises :class:`BoardOperationError`.  Samples never
pass through here: they go between the link and the engine's bus.
"""

import abc
import enum
from dataclasses import dataclass, field
from typing import Final

from drivers.service import Ability, LineTest, Measurement, OrderResult
from drivers.technician import Technician, Ticket
from dsp.engine import Engine
from dsp.events import LinkEvent

__all__ = [
    "AlarmRaised",
    "BatteryChanged",
    "Board",
    "BoardEvent",
    "BoardInfo",
    "BoardLost",
    "BoardState",
    "BoardUp",
    "CallProgress",
    "CallProgressed",
    "CallerReported",
    "Capability",
    "Flashed",
    "HookChanged",
    "LineMeasured",
    "Linefeed",
    "LossReason",
    "OrderDone",
    "OrderFailed",
    "PolarityChanged",
    "PortInfo",
    "PortKind",
    "PulseDigit",
    "PulsesSent",
    "RingCadence",
    "RingingChanged",
    "Ticket",
]


class PortKind(enum.Enum):
    """What a port is wired to."""

    FXS = "fxs"
    "A telephone: the board feeds the line and rings it."
    FXO = "fxo"
    "A line of the central office: the board closes the loop, as a telephone does."


class Capability(enum.IntFlag):
    """What a port can do; an order outside of it is refused, never pretended."""

    RING_TX = 1 << 0
    RING_RX = 1 << 1
    LOOP_SENSE = 1 << 2
    VOLTS = 1 << 3
    CURRENT = 1 << 4
    POLARITY_TX = 1 << 5
    POLARITY_RX = 1 << 6
    OSI_TX = 1 << 7
    "Can open the loop for a moment, to tell a telephone-like load that the far end has gone."
    OSI_RX = 1 << 8
    "Can see the office open the loop."
    FLASH_TX = 1 << 9
    FLASH_RX = 1 << 10
    PULSE_TX = 1 << 11
    PULSE_RX = 1 << 12
    CALLER_ID_TX = 1 << 13
    "Can pass audio to an on-hook telephone."
    CALLER_ID_RX = 1 << 14
    "Can hear an on-hook line."
    IMPEDANCE = 1 << 15
    GAIN = 1 << 16
    LINE_TEST = 1 << 17
    CLOCK_MASTER = 1 << 18
    CALLER_REPORT = 1 << 19
    "Reports callers by itself; what an on-hook line says isn't heard."
    BULK_DELAY = 1 << 20
    "Keeps samples for an unknown time: an echo canceller must look for the delay."
    DIALS = 1 << 21
    "Takes whole numbers, and says what becomes of the call: no tones are needed or listened for."


class Linefeed(enum.Enum):
    """How an FXS port feeds its line (the names and values are those of common line circuits)."""

    OPEN = 0
    ACTIVE = 1
    ON_HOOK_TRANSMISSION = 2
    TIP_OPEN = 3
    RINGING = 4
    ACTIVE_REVERSED = 5
    ON_HOOK_TRANSMISSION_REVERSED = 6
    RING_OPEN = 7


@dataclass(frozen=True, slots=True)
class RingCadence:
    """Ringing as on and off times in ms, repeated until stopped; at most four pairs."""

    steps_ms: tuple[int, ...]
    "On, off, on, off ...: an even number of entries."


@dataclass(frozen=True, slots=True)
class PortInfo:
    """One port of a board."""

    number: int
    "0 is the first."
    kind: PortKind
    capabilities: Capability


NO_ABILITIES: Final = Ability(0)


@dataclass(frozen=True, slots=True)
class BoardInfo:
    """What a board says of itself when it comes up."""

    model: str
    serial: str
    "The unit's serial number as its maker wrote it; empty when it has none."
    hardware: str
    firmware: str
    protocol: str
    ports: tuple[PortInfo, ...]
    features: dict[str, str] = field(default_factory=dict)
    "Whatever else it says, for people to read."
    abilities: Ability = NO_ABILITIES
    "What it can do for a technician."


class LossReason(enum.Enum):
    """Why a board is gone."""

    NEVER_ANSWERED = "never answered"
    CLOSED = "link closed"
    STALLED = "stalled"
    GARBAGE = "garbage on the link"
    REBOOTED = "rebooted"
    REFUSED = "link refused"


class BoardState(enum.Enum):
    """Where a board's session is."""

    CLOSED = "closed"
    "Nobody has started it, or it was stopped."
    WAITING = "waiting for a link"
    GREETING = "greeting"
    "The link is open; the board has not yet said who it is."
    UP = "up"


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """Base class of what a board reports."""

    at: float
    "Engine seconds, from the ``now`` it was told of."


@dataclass(frozen=True, slots=True)
class BoardUp(BoardEvent):
    """The board has said who it is; its ports stand on the bus, all on-hook."""

    info: BoardInfo


@dataclass(frozen=True, slots=True)
class BoardLost(BoardEvent):
    """The board is gone; every call on it has ended.  It is looked for again by itself."""

    reason: LossReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PortEvent(BoardEvent):
    """Base class of what happens on one port."""

    port: int


@dataclass(frozen=True, slots=True)
class HookChanged(PortEvent):
    """FXS: the telephone was lifted or replaced (debounced; a flash is not reported here)."""

    off_hook: bool


@dataclass(frozen=True, slots=True)
class Flashed(PortEvent):
    """FXS: a hook flash."""


@dataclass(frozen=True, slots=True)
class PulseDigit(PortEvent):
    """FXS: a digit dialled with a rotary dial."""

    key: str


@dataclass(frozen=True, slots=True)
class RingingChanged(PortEvent):
    """FXO: a burst of ringing began or ended."""

    ringing: bool


@dataclass(frozen=True, slots=True)
class PolarityChanged(PortEvent):
    """FXO: tip and ring were exchanged by the office (answer, hang-up or caller ID follows)."""

    reversed: bool


@dataclass(frozen=True, slots=True)
class BatteryChanged(PortEvent):
    """FXO: the office took its battery away (open-switch interval, cut line) or gave it back."""

    present: bool
    duration_ms: int = 0
    "When ``present``: how long it had been away."


@dataclass(frozen=True, slots=True)
class CallerReported(PortEvent):
    """FXO: the hardware itself has read who calls; whatever is empty wasn't said."""

    number: str
    name: str = ""
    absent: str = ""
    "P: withheld, O: out of area."


class CallProgress(enum.Enum):
    """What becomes of a call, as a network says it in words."""

    TAKEN = "number taken"
    "The network calls; what it lets hear is heard from now on."
    ALERTING = "alerting"
    ANSWERED = "answered"
    BUSY = "busy"
    ENDED = "ended"
    "By the far end, the network, or before it was answered; the port is idle."


@dataclass(frozen=True, slots=True)
class CallProgressed(PortEvent):
    """FXO that dials whole numbers: the call went on, or a call that was answered has ended."""

    progress: CallProgress


@dataclass(frozen=True, slots=True)
class PulsesSent(PortEvent):
    """FXO: the digits of an order to pulse have all been sent."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class OrderFailed(PortEvent):
    """The board refused an order or did not answer it; the port is as it was."""

    ticket: Ticket
    order: str
    status: str


@dataclass(frozen=True, slots=True)
class OrderDone(PortEvent):
    """A technician's order (drivers.technician) is done; calls' orders are silent when done."""

    ticket: Ticket
    order: str
    result: OrderResult | None = None


@dataclass(frozen=True, slots=True)
class LineMeasured(PortEvent):
    """A line test has measured; the port is in service again."""

    ticket: Ticket
    test: LineTest
    measurement: Measurement
    calibrated: bool


@dataclass(frozen=True, slots=True)
class AlarmRaised(PortEvent):
    """The board reports a fault of its own (power, heat, lost samples); port -1 is itself."""

    alarm: str
    detail: str = ""


BOARD_ITSELF: Final = -1
"""The port number of what concerns a whole board."""


class Board(Technician, abc.ABC):
    """A telephony board.  *Req*: every abstract method.  *Opt*: the orders below and inherited."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.state = BoardState.CLOSED
        self.info: BoardInfo | None = None
        self.deadline: float | None = None
        "When ``expire`` is due; None: nothing is waited for."

    # The session

    @abc.abstractmethod
    def start(self, engine: Engine, now: float) -> None:
        """Req: begin; from now on the board wants a link whenever it has none."""

    @abc.abstractmethod
    def stop(self, now: float) -> None:
        """Req: quiet every port, give the link and the engine's ports back."""

    @property
    @abc.abstractmethod
    def wants_link(self) -> bool:
        """Req: whether the host should open a link now; true until its outcome is told."""

    @abc.abstractmethod
    def open_link(self) -> int:
        """Req: open the way to the board and return its descriptor; may block for seconds.

        Raises:
            NotAvailableError: there is nothing at this address (now).
        """

    @abc.abstractmethod
    def link_opened(self, descriptor: int, now: float) -> None:
        """Req: take the descriptor that ``open_link`` returned; the board owns it from here."""

    @abc.abstractmethod
    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        """Req: ``open_link`` raised; try again later (with growing pauses)."""

    @abc.abstractmethod
    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        """Req: take one event of this board's link."""

    @abc.abstractmethod
    def expire(self, now: float) -> list[BoardEvent]:
        """Req: ``deadline`` has passed."""

    @abc.abstractmethod
    def owns_link(self, link: int) -> bool:
        """Req: whether the engine's link handle is this board's."""

    @abc.abstractmethod
    def timeslot(self, port: int) -> int:
        """Req: the engine's port handle of a port.

        Raises:
            BoardOperationError: the board is not up, or has no such port.
        """

    # Orders.  Each returns at once; a failure comes as OrderFailed with the ticket.

    def ring(self, port: int, cadence: RingCadence) -> Ticket:
        """Opt: ring a telephone until stopped; ring trip stops it by itself."""
        raise self._refused("ring", port)

    def stop_ringing(self, port: int) -> Ticket:
        """Opt: stop ringing a telephone."""
        raise self._refused("stop ringing", port)

    def feed(self, port: int, linefeed: Linefeed) -> Ticket:
        """Opt: set how an FXS port feeds its line."""
        raise self._refused("feed", port)

    def open_loop(self, port: int, duration_ms: int) -> Ticket:
        """Opt: open an FXS port's loop for a moment (open-switch interval, 50-1500 ms)."""
        raise self._refused("open loop", port)

    def seize(self, port: int) -> Ticket:
        """Opt: close an FXO port's loop (go off-hook); where it DIALS, answer a call only."""
        raise self._refused("seize", port)

    def release(self, port: int) -> Ticket:
        """Opt: open an FXO port's loop (go on-hook)."""
        raise self._refused("release", port)

    def flash(self, port: int, duration_ms: int) -> Ticket:
        """Opt: flash the office on an FXO port (90-1000 ms)."""
        raise self._refused("flash", port)

    def pulse(self, port: int, digits: str) -> Ticket:
        """Opt: send digits 0-9 as dial pulses on an FXO port; PulsesSent follows."""
        raise self._refused("pulse", port)

    def dial(self, port: int, number: str) -> Ticket:
        """Opt: call a whole number on a port that DIALS; CallProgressed follows.

        Raises:
            BoardOperationError: the number isn't digits, with or without a plus before them.
        """
        raise self._refused("dial whole numbers", port)

    def identify(self) -> Ticket:
        """Opt: show which board this is (lamp)."""
        raise self._refused("identify", BOARD_ITSELF)
