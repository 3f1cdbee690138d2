# SPDX-License-Identifier: MIT
"""The service: builds everything from the configuration and runs it until told to stop.

``serve(config, directory)`` is what ``altiware run`` does; it holds the only ``asyncio.run``.  The
loop waits for three things: the engine's descriptor, the exchange's next deadline, and what may
take seconds and is done in threads: links to boards, and another engine when one has died.
"""

import asyncio
import itertools
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO, TypeVar

from altiware.blackbox.box import BLACKBOX_NAME
from altiware.blackbox.keeper import Keeper
from altiware.blackbox.settings import KeptPorts
from altiware.config import FILE_NAME, Config, read, write_default
from altiware.configuration.commands import checked
from altiware.configuration.compare import Change, Effect, effect, named
from altiware.configuration.versions import History
from altiware.control.room import ControlRoom
from altiware.core.notices import (
    BoardChanged,
    EmergencyCalled,
    EmergencyConfirmed,
    EngineLost,
    Notice,
)
from altiware.emergency_mail import EmergencyMail
from altiware.engine_room import EngineRoom, engine_room
from altiware.errors import SoundError
from altiware.exchange import Exchange
from altiware.features.emergency import described
from altiware.greeting import Started, greeting, mismatches
from altiware.mail_room import MailRoom, mail_room
from altiware.prompts.music import music_clips
from altiware.prompts.office_sounds import OfficeSounds
from altiware.prompts.prompt_set import PromptSet
from altiware.store.database import Database, locked
from altiware.store.journal import Journal, close_left_open
from altiware.store.retention import Retention
from altiware.store.settings import kept_settings
from altiware.store.smdr_port import SmdrPort, SmdrTarget
from altiware.store.swap import finish, is_unfinished
from altiware.store.workgroups import note_restart
from altiware.store.writer import Writer
from drivers.base import Board, BoardState
from drivers.errors import DriverError
from drivers.registry import board as board_at
from dsp.errors import EngineError

__all__ = ["Service", "serve"]

TIDY_S: Final = 3600.0
"""How often calls are forgotten that are too old to be kept."""
LINK_S: Final = 15.0
"""How long the opening of a link may take before it counts as failed."""
PRIVATE: Final = 0o077
"""What the service writes (records, messages, PINs in the configuration) is its user's alone."""
GREET_S: Final = 5.0
"""How long the greeting waits for the boards; what isn't up by then is reported later."""
ENGINE_PAUSES_S: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Before each attempt to start the engine anew; the last goes on for ever."""
Say = Callable[[str], None]
Work = Coroutine[None, None, None]
T = TypeVar("T")


def serve(config: Path | None, directory: Path) -> None:
    """Run the service until SIGINT, SIGTERM or SIGHUP (its terminal has been closed).

    Without ``config`` it reads the data directory's own file, and writes that if there is none.

    Raises:
        ConfigError, StoreError, DriverError: it can't start.
    """
    begun = time.monotonic()
    os.umask(PRIVATE)
    file = config or directory / FILE_NAME
    if is_unfinished(directory):  # a restore was killed
        with locked(directory):
            finish(directory)
    if config is None:
        write_default(file)
    read(file)  # a wrong one is refused before anything is opened
    with _parts(file, directory) as parts:

        def greet() -> list[str]:
            took_s = time.monotonic() - begun
            started = Started(file, took_s, parts.left_open, _list_calls(directory))
            return greeting(parts.exchange.plan, parts.exchange.boards, started)

        asyncio.run(_run(parts, directory, greet))


def _list_calls(directory: Path) -> str:
    """Return the command that lists the records, fit for any shell: this program's own path."""
    program = Path(sys.argv[0]).absolute()
    words = [str(program)] if program.name == "altiware" else [sys.executable, "-m", "altiware"]
    return shlex.join([*words, "cdr", "list", "--data", str(directory.absolute())])


def _say(line: str) -> None:
    _tell(sys.stdout, line)


