# SPDX-License-Identifier: MIT
"""The control room: it answers, gives the exchange what is new, and keeps its word in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path

import pytest

import altiware.control.room
from altiware.config import Config
from altiware.configuration.compare import Change, Effect, effect
from altiware.configuration.versions import History
from altiware.control.client import asked
from altiware.control.protocol import Json, Request
from altiware.control.room import ControlRoom
from altiware.errors import UnavailableError, UsageError
from altiware.store.database import Database
from altiware.store.writer import Writer

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
DESK: Json = {"do": "set", "path": ["stations", "101", "name"], "value": "Desk"}
WAIT_S = 30.0


class Office:
    """A control room in a task, and what it does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.names: asyncio.Queue[str] = asyncio.Queue()
        self.said: asyncio.Queue[str] = asyncio.Queue()
        self.complained: asyncio.Queue[str] = asyncio.Queue()
        self.writer = Writer(Database.open(directory))
        self.history = History(directory / "altiware.toml", directory, self.writer)
        self.history.settle()
        self.room = ControlRoom(
            self.history,
            directory,
            self.apply_live,
            self.said.put_nowait,
            self.complained.put_nowait,
        )

    def apply_live(self, config: Config, found: list[Change]) -> Effect:
        asyncio.get_running_loop()  # raises in another thread than the loop's
        self.names.put_nowait(config.plan.stations[0].name)
        return effect(found)

    async def ask(self, ask: str, **fields: object) -> Json:
        return await asyncio.to_thread(asked, self.directory, Request(ask, fields))


@asynccontextmanager
async def running(directory: Path) -> AsyncIterator[Office]:
    """Run a control room for as long as the test needs it."""
    (directory / "altiware.toml").write_text(DEFAULT)
    office = Office(directory)
    task = asyncio.create_task(office.room.run())
    async with asyncio.timeout(WAIT_S):
        await office.room.is_up.wait()
        yield office
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await asyncio.to_thread(office.writer.close)


async def test_a_change_reaches_the_exchange_in_the_loop(tmp_path: Path) -> None:
    async with running(tmp_path) as office:
        told = await office.ask("configuration.change", commands=[DESK])
        assert told["at_once"] == ["stations.101.name"]
        assert told["running"]
        assert await office.names.get() == "Desk"


async def test_what_nobody_confirms_is_rolled_back(tmp_path: Path) -> None:
    async with running(tmp_path) as office:
        await office.ask("configuration.change", commands=[DESK], confirm_within_s=1)
        assert await office.said.get() == (
            "configuration: version 1 again: version 2 was not confirmed"
        )
        assert [office.names.get_nowait() for _ in range(2)] == ["Desk", "Reception"]
        assert (tmp_path / "altiware.toml").read_text() == DEFAULT


async def test_a_roll_back_that_the_disk_refuses_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(altiware.control.room, "AGAIN_S", 0.01)
    async with running(tmp_path) as office:
        expire, left = office.history.expire, [2]

        def refused_twice() -> object:
            if office.history.due_s() == 0.0 and left[0]:
                left[0] -= 1
                raise UnavailableError("the disk is full")
            return expire()

        monkeypatch.setattr(office.history, "expire", refused_twice)
        await office.ask("configuration.change", commands=[DESK], confirm_within_s=1)
        for _ in range(2):
            assert "the disk is full" in await office.complained.get()
        assert "version 1 again" in await office.said.get()


async def test_what_is_not_of_the_configuration_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as office:
        with pytest.raises(UsageError, match="what begins with configuration"):
            await office.ask("other.show")


async def test_without_a_socket_the_service_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "altiware.sock").mkdir()
    async with running(tmp_path) as office:
        assert "nobody can ask this service" in await office.complained.get()
