# SPDX-License-Identifier: MIT
"""A firmware update that meets everything that a link and a board can do to it."""

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import cast

import pytest

from drivers.base import (
    Board,
    BoardEvent,
    BoardInfo,
    BoardLost,
    BoardState,
    BoardUp,
    LossReason,
    OrderDone,
    OrderFailed,
    Ticket,
)
from drivers.errors import BoardOperationError
from drivers.firmware import (
    IGNORED,
    TRANSITIONS,
    FirmwareUpdate,
    Happening,
    Updated,
    UpdateEvent,
    UpdateFailed,
    UpdateProgress,
    UpdateState,
)
from drivers.service import (
    BootInfo,
    FirmwareBegun,
    FirmwareVerified,
    FirmwareWritten,
    OrderResult,
    Slot,
    SlotState,
)

IMAGE = bytes(range(256)) * 10
DIGEST = hashlib.sha256(IMAGE).digest()
OLD = Slot(SlotState.CONFIRMED, 9, 0x0100_0000, 100, bytes(32))
NEW_VERSION = 0x0102_0003
INFO = BoardInfo("Q12", "1", "1.0", "1.0.0", "QHI 1.1", ())
S, H = UpdateState, Happening


def boot(state: SlotState, running: int = 1) -> BootInfo:
    return BootInfo(running, 60, 4, 12, (OLD, Slot(state, 1, NEW_VERSION, len(IMAGE), DIGEST)))


@dataclass
class Bench:
    """A board that takes orders and answers when it is told to."""

    state: BoardState = BoardState.UP
    refuses: bool = False
    orders: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)
    said: list[UpdateEvent] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.update = FirmwareUpdate(cast("Board", self), IMAGE)

    def _take(self, name: str, *arguments: object) -> Ticket:
        if self.refuses:
            raise BoardOperationError(f"cannot {name}")
        self.orders.append((name, arguments))
        return Ticket(len(self.orders))

    def begin_firmware(self, size: int, sha256: bytes) -> Ticket:
        return self._take("begin", size, sha256)

    def write_firmware(self, offset: int, piece: bytes) -> Ticket:
        return self._take("write", offset, piece)

    def verify_firmware(self) -> Ticket:
        return self._take("verify")

    def activate_firmware(self) -> Ticket:
        return self._take("activate")

    def boot_info(self) -> Ticket:
        return self._take("boot info")

    # What the test lets happen

    def starts(self) -> None:
        self.said += self.update.start(self.now)

    def happens(self, event: BoardEvent) -> None:
        self.said += self.update.receive(event, self.now)

    def answers(self, result: OrderResult | None = None) -> None:
        self.happens(OrderDone(self.now, -1, Ticket(len(self.orders)), "it", result))

    def fails(self, status: str) -> None:
        self.happens(OrderFailed(self.now, -1, Ticket(len(self.orders)), "it", status))

    def vanishes(self) -> None:
        self.state = BoardState.WAITING
        self.happens(BoardLost(self.now, LossReason.CLOSED))

    def returns(self) -> None:
        self.state = BoardState.UP
        self.happens(BoardUp(self.now, INFO))

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.said += self.update.expire(self.now)

    def names(self) -> list[str]:
        return [name for name, _ in self.orders]

    def writes_all(self, piece: int = 1024, offset: int = 0) -> None:
        self.answers(FirmwareBegun(1, piece, offset))
        while self.names()[-1] == "write":
            at, data = self.orders[-1][1]
            assert isinstance(at, int)
            assert isinstance(data, bytes)
            assert data == IMAGE[at : at + piece]
            self.answers(FirmwareWritten(at + len(data)))

    def until_on_trial(self) -> None:
        self.starts()
        self.writes_all()
        self.answers(FirmwareVerified(DIGEST))
        self.answers()
        self.vanishes()
        self.returns()
        self.answers(boot(SlotState.TRIAL))


def test_every_state_answers_every_happening() -> None:
    everything = set(itertools.product(UpdateState, Happening))
    assert TRANSITIONS.keys() | IGNORED == everything
    assert not TRANSITIONS.keys() & IGNORED


def test_an_update_ends_when_the_board_has_confirmed_it() -> None:
    bench = Bench()
    bench.until_on_trial()
    assert bench.update.state is S.PROVING
    bench.passes(5.0)
    bench.answers(boot(SlotState.TRIAL))
    bench.passes(5.0)
    bench.answers(boot(SlotState.CONFIRMED))
    assert bench.said[-1] == Updated(NEW_VERSION)
    assert bench.names() == [
        "begin",
        *["write"] * 3,
        "verify",
        "activate",
        *["boot info"] * 3,
    ]
    assert bench.orders[0][1] == (len(IMAGE), DIGEST)


