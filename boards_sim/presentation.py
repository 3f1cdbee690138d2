# SPDX-License-Identifier: MIT
"""What an office sends to tell who calls, as sound: FSK or DTMF, loud or faint, twisted or not."""

import datetime as dt
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.fsk import compose, modulate
from boards_sim.mouth import DTMF_PAIRS, tone
from boards_sim.offices import CallerIdKind, OfficeProfile
from drivers.actors import Caller

__all__ = ["caller_id_sound", "dtmf_keys"]

Samples = npt.NDArray[np.int16]

DTMF_MS: Final = 70
"""On and off, each (ETSI ES 200 778: 70 ms)."""
ABSENT_KEYS: Final = {"P": "B10C", "O": "B00C"}


def dtmf_keys(caller: Caller) -> str:
    """Return the keys that stand for a caller: A number C, or B code C."""
    return f"A{caller.number}C" if caller.number else ABSENT_KEYS.get(caller.absent, "B00C")


def _dtmf(caller: Caller, profile: OfficeProfile) -> Samples:
    twist = profile.caller_id_twist_db / 2
    pieces: list[Samples] = []
    for key in dtmf_keys(caller):
        row, column = DTMF_PAIRS[key]
        pair = ((row, profile.caller_id_dbm0 + twist), (column, profile.caller_id_dbm0 - twist))
        pieces += [tone(pair, DTMF_MS), np.zeros(DTMF_MS * 8, np.int16)]
    return np.concatenate(pieces)


def caller_id_sound(profile: OfficeProfile, caller: Caller, when: dt.datetime) -> Samples | None:
    """Return what this office sends of a caller; None: nothing."""
    told = caller.number or caller.name or caller.absent
    if not told or profile.modem is None or profile.caller_id is CallerIdKind.NONE:
        return None
    if profile.caller_id is CallerIdKind.DTMF:
        return _dtmf(caller, profile)
    level, twist = profile.caller_id_dbm0, profile.caller_id_twist_db
    return modulate(compose(caller, when), profile.modem, level, twist)
