# SPDX-License-Identifier: MIT
"""The echo table: a tail of 32 ms on the lines D.2 to D.9 of G.168, mu-law, median and worst.

Beside each figure stands the best that is known: of the peers that are measured in this run, and
of OSLEC, spandsp, MG2, KB1, speexdsp and WebRTC as once measured on such lines.  Residuals are in
dBm0; the source is ours (see echo_lines.py), so no conformance is meant.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from dsp.echo import EchoCanceller, EchoWant
from dsp.pcm import RATE_HZ, Samples
from tests.accuracy.echo_lines import (
    MODELS,
    Floats,
    Talk,
    composite,
    level,
    line,
    on_the_wire,
    talker,
)
from tests.accuracy.echo_peers import FRAME, Canceller, peers
from tests.figure import Figure

TAIL_MS: Final = 32
AS_MEASURED: Final = "best of six, as measured"
TONES: Final = ((697, 1209), (350, 440), (440, 480), (480, 620), (1004,))
ANSWER: Final = ((2100,),)
SOURCE: Final = composite(11, 205)
FAR: Final = -10.0


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the table: the level in the last ``window_ms`` of a part of its run."""

    name: str
    talks: tuple[Talk, ...]
    best: tuple[float, ...] = ()
    "Median, and where it was noted worst, of the best peer, as measured."
    part: int = -1
    window_ms: int = 350
    minus_near: bool = False
    "What differs from the near end, not what is heard."
    nlp: bool = False
    erl_db: float = 10
    unfair: tuple[str, ...] = ()
    "Peers that mute the near end here, or filter it."
    delay_ms: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """What a canceller is given, and what was said at the near end."""

    far: Samples
    near: Samples
    said: Samples
    ends: tuple[int, ...]


