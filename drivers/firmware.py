# SPDX-License-Identifier: MIT
"""A firmware update of one board, from the first byte to the proof, without I/O.

    update = FirmwareUpdate(board, image)
    update.start(now)                      # then feed it the board's events and the time
    update.receive(event, now) -> [UpdateProgress(...), ..., Updated(...)] or [UpdateFailed(...)]

It goes through a lost link: writing goes on where it was cut off.  It ends only when the new
image is confirmed (a board confirms it after a session of 30 s) or the old one runs again.  It
drives any board whose ``abilities`` have FIRMWARE; that no call is on it, the caller must see to.
"""

import enum
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.base import (
    Board,
    BoardEvent,
    BoardLost,
    BoardState,
    BoardUp,
    OrderDone,
    OrderFailed,
    Ticket,
)
from drivers.errors import BoardOperationError
from drivers.service import (
    BootInfo,
    FirmwareBegun,
    FirmwareVerified,
    FirmwareWritten,
    SlotState,
)

__all__ = [
    "IGNORED",
    "TRANSITIONS",
    "FirmwareUpdate",
    "Happening",
    "UpdateEvent",
    "UpdateFailed",
    "UpdateProgress",
    "UpdateState",
    "Updated",
]

BUSY_S: Final = 0.05
"""A board that is busy is asked again (docs/reference/qhi.md)."""
PROOF_S: Final = 5.0
"""Between two looks whether the image is confirmed."""
AWAY_S: Final = 120.0
"""The longest absence: a trial of 60 s that failed, two boots, and a long cable."""
MOST_FRESH_STARTS: Final = 8


class UpdateState(enum.Enum):
    """How far an update has come."""

    WAITING = "waiting for the board"
    BEGINNING = "announcing the image"
    WRITING = "writing"
    VERIFYING = "verifying"
    ACTIVATING = "activating"
    RETURNING = "waiting for the board to boot"
    ASKING = "asking what runs"
    PROVING = "on trial"
    DONE = "done"
    FAILED = "failed"


class Happening(enum.Enum):
    """What an update reacts to."""

    UP = enum.auto()
    LOST = enum.auto()
    BEGUN = enum.auto()
    WHOLE = enum.auto()
    "All of the image is written."
    WRITTEN = enum.auto()
    VERIFIED = enum.auto()
    ACCEPTED = enum.auto()
    "The board will boot the image."
    ON_TRIAL = enum.auto()
    CONFIRMED = enum.auto()
    NOT_TRIED = enum.auto()
    "The old image runs and the new one has not failed: the order got lost."
    ROLLED_BACK = enum.auto()
    BUSY = enum.auto()
    OUT_OF_STEP = enum.auto()
    "The board expects another piece, or didn't answer."
    REFUSED = enum.auto()
    DUE = enum.auto()


@dataclass(frozen=True, slots=True)
class UpdateProgress:
    """The update has come further."""

    state: UpdateState
    written: int
    size: int


@dataclass(frozen=True, slots=True)
class Updated:
    """The board runs the new image, confirmed."""

    version: int
    "As in its head: major times 2**24 plus minor times 2**16 plus patch."


@dataclass(frozen=True, slots=True)
class UpdateFailed:
    """The board runs what it ran before."""

    reason: str
    rolled_back: bool = False
    "The new image ran, and didn't prove itself."


UpdateEvent = UpdateProgress | Updated | UpdateFailed


