# SPDX-License-Identifier: MIT
"""The service's mailboxes: what the store answers in its threads, the event loop's thread hears.

``mail_room(config, directory, writer)`` yields one.  It sweeps first, so no engine may be recording
any more: the one that a killed service left has been ended by then, its recordings completed.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from altiware.config import Config
from altiware.core.effects import ToStore
from altiware.core.events import Event
from altiware.core.ids import Party
from altiware.core.notices import Notice
from altiware.core.plan import Plan
from altiware.mailer import Mailer
from altiware.prompts.prompt_set import RECORDINGS
from altiware.store.archive import Archive
from altiware.store.errors import DirectoryError
from altiware.store.mail import Swept
from altiware.store.writer import Writer

__all__ = ["MailRoom", "mail_room"]


class MailRoom:
    """An archive whose answers come in the loop's thread, each followed by a pump."""

    def __init__(self, archive: Archive, mailer: Mailer | None, swept: Swept) -> None:
        self.mailer = mailer
        self.swept = swept
        "What the last service had left."
        self._archive = archive
        self._deliver: Callable[[Party | None, Event | Notice], None] = lambda party, event: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pump: Callable[[], None] = lambda: None

    def attend(self, deliver: Callable[[Party | None, Event | Notice], None]) -> None:
        """Answer there, once there is a loop."""
        self._deliver = deliver
        self._archive.attend(self._answered)

    def adopt(self, plan: Plan) -> None:
        """Go on by a new plan."""
        self._archive.adopt(plan)

    def perform(self, party: Party, order: ToStore) -> None:
        """Do what a feature orders."""
        self._archive.perform(party, order)

    def join(self, loop: asyncio.AbstractEventLoop, pump: Callable[[], None]) -> None:
        """Answer in this loop from now on."""
        self._loop, self._pump = loop, pump

    def leave(self) -> None:
        """Answer nobody any more."""
        self._loop = None

    def _answered(self, party: Party | None, event: Event | Notice) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._take, party, event)

    def _take(self, party: Party | None, event: Event | Notice) -> None:
        if self._loop is not None:
            self._deliver(party, event)
            self._pump()


@contextmanager
def mail_room(
    config: Config,
    directory: Path,
    writer: Writer,
    wall: Callable[[], datetime],
    complain: Callable[[str], None],
) -> Iterator[MailRoom]:
    """Open the mailboxes of a data directory.

    Raises:
        StoreError: it can't be written.
    """
    with ExitStack() as stack:
        hashing = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="password"))
        try:
            archive = Archive(config.plan.mail, directory / RECORDINGS, writer, hashing, wall)
            swept = archive.sweep()
        except OSError as error:
            raise DirectoryError(f"{directory}: {error.strerror}") from error
        mailer = None
        if config.smtp is not None:
            mailer = Mailer(config.plan.mail, config.smtp, archive, wall, complain=complain)
            stack.callback(mailer.close)
        yield MailRoom(archive, mailer, swept)