def lines_of(row: Row, model: int) -> list[Floats]:
    """Return the run's lines: the model, the third after it, and none."""
    other = MODELS[(MODELS.index(model) + 3) % len(MODELS)]
    wait = np.zeros(row.delay_ms * RATE_HZ // 1000)
    paths = [np.concatenate([wait, line(m, row.erl_db)]) for m in (model, other)]
    return [*paths, np.zeros(1)]


def play(row: Row, model: int) -> Run:
    """Let both sides talk over the line."""
    talks = row.talks
    size = sum(talk.size for talk in talks)
    noise = talker(77 + model, size)
    far, said, begun, at = np.zeros(size), np.zeros(size), 0, 0
    ends: list[int] = []
    for talk in talks:
        far[at : at + talk.size] = talk.far(SOURCE, begun)
        said[at : at + talk.size] = talk.near(noise[at : at + talk.size])
        begun += talk.size if talk.far_dbm0 is not None and not talk.tones else 0
        at += talk.size
        ends.append(at)
    heard, spoken = on_the_wire(far), on_the_wire(said)
    echoes = [np.convolve(heard, path)[:size] for path in lines_of(row, model)]
    echo, at = np.zeros(size), 0
    for talk, end in zip(talks, ends, strict=True):
        echo[at:end] = echoes[talk.path][at:end]
        at = end
    return Run(heard, on_the_wire(echo + spoken), spoken, tuple(ends))


def ours(taps: int, *, nlp: bool) -> Canceller:
    """Return our canceller as the peers are."""
    wants = EchoWant.NLP if nlp else EchoWant.NONE
    return EchoCanceller(taps * 1000 // RATE_HZ, wants).feed


def padded(pcm: Samples) -> Samples:
    """Return it with silence after it, to the peers' frame."""
    return np.concatenate([pcm, np.zeros(-len(pcm) % FRAME, np.int16)])


def residual(row: Row, run: Run, out: Samples) -> float:
    """Return the row's level."""
    end = run.ends[row.part]
    window = slice(end - row.window_ms * RATE_HZ // 1000, end)
    heard = out[window].astype(float)
    return level(heard - run.said[window] if row.minus_near else heard)


def _start(ms: int, **more: float) -> tuple[Talk, ...]:
    return Talk(200), Talk(ms, FAR, **more)  # type: ignore[arg-type]


def _then(*talks: Talk) -> tuple[Talk, ...]:
    return Talk(5250, FAR), *talks


ALONE: Final = Talk(350, FAR)
BUSY_10: Final = _then(Talk(5250, FAR, -10), ALONE)
BUSY_25: Final = _then(Talk(5250, FAR, -25), ALONE)
CHANGED: Final = _then(Talk(1050, FAR, path=1), Talk(2100, FAR, path=1))
GONE: Final = _then(Talk(1050, FAR, path=2))
LONG: Final = (Talk(200), *(Talk(ms, FAR) for ms in (350, 700, 1050, 28000)))
SHIFTED: Final = (Talk(200), Talk(1050, FAR), Talk(1050, FAR))

# fmt: off
ROWS: Final = (
    Row("conv_035", LONG, (-31, -30), part=1),
    Row("conv_105", LONG, (-55, -52), part=2),
    Row("conv_210", LONG, (-57, -56), part=3),
    Row("conv_3010", LONG, (-58, -57), part=4),
    Row("conv_quiet_105", (Talk(200), Talk(1050, -30)), (-73, -71)),
    Row("erl6_1050", _start(10500), (-54, -50), erl_db=6),
    Row("nlp_105", (Talk(200), Talk(1050, FAR), Talk(9800, FAR)), (-76,), part=1, nlp=True,
        unfair=("spandsp",)),
    Row("nlp_1085", (Talk(200), Talk(1050, FAR), Talk(9800, FAR)), (-78,), nlp=True,
        unfair=("spandsp",)),
    Row("start_busy_525", (Talk(5250, FAR, -30), ALONE), (-48,)),
    Row("busy10", BUSY_10, (-46,), part=1, window_ms=4900, minus_near=True,
        unfair=("oslec", "speexdsp")),
    Row("busy10_after", BUSY_10, (-56,)),
    Row("busy25", BUSY_25, (-49,), part=1, window_ms=4900, minus_near=True),
    Row("changed_105", CHANGED, (-54, -51), part=1),
    Row("changed_315", CHANGED, (-54, -51)),
    Row("gone_105", GONE, (-73,)),
    *(Row("tones_" + "_".join(map(str, hertz)),
          _then(Talk(5000, -13, tones=tuple(hertz)), ALONE), (0, -53)) for hertz in TONES),
    *(Row(f"tones_{hertz[0]}", _then(Talk(5000, -13, tones=tuple(hertz)), ALONE), (0, -54))
      for hertz in ANSWER),
)
OURS_ALONE: Final = (
    Row("shifted_105", SHIFTED, part=1, delay_ms=15),
    Row("shifted_210", SHIFTED, delay_ms=15),
)
# fmt: on


def measured(rows: Sequence[Row], new: Callable[..., Canceller]) -> dict[str, list[float]]:
    """Return each row's levels on all models; rows with the same talks share their runs."""
    found: dict[str, list[float]] = {row.name: [] for row in rows}
    for model in MODELS:
        runs: dict[object, tuple[Run, Samples]] = {}
        for row in rows:
            key = row.talks, row.nlp, row.erl_db, row.delay_ms
            if key not in runs:
                run = play(row, model)
                canceller = new(TAIL_MS * RATE_HZ // 1000, nlp=row.nlp)
                runs[key] = run, canceller(padded(run.far), padded(run.near))
            found[row.name].append(residual(row, *runs[key]))
    return found


def _figures(row: Row, here: list[float], beside: dict[str, list[float]]) -> Iterator[Figure]:
    statistics: dict[str, Callable[[list[float]], float]] = {"": median, "_worst": max}
    for at, (suffix, of) in enumerate(statistics.items()):
        best = {AS_MEASURED: row.best[at]} if at < len(row.best) else {}
        best |= {name: of(v) for name, v in beside.items() if name not in row.unfair}
        name = min(best, key=lambda each: best[each]) if best else None
        peer_value = best[name] if name else None
        yield Figure(f"echo_{row.name}{suffix}_dbm0", of(here), "dBm0", name, peer_value)


def _loss_db(near_dbm0: float) -> float:
    """Return the greatest loss of a near talker who talks alone, after 5 s of the far end's."""
    row = Row("", _then(Talk(4000, None, near_dbm0)), nlp=True, window_ms=3500)
    found = []
    for model in MODELS:
        run = play(row, model)
        out = ours(TAIL_MS * RATE_HZ // 1000, nlp=True)(padded(run.far), padded(run.near))
        late = slice(run.ends[0] + RATE_HZ // 2, run.ends[1])
        found.append(level(run.near[late]) - level(out[late]))
    return max(found)


def measure() -> Iterator[Figure]:
    """Measure the table."""
    beside = {peer.name: measured(ROWS, peer.new) for peer in peers()}
    here = measured((*ROWS, *OURS_ALONE), ours)
    for row in ROWS:
        levels = {name: rows[row.name] for name, rows in beside.items()}
        yield from _figures(row, here[row.name], levels)
    for row in OURS_ALONE:
        yield Figure(f"echo_{row.name}_dbm0", median(here[row.name]), "dBm0")
        yield Figure(f"echo_{row.name}_worst_dbm0", max(here[row.name]), "dBm0")
    for dbm0 in (-15.0, -35.0):
        loss = _loss_db(dbm0)
        yield Figure(f"echo_near{-dbm0:.0f}_loss_db", loss, "dB", AS_MEASURED, 0.0)
