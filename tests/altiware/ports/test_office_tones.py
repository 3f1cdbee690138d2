# SPDX-License-Identifier: MIT
"""What is heard of an office with each of the exchange's ears."""

import pytest

from altiware.core.office import USUAL_OFFICE, OfficePlan, OfficeTone
from altiware.core.signals import Ears
from altiware.ports.office_tones import HANG_UP_S, OfficeTones
from dsp.progress import ProgressDetector
from dsp.tones import COUNTRIES, ToneName, tone
from tests.dsp.test_progress import sound

US = COUNTRIES["us"]
GERMAN_BUSY = "425 480/480"


def heard(tones: OfficeTones, ears: Ears, notation: str, seconds: float) -> list[str]:
    detector = ProgressDetector(tones.plans[ears])
    changes = detector.feed(sound(tone(notation, -18.0), seconds))
    return [change.tone for change in changes if change.on]


def test_a_chord_with_the_frequencies_of_dial_tone_ends_no_call() -> None:
    tones = OfficeTones.of(USUAL_OFFICE, US)
    assert heard(tones, Ears.PROGRESS, "350+440", 2.0) == ["dial"]
    assert heard(tones, Ears.ANSWER, "350+440", 2.0) == []
    assert heard(tones, Ears.HANG_UP, "350+440", 2.0) == []


@pytest.mark.parametrize("name", [ToneName.DIAL, ToneName.BUSY, ToneName.REORDER])
@pytest.mark.parametrize("code", COUNTRIES)
def test_what_ends_a_call_is_told_soon_after_it_has_lasted(code: str, name: ToneName) -> None:
    said = sound(COUNTRIES[code].tones[name], HANG_UP_S + 1.6)
    plan = OfficeTones.of(USUAL_OFFICE, COUNTRIES[code]).plans[Ears.HANG_UP]
    assert [change.on for change in ProgressDetector(plan).feed(said)][:1] == [True]


def test_ringback_ends_no_call() -> None:
    assert heard(OfficeTones.of(USUAL_OFFICE, US), Ears.HANG_UP, "440+480 2000/4000", 20.0) == []


def test_the_tones_of_another_country() -> None:
    abroad = OfficeTones.of(OfficePlan(country="de"), US)
    assert heard(abroad, Ears.PROGRESS, GERMAN_BUSY, 4.0) == ["busy"]
    assert heard(OfficeTones.of(USUAL_OFFICE, US), Ears.PROGRESS, GERMAN_BUSY, 4.0) == []


def test_a_learned_tone_takes_the_place_of_the_country_s() -> None:
    learned = OfficePlan(tones=(OfficeTone("busy", (500.0,), (300, 300)),))
    tones = OfficeTones.of(learned, US)
    for ears in (Ears.PROGRESS, Ears.ANSWER, Ears.HANG_UP):
        assert heard(tones, ears, "500 300/300", 5.0) == ["busy"]
        assert heard(tones, ears, "480+620 500/500", 5.0) == []
