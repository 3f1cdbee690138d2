# SPDX-License-Identifier: MIT
"""Faults as one line of text: ``at 3s drop 2%; at 5s unplug for 2s; leak tip-ground 62k port 4``.

A clause is ``[at TIME] VERB ARGUMENTS [port N] [for TIME]``, clauses are parted by semicolons, and
# begins a remark.  Without ``at`` a fault comes at once, without ``for`` it stays, without
``port`` it befalls every line it can.  ``parse`` only reads; boards_sim/faults.py lets it happen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from boards_sim.echo_paths import MODELS
from boards_sim.loop import NATURES
from boards_sim.offices import OFFICES

__all__ = ["VERBS", "Fault", "FaultTextError", "grammar", "parse"]

Value = float | str


class FaultTextError(ValueError):
    """The text is not a list of faults; says where, and what is allowed there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    verb: str
    values: tuple[Value, ...] = ()
    at_s: float = 0.0
    "From the moment the script begins."
    for_s: float | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of word."""

    shown: str
    pattern: str
    read: Callable[[re.Match[str]], Value]
    default: Value | None = None
    "None: the word must be there."


def _times(units: dict[str, float]) -> Callable[[re.Match[str]], Value]:
    return lambda match: float(match[1]) * units[match[2] or ""]


def _number(match: re.Match[str]) -> Value:
    return float(match[1])


def _word(match: re.Match[str]) -> Value:
    return match[0]


def _one_of(*words: str) -> _Kind:
    return _Kind(" | ".join(words), "|".join(re.escape(word) for word in words), _word)


def _or(default: Value, kind: _Kind) -> _Kind:
    return _Kind(kind.shown, kind.pattern, kind.read, default)


NUMBER: Final = r"(\d{1,9}(?:\.\d{1,6})?)"
SIGNED: Final = r"([+-]?\d{1,6}(?:\.\d{1,6})?)"

TIME: Final = _Kind(
    "a time as 300ms, 2s, 1.5m",
    NUMBER + "(ms|s|m)",
    _times({"ms": 0.001, "s": 1.0, "m": 60.0}),
)
PERCENT: Final = _Kind(
    "a share as 2%, at most 100%",
    r"(100|\d{1,2}(?:\.\d{1,6})?)%",
    lambda match: float(match[1]) / 100.0,
)
OHMS: Final = _Kind(
    "a resistance as 500, 62k, 1.5M",
    NUMBER + "(k|M|)",
    _times({"": 1.0, "k": 1e3, "M": 1e6}),
)
VOLTS: Final = _Kind("volts as 20Vac, -48Vdc", r"[+-]?\d{1,4}(?:\.\d{1,3})?V[ad]c", _word)
MAINS: Final = _Kind("50Hz | 60Hz", "(50|60)Hz", _number)
BATTERY: Final = _Kind("volts as 24V", r"(\d{1,3}(?:\.\d{1,3})?)V", _number)
PPM: Final = _Kind("parts per million as +80", SIGNED, _number)
DBM0: Final = _Kind("a level as -40dBm0", SIGNED + "dBm0", _number)
DBRNC: Final = _Kind("noise as 30dBrnC", r"(\d{1,2}(?:\.\d{1,3})?)dBrnC", _number)
DB: Final = _Kind("decibels as 12dB", SIGNED + "dB", _number)
REN: Final = _Kind("ringer equivalence as 3", r"(\d{1,2}(?:\.\d{1,3})?)", _number)
COUNT: Final = _Kind("a count as 8", r"(\d{1,4})", _number)
WIRE: Final = _one_of("tip", "ring")


@dataclass(frozen=True, slots=True)
class _Verb:
    """What can go wrong, and the words that belong to it."""

    layer: str
    says: str
    kinds: tuple[_Kind, ...] = ()
    lasts: bool = True
    "Whether ``for`` makes sense."
    ported: bool = False
    "Whether ``port`` does."


def _line(says: str, *kinds: _Kind) -> _Verb:
    return _Verb("line", says, kinds, ported=True)


VERBS: Final[dict[str, _Verb]] = {
    "drop": _Verb("wire", "loses frames, both ways", (PERCENT,)),
    "duplicate": _Verb("wire", "sends frames twice", (PERCENT,)),
    "corrupt": _Verb("wire", "turns bits over in frames", (PERCENT,)),
    "reorder": _Verb("wire", "lets a frame overtake the one before", (PERCENT,)),
    "stall": _Verb("wire", "lets nothing through"),
    "half-close": _Verb("wire", "ends the way to the host, and still reads"),
    "unplug": _Verb("wire", "closes the link; hosts that come meanwhile are sent away"),
    "garbage": _Verb("wire", "sends noise instead of frames"),
    "ppm": _Verb("board", "runs fast or slow", (PPM,)),
    "jump": _Verb("board", "the sample counter leaps ahead", (TIME,), lasts=False),
    "starve": _Verb("board", "the samples of the host get lost inside"),
    "dead": _Verb("board", "a port does nothing and answers HW_FAULT", ported=True),
    "power-alarm": _Verb("board", "an alarm; with a port, that feed is off", ported=True),
    "eeprom-rot": _Verb("board", "bits of the factory page flip", (_or(1.0, COUNT),)),
    "hang": _Verb("board", "the firmware stands still until its watchdog bites"),
    "storm": _Verb("board", "reports the state of all ports in each frame"),
    "reboot": _Verb("board", "crashes and comes up again", lasts=False),
    "leak": _line(
        "a resistance between wires or to ground",
        _one_of("tip-ground", "ring-ground", "tip-ring"),
        OHMS,
    ),
    "foreign": _line("voltage from elsewhere", WIRE, VOLTS, _or(50.0, MAINS), _or(10e3, OHMS)),
    "stuck": _line("the hook switch stays closed"),
    "cut": _line("nothing is on the line any more"),
    "parallel": _line("another telephone", _one_of("lifted", "resting")),
    "ren": _line("more bells", REN),
    "loop": _line("other copper", _one_of(*(name for name in NATURES if name != "digital"))),
    "echo": _line(
        "an echo path of G.168", _one_of(*(f"D{model}" for model in MODELS)), _or(10.0, DB)
    ),
    "hum": _line("the mains", MAINS, _or(-40.0, DBM0)),
    "noise": _line("white noise", DBRNC),
    "office": _line("another office", _one_of(*OFFICES)),
    "disconnect": _line(
        "the office's signal at the end",
        _one_of("open", "reversal", "busy", "nothing"),
        _or(0.3, TIME),
    ),
    "caller-id": _line("how it tells", _one_of("none", "after", "before", "dtmf")),
    "caller-level": _line("of caller ID", DBM0),
    "caller-twist": _line("low over high frequency", DB),
    "ring-trip": _line("how long the office rings on after an answer", TIME),
    "reversed": _line("tip and ring are exchanged"),
    "battery": _line("another office battery", BATTERY),
}


@dataclass(slots=True)
class _Clause:
    """The words of one clause, read from left to right."""

    words: list[tuple[str, int]]
    "And their columns, from 1."
    end: int
    at: int = field(default=0)

    def fail(self, expected: str) -> FaultTextError:
        word, column = self.words[self.at] if self.at < len(self.words) else ("", self.end)
        found = repr(word) if word else "the end"
        return FaultTextError(f"faults, column {column}: {found} where {expected} is expected")

    def accepts(self, word: str) -> bool:
        if self.at < len(self.words) and self.words[self.at][0] == word:
            self.at += 1
            return True
        return False

    def take(self, kind: _Kind) -> Value:
        word = self.words[self.at][0] if self.at < len(self.words) else ""
        match = re.fullmatch(kind.pattern, word, re.ASCII)
        if match is not None:
            self.at += 1
            return kind.read(match)
        if kind.default is None:
            raise self.fail(kind.shown)
        return kind.default

    def seconds(self) -> float:
        return float(self.take(TIME))


def parse(text: str) -> tuple[Fault, ...]:
    """Read a line of faults.

    Raises:
        FaultTextError: it is not one; says in which column, and what is allowed there.
    """
    faults = []
    at = 0
    for part in re.sub(r"#[^\n;]*", lambda m: " " * len(m[0]), text).split(";"):
        words = [(m[0], at + m.start() + 1) for m in re.finditer(r"\S+", part)]
        at += len(part) + 1
        if words:
            faults.append(_fault(_Clause(words, at)))
    return tuple(faults)


def _fault(clause: _Clause) -> Fault:
    at_s = clause.seconds() if clause.accepts("at") else 0.0
    name = clause.words[clause.at][0] if clause.at < len(clause.words) else ""
    verb = VERBS.get(name)
    if verb is None:
        raise clause.fail(f"one of {', '.join(VERBS)}")
    clause.at += 1
    values = tuple(clause.take(kind) for kind in verb.kinds)
    port: int | None = None
    for_s: float | None = None
    while clause.at < len(clause.words):
        if verb.ported and port is None and clause.accepts("port"):
            port = int(float(clause.take(COUNT)))
        elif verb.lasts and for_s is None and clause.accepts("for"):
            for_s = clause.seconds()
        else:
            wanted = ['"port"'] * (verb.ported and port is None)
            wanted += ['"for"'] * (verb.lasts and for_s is None)
            raise clause.fail(" or ".join([*wanted, "a semicolon"]))
    if name == "dead" and port is None:
        raise clause.fail('"port"')
    return Fault(name, values, at_s, for_s, port)


def grammar() -> str:
    """Return the table of docs/topics/line-physics.md: every verb with its words."""
    lines = ["| layer | verb | words | what happens |", "|---|---|---|---|"]
    for name, verb in VERBS.items():
        words = [k.shown if k.default is None else f"[{k.shown}]" for k in verb.kinds]
        words += ["[port N]"] * verb.ported + ["[for TIME]"] * verb.lasts
        shown = " ".join(words).replace("|", "/")
        lines.append(f"| {verb.layer} | {name} | {shown} | {verb.says} |")
    return "\n".join(lines)
