# SPDX-License-Identifier: MIT
"""Boards of office lines in a process of their own, and on every line somebody leaves a message.

``python -m tests.bench.message_farm BOARDS`` is to :mod:`tests.bench.attended_office` what
``caller_farm`` is.  Everybody presses MESSAGE at the attendant and # in the greeting, waits for the
tone, speaks for a while and hangs up.  "begins" is when all speak, "ends" when the first is silent.
"""

import enum
import sys
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.mouth import dtmf
from boards_sim.office import SEIZED_MA, OfficeSet
from tests.bench.caller_farm import ARRIVING_S, FRAMES_S, Farm, tell
from tests.bench.pattern_board import Samples

MESSAGE: Final = "5"
SPOKEN_S: Final = 12.0
RATE: Final = 8000
LOUDNESS: Final = 2500
"""-19 dBm0."""
LOW: Final = 24
"""Samples of the window of a low pass of some 600 Hz."""
LISTENS_S: Final = 1.0
TONE_S: Final = 1.5
"""From # to when the tone is over."""


def voice() -> Samples:
    """Return low noise in syllables, four a second, none like another.

    It is low so that a fraction of a sample, by which elastic stores shift, makes no difference.
    """
    samples = np.arange(round(SPOKEN_S * RATE))
    syllables = 0.2 + 0.8 * (samples % (RATE // 4) < RATE // 6)
    noise = np.random.default_rng(1).normal(0, 1, len(samples))
    low = np.convolve(noise, np.hanning(LOW), "same")
    said: Samples = (low / low.std() * LOUDNESS * syllables).astype(np.int16)
    return said


class SpeakerState(enum.Enum):
    """What somebody is doing."""

    AWAY = "away"
    CALLING = "hearing ringback"
    ATTENDED = "hearing the attendant"
    GREETED = "hearing the greeting"
    TONE = "hearing the tone"
    SPEAKING = "speaking"
    GONE = "gone"


S = SpeakerState


class Speaker:
    """Somebody who leaves a message."""

    def __init__(self, office: OfficeSet, arrives: int, rng: np.random.Generator) -> None:
        self.office = office
        self.state = S.AWAY
        self._due = arrives

    def takes(self, frame: int, loud: npt.NDArray[np.bool_]) -> None:
        """Do what is due before the next frame."""
        if self.state is S.CALLING:
            if abs(self.office.loop.reading.milliamps) >= SEIZED_MA:
                self.state, self._due = S.ATTENDED, frame + round(LISTENS_S * FRAMES_S)
        elif self.state is not S.GONE and frame >= self._due:
            wait_s = self._act()
            self._due = frame + round(wait_s * FRAMES_S)

    def _act(self) -> float:
        """Do the next thing, and return the seconds that it takes."""
        match self.state:
            case S.AWAY:
                next(self.office.calls_in("2125550123"), None)
                self.state = S.CALLING
            case S.ATTENDED:
                self.office.mouth.say(dtmf(MESSAGE))
                self.state = S.GREETED
                return LISTENS_S
            case S.GREETED:
                self.office.mouth.say(dtmf("#"))
                self.state = S.TONE
                return TONE_S
            case S.TONE:
                self.office.mouth.say(voice())
                self.state = S.SPEAKING
                return SPOKEN_S
            case S.SPEAKING:
                next(self.office.hangs_up(), None)
                self.state = S.GONE
        return 0.0


def main(count: int) -> None:
    """Serve one host, then say what was late."""
    farm = Farm(count, Speaker)
    farm.meets_host()
    people = farm.people
    farm.lives_until(lambda: all(each.state is S.SPEAKING for each in people))
    measured = farm.measures(lambda: any(each.state is S.GONE for each in people))
    after = farm.frame + round((ARRIVING_S + 6.0) * FRAMES_S)
    farm.lives_until(lambda: farm.frame >= after)
    tell(measured)
    sys.stdin.readline()  # the host takes its figures first


if __name__ == "__main__":
    main(int(sys.argv[1]))