def _tell(stream: TextIO | None, line: str) -> None:
    """Write a line; where nobody can read it (a full disk, a closed pipe) calls go on without."""
    if stream is None:
        return
    try:
        stream.write(f"{line}\n")
        stream.flush()
    except OSError:  # what is left in the buffer must not fail again at the end
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of."""

    room: EngineRoom
    exchange: Exchange
    journal: Journal
    prompts: PromptSet
    history: History
    config: Config
    mail: MailRoom
    retention: Retention
    left_open: int
    "Calls that were found open: the last service died."


@contextmanager
def _parts(file: Path, directory: Path) -> Iterator[Parts]:
    """Build everything; at the end the last records are written before the store closes."""
    with ExitStack() as stack:
        database = Database.open(directory)
        left = close_left_open(database.connection, datetime.now(UTC))
        kept = kept_settings(database.connection)
        note_restart(database.connection, datetime.now(UTC))
        writer = Writer(database)
        stack.callback(writer.close)
        history = History(file, directory, writer)
        config = checked(history.settle().text, str(file))
        boards = [board_at(address) for address in config.boards]
        smdr = _smdr(config.smdr, directory)
        if smdr:
            stack.callback(smdr.close)
        room = stack.enter_context(engine_room(config, directory))
        keeper = _keeper(config, directory)
        if keeper:
            stack.callback(keeper.close)
        prompts = PromptSet(directory)
        mail = stack.enter_context(mail_room(config, directory, writer, _wall, _complain))
        exchange = Exchange(
            config.plan,
            room.engine,
            boards,
            echo_tail_ms=config.echo_tail_ms,
            blackbox=keeper,
            sounds=OfficeSounds(prompts, music_clips(config.music, directory)),
            kept=kept,
            archive=mail,
        )
        if mail.mailer is not None:
            exchange.subscribe(mail.mailer.note)
        if config.smtp is not None and config.emergency_mail:
            helpers = EmergencyMail(config.emergency_mail, config.smtp, _wall, complain=_complain)
            stack.callback(helpers.close)
            exchange.subscribe(helpers.note)
        journal = Journal(writer, smdr, complain=_complain)
        exchange.subscribe(journal.note)
        retention = Retention(writer)
        yield Parts(room, exchange, journal, prompts, history, config, mail, retention, left)


def _smdr(target: SmdrTarget | None, directory: Path) -> SmdrPort | None:
    if target is None:
        return None
    return SmdrPort(SmdrTarget(directory / target.path, target.baud))


def _keeper(config: Config, directory: Path) -> Keeper | None:
    if config.blackbox.ports is KeptPorts.NONE:
        return None
    return Keeper(
        config.blackbox,
        directory / BLACKBOX_NAME,
        country=config.plan.country,
        wall=_wall,
        complain=_complain,
    )


async def _run(parts: Parts, directory: Path, greet: Callable[[], list[str]]) -> None:
    """Run the service and its control room; what is asked there, the service may have to do."""
    service = Service(parts, parts.config, _say)
    room = ControlRoom(parts.history, directory, service.apply_live, _say, _complain)
    await service.run(greet, room.run(), _tidy(parts.retention, service))


async def _tidy(retention: Retention, service: "Service") -> None:
    """Forget old calls now and then, as the configuration says by then."""
    while True:
        retention.forget(service.keep_days, _wall())
        await asyncio.sleep(TIDY_S)


def _wall() -> datetime:
    return datetime.now(UTC).astimezone()


def _complain(line: str) -> None:
    _tell(sys.stderr, f"altiware: {line}")


class Service:
    """Runs the parts in the event loop."""

    def __init__(self, parts: Parts, config: Config, say: Say) -> None:
        self._parts = parts
        self._room = parts.room
        self._watched = -1
        self._exchange = parts.exchange
        self._config = config
        self._say = say
        self._timer: asyncio.TimerHandle | None = None
        self._wanted = {board.address: asyncio.Event() for board in parts.exchange.boards}
        self._up = asyncio.Event()
        self._engine_lost = asyncio.Event()

    async def run(self, greet: Callable[[], list[str]], *works: Work) -> None:
        """Start, greet, and run until a signal; ``works`` go on beside it."""
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        for number in _ending():
            loop.add_signal_handler(number, stopped.set)
        self._watch_engine()
        self._parts.mail.join(loop, self.pump)
        unsubscribe = self._exchange.subscribe(self._note)
        self._exchange.start()
        self.pump()
        pool = ThreadPoolExecutor(len(self._wanted) + 2, thread_name_prefix="link")
        async with asyncio.TaskGroup() as group:
            linked = [self._keep_linked(board, pool) for board in self._exchange.boards]
            own = [self._greet(greet), self._keep_engine(pool), self._prepare_prompts(pool)]
            tasks = [group.create_task(work) for work in (*own, *linked, *works)]
            await stopped.wait()
            for task in tasks:
                task.cancel()
        pool.shutdown(wait=False, cancel_futures=True)
        self._stop()
        unsubscribe()

    @property
    def keep_days(self) -> int:
        """For how long calls are kept, as the configuration says now."""
        return self._config.keep_days

    def pump(self) -> None:
        """Let the exchange work, and see when it is due again and who wants a link."""
        self._exchange.pump()
        self._arm()
        for board in self._exchange.boards:
            if board.wants_link:
                self._wanted[board.address].set()

    def apply_live(self, config: Config, found: list[Change]) -> Effect:
        """Go on with another configuration, calls included; say what of it waits for a restart.

        Boards may be added at the end.  Others, or another country, are another office's: then all
        of it waits.
        """
        there = tuple(board.address for board in self._exchange.boards)
        is_same = config.plan.country == self._exchange.plan.country
        if config.boards[: len(there)] != there or not is_same:
            return Effect(at_restart=tuple(named(change.path) for change in found))
        self._exchange.reconfigure(config.plan)
        self._config = config
        self.pump()
        return effect(found)

    def _arm(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        due = self._exchange.deadline
        if due is not None:
            wait = max(due - self._room.engine.now, 0.0)
            self._timer = asyncio.get_running_loop().call_later(wait, self.pump)

    # The engine

    def _watch_engine(self) -> None:
        """Pump whenever the engine has something to tell."""
        self._unwatch_engine()
        self._watched = self._room.engine.fileno()
        asyncio.get_running_loop().add_reader(self._watched, self.pump)

    def _unwatch_engine(self) -> None:
        if self._watched >= 0:
            asyncio.get_running_loop().remove_reader(self._watched)
            self._watched = -1

    async def _keep_engine(self, pool: ThreadPoolExecutor) -> None:
        """Start the engine anew whenever its process has died: its boards want links again then."""
        while True:
            await self._engine_lost.wait()
            self._engine_lost.clear()
            begun = time.monotonic()
            self._unwatch_engine()
            how = await _finish(pool, self._room.how_it_ended)
            _complain(f"the engine died ({how}), and all calls with it")
            for pause_s in itertools.chain(ENGINE_PAUSES_S, itertools.repeat(ENGINE_PAUSES_S[-1])):
                await asyncio.sleep(pause_s)
                if await self._begin_anew(pool):
                    break
            self._say(f"engine: anew after {time.monotonic() - begun:.2f} s")

    async def _begin_anew(self, pool: ThreadPoolExecutor) -> bool:
        """Go on with another engine; say why if that can't be."""
        try:
            await _finish(pool, self._room.prepare)
            self._room.enter()
        except EngineError as error:
            _complain(f"the engine can't be started anew: {error}")
            return False
        self._watch_engine()
        self.pump()
        return True

    async def _prepare_prompts(self, pool: ThreadPoolExecutor) -> None:
        """Decode what the office can say; what is wanted sooner is decoded then."""
        try:
            await _finish(pool, self._parts.prompts.prepare)
        except SoundError as error:
            _complain(str(error))

    # Boards

    async def _keep_linked(self, board: Board, pool: ThreadPoolExecutor) -> None:
        """Open a link whenever the board wants one."""
        wanted = self._wanted[board.address]
        while True:
            await wanted.wait()
            wanted.clear()
            if board.wants_link:
                await self._link(board, pool)
                self.pump()

    async def _link(self, board: Board, pool: ThreadPoolExecutor) -> None:
        opening = asyncio.get_running_loop().run_in_executor(pool, board.open_link)
        await asyncio.wait([opening], timeout=LINK_S)
        if not opening.done():
            opening.add_done_callback(_close_late)
            self._exchange.link_failed(board, f"no answer in {LINK_S:.0f} s")
            return
        try:
            descriptor = opening.result()
        except DriverError as error:
            self._exchange.link_failed(board, str(error))
        else:
            self._exchange.link_opened(board, descriptor)

    async def _greet(self, greet: Callable[[], list[str]]) -> None:
        try:
            async with asyncio.timeout(GREET_S):
                await self._up.wait()
        except TimeoutError:
            pass
        for line in greet():
            self._say(line)

    def _note(self, notice: Notice) -> None:
        """Keep and say what becomes of boards; see the engine's end."""
        if isinstance(notice, EngineLost):
            self._engine_lost.set()
        if isinstance(notice, EmergencyCalled | EmergencyConfirmed):
            _complain(described(notice))
        if not isinstance(notice, BoardChanged):
            return
        boards = self._exchange.boards
        for number, board in enumerate(boards):
            if board.address == notice.address and board.state is BoardState.UP and board.info:
                self._parts.journal.saw_board(board.address, board.info, datetime.now(UTC))
                for line in mismatches(self._config.plan, number, board.info):
                    _complain(line)
        reason = f" ({notice.reason})" if notice.reason else ""
        if self._up.is_set() or notice.reason:
            self._say(f"board {notice.address}: {notice.state}{reason}")
        if all(board.state is BoardState.UP for board in boards):
            self._up.set()

    def _stop(self) -> None:
        self._unwatch_engine()
        self._parts.mail.leave()
        if self._timer:
            self._timer.cancel()
        self._exchange.stop()
        self._say("stopped")


def _ending() -> list[signal.Signals]:
    """Return the signals that end the service: a closed terminal too, unless under nohup."""
    ending = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        ending.append(signal.SIGHUP)
    return ending


async def _finish(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """Do a work in a thread, to its end even when we are cancelled: half of it would be left."""
    doing = asyncio.get_running_loop().run_in_executor(pool, work)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


def _close_late(opening: asyncio.Future[int]) -> None:
    """Close a link that was opened after it had been given up."""
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())
