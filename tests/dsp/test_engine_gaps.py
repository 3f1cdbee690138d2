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


def test_boards_that_vanish_together_are_all_heard_on_and_begin_by_turns(tmp_path: Path) -> None:
    """More ports than voices are looked at in a tick: the last ones are backwards meanwhile."""
    spoken, missed = 12, 8
    at = np.arange(spoken * TICK) * 2 * np.pi * 500.0 / RATE_HZ
    said = (6000 * np.sin(at)).astype(np.int16)
    with Engine(threaded=False) as engine:
        wires = [Wire() for _ in range(10)]
        boards = [engine.open_board_ports(32) for _ in wires]
        for number, (wire, ports) in enumerate(zip(wires, boards, strict=True)):
            engine.open_link(
                wire.descriptor, ports, sample_format=SampleFormat.S16LE, clock=number == 0
            )
            for a, b in zip(ports[::2], ports[1::2], strict=True):
                engine.connect(a, b)
        clips = [tmp_path / "first.wav", tmp_path / "last.wav"]
        heard = [boards[0][0], boards[-1][-1]]
        recorders = [engine.open_recorder(clip) for clip in clips]
        for recorder, port in zip(recorders, heard, strict=True):
            engine.listen(recorder, port)
        for frame in range(spoken):
            for wire in reversed(wires):  # the clock's last
                wire.send_pcm(*[said[frame * TICK : frame * TICK + TICK]] * 32)
            engine.poll()
        for _ in range(missed):
            engine.tick()
        for recorder in recorders:
            engine.close_port(recorder)
    steepest = np.abs(np.diff(said.astype(int))).max()
    for clip in clips:
        sound = read_clip(clip).astype(int)[-(missed + 2) * TICK :]
        loud = np.sqrt(np.mean(sound.reshape(-1, TICK) ** 2, axis=1))
        assert loud.min() > 6000 / np.sqrt(2) * 0.2, "nobody is silent, whose turn was late"
        assert np.abs(np.diff(sound)).max() < 2 * steepest, "and nobody steps"
