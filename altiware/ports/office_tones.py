# SPDX-License-Identifier: MIT
"""What is listened for on a trunk: quickly while a call is set up, surely during it.

While a number is dialled a tone of the office is told as soon as it can be told from its others.
In a call the parties may say, whistle or play anything: what ends it must have sounded for
``HANG_UP_S``.  Ringback ends no call.  The howler isn't listened for: it follows tones that are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from altiware.core.office import OfficePlan, OfficeTone
from dsp.progress import ProgressPlan, TonePattern, patterns_of, plan_for
from dsp.tones import COUNTRIES, Country, ToneName

__all__ = ["HANG_UP_S", "OfficeTones"]

HANG_UP_S: Final = 3.0
"""No melody holds one note, or repeats it in one rhythm, as long."""
LEARNED_S: Final = 1.0
"""An office may say what nobody has learned yet."""
ENDS: Final = (ToneName.DIAL, ToneName.BUSY, ToneName.REORDER)


@dataclass(frozen=True, slots=True)
class OfficeTones:
    """The tones of one office."""

    progress: ProgressPlan
    hang_up: ProgressPlan

    @classmethod
    def of(cls, office: OfficePlan, country: Country) -> "OfficeTones":
        """Return what to listen for; ``country`` is that of the exchange."""
        patterns = patterns_of(COUNTRIES.get(office.country, country))
        patterns |= {tone.name: _pattern(tone) for tone in office.tones}
        return cls(plan_for(patterns.values()), hang_up_plan(patterns.values()))


def hang_up_plan(patterns: Iterable[TonePattern]) -> ProgressPlan:
    """Return what to listen for in a call."""
    ends = {name.value for name in ENDS}
    return plan_for(each.lasting(HANG_UP_S) for each in patterns if each.name in ends)


def _pattern(tone: OfficeTone) -> TonePattern:
    learned = TonePattern(tone.name, tone.hz, tone.cadence_ms, tone.tolerance)
    return learned.lasting(LEARNED_S)
