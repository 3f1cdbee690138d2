# SPDX-License-Identifier: MIT
"""The office's receivers: DTMF within and beyond its limits, pulses by the clock."""

import numpy as np
import numpy.typing as npt
import pytest

from boards_sim.digits import DtmfEar, PulseCounter
from boards_sim.mouth import DTMF_PAIRS, dtmf, tone
from dsp.dtmf import DtmfReceiver, DtmfSender

ALL = "1234567890*#ABCD"


def feed(sound: npt.NDArray[np.int16], piece: int = 160) -> str:
    ear = DtmfEar()
    for start in range(0, len(sound), piece):
        ear.feed(sound[start : start + piece])
    return ear.digits


@pytest.mark.parametrize("piece", [7, 40, 160, 5000])
def test_all_digits_are_heard_in_any_pieces(piece: int) -> None:
    assert feed(dtmf(ALL), piece) == ALL


@pytest.mark.parametrize(("on_ms", "off_ms"), [(40, 40), (50, 50), (200, 30)])
def test_fast_digits_are_heard(on_ms: int, off_ms: int) -> None:
    assert feed(dtmf("1102224", on_ms, off_ms)) == "1102224"


@pytest.mark.parametrize(
    ("low", "high", "heard"),
    [(-8, -8, True), (-25, -25, True), (-16, -8, True), (-8, -16, True), (-45, -45, False),
     (-25, -8, False)],
)  # fmt: skip
def test_level_and_twist(low: float, high: float, heard: bool) -> None:
    row, column = DTMF_PAIRS["5"]
    sound = tone(((row, low), (column, high)), 100)
    assert feed(np.concatenate([sound, np.zeros(800, np.int16)])) == ("5" if heard else "")


def test_15_db_of_noise_are_borne() -> None:
    rng = np.random.default_rng(2)
    sound = dtmf(ALL)
    noise = rng.normal(0, 32768 * 0.7071 * 10 ** ((-9 - 3.14 - 15) / 20), len(sound))
    assert feed(np.clip(sound + noise, -32768, 32767).astype(np.int16)) == ALL


def test_noise_and_single_tones_are_no_digits() -> None:
    rng = np.random.default_rng(2)
    assert feed(rng.normal(0, 3000, 80000).astype(np.int16)) == ""
    assert feed(tone(((697, -8.0),), 500)) == ""
    assert feed(tone(((350, -13.0), (440, -13.0)), 500)) == ""


def test_the_products_sender_is_heard_and_its_receiver_hears_ours() -> None:
    assert feed(DtmfSender(ALL).read(40000)) == ALL
    assert DtmfReceiver().keys(np.concatenate([dtmf(ALL), np.zeros(400, np.int16)])) == ALL


def pulse(counter: PulseCounter, start: float, pulses: int, break_s: float, make_s: float) -> float:
    for i in range(pulses):
        counter.loop(start + i * (break_s + make_s), closed=False)
        counter.loop(start + i * (break_s + make_s) + break_s, closed=True)
    return start + pulses * (break_s + make_s)


@pytest.mark.parametrize("rate", [8, 10, 16, 22])
def test_pulses_are_counted(rate: int) -> None:
    counter = PulseCounter()
    now = 1.0
    for digit in (1, 2, 10, 5):
        now = pulse(counter, now, digit, 0.6 / rate, 0.4 / rate)
        assert counter.settle(now) == ""
        now += 0.4
        counter.settle(now)
    assert counter.digits == "1205"


def test_flashes_and_hang_ups_are_no_digits() -> None:
    counter = PulseCounter()
    pulse(counter, 1.0, 1, 0.5, 0.1)
    pulse(counter, 3.0, 1, 0.005, 0.1)
    counter.settle(9.0)
    assert counter.digits == ""
