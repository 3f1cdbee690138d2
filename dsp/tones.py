# SPDX-License-Identifier: MIT
"""Tones as data: what offices of each country send, and how their bells ring.

``COUNTRIES["de"].tones["busy"]`` is a ToneSpec, ``COUNTRIES["de"].ringing_ms["external"]`` on and
off times, and ``tone("425 480/480", -10)`` builds a ToneSpec from the notation of the tables:
one or two frequencies (``350+440``, or ``400x16``: 400 Hz amplitude-modulated by 16 Hz), then on
and off times in ms, for ever if there are none; parts after commas follow each other.

Frequencies and cadences are those of Asterisk's indications.conf; levels those of the precise
tone plan in North America (per tone: dial -13, ringback -19, busy and reorder -24 dBm0), else
-10 dBm0 in all (ITU-T Q.35).  SIT, fax tones and frequency sweeps are not here.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from dsp.errors import EngineArgumentError
from dsp.native import ffi, lib

__all__ = [
    "COUNTRIES",
    "Country",
    "RingStyle",
    "ToneName",
    "ToneSpec",
    "ToneStep",
    "country",
    "tone",
]

MAX_STEPS: Final[int] = lib.AW_TONE_STEPS
MAX_STEP_MS: Final = 3_600_000


class ToneName(enum.StrEnum):
    """The tones that every country has."""

    DIAL = "dial"
    STUTTER = "stutter"
    "Dial tone that says: a call is on hold, or a message is waiting."
    RINGBACK = "ringback"
    BUSY = "busy"
    REORDER = "reorder"
    "Congestion, fast busy: the call can't be completed."
    WAITING = "waiting"
    HOWLER = "howler"
    "The telephone was left off-hook."
    CONFIRM = "confirm"
    "Three short bursts: done."
    RECORD = "record"
    "One burst: speak now."


class RingStyle(enum.StrEnum):
    """How a telephone rings, so that one hears who calls before answering."""

    EXTERNAL = "external"
    "As an outside call rings in the country."
    INTERNAL = "internal"
    "A short double ring; where that is the usual one, a single one."
    OPERATOR = "operator"
    "A long single ring with short pauses."
    RETURN = "return"
    "Two short and one long: the party on hold comes back."
    INTERCOM = "intercom"
    "Two very short, then a pause."
    URGENT = "urgent"
    "Short bursts without a rest."


@dataclass(frozen=True, slots=True)
class ToneStep:
    """One step of a cadence: up to two tones, or silence, for a time."""

    hz: tuple[float, ...] = ()
    "None (silence), one or two frequencies, each over 0 and under 4000."
    dbm0: float = 0.0
    "Level of each tone; of a modulated one, of the whole.  -99 to +3.14."
    duration_ms: int = 0
    "0: for ever."
    modulated: bool = False
    "The first is amplitude-modulated by the second."

    def __post_init__(self) -> None:
        """Refuse what the generator can't play.

        Raises:
            EngineArgumentError: a value is out of its range.
        """
        if len(self.hz) > 2 or not all(0 < hz < 4000 for hz in self.hz):
            raise EngineArgumentError(
                f"frequencies {self.hz}: allowed are none, one or two, over 0 and under 4000 Hz"
            )
        if self.modulated and len(self.hz) != 2:
            raise EngineArgumentError("a modulated tone needs two frequencies")
        if not -99 <= self.dbm0 <= 3.14:
            raise EngineArgumentError(f"level {self.dbm0} dBm0: allowed are -99 to +3.14")
        if not 0 <= self.duration_ms <= MAX_STEP_MS:
            raise EngineArgumentError(
                f"duration {self.duration_ms} ms: allowed are 0 (for ever) to {MAX_STEP_MS}"
            )


@dataclass(frozen=True, slots=True)
class ToneSpec:
    """A tone with its cadence."""

    steps: tuple[ToneStep, ...]
    loop_from: int | None = 0
    "The step at which it goes on after the last one; None: it ends."

    def __post_init__(self) -> None:
        """Refuse what the generator can't play.

        Raises:
            EngineArgumentError: there are too few or too many steps, or the loop is not in them.
        """
        if not 1 <= len(self.steps) <= MAX_STEPS:
            raise EngineArgumentError(f"{len(self.steps)} steps: allowed are 1 to {MAX_STEPS}")
        if self.loop_from is not None and not 0 <= self.loop_from < len(self.steps):
            raise EngineArgumentError(
                f"loop from step {self.loop_from}: allowed are 0 to {len(self.steps) - 1}, or None"
            )

    def native(self) -> Any:
        """Return the ``aw_tone_spec *`` that says the same."""
        spec = ffi.new("aw_tone_spec *")
        spec.steps = len(self.steps)
        spec.loop_from = len(self.steps) if self.loop_from is None else self.loop_from
        for slot, step in zip(spec.step, self.steps, strict=False):
            slot.duration_ms = step.duration_ms
            slot.modulated = step.modulated
            for i, hz in enumerate(step.hz):
                slot.hz[i] = hz
                slot.dbm0[i] = step.dbm0
        return spec


_PART: Final = re.compile(r"(\d+)(?:([+x])(\d+))?(?:\s+(\d+(?:/\d+)*))?")


def _part_steps(part: str, dbm0: float) -> list[ToneStep]:
    found = _PART.fullmatch(part.strip())
    if found is None:
        raise EngineArgumentError(
            f"tone {part!r}: allowed are like '425', '350+440', '400x16', each with '500/500'"
        )
    first, sign, second, cadence = found.groups()
    hz = (float(first), float(second)) if second else (float(first),)
    sound = ToneStep(hz, dbm0, modulated=sign == "x")
    if cadence is None:
        return [sound]
    return [
        ToneStep(duration_ms=int(ms))
        if index % 2
        else ToneStep(hz, dbm0, int(ms), modulated=sign == "x")
        for index, ms in enumerate(cadence.split("/"))
    ]


def tone(notation: str, dbm0: float) -> ToneSpec:
    """Build a tone from the notation of the tables; ``dbm0`` is the level of each frequency.

    Raises:
        EngineArgumentError: the notation or the level is not as described above.
    """
    steps = [step for part in notation.split(",") for step in _part_steps(part, dbm0)]
    return ToneSpec(tuple(steps))


@dataclass(frozen=True, slots=True)
class Country:
    """The tones and bells of one country."""

    code: str
    name: str
    tones: Mapping[ToneName, ToneSpec]
    ringing_ms: Mapping[RingStyle, tuple[int, ...]]
    "On and off times, repeated until the bell is stopped."


_BURST_MS: Final = 100
_RECORD_MS: Final = 300
_ECHO_MS: Final = 150
"""Until what a line says back of the tone has come through board, link and elastic store, and an
echo canceller has settled: who waits for the tone's end to record would take that for the first
syllable.  Nobody begins to speak sooner."""

_NORTH_AMERICA_DBM0: Final = {"dial": -13.0, "ringback": -19.0, "waiting": -13.0}
"Per tone; busy and reorder are at -24."

# What each country sends: code, name, dial, ringback, busy, reorder (congestion), waiting, and
# the ringing of an outside call where it isn't the cadence of ringback.
# fmt: off
_ROWS: Final = (
    ("us", "North America", "350+440", "440+480 2000/4000", "480+620 500/500", "480+620 250/250",
     "440 300/10000"),
    ("uk", "United Kingdom", "350+440", "400+450 400/200/400/2000", "400 375/375",
     "400 400/350/225/525", "400 100/4000"),
    ("de", "Germany", "425", "425 1000/4000", "425 480/480", "425 240/240",
     "425 200/200/200/5000"),
    ("ctr21", "CTR 21 countries", "425", "425 1000/4000", "425 500/500", "425 250/250",
     "425 200/200/200/5000"),
    ("fr", "France", "440", "440 1500/3500", "440 500/500", "440 250/250", "440 300/10000"),
    ("it", "Italy", "425 200/200/600/1000", "425 1000/4000", "425 500/500", "425 200/200",
     "425 400/100/250/100/150/14000"),
    ("es", "Spain", "425", "425 1500/3000", "425 200/200", "425 200/200/200/200/200/600",
     "425 175/175/175/3500"),
    ("nl", "Netherlands", "425", "425 1000/4000", "425 500/500", "425 250/250", "425 500/9500"),
    ("ch", "Switzerland", "425", "425 1000/4000", "425 500/500", "425 200/200",
     "425 200/200/200/4000"),
    ("au", "Australia", "413+438", "413+438 400/200/400/2000", "425 375/375",
     "425 375/375, 420 375/375", "425 200/200/200/4400"),
    ("jp", "Japan", "400", "400x15 1000/2000", "400 500/500", "400 500/500", "400x16 500/8000"),
    ("cn", "China", "450", "450 1000/4000", "450 350/350", "450 700/700", "450 400/4000"),
    ("br", "Brazil", "425", "425 1000/4000", "425 250/250", "425 250/250/750/250", "425 50/1000"),
    ("mx", "Mexico", "425", "425 1000/4000", "425 250/250", "425 250/250",
     "425 200/600/200/10000"),
    ("se", "Sweden", "425", "425 1000/5000", "425 250/250", "425 250/750",
     "425 200/500/200/9100"),
    ("nz", "New Zealand", "400", "400+450 400/200/400/2000", "400 500/500", "400 250/250",
     "400 200/3000"),
    ("in", "India", "400x25", "400x25 400/200/400/2000", "400 750/750", "400 250/250",
     "400 200/100/200/7500"),
)
# fmt: on


def _level(code: str, name: str, notation: str) -> float:
    if code == "us":
        return _NORTH_AMERICA_DBM0.get(name, -24.0)
    return -13.0 if "+" in notation else -10.0


def _bursts(step: ToneStep) -> tuple[ToneStep, ...]:
    """Three short bursts of a tone."""
    burst = ToneStep(step.hz, step.dbm0, _BURST_MS, step.modulated)
    return (burst, ToneStep(duration_ms=_BURST_MS)) * 3


def _howler() -> ToneSpec:
    """Return the receiver off-hook tone of North America.

    The precise plan has its four frequencies at once; here two by two in turn, five times a second.
    """
    return tone("1400+2060 50, 2450+2600 50/100", -3.0)


def _tones(code: str, row: tuple[str, ...]) -> Mapping[ToneName, ToneSpec]:
    named = zip(("dial", "ringback", "busy", "reorder", "waiting"), row, strict=True)
    tones = {ToneName(name): tone(text, _level(code, name, text)) for name, text in named}
    dial = tones[ToneName.DIAL]
    bursts = _bursts(dial.steps[0])
    tones[ToneName.STUTTER] = ToneSpec(bursts + dial.steps, len(bursts))
    tones[ToneName.CONFIRM] = ToneSpec(bursts, None)
    tones[ToneName.HOWLER] = _howler()
    beep = ToneStep((1000.0,), -13.0, _RECORD_MS)
    tones[ToneName.RECORD] = ToneSpec((beep, ToneStep(duration_ms=_ECHO_MS)), None)
    return MappingProxyType(tones)


def _ringing(ringback: ToneSpec) -> Mapping[RingStyle, tuple[int, ...]]:
    usual = tuple(step.duration_ms for step in ringback.steps)
    return MappingProxyType(
        {
            RingStyle.EXTERNAL: usual,
            RingStyle.INTERNAL: (400, 200, 400, 3000) if len(usual) == 2 else (1000, 3000),
            RingStyle.OPERATOR: (2000, 2000),
            RingStyle.RETURN: (400, 200, 400, 200, 800, 3000),
            RingStyle.INTERCOM: (200, 200, 200, 2400),
            RingStyle.URGENT: (500, 300),
        }
    )


def _country(code: str, name: str, *row: str) -> Country:
    tones = _tones(code, row)
    return Country(code, name, tones, _ringing(tones[ToneName.RINGBACK]))


COUNTRIES: Final[Mapping[str, Country]] = MappingProxyType(
    {row[0]: _country(*row) for row in _ROWS}
)
"""By code, as in the configuration."""


def country(code: str) -> Country:
    """Return a country by its code.

    Raises:
        EngineArgumentError: there is no such country.
    """
    if code not in COUNTRIES:
        raise EngineArgumentError(f"country {code!r}: allowed are {', '.join(COUNTRIES)}")
    return COUNTRIES[code]