class FirmwareUpdate:
    """One update of one board."""

    def __init__(self, board: Board, image: bytes) -> None:
        self.state = UpdateState.WAITING
        self.deadline: float | None = None
        "When ``expire`` is due."
        self._board = board
        self._image = image
        self._sha256 = hashlib.sha256(image).digest()
        self._piece = 0
        self._written = 0
        self._ticket: Ticket | None = None
        self._info: BootInfo | None = None
        self._reason = ""
        self._fresh_starts = 0

    def start(self, now: float) -> list[UpdateEvent]:
        """Begin; a board that isn't up yet is waited for."""
        if self._board.state is BoardState.UP:
            return self._apply(Happening.UP, now)
        self.deadline = now + AWAY_S
        return []

    def receive(self, event: BoardEvent, now: float) -> list[UpdateEvent]:
        """Take one event of the board; those of other orders are nothing."""
        happening = self._read(event)
        return [] if happening is None else self._apply(happening, now)

    def expire(self, now: float) -> list[UpdateEvent]:
        """Do what is due."""
        if self.deadline is None or now < self.deadline:
            return []
        return self._apply(Happening.DUE, now)

    def _apply(self, happening: Happening, now: float) -> list[UpdateEvent]:
        row = TRANSITIONS.get((self.state, happening))
        if row is None:
            return []
        self.state, act = row
        self.deadline = None
        return act(self, now)

    # What an event means

    def _read(self, event: BoardEvent) -> Happening | None:
        if isinstance(event, BoardUp):
            return Happening.UP
        if isinstance(event, BoardLost):
            return Happening.LOST
        if isinstance(event, OrderFailed) and event.ticket == self._ticket:
            return self._read_failure(event)
        if isinstance(event, OrderDone) and event.ticket == self._ticket:
            return self._read_result(event)
        return None

    def _read_failure(self, event: OrderFailed) -> Happening:
        self._reason = f"{event.order}: {event.status}"
        if self._board.state is not BoardState.UP:
            return Happening.LOST
        if event.status == "busy":
            return Happening.BUSY
        if event.status in {"bad state", "no answer"} and self._fresh_starts < MOST_FRESH_STARTS:
            return Happening.OUT_OF_STEP
        return Happening.REFUSED

    def _read_result(self, event: OrderDone) -> Happening:
        result = event.result
        if isinstance(result, FirmwareBegun):
            self._piece, self._written = result.piece, result.offset
            return self._whole_or(Happening.BEGUN)
        if isinstance(result, FirmwareWritten):
            self._written = result.offset
            return self._whole_or(Happening.WRITTEN)
        if isinstance(result, FirmwareVerified):
            return Happening.VERIFIED if result.sha256 == self._sha256 else Happening.REFUSED
        if isinstance(result, BootInfo):
            return self._read_boot(result)
        return Happening.ACCEPTED

    def _whole_or(self, otherwise: Happening) -> Happening:
        return Happening.WHOLE if self._written >= len(self._image) else otherwise

    def _read_boot(self, info: BootInfo) -> Happening:
        self._info = info
        running = info.slots[info.running]
        if running.sha256 == self._sha256:
            confirmed = running.state is SlotState.CONFIRMED
            return Happening.CONFIRMED if confirmed else Happening.ON_TRIAL
        ours = [slot for slot in info.slots if slot.sha256 == self._sha256]
        waits = any(slot.state is SlotState.VERIFIED for slot in ours)
        return Happening.NOT_TRIED if waits else Happening.ROLLED_BACK

    # Actions.  They never touch ``state``.

    def _begin(self, now: float) -> list[UpdateEvent]:
        return self._order(lambda: self._board.begin_firmware(len(self._image), self._sha256))

    def _begin_afresh(self, now: float) -> list[UpdateEvent]:
        self._fresh_starts += 1
        return self._begin(now)

    def _write(self, now: float) -> list[UpdateEvent]:
        piece = self._image[self._written :][: self._piece]
        return self._order(lambda: self._board.write_firmware(self._written, piece))

    def _verify(self, now: float) -> list[UpdateEvent]:
        return self._order(self._board.verify_firmware)

    def _activate(self, now: float) -> list[UpdateEvent]:
        return self._order(self._board.activate_firmware)

    def _ask(self, now: float) -> list[UpdateEvent]:
        return self._order(self._board.boot_info)

    def _ask_soon(self, now: float) -> list[UpdateEvent]:
        self.deadline = now + PROOF_S
        return self._progress()

    def _again_soon(self, now: float) -> list[UpdateEvent]:
        self.deadline = now + BUSY_S
        return []

    def _await_board(self, now: float) -> list[UpdateEvent]:
        self._ticket = None
        self.deadline = now + AWAY_S
        return self._progress()

    def _finish(self, now: float) -> list[UpdateEvent]:
        assert self._info
        return [Updated(self._info.slots[self._info.running].version)]

    def _fail(self, now: float) -> list[UpdateEvent]:
        return [UpdateFailed(self._reason or "the board refuses the image")]

    def _fail_tried(self, now: float) -> list[UpdateEvent]:
        return [UpdateFailed("the new firmware did not prove itself", rolled_back=True)]

    def _give_up(self, now: float) -> list[UpdateEvent]:
        return [UpdateFailed(f"the board has been away for {AWAY_S:g} s")]

    def _order(self, order: Callable[[], Ticket]) -> list[UpdateEvent]:
        try:
            self._ticket = order()
        except BoardOperationError as error:
            self.state = UpdateState.FAILED
            return [UpdateFailed(str(error))]
        return self._progress()

    def _progress(self) -> list[UpdateEvent]:
        return [UpdateProgress(self.state, self._written, len(self._image))]


