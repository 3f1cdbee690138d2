# SPDX-License-Identifier: MIT
"""What it costs to analyse an unknown office line, beside our detector that has its plan.

``dsp_learn_ns`` is a line that sends busy tone, spectra included, ``_idle_`` one that is silent;
both of one channel, in pieces of a second, so that calling from here does not count.  The reference
is ``ProgressDetector`` with the four tones of a country on the same samples, by turns.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from dsp.pcm import Samples
from dsp.progress import ProgressDetector, plan_of
from dsp.segments import SegmentAnalyser
from dsp.tones import COUNTRIES
from tests.figure import Figure

ROUNDS: Final = 41


def _line(amplitude: float) -> Samples:
    """Return a second of busy tone in noise."""
    t = np.arange(8000) / 8000
    tone = np.sin(2 * np.pi * 480 * t) + np.sin(2 * np.pi * 620 * t)
    wave = amplitude * tone * (t < 0.5) + np.random.default_rng(1).normal(0, 8, len(t))
    return np.rint(wave).astype(np.int16)


def _ns(feed: Callable[[Samples], object], pcm: Samples) -> float:
    before = time.thread_time_ns()
    feed(pcm)
    return (time.thread_time_ns() - before) / len(pcm)


def measure() -> Iterator[Figure]:
    """Measure both."""
    for figure, amplitude in (("dsp_learn_ns", 2000.0), ("dsp_learn_idle_ns", 0.0)):
        analyser, detector = SegmentAnalyser(), ProgressDetector(plan_of(COUNTRIES["us"]))
        pcm, ours, known = _line(amplitude), [], []
        for _ in range(ROUNDS):
            ours.append(_ns(analyser.feed, pcm))
            known.append(_ns(detector.feed, pcm))
        yield Figure(figure, statistics.median(ours), "ns", "with a plan", statistics.median(known))
