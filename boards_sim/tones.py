# SPDX-License-Identifier: MIT
"""The tones of a country as the simulator's offices send them and its ears know them.

Frequencies and cadences are the shared data of dsp/tones.py; the sums are made here, apart
from the product's generator and recogniser.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.ear import TonePattern
from boards_sim.mouth import RATE_HZ, level
from dsp.tones import Country, ToneSpec, ToneStep

__all__ = ["pattern", "patterns", "samples"]

Samples = npt.NDArray[np.int16]

MODULATION: Final = 0.85
"""Depth of a modulated tone."""
STEADY_MS: Final = 1000
"""A step without end is computed in pieces of a second: whole periods of whole frequencies."""


def patterns(country: Country) -> list[TonePattern]:
    """Return all tones of a country for an ear."""
    return [pattern(str(name), spec) for name, spec in country.tones.items()]


def pattern(name: str, spec: ToneSpec) -> TonePattern:
    """Return a tone as an ear knows it."""
    steps = [(_frequencies(step), float(step.duration_ms or math.inf)) for step in spec.steps]
    if spec.loop_from is None and not steps[-1][0]:
        steps.pop()
    endless = steps[-1][1] == math.inf
    ends = spec.loop_from is None or endless
    loop_from = len(steps) if ends or spec.loop_from is None else spec.loop_from
    return TonePattern(name, tuple(steps), loop_from)


def _frequencies(step: ToneStep) -> frozenset[float]:
    if step.modulated:
        carrier, by = step.hz
        return frozenset((carrier - by, carrier, carrier + by))
    return frozenset(step.hz)


def samples(spec: ToneSpec) -> Iterator[Samples]:
    """Yield a tone piece by piece, for ever if it loops; phases begin anew with each step."""
    first = [_piece(step) for step in spec.steps]
    yield from first
    if spec.loop_from is not None:
        yield from itertools.cycle(first[spec.loop_from :])


def _piece(step: ToneStep) -> Samples:
    t = np.arange((step.duration_ms or STEADY_MS) * RATE_HZ // 1000) / RATE_HZ
    if not step.modulated:
        wave = sum((np.sin(2 * np.pi * hz * t) for hz in step.hz), np.zeros(len(t)))
        return np.rint(level(step.dbm0) * wave).astype(np.int16)
    carrier, by = step.hz
    swing = 1 + MODULATION * np.cos(2 * np.pi * by * t)
    peak = level(step.dbm0) / math.sqrt(1 + MODULATION**2 / 2)
    return np.rint(peak * swing * np.sin(2 * np.pi * carrier * t)).astype(np.int16)
