# SPDX-License-Identifier: MIT
"""The end of a call, seen and not imagined: every office's signs, and 200 calls of talk and music.

Each office of ``dsp.tones`` gives each sign alone to an exchange that believes no other: loop
opened, reversal, busy tone only, dial tone after six seconds of nothing (timed from where that
begins).  So do the simulator's twelve offices, with their signal and without, to one that was set
up as ``line detect`` finds them.

Then 200 calls of a minute, of speech in five languages, music made here, Debian's music on hold
where it is installed, and both together, against the plans of all offices at once: the one that
waits for an answer for 20 s, as in a call dialled out, and the one of a call after that.
"""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Final

import numpy as np

from altiware.core.office import USUAL_OFFICE, OfficePlan
from altiware.core.office import Disconnect as Sign
from altiware.core.signals import Ears
from altiware.office_settings import settings
from altiware.ports.office_tones import OfficeTones
from boards_sim.offices import OFFICES, Disconnect, OfficeProfile, office_profile
from boards_sim.stage import Stage
from drivers.diagnostics.findings import OfficeFindings
from dsp.pcm import Samples
from dsp.progress import ProgressDetector, ProgressPlan
from dsp.tones import COUNTRIES
from tests.accuracy.accuracy_detect import signs_of
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.music import music_made, music_on_hold
from tests.figure import Figure
from tests.rig import Rig, quantum_plan

CALLS: Final = 200
CALL_S: Final = 60
ANSWER_S: Final = 20
"""As ``TrunkPlan.answer_after_s``."""
WITHIN_S: Final = 6.0
SIGNS: Final = {
    Disconnect.OPEN_SWITCH: Sign.OSI,
    Disconnect.REVERSAL: Sign.REVERSAL,
    Disconnect.BUSY_TONE: Sign.TONES,
    Disconnect.NOTHING: Sign.TONES,
}


def _cases() -> Iterator[tuple[str, OfficeProfile, OfficePlan]]:
    """Yield a country, its office, and what the exchange believes of it."""
    for code, country in COUNTRIES.items():
        for kind, sign in SIGNS.items():
            profile = dataclasses.replace(
                office_profile(country), disconnect=kind, answer_reversal=False
            )
            yield code, profile, OfficePlan(disconnect=frozenset({sign}))
    for office in OFFICES.values():
        found = OfficeFindings(
            signs=frozenset(signs_of(office)), open_loop_ms=office.profile.open_switch_ms
        )
        yield office.country.code, office.profile, settings(found, office.country.code)


def _held_s(country: str, profile: OfficeProfile, believed: OfficePlan) -> float | None:
    """How long the trunk of a call that came in is held after the end of it; None: too long."""
    with Rig(quantum_plan(country, office=believed)) as rig:
        assert isinstance(rig.stage, Stage)
        office_set, office = rig.stage.office_set(0), rig.office()
        office_set.profile = profile
        operator = rig.telephone("101")
        office.calls_in()
        operator.rings(within_s=12.0)
        operator.lifts()
        office.is_seized()
        rig.passes(2.0)
        office.hangs_up()
        if profile.disconnect is Disconnect.NOTHING:
            rig.passes((profile.disconnect_ms + profile.return_tone_ms) / 1000)
        began = rig.stage.now
        try:
            office.is_free(within_s=2 * WITHIN_S)
            return rig.stage.now - began
        except AssertionError:
            return None
        finally:
            operator.hangs_up()
            rig.passes(1.0)


@functools.cache
def _sounds() -> tuple[Samples, ...]:
    """What people may say and play."""
    talk = np.concatenate([speech(name) for name in LANGUAGES])
    return tuple(each for each in (talk, music_made(60), music_on_hold()) if len(each))


def _call(rng: np.random.Generator) -> Samples:
    """A minute of one of them, or of two together, one of them softer."""
    count = CALL_S * 8000
    pieces = []
    for sound in rng.permutation(len(_sounds()))[: rng.integers(1, 3)]:
        whole = _sounds()[sound]
        start = rng.integers(0, max(1, len(whole) - count))
        pieces.append(np.resize(whole[start : start + count], count) * rng.uniform(0.1, 0.8))
    both: Samples = np.rint(np.sum(pieces, axis=0)).clip(-32768, 32767).astype(np.int16)
    return both


def _cut(plans: list[tuple[ProgressPlan, ProgressPlan]], said: Samples) -> bool:
    """Whether any office's tones would have been heard in a call."""
    early, late = said[: ANSWER_S * 8000], said[ANSWER_S * 8000 :]
    for answer, hang_up in plans:
        heard = {change.tone for change in ProgressDetector(answer).feed(early)}
        if heard - {"ringback"} or ProgressDetector(hang_up).feed(late):
            return True
    return False


def _plans() -> list[tuple[ProgressPlan, ProgressPlan]]:
    tones = (OfficeTones.of(USUAL_OFFICE, country) for country in COUNTRIES.values())
    return list({(each.plans[Ears.ANSWER], each.plans[Ears.HANG_UP]) for each in tones})


def measure() -> Iterator[Figure]:
    """Measure how soon the trunks are free, and how many calls are cut for nothing."""
    held = [_held_s(*case) for case in _cases()]
    yield Figure("hangup_cases", len(held), "calls")
    yield Figure("hangup_worst_s", max(each for each in held if each is not None), "s")
    yield Figure("hangup_missed", sum(each is None or each > WITHIN_S for each in held), "calls")
    rng, plans = np.random.default_rng(11), _plans()
    yield Figure("hangup_false_of_200", sum(_cut(plans, _call(rng)) for _ in range(CALLS)), "calls")
