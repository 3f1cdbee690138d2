# SPDX-License-Identifier: MIT
"""Where the configuration is asked about and changed, by whatever interface.

``Desk(history, live).answer("configuration.change", fields, author)`` takes and returns JSON
objects: the service's control socket passes them through, and a command that finds no service
running has a desk of its own.  A change is checked, written as a version and given to ``live``.
Calls block for some tens of milliseconds, and are made one after the other.
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from altiware.config import Config, Office
from altiware.configuration.commands import ReplaceAll, checked, performed, resolved
from altiware.configuration.compare import (
    Change,
    Effect,
    changes,
    effect,
    masked,
    masked_data,
    named,
    unified,
)
from altiware.configuration.fields import Fields, Json
from altiware.configuration.text import at
from altiware.configuration.versions import History
from altiware.configuration.wire import from_json
from altiware.errors import UsageError
from altiware.store.configurations import Version
from altiware.tables import Shape, key_field, setting
from altiware.toml_lines import shown

__all__ = ["PREFIX", "Desk", "Live"]

PREFIX: Final = "configuration."
"""Of what is asked here."""
MOST_VERSIONS: Final = 1000
NAMED_CHANGES: Final = 3
"""In the note of a version."""
CONFIRM_LIMIT_S: Final = 86_400.0
Live = Callable[[Config, list[Change]], Effect]
"""Gives a running exchange the new configuration; says what holds at once."""


def _at_next_start(_config: Config, found: list[Change]) -> Effect:
    return Effect(at_restart=tuple(named(change.path) for change in found))


class Desk:
    """Answers what is asked about the configuration."""

    def __init__(self, history: History, live: Live | None = None) -> None:
        self._history = history
        self._live = live or _at_next_start
        self._is_running = live is not None

    def answer(self, ask: str, fields: Json, author: str) -> Json:
        """Answer one request.

        Raises:
            AltiwareError: it can't be done; the message is for people.
        """
        todo = ASKS.get(ask.removeprefix(PREFIX))
        if todo is None:
            raise UsageError(f"{ask}: allowed: {', '.join(PREFIX + name for name in ASKS)}")
        return todo(self, Fields(fields), author)

    @property
    def due_s(self) -> float | None:
        """In how many seconds ``expire`` has something to do; None: nothing waits."""
        return self._history.due_s()

    def expire(self) -> str | None:
        """Roll back what was not confirmed in time; say so."""
        before = self._history.latest()
        rolled_back = self._history.expire()
        if before is None or rolled_back is None:
            return None
        self._take_effect(before.text, rolled_back.text)
        return f"configuration: {rolled_back.note}"

    # What is asked

    def _show(self, fields: Fields, _author: str) -> Json:
        number = fields.number_or_none("version", 1)
        with_secrets = fields.flag("secrets")
        fields.end()
        found = self._history.version(number) if number else self._history.settle()
        text = found.text if with_secrets else masked(found.text)
        return self._state(found) | {"text": text}

    def _rows(self, fields: Fields, _author: str) -> Json:
        path = fields.path("table")
        fields.end()
        document = tomllib.loads(self._history.settle().text)
        path = resolved(document, path)
        found = setting(Office, path)
        if not found or not found.table or found.shape not in (Shape.ROWS, Shape.NAMED):
            raise UsageError(f"{shown(path)}: has no rows")
        whole = Office.model_validate(document).model_dump(mode="json", warnings=False)
        rows = masked_data(at(whole, path), path)
        if found.shape is Shape.NAMED:
            rows = [{"name": name} | row for name, row in rows.items()]
        key = key_field(found.table) if found.shape is Shape.ROWS else "name"
        return {"table": named(map(str, path)), "key": key, "rows": rows}

    def _change(self, fields: Fields, author: str) -> Json:
        commands = [from_json(each) for each in fields.objects("commands")]
        note, is_rehearsal = fields.text("note", ""), fields.flag("rehearsal")
        within = fields.seconds("confirm_within_s", CONFIRM_LIMIT_S)
        fields.end()
        replaces_all = any(isinstance(each, ReplaceAll) for each in commands)
        last = (self._history.latest() if replaces_all else None) or self._history.settle()
        self._history.refuse_while_pending(last)
        text = performed(last.text, commands)
        found, lines = changes(last.text, text), unified(last.text, text, ("before", "after"))
        if is_rehearsal or text == last.text:
            return self._state(last) | _difference(found, lines) | _effect(effect(found))
        confirm_within = timedelta(seconds=within) if within else None
        new = self._history.change(text, author, note or _summary(found), confirm_within)
        taken = self._take_effect(last.text, text)
        return self._state(new) | _difference(found, lines) | _effect(taken)

    def _history_of(self, fields: Fields, _author: str) -> Json:
        limit = fields.number_or_none("limit", 1) or 20
        fields.end()
        found = self._history.versions(min(limit, MOST_VERSIONS))
        return {"versions": [_version(each) for each in found]}

    def _diff(self, fields: Fields, _author: str) -> Json:
        old, new = fields.number_or_none("old", 1), fields.number_or_none("new", 1)
        text = fields.text("text", "")
        fields.end()
        last = self._history.latest() or self._history.settle()
        if text:
            checked(text)
            after, name = text, "the file"
        else:
            number = new or last.number
            after, name = self._history.version(number).text, f"version {number}"
        before = self._history.version(old or (last.number if text else last.base or last.number))
        lines = unified(before.text, after, (f"version {before.number}", name))
        return _difference(changes(before.text, after), lines)

    def _undo(self, fields: Fields, author: str) -> Json:
        to = fields.number_or_none("to", 1)
        fields.end()
        last = self._history.latest()
        new = None if to else self._history.restore_file(author)
        new = new or self._history.undo(author, to)
        old = last.text if last else new.text
        lines = unified(old, new.text, ("before", "after"))
        taken = self._take_effect(old, new.text)
        return self._state(new) | _difference(changes(old, new.text), lines) | _effect(taken)

    def _confirm(self, fields: Fields, _author: str) -> Json:
        fields.end()
        return self._state(self._history.confirm())

    # Answers

    def _take_effect(self, old: str, new: str) -> Effect:
        return self._live(checked(new), changes(old, new))

    def _state(self, found: Version) -> Json:
        return {
            "version": found.number,
            "confirm_by": found.confirm_by.isoformat() if found.confirm_by else None,
            "file": str(self._history.file),
            "running": self._is_running,
        }


def _summary(found: list[Change]) -> str:
    """Return a note for a change that nobody has given one."""
    names = [named(each.path) for each in found[:NAMED_CHANGES]]
    more = len(found) - len(names)
    return (", ".join(names) or "comments") + (f" and {more} more" if more else "")


def _difference(found: list[Change], lines: list[str]) -> Json:
    listed = [{"path": named(each.path), "old": each.old, "new": each.new} for each in found]
    return {"changes": listed, "lines": lines}


def _effect(taken: Effect) -> Json:
    return {"at_once": list(taken.at_once), "at_restart": list(taken.at_restart)}


def _version(found: Version) -> Json:
    return {
        "version": found.number,
        "made": found.made.isoformat(),
        "author": found.author,
        "note": found.note,
        "base": found.base,
        "confirm_by": found.confirm_by.isoformat() if found.confirm_by else None,
    }


ASKS: Final[Mapping[str, Callable[[Desk, Fields, str], Json]]] = {
    "show": Desk._show,
    "rows": Desk._rows,
    "change": Desk._change,
    "history": Desk._history_of,
    "diff": Desk._diff,
    "undo": Desk._undo,
    "confirm": Desk._confirm,
}