def test_progress_is_told_piece_by_piece() -> None:
    bench = Bench()
    bench.starts()
    bench.writes_all()
    writing = [e.written for e in bench.said if isinstance(e, UpdateProgress)]
    assert writing == [0, 0, 1024, 2048, 2560]


def test_a_board_that_is_not_there_yet_is_waited_for() -> None:
    bench = Bench(state=BoardState.WAITING)
    bench.starts()
    assert bench.orders == []
    bench.returns()
    assert bench.names() == ["begin"]


def test_writing_goes_on_where_the_link_was_lost() -> None:
    bench = Bench()
    bench.starts()
    bench.answers(FirmwareBegun(1, 1024, 0))
    bench.answers(FirmwareWritten(1024))
    bench.vanishes()
    assert bench.update.state is S.WAITING
    bench.returns()
    bench.writes_all(offset=2048)
    assert bench.names()[-3:] == ["begin", "write", "verify"]


def test_orders_that_end_with_the_link_are_no_refusal() -> None:
    bench = Bench()
    bench.starts()
    bench.answers(FirmwareBegun(1, 1024, 0))
    bench.state = BoardState.WAITING
    bench.fails("no answer")
    bench.vanishes()
    assert bench.update.state is S.WAITING
    bench.returns()
    assert bench.names()[-1] == "begin"


def test_a_busy_board_is_asked_again() -> None:
    bench = Bench()
    bench.starts()
    bench.answers(FirmwareBegun(1, 1024, 0))
    bench.fails("busy")
    assert bench.names() == ["begin", "write"]
    bench.passes(0.05)
    assert bench.orders[-1] == bench.orders[-2]


@pytest.mark.parametrize("status", ["bad state", "no answer"])
def test_a_board_that_is_out_of_step_is_asked_where_to_go_on(status: str) -> None:
    bench = Bench()
    bench.starts()
    bench.answers(FirmwareBegun(1, 1024, 0))
    bench.fails(status)
    assert bench.names() == ["begin", "write", "begin"]


def test_a_board_that_never_comes_into_step_is_given_up() -> None:
    bench = Bench()
    bench.starts()
    for _ in range(20):
        bench.answers(FirmwareBegun(1, 1024, 0))
        bench.fails("bad state")
    assert bench.update.state is S.FAILED
    assert bench.said[-1] == UpdateFailed("it: bad state")


@pytest.mark.parametrize("status", ["verify", "range", "hw fault"])
def test_a_refused_image_is_a_failed_update(status: str) -> None:
    bench = Bench()
    bench.starts()
    bench.writes_all()
    bench.fails(status)
    assert bench.said[-1] == UpdateFailed(f"it: {status}")


def test_a_board_with_another_digest_is_not_activated() -> None:
    bench = Bench()
    bench.starts()
    bench.writes_all()
    bench.answers(FirmwareVerified(bytes(32)))
    assert isinstance(bench.said[-1], UpdateFailed)
    assert "activate" not in bench.names()


def test_a_board_that_went_back_by_itself_is_told_as_such() -> None:
    bench = Bench()
    bench.until_on_trial()
    bench.vanishes()
    bench.returns()
    bench.answers(boot(SlotState.FAILED, running=0))
    failed = UpdateFailed("the new firmware did not prove itself", rolled_back=True)
    assert bench.said[-1] == failed


def test_an_activation_that_got_lost_is_ordered_again() -> None:
    bench = Bench()
    bench.starts()
    bench.writes_all()
    bench.answers(FirmwareVerified(DIGEST))
    bench.vanishes()
    bench.returns()
    bench.answers(boot(SlotState.VERIFIED, running=0))
    bench.answers(FirmwareBegun(1, 1024, len(IMAGE)))
    bench.answers(FirmwareVerified(DIGEST))
    assert bench.names()[-3:] == ["begin", "verify", "activate"]


@pytest.mark.parametrize("tried", [False, True])
def test_a_board_that_does_not_come_back_is_given_up(tried: bool) -> None:
    bench = Bench()
    if tried:
        bench.until_on_trial()
    else:
        bench.starts()
    bench.vanishes()
    bench.passes(119.0)
    assert bench.update.state is not S.FAILED
    bench.passes(1.5)
    assert isinstance(bench.said[-1], UpdateFailed)


def test_a_board_without_such_firmware_is_a_failed_update() -> None:
    bench = Bench(refuses=True)
    bench.starts()
    assert bench.said == [UpdateFailed("cannot begin")]


def test_the_ends_of_other_orders_are_nothing() -> None:
    bench = Bench()
    bench.starts()
    bench.happens(OrderDone(0.0, -1, Ticket(99), "meter", FirmwareBegun(1, 1024, 0)))
    bench.happens(OrderFailed(0.0, 3, Ticket(98), "ring", "bad state"))
    assert bench.update.state is S.BEGINNING
    assert bench.update.expire(1000.0) == []
