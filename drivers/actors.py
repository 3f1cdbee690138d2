# SPDX-License-Identifier: MIT
"""What a test or a demonstration can do with a telephone and with a line of the central office.

The same script runs on a simulated board and, where ports are cabled to each other, on a real
one: only the objects behind these protocols differ.  Every method returns when the thing is
done or heard, in whatever time its stage keeps, and raises ``AssertionError`` with what was
seen instead when it isn't.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["Caller", "Misfortune", "OfficeLine", "SimulatedStage", "Stage", "Telephone"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller as shown: either may be empty; P private, O out of area in ``absent``."""

    number: str
    name: str = ""
    absent: str = ""


class Telephone(Protocol):
    """A person with an analog telephone on an FXS port."""

    def lifts(self) -> None:
        """Lift the handset."""

    def hangs_up(self) -> None:
        """Replace the handset."""

    def flashes(self, duration_ms: int = 500) -> None:
        """Press the hook for a moment."""

    def dials(self, digits: str, *, pulse: bool = False) -> None:
        """Dial, by DTMF or with a rotary dial, and return when the last digit has been sent."""

    def says(self, speech: Path, *, wait: bool = True) -> None:
        """Speak a recording (any WAV) into the handset."""

    def hears(self, tone: str, within_s: float = 3.0) -> None:
        """Hear a call-progress tone by its name, speech ("speech") or nothing ("silence")."""

    def rings(self, within_s: float = 6.0) -> None:
        """Be ringing, or begin to."""

    def is_quiet(self, for_s: float = 6.5) -> None:
        """Not ring for so long."""

    def shows(self, within_s: float = 6.0) -> Caller:
        """Return the caller that the display shows."""

    def save_ear(self, path: Path) -> None:
        """Write all that was heard so far as 8 kHz 16-bit WAV."""


class OfficeLine(Protocol):
    """One subscriber line of the central office, on an FXO port: the world outside."""

    def calls_in(self, number: str = "", name: str = "", absent: str = "") -> None:
        """Ring the line for an outside caller, with FSK caller ID between the first two rings."""

    def stops_calling(self) -> None:
        """Let the outside caller give up before an answer."""

    def is_seized(self, within_s: float = 3.0) -> None:
        """See the loop closed."""

    def is_free(self, within_s: float = 3.0) -> None:
        """See the loop open."""

    def receives(self, digits: str, within_s: float = 10.0) -> None:
        """Have received exactly these digits since the loop was closed."""

    def answers(self) -> None:
        """Let the called party answer (with a reversal where this office gives one)."""

    def is_busy(self) -> None:
        """Let the called party be busy: busy tone."""

    def hangs_up(self) -> None:
        """Let the party outside hang up: this office's disconnect signal follows."""

    def says(self, speech: Path, *, wait: bool = True) -> None:
        """Let the party outside speak a recording."""

    def presses(self, keys: str) -> None:
        """Let the party outside press keys, and return when the last has been sent."""

    def hears(self, tone: str, within_s: float = 3.0) -> None:
        """Let the party outside hear a tone, "speech" or "silence"."""

    def save_ear(self, path: Path) -> None:
        """Write all that the party outside heard as 8 kHz 16-bit WAV."""


class Stage(Protocol):
    """Boards, telephones and offices with one clock."""

    @property
    def now(self) -> float:
        """Seconds of the stage's own time."""

    def telephone(self, port: int, board: int = 0) -> Telephone:
        """Return the telephone on an FXS port."""

    def office(self, port: int, board: int = 0) -> OfficeLine:
        """Return the office line on an FXO port."""

    def passes(self, seconds: float) -> None:
        """Let time pass."""

    def close(self) -> None:
        """Switch everything off."""


class Misfortune(Protocol):
    """What can be made to go wrong with a board, its link and its lines."""

    def run(self, script: str, /) -> None:
        """Let the faults of a script happen, as "at 3s drop 2%; at 5s unplug for 2s"."""


class SimulatedStage(Stage, Protocol):
    """A stage of simulated boards in this process, whose time passes as fast as it can."""

    pumps: list[Callable[[], object]]
    "Called in each step after the boards have written: serve the other ends of their links here."

    def descriptor(self, board: int = 0) -> int:
        """Return a fresh host's end of a board's link; the one given before is dead."""

    def faults(self, board: int = 0) -> Misfortune:
        """Return what can be made to go wrong with a board, its link and its lines."""
