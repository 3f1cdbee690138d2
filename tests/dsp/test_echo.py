# SPDX-License-Identifier: MIT
"""Echo cancelling of recorded speech, and the handles.

What the canceller owes to single signals is tested in native/tests/test_echo.c; here two people
talk over a line with a hybrid of 12 dB, u-law on both sides.
"""

import numpy as np
import numpy.typing as npt
import pytest

from dsp.echo import BLOCK, LANES, EchoCanceller, EchoGroup, EchoWant, simd_name
from dsp.errors import EngineArgumentError
from dsp.g711 import ulaw_decode, ulaw_encode
from dsp.pcm import Samples
from tests.accuracy.echo_lines import Talk, composite, level, line, rms
from tests.accuracy.echo_lines import on_the_wire as mu_law
from tests.dsp.speech import pieces

Floats = npt.NDArray[np.float64]
SECONDS = 8
FRAME = 160


def path(erl_db: float = 12.0, seed: int = 3) -> Floats:
    rng = np.random.default_rng(seed)
    response = rng.normal(size=96) * np.exp(-np.arange(96) / 16)
    response[:6] = 0
    return np.asarray(response * 10 ** (-erl_db / 20) / np.sqrt((response**2).sum()))


def on_the_wire(pcm: Floats) -> Samples:
    rounded = np.rint(pcm).clip(-32768, 32767).astype(np.int16)
    return np.frombuffer(ulaw_decode(ulaw_encode(rounded)), np.int16)


def echo_of(far: Samples, response: Floats) -> Floats:
    return np.asarray(np.convolve(far, response)[: len(far)])


def powers(pcm: npt.NDArray[np.generic]) -> Floats:
    frames = pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME).astype(float)
    return np.asarray((frames**2).mean(axis=1))


def ratio_db(above: Floats, below: Floats) -> float:
    return float(10 * np.log10(above.sum() / below.sum()))


def talkers() -> tuple[Samples, Samples]:
    far, near = pieces(2, SECONDS)
    return far, near


def test_echo_of_speech_goes_away() -> None:
    far, _ = talkers()
    near = on_the_wire(echo_of(far, path()))
    canceller = EchoCanceller(32, EchoWant.NONE)
    out = canceller.feed(far, near)
    late = slice(2 * 8000, None)
    assert ratio_db(powers(near[late]), powers(out[late])) > 24
    view = canceller.look()
    assert view.converged
    assert view.resets == 0
    assert view.erl_db == pytest.approx(12, abs=4)
    assert view.erle_db > 25


@pytest.mark.parametrize(("tail_ms", "taken"), [(128, (20, 40)), (32, (0, 12))])
def test_an_echo_of_speech_that_lasts_for_125_ms_wants_a_tail_as_long(
    tail_ms: int, taken: tuple[float, float]
) -> None:
    rng = np.random.default_rng(5)
    response = rng.normal(size=1000) * np.exp(-np.arange(1000) / 250)
    response *= 10 ** (-12 / 20) / np.sqrt((response**2).sum())
    far, _ = talkers()
    near = on_the_wire(echo_of(far, response))
    out = EchoCanceller(tail_ms, EchoWant.NONE).feed(far, near)
    settled = slice(4 * 8000, None)
    least_db, most_db = taken
    assert least_db < ratio_db(powers(near[settled]), powers(out[settled])) < most_db


@pytest.mark.parametrize(("tail_ms", "taken"), [(128, (20, 40)), (64, (-1, 1))])
def test_an_echo_that_begins_after_100_ms_is_within_a_tail_of_128(
    tail_ms: int, taken: tuple[float, float]
) -> None:
    """Of G.168's composite signal; of recorded speech it goes away far more slowly."""
    far = mu_law(Talk(3000, far_dbm0=-10).far(composite(8, 205), 0))
    near = mu_law(echo_of(far, np.concatenate([np.zeros(800), path()])))
    out = EchoCanceller(tail_ms, EchoWant.NONE).feed(far, near)
    settled = slice(2 * 8000, None)
    least_db, most_db = taken
    assert least_db < ratio_db(powers(near[settled]), powers(out[settled])) < most_db


@pytest.mark.parametrize("near_db", [0.0, -10.0])
def test_near_end_speech_is_never_muted(near_db: float) -> None:
    """Every loud stretch of 20 ms of a near talker arrives, also under the far one."""
    first, far, near = pieces(3, SECONDS)
    far = np.concatenate([first, far])
    said = np.concatenate([np.zeros(len(first)), near * 10 ** (near_db / 20)])
    out = EchoCanceller(32, EchoWant.NLP).feed(far, on_the_wire(echo_of(far, path()) + said))
    both = slice(len(first), None)
    wanted, heard = powers(said[both]), powers(out[both])
    loud = wanted > wanted.max() * 1e-3
    assert loud.sum() > 100
    assert (heard[loud] / wanted[loud]).min() > 0.1
    assert np.mean(heard[loud] < wanted[loud] / 2) < 0.02
    echo = powers(echo_of(far, path())[both])
    assert ratio_db(echo, powers(out[both] - said[both])) > 14


def test_two_who_talk_from_the_start_hear_each_other() -> None:
    far, near = talkers()
    out = EchoCanceller(32, EchoWant.NLP).feed(far, on_the_wire(echo_of(far, path()) + near))
    said, heard = powers(near), powers(out)
    loud = said > said.max() * 1e-3
    assert np.mean(heard[loud] < said[loud] / 10) < 0.01


