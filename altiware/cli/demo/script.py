# SPDX-License-Identifier: MIT
"""The demonstration's script: scenes of steps such as ``101 says transfer to office 2``.

``read_script(text)`` checks every step; ``Step.perform`` does one on a stage.  The verbs are the
methods of :mod:`drivers.actors`; there are no conditions, loops or variables.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from altiware.errors import UsageError
from drivers.actors import Caller, OfficeLine, Stage, Telephone

__all__ = ["Cast", "Scene", "Step", "morning", "read_script"]


@dataclass(frozen=True, slots=True)
class Step:
    """One person does, or notices, one thing."""

    who: str
    "An extension, ``office N``, or ``time``."
    verb: str
    argument: str = ""
    listeners: tuple[str, ...] = ()
    "Who is spoken to."

    def __str__(self) -> str:
        words = [self.who, self.verb, self.argument]
        if self.listeners:
            words += ["to", " and ".join(self.listeners)]
        return " ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Scene:
    """Some steps with a name."""

    name: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: the stage, where each extension's telephone is, and the recordings."""

    stage: Stage
    ports: Mapping[str, int]
    "Port of each extension's telephone; ``office N`` is on port N."
    voices: Path

    def telephone(self, who: str) -> Telephone:
        """Return an extension's telephone."""
        return self.stage.telephone(self.ports[who])

    def office(self, who: str) -> OfficeLine:
        """Return an office line."""
        return self.stage.office(int(who.removeprefix("office ")))

    def recording(self, name: str) -> Path:
        """Return the file of a recording."""
        return self.voices / f"{name}.wav"

    def save_ear(self, who: str, file: Path) -> None:
        """Write what someone has heard so far."""
        actor = self.office(who) if who.startswith("office ") else self.telephone(who)
        actor.save_ear(file)

    def perform(self, step: Step) -> None:
        """Do one step; returns when it is done or noticed.

        Raises:
            AssertionError: something else was noticed.
        """
        if step.who == "time":
            self.stage.passes(float(step.argument))
        elif step.who.startswith("office "):
            OFFICE_VERBS[step.verb](self, self.office(step.who), step)
        else:
            TELEPHONE_VERBS[step.verb](self, self.telephone(step.who), step)


def _says(cast: Cast, who: Telephone | OfficeLine, step: Step) -> None:
    who.says(cast.recording(step.argument))


def _shows(cast: Cast, phone: Telephone, step: Step) -> None:
    number, _, name = step.argument.partition(" ")
    shown = phone.shows()
    assert shown == Caller(number, name), f"{step.who} shows {shown}"


def _calls_in(cast: Cast, line: OfficeLine, step: Step) -> None:
    number, _, name = step.argument.partition(" ")
    line.calls_in(number, name)


TELEPHONE_VERBS: Final[dict[str, Callable[[Cast, Telephone, Step], None]]] = {
    "lifts": lambda cast, phone, step: phone.lifts(),
    "hangs up": lambda cast, phone, step: phone.hangs_up(),
    "flashes": lambda cast, phone, step: phone.flashes(),
    "dials": lambda cast, phone, step: phone.dials(step.argument),
    "says": _says,
    "hears": lambda cast, phone, step: phone.hears(step.argument, within_s=6.0),
    "rings": lambda cast, phone, step: phone.rings(within_s=10.0),
    "is quiet": lambda cast, phone, step: phone.is_quiet(),
    "shows": _shows,
}
OFFICE_VERBS: Final[dict[str, Callable[[Cast, OfficeLine, Step], None]]] = {
    "calls in": _calls_in,
    "stops calling": lambda cast, line, step: line.stops_calling(),
    "is seized": lambda cast, line, step: line.is_seized(within_s=10.0),
    "is free": lambda cast, line, step: line.is_free(within_s=15.0),
    "receives": lambda cast, line, step: line.receives(step.argument),
    "answers": lambda cast, line, step: line.answers(),
    "is busy": lambda cast, line, step: line.is_busy(),
    "hangs up": lambda cast, line, step: line.hangs_up(),
    "says": _says,
    "hears": lambda cast, line, step: line.hears(step.argument, within_s=6.0),
}
TIME_VERBS: Final = {"passes": None}
WITH_ARGUMENT: Final = frozenset({"dials", "says", "hears", "shows", "receives", "passes"})


def morning() -> tuple[Scene, ...]:
    """Return the script that ``altiware demo`` plays."""
    text = resources.files("altiware.cli.demo").joinpath("morning.toml").read_text("utf-8")
    return read_script(text)


def read_script(text: str) -> tuple[Scene, ...]:
    """Read scenes.

    Raises:
        UsageError: a step is not understood; names the step.
    """
    document = tomllib.loads(text)
    return tuple(
        Scene(scene["name"], scene["title"], tuple(map(read_step, scene["steps"])))
        for scene in document["scene"]
    )


def read_step(text: str) -> Step:
    """Read one step.

    Raises:
        UsageError: it is not understood.
    """
    words = text.split()
    length = 2 if words[:1] == ["office"] else 1
    who, rest = " ".join(words[:length]), " ".join(words[length:])
    verbs: Mapping[str, object] = TELEPHONE_VERBS
    if length == 2 or who == "time":
        verbs = OFFICE_VERBS if length == 2 else TIME_VERBS
    verb = next((each for each in verbs if f"{rest} ".startswith(f"{each} ")), "")
    if not verb:
        raise UsageError(f"step {text!r}: allowed after {who!r}: {', '.join(verbs)}")
    argument = rest[len(verb) :].strip()
    if verb in WITH_ARGUMENT and not argument:
        raise UsageError(f"step {text!r}: {verb!r} what?")
    if verb != "says":
        return Step(who, verb, argument)
    speech, _, listeners = argument.partition(" to ")
    return Step(who, verb, speech, tuple(filter(None, listeners.split(" and "))))
