# SPDX-License-Identifier: MIT
"""How the central offices of countries differ: battery, bell, caller ID, signals at the end.

The values are usual ones, not all that a country has: an office is described by an
``OfficeProfile``, and tests make others with ``dataclasses.replace``.  ``OFFICES`` has twelve
countries' offices by name, each once with its disconnect signal and once (``us-mute``) without.
"""

import enum
from dataclasses import dataclass, replace
from typing import Final

from boards_sim.fsk import BELL_202, V23, Modem
from dsp.tones import COUNTRIES, Country, RingStyle

__all__ = ["OFFICES", "CallerIdKind", "Disconnect", "Office", "OfficeProfile", "office_profile"]


class Disconnect(enum.Enum):
    """What an office does when the party outside hangs up first."""

    OPEN_SWITCH = "open-switch interval"
    "The battery is gone for a moment."
    REVERSAL = "reversal"
    "Tip and ring are exchanged (back), and busy tone follows."
    BUSY_TONE = "busy tone"
    "Nothing but the tone."
    NOTHING = "nothing"
    "Not even that: silence, and dial tone at last."


class CallerIdKind(enum.Enum):
    """How an office tells who calls."""

    NONE = "none"
    AFTER_RING = "FSK after the first ring"
    BEFORE_RING = "reversal, then FSK, then ringing"
    DTMF = "reversal, then DTMF, then ringing"
    "A number C, or B00 C (out of area), B10 C (private)."


@dataclass(frozen=True, slots=True)
class OfficeProfile:
    """One kind of office."""

    ringing_ms: tuple[int, ...]
    disconnect: Disconnect = Disconnect.OPEN_SWITCH
    answer_reversal: bool = False
    modem: Modem | None = BELL_202
    "Of FSK caller ID; None: it sends no caller ID of any kind."
    caller_id: CallerIdKind = CallerIdKind.AFTER_RING
    caller_id_dbm0: float = -13.5
    caller_id_twist_db: float = 0.0
    "How much louder the lower of two frequencies is: mark before space, row before column."
    battery_volts: float = 48.0
    "Negative: a line wired the wrong way round."
    feed_ohms: float = 400.0
    limit_ma: float = 30.0
    ring_volts: float = 75.0
    ring_trip_ms: int = 40
    "How long a loop must be closed before ringing stops; 300 is a slow one."
    dial_tone_ms: int = 200
    "From seizure to dial tone."
    answer_ms: int = 1500
    "From the last digit to ringback; with less than three digits it waits longer."
    open_switch_ms: int = 300
    disconnect_ms: int = 400
    "From the party's hanging up to the signal."
    return_tone_ms: int = 6000
    "From the end of the signal to dial tone, when the loop stays closed."
    flash_recall: bool = False
    "A flash in a call gives dial tone, and a second one takes the call back."


BY_COUNTRY: Final = {
    "us": (Disconnect.OPEN_SWITCH, False),
    "uk": (Disconnect.OPEN_SWITCH, False),
    "au": (Disconnect.OPEN_SWITCH, False),
    "jp": (Disconnect.REVERSAL, True),
    "cn": (Disconnect.REVERSAL, True),
    "br": (Disconnect.REVERSAL, True),
    "in": (Disconnect.REVERSAL, True),
}
"""Disconnect signal and reversal at answer; the rest give busy tone only."""


def office_profile(country: Country) -> OfficeProfile:
    """Return the usual office of a country."""
    disconnect, reversal = BY_COUNTRY.get(country.code, (Disconnect.BUSY_TONE, False))
    return OfficeProfile(
        ringing_ms=country.ringing_ms[RingStyle.EXTERNAL],
        disconnect=disconnect,
        answer_reversal=reversal,
        modem=BELL_202 if country.code == "us" else V23,
    )


@dataclass(frozen=True, slots=True)
class Office:
    """An office by name: whose tones it has, and the rest."""

    name: str
    country: Country
    profile: OfficeProfile


_OPEN, _TONE, _REVERSAL = Disconnect.OPEN_SWITCH, Disconnect.BUSY_TONE, Disconnect.REVERSAL
_AFTER, _BEFORE = CallerIdKind.AFTER_RING, CallerIdKind.BEFORE_RING

# name: tones, disconnect signal, its ms, reversal at answer, caller ID.  Canada has the tones of
# the United States.
_TWELVE: Final[dict[str, tuple[str, Disconnect, int, bool, Modem | None, CallerIdKind]]] = {
    "us": ("us", _OPEN, 600, False, BELL_202, _AFTER),
    "ca": ("us", _OPEN, 350, False, BELL_202, _AFTER),
    "uk": ("uk", _OPEN, 100, False, V23, _BEFORE),
    "de": ("de", _TONE, 0, False, V23, _AFTER),
    "fr": ("fr", _TONE, 0, False, V23, _AFTER),
    "it": ("it", _TONE, 0, False, V23, _BEFORE),
    "es": ("es", _REVERSAL, 0, True, V23, _AFTER),
    "nl": ("nl", _TONE, 0, False, V23, CallerIdKind.DTMF),
    "se": ("se", _REVERSAL, 0, True, V23, CallerIdKind.DTMF),
    "jp": ("jp", _REVERSAL, 0, True, None, CallerIdKind.NONE),
    "au": ("au", _OPEN, 800, False, BELL_202, _AFTER),
    "nz": ("nz", _OPEN, 500, False, BELL_202, _AFTER),
}


def _offices() -> dict[str, Office]:
    offices: dict[str, Office] = {}
    for name, (tones, disconnect, ms, reversal, modem, kind) in _TWELVE.items():
        country = COUNTRIES[tones]
        profile = OfficeProfile(
            country.ringing_ms[RingStyle.EXTERNAL], disconnect, reversal, modem, kind
        )
        profile = replace(profile, open_switch_ms=ms or profile.open_switch_ms)
        without = Disconnect.NOTHING if disconnect is _TONE else _TONE
        mute = replace(profile, disconnect=without, answer_reversal=False)
        offices[name] = Office(name, country, profile)
        offices[f"{name}-mute"] = Office(f"{name}-mute", country, mute)
    return offices


OFFICES: Final = _offices()
"""``us``: with its signal; ``us-mute``: busy tone only, or not even that where tone is usual."""
