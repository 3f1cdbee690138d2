# SPDX-License-Identifier: MIT
"""Where the exchange puts what features keep, and has it from: see altiware.store.archive."""

from collections.abc import Callable
from typing import Protocol

from altiware.core.effects import ToStore
from altiware.core.events import Event
from altiware.core.ids import Party
from altiware.core.notices import Notice
from altiware.core.plan import Plan

__all__ = ["NO_ARCHIVE", "Archive"]


class Archive(Protocol):
    """What performs the orders to the store."""

    def attend(self, deliver: Callable[[Party | None, Event | Notice], None]) -> None:
        """Answer there from now on: to a party, or (None) to all."""

    def adopt(self, plan: Plan) -> None:
        """Go on by a new plan."""

    def perform(self, party: Party, order: ToStore) -> None:
        """Do what a feature orders; the answer comes when it is done."""


class NoArchive:
    """An office that keeps nothing: its orders are not answered."""

    def attend(self, deliver: Callable[[Party | None, Event | Notice], None]) -> None:
        """Do nothing."""

    def adopt(self, plan: Plan) -> None:
        """Do nothing."""

    def perform(self, party: Party, order: ToStore) -> None:
        """Do nothing."""


NO_ARCHIVE = NoArchive()
