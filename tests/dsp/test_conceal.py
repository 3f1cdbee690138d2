# SPDX-License-Identifier: MIT
"""Concealment judged by PESQ (ITU-T P.862) on recorded speech."""

import numpy as np
import pytest
from pesq import pesq

from dsp.conceal import Concealer
from dsp.pcm import RATE_HZ, Samples
from tests.dsp.speech import pieces

PIECES = 8


def lost_frames(count: int, share: float, seed: int) -> set[int]:
    """Which frames are lost at random; the first 200 ms arrive."""
    lost = np.random.default_rng(seed).random(count) < share
    lost[:10] = False
    return set(np.flatnonzero(lost).tolist())


def concealed(speech: Samples, lost: set[int], frame: int) -> Samples:
    """What is heard."""
    concealer = Concealer()
    frames = [speech[at : at + frame] for at in range(0, len(speech), frame)]
    heard = [
        concealer.lost(frame) if i in lost else concealer.good(said)
        for i, said in enumerate(frames)
    ]
    return np.concatenate(heard)


def silenced(speech: Samples, lost: set[int], frame: int) -> Samples:
    """The same with nothing in the gaps."""
    heard = speech.copy()
    for i in lost:
        heard[i * frame : (i + 1) * frame] = 0
    return heard


@pytest.mark.parametrize(("share", "least"), [(0.01, 3.9), (0.03, 3.5), (0.05, 3.1)])
def test_speech_with_20_ms_losses_still_sounds_well(share: float, least: float) -> None:
    ours: list[float] = []
    theirs: list[float] = []
    for seed, speech in enumerate(pieces(PIECES)):
        lost = lost_frames(len(speech) // 160, share, seed)
        ours.append(pesq(RATE_HZ, speech, concealed(speech, lost, 160), "nb"))
        theirs.append(pesq(RATE_HZ, speech, silenced(speech, lost, 160), "nb"))
    assert np.mean(ours) >= least
    assert np.mean(ours) >= np.mean(theirs) + 0.15


@pytest.mark.parametrize("frame", [40, 80])
def test_short_frames_are_concealed_too(frame: int) -> None:
    scores = []
    for seed, speech in enumerate(pieces(4)):
        lost = lost_frames(len(speech) // frame, 0.03, seed)
        scores.append(pesq(RATE_HZ, speech, concealed(speech, lost, frame), "nb"))
    assert np.mean(scores) >= 3.5


def test_without_loss_nothing_changes() -> None:
    speech = pieces(1)[0]
    assert np.array_equal(concealed(speech, set(), 160), speech)