def test_a_talker_who_cancels_the_echo_is_no_changed_path() -> None:
    """Two voices of one pitch do so for a while; the filter is not to blame for a loud near end."""
    talk = Talk(3000, far_dbm0=-10)
    far = mu_law(talk.far(composite(11, 205), 0))
    echo = echo_of(far, line(2, 10))
    said = np.concatenate([np.zeros(2 * 8000), -2.0 * echo[2 * 8000 :]])
    canceller = EchoCanceller(32, EchoWant.NONE)
    out = canceller.feed(far, mu_law(echo + said))
    assert canceller.look().resets == 0
    at_once = slice(2 * 8000, 2 * 8000 + 2400)
    assert abs(level(out[at_once]) - level(said[at_once])) < 1


def test_a_loud_residual_is_never_muted() -> None:
    """It may be a talker's, under a louder echo: above -45 dBm0 the processor takes 6 dB."""
    talk = Talk(3000, far_dbm0=-10)
    far = mu_law(talk.far(composite(11, 205), 0))
    echo = echo_of(far, line(2, 10))
    rng = np.random.default_rng(5)
    said = np.where(np.abs(echo) > 100, rng.normal(size=len(echo)) * rms(-37), 0.0)
    out = EchoCanceller(32, EchoWant.NLP).feed(far, mu_law(echo + said))
    late = slice(8000, None)
    wanted, heard = powers(said[late]), powers(out[late])
    loud = wanted > rms(-45) ** 2
    assert loud.sum() > 30
    assert (heard[loud] / wanted[loud]).min() > 0.2


@pytest.mark.parametrize("model", [2, 6, 7])
def test_a_line_behind_15_ms_of_buffers_is_learnt_and_not_forgotten(model: int) -> None:
    """What the first partitions hum before the echo comes is no changed path."""
    talk = Talk(2100, far_dbm0=-10)
    far = mu_law(talk.far(composite(11, 205), 0))
    near = mu_law(np.convolve(far, np.concatenate([np.zeros(120), line(model, 10)]))[: len(far)])
    canceller = EchoCanceller(32, EchoWant.NONE)
    out = canceller.feed(far, near)
    assert canceller.look().resets == 0
    assert level(out[-2800:]) < -52


def test_a_dropped_frame_of_the_near_end_is_mended_within_a_second() -> None:
    """Behind 10 ms of buffers: without them an echo would come before what it is an echo of."""
    far, _ = talkers()
    near = on_the_wire(echo_of(far, np.concatenate([np.zeros(80), path()])))
    at = 4 * 8000
    slipped = np.concatenate([near[:at], near[at + BLOCK :], near[:BLOCK]])[: len(near)]
    out = EchoCanceller(32, EchoWant.NONE).feed(far, slipped)
    undisturbed = EchoCanceller(32, EchoWant.NONE).feed(far, near)
    after = slice(at + 8000, at + 16000)
    usual = ratio_db(powers(near[after]), powers(undisturbed[after]))
    mended = ratio_db(powers(slipped[after]), powers(out[after]))
    assert mended > usual - 3
    burst = powers(out[at : at + 8000]).max()
    assert burst < 2 * powers(slipped[at - 8000 :]).max()


@pytest.mark.parametrize("begin", [0, BLOCK])
def test_a_slip_of_a_frame_moves_the_path_and_forgets_nothing(begin: int) -> None:
    """Dropped or doubled: the weights hold, a partition earlier or later."""
    far = mu_law(Talk(4000, far_dbm0=-10).far(composite(11, 205), 0))
    echo = echo_of(far, np.concatenate([np.zeros(80), line(3, 12)]))
    paths = echo[BLOCK - begin :], echo[begin:]
    at = 2 * 8000
    near = mu_law(np.concatenate([paths[0][:at], paths[1][at:], np.zeros(BLOCK)])[: len(far)])
    canceller = EchoCanceller(32, EchoWant.NONE)
    out = canceller.feed(far, near)
    assert canceller.look().resets == 0
    soon = slice(at + 1600, at + 8000)
    assert level(out[soon]) < level(near[soon]) - 25


def test_a_lane_cancels_as_it_does_alone() -> None:
    far, _ = talkers()
    far = far[: 3 * 8000]
    near = on_the_wire(echo_of(far, path()))
    group = EchoGroup(32)
    for lane in range(0, LANES, 2):
        group.open(lane, 32, EchoWant.NONE)
    fars = np.stack([np.roll(far, 400 * lane) for lane in range(LANES)])
    nears = np.stack([np.roll(near, 400 * lane) for lane in range(LANES)])
    out = group.process(fars, nears)
    alone = EchoCanceller(32, EchoWant.NONE).feed(fars[6], nears[6])
    assert (out[6] == alone).all()
    assert (out[7] == nears[7]).all()


def test_a_group_is_as_small_as_promised() -> None:
    assert EchoGroup(32).size <= 500_000


def test_wrong_shapes_and_lanes_are_refused() -> None:
    group = EchoGroup(32)
    silence = np.zeros(BLOCK, np.int16)
    with pytest.raises(EngineArgumentError):
        group.open(LANES, 32)
    with pytest.raises(EngineArgumentError):
        group.open(0, 40)
    with pytest.raises(EngineArgumentError):
        group.open(0, 32, EchoWant.SEARCH)
    with pytest.raises(ValueError, match="multiple of 40"):
        EchoCanceller().feed(silence[:-1], silence[:-1])
    with pytest.raises(ValueError, match="must be"):
        group.process(np.zeros((2, BLOCK), np.int16), np.zeros((2, BLOCK), np.int16))


def test_the_instruction_set_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALTIWARE_SIMD", "base")
    assert simd_name() == "base"
    monkeypatch.setenv("ALTIWARE_SIMD", "no such")
    assert simd_name() in {"base", "avx2", "avx512", "neon"}
