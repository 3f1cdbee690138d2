# SPDX-License-Identifier: MIT
"""Find the impedance that gives a line the least echo, by listening to it with each.

    tuning = echotune(session, 0)
    tuning.before_db, tuning.best, tuning.trials, tuning.residual

Return loss is what a tone comes back weaker by; here the mean power of 41 tones from 500 to
2500 Hz, all at once, so that a trial takes half a second.  The far end must be quiet: an office
is given one digit, a telephone is lifted and nobody speaks.  At last the engine's canceller runs
with the best one, and what it leaves is told while it learns.
"""

import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.base import Capability, PortKind
from drivers.diagnostics.line_test import CLOSED_MA, QUIETING_DIGIT, SETTLES_S, Tell, port_of
from drivers.diagnostics.line_under_test import LineUnderTest
from drivers.diagnostics.note import Note, NoteKind
from drivers.diagnostics.session import Session
from drivers.errors import BoardOperationError, LineInUseError
from dsp.echo import EchoView, EchoWant

__all__ = ["IMPEDANCES", "Trial", "Tuning", "echotune", "return_loss_db"]

IMPEDANCES: Final = (
    "600 Ω",
    "900 Ω",
    "270 Ω + 750 Ω ‖ 150 nF",
    "220 Ω + 820 Ω ‖ 120 nF",
    "370 Ω + 620 Ω ‖ 310 nF",
    "320 Ω + 1050 Ω ‖ 230 nF",
    "370 Ω + 820 Ω ‖ 110 nF",
    "275 Ω + 780 Ω ‖ 115 nF",
    "900 Ω + 2.16 µF",
    "800 Ω ‖ (100 Ω + 50 nF)",
)
"""In the order of docs/reference/qhi.md."""

RATE_HZ: Final = 8000
STEP_HZ: Final = 50
TONES_HZ: Final = np.arange(500, 2500 + STEP_HZ, STEP_HZ)
PERIOD: Final = RATE_HZ // STEP_HZ
LEVEL_DBM0: Final = -13.0
FULL_SCALE_DBM0: Final = 3.14
TRIAL_S: Final = 0.4
CHANGES_S: Final = 0.15
"""For filter and link to be filled with the new echo."""
QUIET_DB: Final = 6.0
"""The echo must stand so far above everything else on the line."""
NOISE_S: Final = 4.0
LOOK_EVERY_S: Final = 0.5
TAIL_MS: Final = 32
LIFT_S: Final = 30.0
DIAL_TONE_S: Final = 10.0

