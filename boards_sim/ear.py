# SPDX-License-Identifier: MIT
"""A simulated person's ear: which tone, speech or silence is heard now, and what was before.

The ear keeps all it hears (``keep_s``) and listens only when asked: windows of 40 ms every
10 ms are projected on each pair of frequencies of the country (least squares), runs of equal
sound are compared with the cadences.  Independent of the product's recognisers on purpose.
It takes tones of the exact frequency (about +-0.7 %) at -43 dBm0 and more; it is a judge, not
a receiver for bad lines.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.recording import Recording

__all__ = ["Ear", "Run", "TonePattern"]

Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Kinds = npt.NDArray[np.int64]

RATE_HZ: Final = 8000
HOP: Final = 80
WINDOW: Final = 320
HOP_MS: Final = 10
EDGE_MS: Final = 20
"""A tone must fill about 3/4 of a window to be seen: so much each run looks too short."""
FULL_SCALE_DBM0: Final = 3.14
EDGE_HOPS: Final = 3
SILENT_DBM0: Final = -46.0
PAUSE_DB: Final = 8.0
"""Sound so much softer than a tone, between two bursts of it, is noise in its pause."""
TONE_SHARE: Final = 0.78
"""A window is a tone when one pair explains so much of its energy."""
MODULATED_SHARE: Final = 0.95
"""Three lines close together explain the edge of a burst of one as well."""
PARSIMONY: Final = 0.015
"""Each further frequency must explain so much more."""
BLUR_HOPS: Final = 8
"""Which pair it is, is judged over 80 ms: 400 Hz and 400 Hz modulated look alike in 40."""
DTMF_HZ: Final = (697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0)
MEMORY_HOPS: Final = 1500
"""How far back the ear looks for the beginning of a cadence."""
LATEST_RUNS: Final = 16
"""More than one cycle of any cadence."""
SILENCE_MS: Final = 600
SPEECH_MS: Final = 250
"""So much sound that is no tone, within SPEECH_WITHIN_MS, is speech."""
SPEECH_WITHIN_MS: Final = 700
SURE_MS: Final = 160
"""A tone must have been heard for so long to be named."""
JUDGED_MS: Final = 60
"""What has begun later than this isn't judged yet."""
SLOWEST_FLUTTER_MS: Final = 80
FLUTTER_HOPS: Final = 60
AFTER_THE_END: Final = (frozenset[float](), 1000.0)
"""A tone that has ended counts as heard for a second more."""

QUIET: Final = -1
SOUND: Final = -2
DTMF: Final = -3


