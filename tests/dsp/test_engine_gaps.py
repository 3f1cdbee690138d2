# SPDX-License-Identifier: MIT
"""A board that loses frames, judged by PESQ (ITU-T P.862) on recorded speech through the engine."""

from pathlib import Path

import numpy as np
import pytest
from pesq import pesq

from dsp import Engine, SampleFormat
from dsp.pcm import RATE_HZ, Samples
from tests.dsp.speech import pieces
from tests.dsp.test_conceal import lost_frames, silenced
from tests.dsp.test_engine import read_clip
from tests.dsp.wire import Wire

LOSS = 160
"""Samples lost at a time: four PCM frames."""
TICK = 40


def through_a_board(speech: Samples, lost: set[int], path: Path) -> Samples:
    """Let a board say it but for what is lost, and return what the bus heard."""
    with Engine(threaded=False) as engine:
        wire, ports = Wire(), engine.open_board_ports(1)
        link = engine.open_link(
            wire.descriptor, ports, sample_format=SampleFormat.S16LE, clock=True
        )
        recorder = engine.open_recorder(path)
        engine.listen(recorder, ports[0])
        skipped = 0
        for at in range(0, len(speech) - TICK + 1, TICK):
            if at // LOSS in lost:
                skipped += 1
                continue
            wire.send_pcm(speech[at : at + TICK], skip=skipped)
            skipped = 0
            engine.poll()
            wire.frames()
        assert engine.link_counters(link).concealed == TICK * engine.link_counters(link).gaps > 0
        engine.close_port(recorder)
        return read_clip(path)


@pytest.mark.parametrize(("share", "least"), [(0.01, 3.9), (0.05, 3.1)])
def test_speech_of_a_board_with_gaps_still_sounds_well(
    share: float, least: float, tmp_path: Path
) -> None:
    ours: list[float] = []
    theirs: list[float] = []
    for seed, speech in enumerate(pieces(4)):
        lost = lost_frames(len(speech) // LOSS - 1, share, seed)
        lost -= {n + 1 for n in lost} | {n + 2 for n in lost}  # over 50 ms a board begins anew
        heard = through_a_board(speech, lost, tmp_path / "out.wav")
        assert len(heard) == len(speech)
        ours.append(pesq(RATE_HZ, speech, heard, "nb"))
        theirs.append(pesq(RATE_HZ, speech, silenced(speech, lost, LOSS), "nb"))
    assert np.mean(ours) >= least
    assert np.mean(ours) >= np.mean(theirs) + 0.1
