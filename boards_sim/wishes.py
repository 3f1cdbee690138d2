# SPDX-License-Identifier: MIT
"""What can be wished of an actor, as a message: the same in this process and over a socket.

``Telephone`` and ``OfficeLine`` are the handles that tests hold (drivers.actors); each method
becomes a ``Wish`` for whoever has the actors, who turns it into a script with ``script_of``.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from boards_sim.actor import Actor, Script
from boards_sim.network import Network
from boards_sim.office import OfficeSet
from boards_sim.phone import TelephoneSet
from drivers.actors import Caller

__all__ = ["OfficeLine", "Telephone", "Wish", "script_of", "verbs_of"]

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing to do, for one actor."""

    verb: str
    port: int = 0
    board: int = 0
    args: Mapping[str, Value] = field(default_factory=dict)


class Telephone:
    """A telephone, wherever its stage is (drivers.actors.Telephone)."""

    def __init__(self, fulfil: Callable[[Wish], object], port: int, board: int = 0) -> None:
        self._fulfil = fulfil
        self._port = port
        self._board = board

    def _wish(self, verb: str, args: Mapping[str, Value] | None = None) -> object:
        return self._fulfil(Wish(verb, self._port, self._board, args or {}))

    def lifts(self) -> None:
        """Lift the handset."""
        self._wish("lifts")

    def hangs_up(self) -> None:
        """Replace the handset."""
        self._wish("hangs_up")

    def flashes(self, duration_ms: int = 500) -> None:
        """Press the hook for a moment."""
        self._wish("flashes", {"duration_ms": duration_ms})

    def dials(self, digits: str, *, pulse: bool = False) -> None:
        """Dial, and return when the last digit has been sent."""
        self._wish("dials", {"digits": digits, "pulse": pulse})

    def says(self, speech: Path, *, wait: bool = True) -> None:
        """Speak a recording into the handset."""
        self._wish("says", {"speech": str(speech), "wait": wait})

    def hears(self, tone: str, within_s: float = 3.0) -> None:
        """Hear a tone, "speech" or "silence"."""
        self._wish("hears", {"tone": tone, "within_s": within_s})

    def rings(self, within_s: float = 6.0) -> None:
        """Be ringing, or begin to."""
        self._wish("rings", {"within_s": within_s})

    def is_quiet(self, for_s: float = 6.5) -> None:
        """Not ring for so long."""
        self._wish("is_quiet", {"for_s": for_s})

    def shows(self, within_s: float = 6.0) -> Caller:
        """Return the caller that the display shows."""
        caller = self._wish("shows", {"within_s": within_s})
        assert isinstance(caller, Caller)
        return caller

    def save_ear(self, path: Path) -> None:
        """Write all that was heard so far."""
        self._wish("save_ear", {"path": str(path)})


class OfficeLine:
    """An office line, wherever its stage is (drivers.actors.OfficeLine)."""

    def __init__(self, fulfil: Callable[[Wish], object], port: int, board: int = 0) -> None:
        self._fulfil = fulfil
        self._port = port
        self._board = board

    def _wish(self, verb: str, args: Mapping[str, Value] | None = None) -> object:
        return self._fulfil(Wish(verb, self._port, self._board, args or {}))

    def calls_in(self, number: str = "", name: str = "", absent: str = "") -> None:
        """Ring the line for an outside caller."""
        self._wish("calls_in", {"number": number, "name": name, "absent": absent})

    def stops_calling(self) -> None:
        """Let the outside caller give up."""
        self._wish("stops_calling")

    def is_seized(self, within_s: float = 3.0) -> None:
        """See the loop closed."""
        self._wish("is_seized", {"within_s": within_s})

    def is_free(self, within_s: float = 3.0) -> None:
        """See the loop open."""
        self._wish("is_free", {"within_s": within_s})

    def receives(self, digits: str, within_s: float = 10.0) -> None:
        """Have received exactly these digits since the loop was closed."""
        self._wish("receives", {"digits": digits, "within_s": within_s})

    def answers(self) -> None:
        """Let the called party answer."""
        self._wish("answers")

    def is_busy(self) -> None:
        """Let the called party be busy."""
        self._wish("is_busy")

    def hangs_up(self) -> None:
        """Let the party outside hang up."""
        self._wish("hangs_up")

    def says(self, speech: Path, *, wait: bool = True) -> None:
        """Let the party outside speak a recording."""
        self._wish("says", {"speech": str(speech), "wait": wait})

    def presses(self, keys: str) -> None:
        """Let the party outside press keys."""
        self._wish("presses", {"keys": keys})

    def hears(self, tone: str, within_s: float = 3.0) -> None:
        """Let the party outside hear a tone, "speech" or "silence"."""
        self._wish("hears", {"tone": tone, "within_s": within_s})

    def save_ear(self, path: Path) -> None:
        """Write all that the party outside heard."""
        self._wish("save_ear", {"path": str(path)})


TELEPHONE_VERBS: Final = (
    "lifts",
    "hangs_up",
    "flashes",
    "dials",
    "says",
    "hears",
    "rings",
    "is_quiet",
    "shows",
    "save_ear",
)
OFFICE_VERBS: Final = (
    "calls_in",
    "stops_calling",
    "is_seized",
    "is_free",
    "receives",
    "answers",
    "is_busy",
    "hangs_up",
    "says",
    "presses",
    "hears",
    "save_ear",
)


def verbs_of(actor: Actor) -> tuple[str, ...]:
    """Return what can be wished of an actor."""
    if isinstance(actor, TelephoneSet):
        return TELEPHONE_VERBS
    return OFFICE_VERBS if isinstance(actor, OfficeSet | Network) else ()


def script_of(actor: Actor, wish: Wish) -> Script[object]:
    """Return the script that fulfils a wish.

    Raises:
        ValueError: no such verb, or arguments that don't belong to it.
    """
    allowed = verbs_of(actor)
    if wish.verb not in allowed:
        raise ValueError(
            f"{actor.name} can't {wish.verb!r}; it can {', '.join(allowed) or 'nothing'}"
        )
    verb: Callable[..., Script[object]] = getattr(actor, wish.verb)
    parameters = inspect.signature(verb).parameters
    unknown = sorted(set(wish.args) - set(parameters))
    if unknown:
        known = ", ".join(parameters) or "none"
        raise ValueError(f"{wish.verb} has no argument {unknown[0]!r}; it takes {known}")
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in wish.args:
            raise ValueError(f"{wish.verb} needs the argument {name!r}")
    arguments = {
        name: _argument(wish.verb, parameters[name], value) for name, value in wish.args.items()
    }
    return verb(**arguments)


def _argument(verb: str, parameter: inspect.Parameter, value: object) -> Any:
    """Return a value as the parameter wants it."""
    wanted = parameter.annotation
    if wanted is Path and isinstance(value, str):
        return Path(value)
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        if 0 <= value <= LONGEST_S:
            return float(value)
        raise ValueError(f"{verb}: {parameter.name} {value!r} is not within 0..{LONGEST_S:g}")
    if wanted is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if wanted in {str, bool} and type(value) is wanted:
        return value
    kind = {Path: "a path", float: "a number", int: "a whole number", bool: "true or false"}
    raise ValueError(f"{verb}: {parameter.name} {value!r} is not {kind.get(wanted, 'a text')}")


LONGEST_S: Final = 86_400.0
"""A day: the longest wait."""
