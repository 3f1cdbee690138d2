# SPDX-License-Identifier: MIT
"""What is listened for on a trunk: quickly while a call is set up, surely during it.

While a number is dialled a tone of the office is told as soon as it can be told from its others.
In a call the parties may say, whistle or play anything: what ends it must have sounded for
``HANG_UP_S``.  Between the two, an answer may be near that nobody sees.  Ringback ends no call.
The howler isn't listened for: it follows tones that are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from altiware.core.office import OfficePlan, OfficeTone
from altiware.core.signals import Ears
from dsp.progress import ProgressPlan, TonePattern, patterns_of, plan_for
from dsp.tones import COUNTRIES, Country, ToneName

__all__ = ["HANG_UP_S", "OfficeTones"]

HANG_UP_S: Final = 3.0
"""No melody holds one note, or repeats it in one rhythm, as long."""
LEARNED_S: Final = 1.0
"""An office may say what nobody has learned yet."""
ENDS: Final = frozenset({"dial", "busy", "reorder"})


@dataclass(frozen=True, slots=True)
class OfficeTones:
    """The tones of one office."""

    plans: Mapping[Ears, ProgressPlan]
    "What is listened for with these ears."

    @classmethod
    def of(cls, office: OfficePlan, country: Country) -> "OfficeTones":
        """Return what to listen for; ``country`` is that of the exchange."""
        quick = patterns_of(COUNTRIES.get(office.country, country))
        quick |= {tone.name: _pattern(tone) for tone in office.tones}
        sure = {name: each.lasting(HANG_UP_S) for name, each in quick.items() if name in ENDS}
        answer = quick | {ToneName.DIAL.value: sure[ToneName.DIAL.value]}
        return cls(
            {
                Ears.PROGRESS: plan_for(quick.values()),
                Ears.ANSWER: plan_for(answer.values()),
                Ears.HANG_UP: plan_for(sure.values()),
            }
        )


def _pattern(tone: OfficeTone) -> TonePattern:
    learned = TonePattern(tone.name, tone.hz, tone.cadence_ms, tone.tolerance)
    return learned.lasting(LEARNED_S)