@dataclass(frozen=True, slots=True)
class TonePattern:
    """One call-progress tone: frequencies sounding for a time, then others, perhaps again."""

    name: str
    steps: tuple[tuple[frozenset[float], float], ...]
    "Frequencies (empty: a pause) and ms (infinity: for ever)."
    loop_from: int = 0
    "The step after the last; len(steps): the tone ends (and not with a pause)."

    @property
    def flutters(self) -> bool:
        """Whether it changes faster than the ear can follow."""
        sounds = {hz for hz, ms in self.steps if hz and ms < SLOWEST_FLUTTER_MS}
        return len(sounds) > 1

    def from_step(self, first: int) -> Iterator[tuple[frozenset[float], float]]:
        """Yield the steps from one on, with loops."""
        yield from self.steps[first:]
        while self.loop_from < len(self.steps):
            yield from self.steps[self.loop_from :]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one sound."""

    hz: frozenset[float]
    "Empty: no tone."
    ms: float
    level_dbm0: float
    kind: int

    def is_pause_after(self, tone_dbm0: float) -> bool:
        """Whether this is silence, or next to it, in the cadence of a tone of that level."""
        return self.kind == QUIET or self.level_dbm0 < tone_dbm0 - PAUSE_DB

    def __str__(self) -> str:
        hz = "+".join(f"{f:g}" for f in sorted(self.hz)) + " Hz"
        what = {QUIET: "silence", SOUND: "sound", DTMF: "a digit"}.get(self.kind, hz)
        level = "" if self.kind == QUIET else f" {self.level_dbm0:.0f} dBm0"
        return f"{what}{level} {self.ms / 1000:.2f} s"


class _Projector:
    """Projection of windows on the tones of a country: what energy does each explain."""

    def __init__(self, pairs: Sequence[frozenset[float]]) -> None:
        self.pairs = sorted(pairs, key=lambda hz: (len(hz), sorted(hz)))
        bases = [self._basis(sorted(hz)) for hz in self.pairs]
        self._tones = np.concatenate(bases, axis=1) if bases else np.zeros((WINDOW, 0))
        self._first = np.cumsum([0, *(basis.shape[1] for basis in bases)])[:-1]
        self._dtmf = np.concatenate([self._basis([hz]) for hz in DTMF_HZ], axis=1)
        self.least = np.array([TONE_SHARE if len(hz) < 3 else MODULATED_SHARE for hz in self.pairs])
        self.penalty = np.array([PARSIMONY * len(hz) for hz in self.pairs])

    @staticmethod
    def _basis(hz: Sequence[float]) -> Floats:
        """Orthonormal basis of everything that can be made of these frequencies in a window."""
        t = np.arange(WINDOW) / RATE_HZ
        waves = [wave(2 * np.pi * f * t) for f in hz for wave in (np.cos, np.sin)]
        orthonormal: Floats = np.linalg.qr(np.array(waves).T)[0]
        return orthonormal

    def explained(self, windows: Floats) -> Floats:
        """Return the energy that each pair explains of each window."""
        if not self.pairs:
            return np.zeros((len(windows), 0))
        parts: Floats = np.add.reduceat((windows @ self._tones) ** 2, self._first, axis=1)
        return parts

    def dtmf(self, windows: Floats) -> Floats:
        """Return the energy that the best DTMF digit explains of each window."""
        each = np.add.reduceat((windows @ self._dtmf) ** 2, np.arange(0, 16, 2), axis=1)
        best: Floats = each[:, :4].max(axis=1) + each[:, 4:].max(axis=1)
        return best


class _Hops:
    """What was found every 10 ms, the last 15 to 30 s of it."""

    def __init__(self, pairs: int) -> None:
        self._kinds = np.zeros(2 * MEMORY_HOPS, np.int64)
        self._levels = np.zeros(2 * MEMORY_HOPS)
        self._shares = np.zeros((2 * MEMORY_HOPS, pairs))
        self._used = 0

    def add(self, kinds: Kinds, levels: Floats, shares: Floats) -> None:
        """Append at most MEMORY_HOPS hops."""
        if self._used + len(kinds) > len(self._kinds):
            for array in (self._kinds, self._levels, self._shares):
                array[:MEMORY_HOPS] = array[self._used - MEMORY_HOPS : self._used]
            self._used = MEMORY_HOPS
        new = slice(self._used, self._used + len(kinds))
        self._kinds[new], self._levels[new], self._shares[new] = kinds, levels, shares
        self._used = new.stop

    @property
    def kinds(self) -> Kinds:
        return self._kinds[max(0, self._used - MEMORY_HOPS) : self._used]

    @property
    def levels(self) -> Floats:
        return self._levels[max(0, self._used - MEMORY_HOPS) : self._used]

    @property
    def shares(self) -> Floats:
        return self._shares[max(0, self._used - MEMORY_HOPS) : self._used]


class Ear:
    """All that is heard at one place, and what it is."""

    def __init__(self, tones: Sequence[TonePattern], keep_s: float = 1800.0) -> None:
        self.recording = Recording(keep_s)
        self._tones = {tone.name: tone for tone in tones}
        pairs = {hz for tone in tones for hz, _ in tone.steps if hz}
        self._projector = _Projector(list(pairs))
        self._hops = _Hops(len(self._projector.pairs))
        self._next = 0
        self._runs: list[Run] = []
        self._runs_at = 0

    @property
    def names(self) -> list[str]:
        """The tones this ear knows by name."""
        return sorted(self._tones)

    def hear(self, samples: Samples) -> None:
        """Take a few samples."""
        self.recording.add(samples)

    def hears(self, name: str) -> bool:
        """Tell whether this tone, "speech" or "silence" is what is heard now.

        Raises:
            ValueError: no tone of this name is known here.
        """
        self._listen()
        if name == "silence":
            recent = self._hops.kinds[-SILENCE_MS // HOP_MS :]
            return len(recent) == SILENCE_MS // HOP_MS and bool(np.all(recent == QUIET))
        if name == "speech":
            recent = self._hops.kinds[-SPEECH_WITHIN_MS // HOP_MS :]
            return int(np.count_nonzero(recent == SOUND)) * HOP_MS >= SPEECH_MS
        if name not in self._tones:
            allowed = ", ".join([*self.names, "silence", "speech"])
            raise ValueError(f"no tone is called {name!r} here; there are {allowed}")
        return self._is_tone(self._tones[name])

    def describe(self) -> str:
        """Say what has been heard lately, the latest last."""
        self._listen()
        return ", ".join(str(run) for run in self.runs()[-8:]) or "nothing at all"

    def runs(self) -> list[Run]:
        """Return the latest stretches of equal sound, the newest (going on) last."""
        self._listen()
        if self._runs_at != self._next:
            self._runs_at = self._next
            kinds = self._names_of_hops()
            borders = np.flatnonzero(np.diff(kinds)) + 1
            starts = [0, *borders.tolist()][-LATEST_RUNS:]
            ends = [*starts[1:], len(kinds)]
            pieces = zip(starts, ends, strict=True)
            self._runs = [self._run(int(kinds[i]), i, j - i) for i, j in pieces if j > i]
        return self._runs

    # Listening

    def _listen(self) -> None:
        """Look at all whole windows since last time."""
        self._next = max(self._next, self.recording.end // HOP * HOP - MEMORY_HOPS * HOP)
        count = (self.recording.end - self._next - WINDOW) // HOP + 1
        if count <= 0:
            return
        samples = self.recording.since(self._next)[: (count - 1) * HOP + WINDOW]
        windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
        self._judge(windows.astype(np.float64))
        self._next += count * HOP

    def _judge(self, windows: Floats) -> None:
        energy = np.einsum("ij,ij->i", windows, windows)
        middle = windows[:, WINDOW // 2 - HOP : WINDOW // 2 + HOP]
        power = np.einsum("ij,ij->i", middle, middle) / middle.shape[1]
        level = 10 * np.log10(power + 1e-9) - 20 * np.log10(32768) + 3.01 + FULL_SCALE_DBM0
        shares = self._projector.explained(windows)
        kinds = np.full(len(windows), SOUND)
        kinds[self._projector.dtmf(windows) > TONE_SHARE * energy] = DTMF
        if shares.shape[1]:
            least = np.outer(energy, self._projector.least)
            kinds[np.any(shares > least, axis=1)] = 0
        kinds[level < SILENT_DBM0] = QUIET
        self._hops.add(kinds, level, shares)

    def _names_of_hops(self) -> Kinds:
        """Return the kind of each hop: a tone by its number, or QUIET, SOUND, DTMF."""
        kinds = _without_specks(_without_edges(self._hops.kinds.copy()))
        tones = np.flatnonzero(kinds >= 0)
        if len(tones):
            shares = np.where(_inside(kinds >= 0)[:, None], self._hops.shares, 0.0)
            total = np.vstack([np.zeros(shares.shape[1]), np.cumsum(shares, axis=0)])
            low = np.maximum(tones - BLUR_HOPS // 2, 0)
            high = np.minimum(tones + BLUR_HOPS // 2 + 1, len(shares))
            around = total[high] - total[low]
            best = around.max(axis=1, keepdims=True) + 1e-9
            kinds[tones] = np.argmax(around / best - self._projector.penalty, axis=1)
            kinds[tones] = _without_specks(kinds)[tones]
        return kinds

    def _run(self, kind: int, at: int, hops: int) -> Run:
        level = float(np.median(self._hops.levels[at : at + hops]))
        if kind >= 0:
            return Run(self._projector.pairs[kind], hops * HOP_MS + EDGE_MS, level, kind)
        return Run(frozenset(), hops * HOP_MS - EDGE_MS, level, kind)

    # Naming

    def _is_tone(self, wanted: TonePattern) -> bool:
        """Tell whether the latest runs fit this tone, and no other better or as well."""
        if wanted.flutters:
            return self._is_fluttering(wanted)
        runs = self.runs()
        if len(runs) > 1 and runs[-1].ms < JUDGED_MS:
            runs = runs[:-1]
        fit = _fit_ms(wanted, runs)
        if fit < SURE_MS:
            return False
        rivals = (t for t in self._tones.values() if t.steps != wanted.steps and not t.flutters)
        return all(_beats(fit, wanted, _fit_ms(rival, runs), rival) for rival in rivals)

    def _is_fluttering(self, wanted: TonePattern) -> bool:
        """Tell whether all pairs of a tone too fast to follow are heard, and nothing else."""
        recent = slice(-FLUTTER_HOPS, None)
        tones = np.flatnonzero(self._hops.kinds[recent] >= 0)
        numbers = np.argmax(self._hops.shares[recent][tones], axis=1) if len(tones) else []
        heard = {self._projector.pairs[number] for number in numbers}
        return heard == {hz for hz, _ in wanted.steps if hz}


def _beats(fit: float, tone: TonePattern, rival_fit: float, rival: TonePattern) -> bool:
    """Tell whether a fit wins: longer, or equal with the simpler tone once both could end so."""
    return fit > rival_fit or (fit == rival_fit and _is_tail(tone, rival))


def _is_tail(tone: TonePattern, of: TonePattern) -> bool:
    """Tell whether a tone is what another ends with (dial tone, of stutter dial tone)."""
    return len(tone.steps) < len(of.steps) and of.steps[-len(tone.steps) :] == tone.steps


def _without_specks(kinds: Kinds) -> Kinds:
    """Replace runs of one or two hops by what stands before and after them, when that agrees."""
    cleaned = kinds.copy()
    for width in (1, 2):
        before, after = cleaned[: -width - 1], cleaned[width + 1 :]
        agree = (before == after) & (before != QUIET)  # a short burst in silence is a burst
        for inner in range(width):
            middle = cleaned[1 + inner : len(cleaned) - width + inner]
            middle[agree] = before[agree]
    return cleaned


def _inside(tone: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Leave out the edges of bursts: half a window of a tone looks like a modulated one."""
    inside = tone.copy()
    for shift in (1, 2):
        inside[shift:] &= tone[:-shift]
        inside[:-shift] &= tone[shift:]
    return inside