Action = Callable[[FirmwareUpdate, float], list[UpdateEvent]]
S, H = UpdateState, Happening
# fmt: off
TRANSITIONS: Final[dict[tuple[UpdateState, Happening], tuple[UpdateState, Action]]] = {
    (S.WAITING,    H.UP):          (S.BEGINNING,  FirmwareUpdate._begin),
    (S.WAITING,    H.DUE):         (S.FAILED,     FirmwareUpdate._give_up),
    (S.BEGINNING,  H.BEGUN):       (S.WRITING,    FirmwareUpdate._write),
    (S.BEGINNING,  H.WHOLE):       (S.VERIFYING,  FirmwareUpdate._verify),
    (S.BEGINNING,  H.BUSY):        (S.BEGINNING,  FirmwareUpdate._again_soon),
    (S.BEGINNING,  H.DUE):         (S.BEGINNING,  FirmwareUpdate._begin),
    (S.BEGINNING,  H.OUT_OF_STEP): (S.BEGINNING,  FirmwareUpdate._begin_afresh),
    (S.BEGINNING,  H.REFUSED):     (S.FAILED,     FirmwareUpdate._fail),
    (S.BEGINNING,  H.LOST):        (S.WAITING,    FirmwareUpdate._await_board),
    (S.WRITING,    H.WRITTEN):     (S.WRITING,    FirmwareUpdate._write),
    (S.WRITING,    H.WHOLE):       (S.VERIFYING,  FirmwareUpdate._verify),
    (S.WRITING,    H.BUSY):        (S.WRITING,    FirmwareUpdate._again_soon),
    (S.WRITING,    H.DUE):         (S.WRITING,    FirmwareUpdate._write),
    (S.WRITING,    H.OUT_OF_STEP): (S.BEGINNING,  FirmwareUpdate._begin_afresh),
    (S.WRITING,    H.REFUSED):     (S.FAILED,     FirmwareUpdate._fail),
    (S.WRITING,    H.LOST):        (S.WAITING,    FirmwareUpdate._await_board),
    (S.VERIFYING,  H.VERIFIED):    (S.ACTIVATING, FirmwareUpdate._activate),
    (S.VERIFYING,  H.BUSY):        (S.VERIFYING,  FirmwareUpdate._again_soon),
    (S.VERIFYING,  H.DUE):         (S.VERIFYING,  FirmwareUpdate._verify),
    (S.VERIFYING,  H.OUT_OF_STEP): (S.BEGINNING,  FirmwareUpdate._begin_afresh),
    (S.VERIFYING,  H.REFUSED):     (S.FAILED,     FirmwareUpdate._fail),
    (S.VERIFYING,  H.LOST):        (S.WAITING,    FirmwareUpdate._await_board),
    (S.ACTIVATING, H.ACCEPTED):    (S.RETURNING,  FirmwareUpdate._await_board),
    (S.ACTIVATING, H.BUSY):        (S.ACTIVATING, FirmwareUpdate._again_soon),
    (S.ACTIVATING, H.DUE):         (S.ACTIVATING, FirmwareUpdate._activate),
    (S.ACTIVATING, H.OUT_OF_STEP): (S.BEGINNING,  FirmwareUpdate._begin_afresh),
    (S.ACTIVATING, H.REFUSED):     (S.FAILED,     FirmwareUpdate._fail),
    (S.ACTIVATING, H.LOST):        (S.RETURNING,  FirmwareUpdate._await_board),
    (S.RETURNING,  H.UP):          (S.ASKING,     FirmwareUpdate._ask),
    (S.RETURNING,  H.DUE):         (S.FAILED,     FirmwareUpdate._give_up),
    (S.ASKING,     H.ON_TRIAL):    (S.PROVING,    FirmwareUpdate._ask_soon),
    (S.ASKING,     H.CONFIRMED):   (S.DONE,       FirmwareUpdate._finish),
    (S.ASKING,     H.NOT_TRIED):   (S.BEGINNING,  FirmwareUpdate._begin_afresh),
    (S.ASKING,     H.ROLLED_BACK): (S.FAILED,     FirmwareUpdate._fail_tried),
    (S.ASKING,     H.BUSY):        (S.PROVING,    FirmwareUpdate._again_soon),
    (S.ASKING,     H.OUT_OF_STEP): (S.PROVING,    FirmwareUpdate._ask_soon),
    (S.ASKING,     H.REFUSED):     (S.FAILED,     FirmwareUpdate._fail),
    (S.ASKING,     H.LOST):        (S.RETURNING,  FirmwareUpdate._await_board),
    (S.PROVING,    H.DUE):         (S.ASKING,     FirmwareUpdate._ask),
    (S.PROVING,    H.LOST):        (S.RETURNING,  FirmwareUpdate._await_board),
}
# fmt: on
"""What an update does, state by state."""