Floats = npt.NDArray[np.float64]
Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Trial:
    """One impedance, and the return loss that the line has with it."""

    index: int
    return_loss_db: float

    @property
    def name(self) -> str:
        """What it is made of."""
        return IMPEDANCES[self.index]


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was found."""

    before_db: float
    "Return loss with the impedance that the board boots with."
    trials: tuple[Trial, ...]
    residual: EchoView
    "What the canceller makes of it with the best."

    @property
    def best(self) -> Trial:
        """The one with the least echo."""
        return max(self.trials, key=lambda trial: trial.return_loss_db)


def echotune(session: Session, port: int, *, tell: Tell = lambda _: None) -> Tuning:
    """Try every impedance on a line; the best is set until the session ends.

    Raises:
        LineInUseError: the office rings, or another telephone is lifted on its line.
        BoardOperationError: the board can't change its impedance, or the line isn't quiet.
    """
    found = port_of(session, port, Capability.IMPEDANCE, "its impedance can't be changed")
    line = LineUnderTest(session, found)

    def say(kind: NoteKind, text: str) -> None:
        tell(Note(session.engine.now, kind, text))

    if found.kind is PortKind.FXS:
        _wait_until_lifted(line, say)
        return _tuned(session, line, say)
    _check_free(line)
    with line.seized():
        say(NoteKind.DOING, "Dialling a digit, so that the office is quiet")
        line.wait(SETTLES_S)
        if line.hear_dial_tone(DIAL_TONE_S) is None:
            raise BoardOperationError(f"port {port}: no dial tone; see `altiware line test`")
        line.dial(QUIETING_DIGIT)
        line.wait(SETTLES_S)
        return _tuned(session, line, say)


Say = Callable[[NoteKind, str], object]


def _wait_until_lifted(line: LineUnderTest, say: Say) -> None:
    if line.loop_ma() >= CLOSED_MA:
        return
    say(NoteKind.ASKING, "Lift the telephone, and keep quiet for half a minute")
    for _ in range(round(LIFT_S / LOOK_EVERY_S)):
        line.wait(LOOK_EVERY_S)
        if line.loop_ma() >= CLOSED_MA:
            line.wait(SETTLES_S)
            return
    raise BoardOperationError(f"port {line.port.number}: nobody lifted the telephone")


def _check_free(line: LineUnderTest) -> None:
    why = line.why_in_use()
    if why:
        raise LineInUseError(f"port {line.port.number}: {why}")


def _tuned(session: Session, line: LineUnderTest, say: Say) -> Tuning:
    with tempfile.TemporaryDirectory(prefix="altiware-echo-") as directory:
        bench = _Bench(session, line, Path(directory))
        before_db = bench.return_loss_db(multitone())
        say(NoteKind.FOUND, f"As it was: {before_db:.1f} dB of return loss")
        trials = []
        for index, name in enumerate(IMPEDANCES):
            line.set_impedance(index)
            trials.append(Trial(index, bench.return_loss_db(multitone())))
            say(NoteKind.FOUND, f"{name}: {trials[-1].return_loss_db:.1f} dB")
        best = max(trials, key=lambda trial: trial.return_loss_db)
        line.set_impedance(best.index)
        say(NoteKind.DOING, f"Cancelling the echo of {best.name}")
        residual = bench.cancelled(say)
    return Tuning(before_db, tuple(trials), residual)


class _Bench:
    """Plays toward the line and listens to what comes back."""

    def __init__(self, session: Session, line: LineUnderTest, directory: Path) -> None:
        self._session = session
        self._line = line
        self._directory = directory

    def return_loss_db(self, sound: Samples) -> float:
        """Play a sound again and again, and compare it with its echo."""
        player = self._play(sound)
        self._line.wait(CHANGES_S)
        said, heard = self._line.tap(TRIAL_S)
        self._session.engine.close_port(player)
        loss_db = return_loss_db(heard, said)
        if loss_db is None:
            raise BoardOperationError(
                f"port {self._line.port.number}: the line isn't quiet; somebody speaks, or the"
                " office gives a tone"
            )
        return loss_db

    def cancelled(self, say: Say) -> EchoView:
        """Let the canceller learn the echo of noise, and tell what it leaves."""
        engine, slot = self._session.engine, self._line.timeslot
        player = self._play(noise())
        engine.echo(slot, TAIL_MS, EchoWant.NONE)
        for _ in range(round(NOISE_S / LOOK_EVERY_S)):
            self._line.wait(LOOK_EVERY_S)
            view = engine.echo_view(slot)
            left = view.erl_db + view.erle_db
            say(NoteKind.FOUND, f"Residual echo {left:.1f} dB down ({view.erle_db:.1f} by us)")
        engine.close_port(player)
        engine.echo(slot, 0)
        return view

    def _play(self, sound: Samples) -> int:
        path = self._directory / "sound.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(sound.astype("<i2").tobytes())
        engine = self._session.engine
        player = engine.open_player(path, loop=True)
        engine.listen(self._line.timeslot, player)
        return player


def multitone() -> Samples:
    """Return half a second of all tones, with phases that keep its peaks low (Schroeder's)."""
    t = np.arange(RATE_HZ // 2) / RATE_HZ
    number = np.arange(len(TONES_HZ))
    phases = -np.pi * number * (number + 1) / len(TONES_HZ)
    together = np.cos(2 * np.pi * np.outer(t, TONES_HZ) + phases).sum(axis=1)
    return _at_level(together)


def noise() -> Samples:
    """Return a second of white noise, the same each time."""
    return _at_level(np.random.default_rng(1).standard_normal(RATE_HZ))


def _at_level(sound: Floats) -> Samples:
    rms = 32768 / np.sqrt(2) * 10 ** ((LEVEL_DBM0 - FULL_SCALE_DBM0) / 20)
    scaled = np.clip(sound * rms / np.sqrt(np.mean(sound**2)), -32768, 32767)
    samples: Samples = np.rint(scaled).astype(np.int16)
    return samples


def return_loss_db(sent: Samples, echo: Samples) -> float | None:
    """Compare the tones in what was sent with their echo; None: there is none, or it is drowned."""
    length = min(len(sent), len(echo)) // PERIOD * PERIOD
    bins = TONES_HZ * length // RATE_HZ
    there = np.abs(np.fft.rfft(sent[-length:].astype(float))) ** 2
    back = np.abs(np.fft.rfft(echo[-length:].astype(float))) ** 2
    rest = np.delete(back, bins)[bins[0] - 1 :]
    if np.sum(back[bins]) <= 10 ** (QUIET_DB / 10) * np.sum(rest):
        return None
    return float(-10 * np.log10(np.mean(back[bins] / there[bins])))
