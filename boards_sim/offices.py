# SPDX-License-Identifier: MIT
"""How the central offices of countries differ: battery, bell, signals at answer and at the end.

The values are usual ones, not all that a country has: an office is described by an
``OfficeProfile``, and tests make others with ``dataclasses.replace``.
"""

import enum
from dataclasses import dataclass
from typing import Final

from boards_sim.fsk import BELL_202, V23, Modem
from dsp.tones import Country, RingStyle

__all__ = ["Disconnect", "OfficeProfile", "office_profile"]


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


@dataclass(frozen=True, slots=True)
class OfficeProfile:
    """One kind of office."""

    ringing_ms: tuple[int, ...]
    disconnect: Disconnect = Disconnect.OPEN_SWITCH
    answer_reversal: bool = False
    modem: Modem | None = BELL_202
    "Of caller ID, between the first two rings; None: it sends none."
    battery_volts: float = 48.0
    feed_ohms: float = 400.0
    limit_ma: float = 30.0
    ring_volts: float = 75.0
    dial_tone_ms: int = 200
    "From seizure to dial tone."
    answer_ms: int = 1500
    "From the last digit to ringback; with less than three digits it waits longer."
    open_switch_ms: int = 300
    disconnect_ms: int = 400
    "From the party's hanging up to the signal."
    return_tone_ms: int = 6000
    "From the end of the signal to dial tone, when the loop stays closed."


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
