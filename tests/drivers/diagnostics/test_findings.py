# SPDX-License-Identifier: MIT
"""Which country's office learned tones are of, and the gain that dial tone asks for."""

import pytest

from drivers.diagnostics.findings import gain_for, is_same_tone, nearest
from dsp.learn import LearnedTone
from dsp.progress import TonePattern


def heard(
    name: str, hz: tuple[float, ...], cadence_ms: tuple[int, ...] = (), dbm0: float = -10.0
) -> LearnedTone:
    pattern = TonePattern(name, hz, cadence_ms)
    return LearnedTone(pattern, dbm0, 6000, 3.0, 0.0, 0)


DIAL = heard("dial", (425.0,))
BUSY = heard("busy", (425.0,), (475, 485))


def test_the_nearest_office() -> None:
    verdict = nearest([DIAL, BUSY])
    assert (verdict.countries, verdict.confidence) == (("de",), 1.0)


def test_offices_that_send_the_same_are_told_together() -> None:
    verdict = nearest([DIAL, heard("busy", (425.0,), (500, 500))])
    assert set(verdict.countries) == {"ctr21", "it", "nl", "ch"} - {"it"}
    assert {"es", "de"}.isdisjoint(verdict.countries)


def test_congestion_that_is_given_for_busy_is_known_too() -> None:
    assert nearest([DIAL, heard("busy", (425.0,), (250, 750))]).countries == ("se",)


def test_a_cadence_is_the_same_from_whatever_step_it_is_told() -> None:
    turned = heard("reorder", (425.0,), (200, 600, 200, 200, 200, 200))
    assert nearest([turned]).countries == ("es",)


def test_a_strange_tone_lowers_confidence() -> None:
    verdict = nearest([heard("dial", (440.0,)), heard("busy", (700.0,), (100, 100))])
    assert verdict.countries == ("fr",)
    assert verdict.confidence == 0.5


def test_no_tone_no_verdict() -> None:
    assert nearest([]).countries == ()


@pytest.mark.parametrize(
    ("dbm0", "gain_db"), [(-10.0, 0.0), (-11.5, 0.0), (-14.2, 4.0), (-25.0, 6.0), (-4.0, -6.0)]
)
def test_the_gain_that_dial_tone_asks_for(dbm0: float, gain_db: float) -> None:
    assert gain_for(heard("dial", (425.0,), (), dbm0)) == gain_db


def test_a_pair_is_not_one_of_its_tones() -> None:
    assert not is_same_tone(TonePattern("a", (350.0, 440.0), ()), TonePattern("b", (440.0,), ()))