_ENDED: Final = (S.DONE, S.FAILED)
_AWAY: Final = (S.WAITING, S.RETURNING)
_ORDERING: Final = (S.BEGINNING, S.WRITING, S.VERIFYING, S.ACTIVATING, S.ASKING)
_BOOT: Final = (H.ON_TRIAL, H.CONFIRMED, H.NOT_TRIED, H.ROLLED_BACK)
_REFUSALS: Final = (H.BUSY, H.OUT_OF_STEP, H.REFUSED)
_RESULTS: Final = (H.BEGUN, H.WHOLE, H.WRITTEN, H.VERIFIED, H.ACCEPTED, *_BOOT)

IGNORED: Final = frozenset(
    # Nothing comes after the end.
    {(state, happening) for state in _ENDED for happening in Happening}
    # A board that is away is lost already; one that is there doesn't come up.
    | {(state, H.LOST) for state in _AWAY}
    | {(state, H.UP) for state in (*_ORDERING, S.PROVING)}
    # Each order has results of its own, and nothing is ordered in between.
    | {(s, h) for s in (*_AWAY, S.PROVING) for h in (*_RESULTS, *_REFUSALS)}
    | {(S.BEGINNING, h) for h in _RESULTS if h not in {H.BEGUN, H.WHOLE}}
    | {(S.WRITING, h) for h in _RESULTS if h not in {H.WRITTEN, H.WHOLE}}
    | {(S.VERIFYING, h) for h in _RESULTS if h is not H.VERIFIED}
    | {(S.ACTIVATING, h) for h in _RESULTS if h is not H.ACCEPTED}
    | {(S.ASKING, h) for h in _RESULTS if h not in _BOOT}
    | {(S.ASKING, H.DUE)}
)
"""Pairs that are known, harmless and deliberately without effect."""
