# SPDX-License-Identifier: MIT
"""The countries' tones, as played by the engine's generator."""

import numpy as np
import numpy.typing as npt
import pytest

from dsp.errors import EngineArgumentError
from dsp.levels import dbm0_of
from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of
from dsp.tones import (
    COUNTRIES,
    Country,
    RingStyle,
    ToneName,
    ToneSpec,
    ToneStep,
    country,
    tone,
)


def play(spec: ToneSpec, seconds: float) -> Samples:
    out = ffi.new("aw_tonegen **")
    check(lib.aw_tonegen_new(out, spec.native()), "tone")
    generator = ffi.gc(out[0], lib.aw_tonegen_free)
    pcm = samples_of(int(8000 * seconds))
    return pcm[: lib.aw_tonegen_read(generator, pointer(pcm), len(pcm))]


def spectrum(pcm: Samples) -> npt.NDArray[np.float64]:
    """Level in dBm0 at each whole Hz, of one second."""
    assert len(pcm) == 8000
    amplitude = 2 * np.abs(np.fft.rfft(pcm.astype(float))) / 8000
    level: npt.NDArray[np.float64] = 20 * np.log10(amplitude / 22827.06 + 1e-9)
    return level


def on_and_off_ms(pcm: Samples) -> list[int]:
    """Lengths of sound and silence in turn, from the first sound."""
    sounding = np.abs(pcm.astype(int)).reshape(-1, 8).max(axis=1) > 100  # 1 ms each
    edges = np.flatnonzero(np.diff(sounding.astype(int))) + 1
    return [int(n) for n in np.diff([0, *edges])]


def test_us_dial_tone_is_350_and_440_at_minus_13() -> None:
    level = spectrum(play(COUNTRIES["us"].tones[ToneName.DIAL], 1))
    assert level[[350, 440]] == pytest.approx([-13, -13], abs=0.01)
    level[[350, 440]] = -200
    assert level.max() < -85  # nothing else but rounding


@pytest.mark.parametrize(
    ("code", "name", "cadence"),
    [
        ("us", "busy", [500, 500, 500, 500]),
        ("us", "ringback", [2000, 4000, 2000]),
        ("uk", "ringback", [400, 200, 400, 2000, 400, 200]),
        ("uk", "reorder", [400, 350, 225, 525, 400]),
        ("de", "busy", [480, 480, 480, 480]),
        ("es", "reorder", [200, 200, 200, 200, 200, 600, 200]),
        ("us", "stutter", [100, 100, 100, 100, 100, 100]),
        ("it", "waiting", [400, 100, 250, 100, 150]),
    ],
)
def test_cadences(code: str, name: str, cadence: list[int]) -> None:
    heard = on_and_off_ms(play(COUNTRIES[code].tones[ToneName(name)], 11))
    assert heard[: len(cadence)] == pytest.approx(cadence, abs=1)


def test_stutter_goes_over_into_dial_tone() -> None:
    spec = COUNTRIES["us"].tones[ToneName.STUTTER]
    assert dbm0_of(play(spec, 3)[8000:]) == pytest.approx(-10, abs=0.05)


def test_confirmation_ends() -> None:
    assert len(play(COUNTRIES["us"].tones[ToneName.CONFIRM], 2)) == 600 * 8


def test_japan_rings_modulated() -> None:
    level = spectrum(play(COUNTRIES["jp"].tones[ToneName.RINGBACK], 1))
    assert level[400] - level[385] == pytest.approx(20 * np.log10(2 / 0.85), abs=0.05)
    assert level[385] == pytest.approx(level[415], abs=0.05)


@pytest.mark.parametrize("found", COUNTRIES.values(), ids=lambda c: c.code)
def test_every_country_has_all_tones_and_bells(found: Country) -> None:
    assert found.tones.keys() == set(ToneName)
    assert found.ringing_ms.keys() == set(RingStyle)
    for cadence in found.ringing_ms.values():
        assert len(cadence) % 2 == 0
        assert all(100 <= ms <= 6000 for ms in cadence)
    for spec in found.tones.values():
        assert -16 < dbm0_of(play(spec, 0.05)) + 10 < 13


def test_bells_ring_as_in_the_country() -> None:
    external = {code: c.ringing_ms[RingStyle.EXTERNAL] for code, c in COUNTRIES.items()}
    assert external["us"] == (2000, 4000)
    assert external["uk"] == (400, 200, 400, 2000)
    assert external["de"] == (1000, 4000)
    assert external["jp"] == (1000, 2000)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: tone("425 500/", -10), r"'425 500/'.*allowed are like"),
        (lambda: tone("425", 4), r"4 dBm0: allowed are -99 to \+3.14"),
        (lambda: tone("4400", -10), "under 4000 Hz"),
        (lambda: ToneSpec(()), "allowed are 1 to 16"),
        (lambda: ToneSpec((ToneStep((440.0,)),), 1), "loop from step 1"),
        (lambda: ToneStep((440.0,), -10, -1), "-1 ms"),
        (lambda: ToneStep((440.0,), -10, modulated=True), "two frequencies"),
        (lambda: ToneStep((1.0, 2.0, 3.0)), "none, one or two"),
        (lambda: country("xx"), "allowed are us, uk, de"),
    ],
)
def test_errors_say_what_is_allowed(make: object, said: str) -> None:
    assert callable(make)
    with pytest.raises(EngineArgumentError, match=said):
        make()


def test_the_tone_to_speak_after_ends_when_its_echo_is_gone() -> None:
    for each in COUNTRIES.values():
        beep, pause = each.tones[ToneName.RECORD].steps
        assert beep.hz
        assert not pause.hz
        assert pause.duration_ms >= 130, "two links, a store, and what a canceller leaves behind"