def _without_edges(kinds: Kinds) -> Kinds:
    """Give the half-filled windows at the edges of a tone to the silence beside it."""
    borders = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(kinds)]
    for i, j in itertools.pairwise(borders):
        if i == 0 or j == len(kinds) or j - i > EDGE_HOPS or kinds[i] not in {SOUND, DTMF}:
            continue
        kinds[i:j] = QUIET if QUIET in {kinds[i - 1], kinds[j]} else kinds[i - 1]
    return kinds


def _tolerance_ms(ms: float) -> float:
    return 25.0 + 0.12 * ms


def _fit_ms(tone: TonePattern, runs: Sequence[Run]) -> float:
    """Return how many of the latest ms fit this tone; 0 when the present doesn't."""
    best = 0.0
    for start in range(len(runs) - 1, max(-1, len(runs) - 13), -1):
        if not runs[start].hz:
            continue
        entries = range(len(tone.steps))
        seen = runs[start:]
        whole = start > 0
        if any(_follows(tone, entry, seen, whole=whole) for entry in entries):
            best = max(best, sum(run.ms for run in seen))
    return best


def _follows(tone: TonePattern, entry: int, seen: Sequence[Run], *, whole: bool) -> bool:
    """Tell whether runs are the tone from step ``entry`` on; the last run is going on still."""
    steps = tone.from_step(entry)
    for number, run in enumerate(seen):
        hz, ms = next(steps, AFTER_THE_END)
        if run.hz != hz or not (run.hz or run.is_pause_after(seen[0].level_dbm0)):
            return False
        if run.ms > ms + _tolerance_ms(ms):
            return False
        ended = number < len(seen) - 1
        cut = number == 0 and not whole
        if ended and (ms == math.inf or (not cut and run.ms < ms - _tolerance_ms(ms))):
            return False
    return True
