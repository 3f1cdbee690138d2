# SPDX-License-Identifier: MIT
"""The control socket of a running service, and the roll-back of what nobody has confirmed.

``await ControlRoom(...).run()`` until cancelled.  The desk works in a thread of its own, one
request after the other, so that reading a large configuration never keeps the exchange waiting; the
exchange gets a new one in the event loop.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from altiware.config import Config
from altiware.configuration.compare import Change, Effect
from altiware.configuration.desk import PREFIX, Desk, Live
from altiware.configuration.versions import History
from altiware.control.protocol import Json, Request
from altiware.control.server import listening
from altiware.errors import AltiwareError, UsageError

__all__ = ["ControlRoom"]

LIVE_S: Final = 10.0
"""In what time the event loop must have taken a new configuration."""
AGAIN_S: Final = 60.0
"""After which a roll-back that the disk refused is tried again."""
Say = Callable[[str], None]
T = TypeVar("T")


class ControlRoom:
    """Answers whoever asks the service, in its event loop."""

    def __init__(
        self, history: History, directory: Path, apply_live: Live, say: Say, complain: Say
    ) -> None:
        self.is_up = asyncio.Event()
        "Set when whoever asks will be answered."
        self._desk = Desk(history, self._live)
        self._directory = directory
        self._apply_live = apply_live
        self._say = say
        self._complain = complain
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk")

    async def run(self) -> None:
        """Answer, and roll back in time, until cancelled."""
        self._loop = asyncio.get_running_loop()
        try:
            async with AsyncExitStack() as stack:
                try:
                    await stack.enter_async_context(listening(self._directory, self._respond))
                except AltiwareError as error:
                    self._complain(f"nobody can ask this service: {error}")
                self.is_up.set()
                await self._keep_promises()
        finally:
            self._pool.shutdown(wait=False)

    async def _respond(self, request: Request, author: str) -> Json:
        if not request.ask.startswith(PREFIX):
            raise UsageError(f"{request.ask}: allowed: what begins with {PREFIX}")
        try:
            return await self._at_desk(
                partial(self._desk.answer, request.ask, request.fields, author)
            )
        finally:
            self._asked.set()

    async def _keep_promises(self) -> None:
        """Roll back what is not confirmed in time; each request may have changed when that is."""
        retry_s: float | None = None
        while True:
            self._asked.clear()
            due_s = await self._at_desk(lambda: self._desk.due_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(due_s if retry_s is None else retry_s):
                    await self._asked.wait()
            retry_s = None
            try:
                said = await self._at_desk(self._desk.expire)
            except AltiwareError as error:
                self._complain(f"the configuration can't be rolled back: {error}")
                retry_s = AGAIN_S
            else:
                if said:
                    self._say(said)

    async def _at_desk(self, work: Callable[[], T]) -> T:
        """Do a work in the desk's thread, to its end even when we are cancelled."""
        doing = asyncio.get_running_loop().run_in_executor(self._pool, work)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            await asyncio.wait([doing])
            raise

    def _live(self, config: Config, found: list[Change]) -> Effect:
        """Give the event loop a new configuration; called by the desk, in its thread."""
        taken: Future[Effect] = Future()
        assert self._loop

        def take() -> None:
            try:
                taken.set_result(self._apply_live(config, found))
            except BaseException as error:  # for whoever has asked
                taken.set_exception(error)
                raise

        self._loop.call_soon_threadsafe(take)
        return taken.result(LIVE_S)
