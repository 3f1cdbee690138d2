# SPDX-License-Identifier: MIT
"""AT commands one after the other, and what the modem says meanwhile.  Sans-I/O.

A command is over when a final result comes (OK, ERROR, CONNECT ...) or its time is over; lines
before that are its answer, unless they are among those that come by themselves (RING, a caller's
number): whoever owns the dialogue says which.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

__all__ = ["Answer", "Command", "Dialogue"]

GOOD: Final = ("OK", "CONNECT", "VCON")
BAD: Final = (
    "ERROR",
    "NO CARRIER",
    "NO DIALTONE",
    "NO DIAL TONE",
    "BUSY",
    "NO ANSWER",
    "+CME ERROR",
)
FINAL: Final = GOOD + BAD
USUAL_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Command:
    """One command line, without its end."""

    text: str
    within_s: float = USUAL_S
    optional: bool = False
    "Whether the modem may refuse it, or not know it."
    begins_stream: bool = False
    "CONNECT is followed by samples."


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended."""

    command: Command
    result: str
    "The final line; empty: none came in time."
    lines: tuple[str, ...] = ()
    "What came before it."

    @property
    def good(self) -> bool:
        """Whether the modem did it."""
        return self.result.startswith(GOOD)

    @property
    def text(self) -> str:
        """The answer without the final line."""
        return "\n".join(self.lines)

    @property
    def failure(self) -> str:
        """What is wrong, for people."""
        return f"{self.command.text}: {self.result or 'no answer'}"


@dataclass(slots=True)
class Dialogue:
    """Commands that wait, and the one that is being answered."""

    send: Callable[[Command], None]
    "Writes a command, with its end."
    by_itself: Callable[[str], bool]
    "Whether a line comes without being asked for."
    _waiting: deque[Command] = field(default_factory=deque)
    _asked: Command | None = None
    _lines: list[str] = field(default_factory=list)
    _due: float | None = None

    @property
    def deadline(self) -> float | None:
        """When ``expire`` is due."""
        return self._due

    @property
    def asking(self) -> Command | None:
        """The command that is being answered."""
        return self._asked

    @property
    def idle(self) -> bool:
        """Whether nothing is being asked and nothing waits."""
        return self._asked is None and not self._waiting

    def ask(self, commands: Iterable[Command], now: float) -> None:
        """Send commands in their turn."""
        self._waiting.extend(commands)
        self._next(now)

    def forget(self) -> None:
        """Ask nothing more, and wait for nothing."""
        self._waiting.clear()
        self._asked, self._due = None, None

    def receive(self, line: str, now: float) -> Answer | str | None:
        """Take a line: the end of a command, a line that came by itself, or a part of an answer."""
        if self._asked is None or self.by_itself(line):
            return line
        if line == self._asked.text:  # it still echoes what it gets
            return None
        if line.startswith(FINAL):
            return self._end(line, now)
        self._lines.append(line)
        return None

    def expire(self, now: float) -> Answer | None:
        """Give the command up whose time is over."""
        if self._asked is None or self._due is None or now < self._due:
            return None
        return self._end("", now)

    def _end(self, result: str, now: float) -> Answer:
        assert self._asked is not None
        answer = Answer(self._asked, result, tuple(self._lines))
        self._asked, self._due = None, None
        if answer.good or answer.command.optional:
            self._next(now)
        else:
            self._waiting.clear()  # what follows was meant for a modem that did this
        return answer

    def _next(self, now: float) -> None:
        if self._asked is not None or not self._waiting:
            return
        self._asked = self._waiting.popleft()
        self._lines = []
        self._due = now + self._asked.within_s
        self.send(self._asked)
