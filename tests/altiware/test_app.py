# SPDX-License-Identifier: MIT
"""The service's loop: it wakes for the engine, for deadlines and for links, and stops in order."""

import asyncio
import os
import select
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest

import altiware.app
from altiware.app import Parts, Service, _tidy
from altiware.config import parse
from altiware.configuration.compare import Change
from altiware.configuration.versions import History
from altiware.core.notices import BoardChanged, EngineLost, Notice
from altiware.core.plan import Plan
from altiware.engine_room import EngineRoom
from altiware.errors import ConfigError
from altiware.exchange import Exchange
from altiware.mail_room import MailRoom
from altiware.prompts.prompt_set import PromptSet
from altiware.store.journal import Journal
from altiware.store.retention import Retention
from drivers.base import BoardInfo, BoardState, Capability, PortInfo, PortKind
from drivers.errors import NotAvailableError
from dsp.errors import EngineSystemError

CONFIG_TEXT = (
    '[[boards]]\naddress = "quantum+sim://Q12"\n'
    '[[stations]]\nextension = "101"\nport = "00:04"\n'
    '[[stations]]\nextension = "102"\nport = "00:00"\n'
)
CONFIG = parse(CONFIG_TEXT, "f")
INFO = BoardInfo(
    "Q12",
    "Q12-260001",
    "A",
    "1.0",
    "QHI 1",
    (PortInfo(0, PortKind.FXO, Capability(0)), PortInfo(4, PortKind.FXS, Capability(0))),
)
WAIT_S = 30.0


class FakeEngine:
    """A clock and a descriptor."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.descriptor = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    @property
    def now(self) -> float:
        return time.monotonic() - self.begun

    def fileno(self) -> int:
        return self.descriptor

    def report(self) -> None:
        os.eventfd_write(self.descriptor, 1)


class FakePrompts:
    """Nothing to decode."""

    def prepare(self) -> int:
        return 0


class FakeRoom:
    """A room whose engine the test may let die."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine
        self.refusals = 0
        self.prepared = 0
        self.preparing = threading.Event()
        self.go_on = threading.Event()
        self.go_on.set()
        self.entered = asyncio.Event()

    def how_it_ended(self) -> str:
        return "SIGSEGV"

    def prepare(self) -> None:
        self.preparing.set()
        assert self.go_on.wait(WAIT_S)
        self.prepared += 1
        if self.prepared <= self.refusals:
            raise EngineSystemError("no memory")

    def enter(self) -> None:
        os.close(self.engine.descriptor)
        self.engine.descriptor = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.entered.set()


class FakeBoard:
    """A board whose link is opened by a function of the test."""

    address = "quantum+sim://Q12"

    def __init__(self, opener: Callable[[], int]) -> None:
        self.state = BoardState.WAITING
        self.info: BoardInfo | None = None
        self.wants_link = False
        self.open_link = opener


class FakeExchange:
    """An exchange that notes what is asked of it and tells what the test tells it to."""

    def __init__(self, engine: FakeEngine, board: FakeBoard) -> None:
        self.boards = (board,)
        self.plan = CONFIG.plan
        self.deadline: float | None = None
        self.diary: list[str] = []
        self._engine = engine
        self._listeners: list[Callable[[Notice], None]] = []
        self._waiters: list[asyncio.Future[None]] = []

    def start(self) -> None:
        self._write("start")

    def stop(self) -> None:
        self._write("stop")

    def reconfigure(self, plan: Plan) -> None:
        self.plan = plan

    def pump(self) -> None:
        try:
            os.eventfd_read(self._engine.descriptor)
            self._write("event")
        except BlockingIOError:
            pass
        if self.deadline is not None and self._engine.now >= self.deadline:
            self.deadline = None
            self._write("deadline")

    def link_opened(self, board: FakeBoard, descriptor: int) -> None:
        board.wants_link = False
        self._write(f"opened {descriptor}")

    def link_failed(self, board: FakeBoard, detail: str) -> None:
        board.wants_link = False
        self._write(f"failed {detail}")

    def subscribe(self, listener: Callable[[Notice], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, notice: Notice) -> None:
        for listener in self._listeners:
            listener(notice)

    def _write(self, line: str) -> None:
        self.diary.append(line)
        for waiter in list(self._waiters):
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, line: str) -> None:
        """Wait until the diary has a line."""
        async with asyncio.timeout(WAIT_S):
            while line not in self.diary:
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.append(waiter)
                await waiter


