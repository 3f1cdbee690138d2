# SPDX-License-Identifier: MIT
"""The trace of each call: every event, message, effect and decision, in order.

What a party does before its call exists (lifting, dialling) is kept and put in front; what it
does after the end (hearing reorder, hanging up) still belongs to the call, until it is idle.
So a line of the trace may come after the notice that closed its call.
"""

import dataclasses
import enum
import functools
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from altiware.core.ids import CallId, Party
from altiware.core.notices import Traced, TraceKind

__all__ = ["NO_CALL", "Tracer", "line_of"]

NO_CALL: Final = CallId("")
LONGEST_PRELUDE: Final = 128
"""A number has at most 32 digits, and each comes with its effects."""


class Tracer:
    """Says to which call a line of the trace belongs."""

    def __init__(self) -> None:
        self._calls: dict[Party, CallId] = {}
        self._preludes: dict[Party, deque[Traced]] = {}

    def call_of(self, party: Party) -> CallId:
        """Return the call that a party's doings belong to; NO_CALL if it isn't known yet."""
        return self._calls.get(party, NO_CALL)

    def keep(self, party: Party, line: Traced) -> None:
        """Keep a line until the party's call is known."""
        self._preludes.setdefault(party, deque(maxlen=LONGEST_PRELUDE)).append(line)

    def attached(self, party: Party, call: CallId) -> Iterator[Traced]:
        """Note which call a party is at; yield what it did before."""
        self._calls[party] = call
        for line in self._preludes.pop(party, ()):
            yield dataclasses.replace(line, call=call)

    def idle(self, party: Party) -> None:
        """Note that the party is done with its last call."""
        self._calls.pop(party, None)
        self._preludes.pop(party, None)


def line_of(
    at: float, kind: TraceKind, source: str, target: str, thing: object, call: CallId = NO_CALL
) -> Traced:
    """Make a line of the trace out of an event, effect or decision."""
    return Traced(at, call, kind, source, target, type(thing).__name__, _fields(thing))


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    """Return what is traced: a field that isn't to be shown (a password) is not."""
    shown = (each.name for each in dataclasses.fields(kind) if each.repr)
    return tuple(name for name in shown if name not in {"at", "call"})


def _fields(thing: object) -> tuple[tuple[str, str], ...]:
    kind: Any = type(thing)
    values = [(name, getattr(thing, name)) for name in _names(kind)]
    return tuple([(name, _text(value)) for name, value in values if value is not None])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, enum.Flag):
        return (value.name or "").lower()
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return " ".join(map(_text, value))
    if isinstance(value, Party) or not dataclasses.is_dataclass(value):
        return str(value)
    return ", ".join(f"{name} {text}" for name, text in _fields(value) if text)