class FakeMailRoom:
    """Answers nobody."""

    def join(self, loop: object, pump: object) -> None:
        pass

    def leave(self) -> None:
        pass


class FakeJournal:
    """Notes the boards that were seen."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def saw_board(self, address: str, info: BoardInfo, at: object) -> None:
        self.seen.append(f"{address} {info.serial}")


class Running:
    """A service in a task, and what it says."""

    def __init__(self, opener: Callable[[], int] = lambda: 99) -> None:
        self.engine = FakeEngine()
        self.room = FakeRoom(self.engine)
        self.board = FakeBoard(opener)
        self.exchange = FakeExchange(self.engine, self.board)
        self.journal = FakeJournal()
        self.said: list[str] = []
        self.greeted = asyncio.Event()
        parts = Parts(
            cast("EngineRoom", self.room),
            cast("Exchange", self.exchange),
            cast("Journal", self.journal),
            cast("PromptSet", FakePrompts()),
            cast("History", None),
            CONFIG,
            cast("MailRoom", FakeMailRoom()),
            cast("Retention", None),
            0,
        )
        self.service = Service(parts, CONFIG, self.said.append)

    def greet(self) -> list[str]:
        self.greeted.set()
        return ["started"]

    def comes_up(self) -> None:
        self.board.state, self.board.info = BoardState.UP, INFO
        self.exchange.tell(BoardChanged(0.0, self.board.address, "up"))


@asynccontextmanager
async def running(opener: Callable[[], int] = lambda: 99) -> AsyncIterator[Running]:
    """Run a service for as long as the test needs it."""
    office = Running(opener)
    task = asyncio.create_task(office.service.run(office.greet))
    await office.exchange.until("start")
    yield office
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(WAIT_S):
        await task
    os.close(office.engine.descriptor)
    assert office.exchange.diary[-1] == "stop"


async def test_another_configuration_is_taken_and_what_waits_for_a_restart_is_named() -> None:
    async with running() as office:
        found = [Change(("stations", "101", "name"), "", "x"), Change(("smdr", "to"), None, "x")]
        other = parse(CONFIG_TEXT.replace("101", "103"), "f")
        taken = office.service.apply_live(other, found)
        assert (taken.at_once, taken.at_restart) == (("stations.101.name",), ("smdr.to",))
        assert office.exchange.plan is other.plan


@pytest.mark.parametrize(
    ("old", "new"),
    [("quantum+sim://Q12", "quantum+sim://Q9"), ("[[boards]]", 'country="de"\n[[boards]]')],
)
async def test_of_other_boards_or_another_country_all_waits_for_a_restart(
    old: str, new: str
) -> None:
    async with running() as office:
        other = parse(CONFIG_TEXT.replace(old, new, 1), "f")
        taken = office.service.apply_live(other, [Change(("stations", "101", "name"), "", "x")])
        assert (taken.at_once, taken.at_restart) == ((), ("stations.101.name",))
        assert office.exchange.plan == CONFIG.plan


async def test_what_the_engine_reports_wakes_the_exchange() -> None:
    async with running() as office:
        office.engine.report()
        await office.exchange.until("event")


async def test_a_deadline_wakes_the_exchange() -> None:
    async with running() as office:
        office.exchange.deadline = office.engine.now + 0.01
        office.engine.report()
        await office.exchange.until("deadline")


async def test_a_board_that_wants_a_link_gets_it() -> None:
    async with running(lambda: 42) as office:
        office.board.wants_link = True
        office.engine.report()
        await office.exchange.until("opened 42")


async def test_a_link_that_cannot_be_opened_is_reported_and_tried_again() -> None:
    def refuse() -> int:
        raise NotAvailableError("no such port")

    async with running(refuse) as office:
        for _ in range(2):
            office.exchange.diary.clear()
            office.board.wants_link = True
            office.engine.report()
            await office.exchange.until("failed no such port")


async def test_a_link_that_opens_too_late_is_given_up_and_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(altiware.app, "LINK_S", 0.01)
    go_on = threading.Event()
    reader, writer = os.pipe()

    def slow() -> int:
        assert go_on.wait(WAIT_S)
        return writer

    async with running(slow) as office:
        office.board.wants_link = True
        office.engine.report()
        await office.exchange.until("failed no answer in 0 s")
        go_on.set()
        readable, _, _ = await asyncio.to_thread(select.select, [reader], [], [], WAIT_S)
        assert readable, "the writing end was not closed"
    os.close(reader)


async def test_an_engine_that_died_is_started_anew_and_listened_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(altiware.app, "ENGINE_PAUSES_S", (0.0, 0.01))
    async with running() as office:
        for refusals in (0, 3):
            office.room.refusals, office.room.prepared = refusals, 0
            office.room.entered.clear()
            office.exchange.diary.clear()
            office.exchange.tell(EngineLost(0.0))
            async with asyncio.timeout(WAIT_S):
                await office.room.entered.wait()
            assert office.room.prepared == refusals + 1
            office.engine.report()
            await office.exchange.until("event")
    assert [line[:18] for line in office.said if "engine" in line] == ["engine: anew after"] * 2
    complaints = capsys.readouterr().err.splitlines()
    assert complaints.count("altiware: the engine died (SIGSEGV), and all calls with it") == 2
    assert complaints.count("altiware: the engine can't be started anew: no memory") == 3


async def test_a_stop_waits_for_an_engine_that_is_half_started() -> None:
    async with running() as office:
        office.room.go_on.clear()
        office.exchange.tell(EngineLost(0.0))
        assert await asyncio.to_thread(office.room.preparing.wait, WAIT_S)
        asyncio.get_running_loop().call_later(0.05, office.room.go_on.set)
    assert office.room.prepared == 1


async def test_it_greets_when_the_boards_are_up_and_keeps_them() -> None:
    async with running() as office:
        office.comes_up()
        async with asyncio.timeout(WAIT_S):
            await office.greeted.wait()
        assert office.journal.seen == ["quantum+sim://Q12 Q12-260001"]
    assert office.said == ["started", "stopped"]


async def test_it_greets_without_a_board_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(altiware.app, "GREET_S", 0.01)
    async with running() as office:
        async with asyncio.timeout(WAIT_S):
            await office.greeted.wait()


async def test_a_board_that_is_lost_and_back_is_said() -> None:
    async with running() as office:
        office.comes_up()
        async with asyncio.timeout(WAIT_S):
            await office.greeted.wait()
        office.board.state = BoardState.WAITING
        office.exchange.tell(BoardChanged(1.0, office.board.address, "lost", "link closed"))
        office.comes_up()
    assert office.said[1:3] == [
        "board quantum+sim://Q12: lost (link closed)",
        "board quantum+sim://Q12: up",
    ]


async def test_a_port_of_the_wrong_kind_is_complained_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with running() as office:
        office.comes_up()
    said = capsys.readouterr().err
    assert said == "altiware: stations[1].port = '00:00': Q12 has telephones on 04\n"


def test_serving_a_wrong_file_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        altiware.app.serve(tmp_path / "missing.toml", tmp_path)


class FakeRetention:
    """Notes for how many days records are to be kept."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.asked = asyncio.Event()

    def forget(self, days: int, now: datetime) -> None:
        assert now.tzinfo is not None
        self.kept.append(days)
        self.asked.set()


async def test_old_records_are_forgotten_as_the_configuration_says() -> None:
    office, retention = Running(), FakeRetention()
    office.service._config = replace(CONFIG, keep_days=30)
    task = asyncio.create_task(_tidy(cast("Retention", retention), office.service))
    async with asyncio.timeout(WAIT_S):
        await retention.asked.wait()
    task.cancel()
    assert retention.kept == [30]
    os.close(office.engine.descriptor)
