# SPDX-License-Identifier: MIT
"""Sound sent into ports, and what came back, as arrays.

The engine plays files and taps the ports; no sample passes through here while it happens.
``sound(session, {4: signal}, [4, 5])`` plays ``signal`` on port 4 and returns, of ports 4 and
5, what they were sent and what they said.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile

from drivers.diagnostics.asking import perform
from drivers.diagnostics.session import Session
from drivers.errors import BoardOperationError
from drivers.service import Loopback
from dsp.events import PortDone

__all__ = ["RATE_HZ", "Heard", "Samples", "aligned", "looped", "sound"]

RATE_HZ: Final = 8000
FILE_S: Final = 10.0
"""A tap's file is whole by then, whatever the disk is busy with."""
TAIL_S: Final = 0.1
"""The longest way round: two frames held by the board, and those on the link."""

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Heard:
    """Both directions of one port, from the same moment."""

    sent: Samples
    "What the port was given."
    returned: Samples
    "What it said."


def sound(
    session: Session, signals: Mapping[int, Samples], ports: Sequence[int], seconds: float = 0.0
) -> dict[int, Heard]:
    """Play a signal on each of some ports, to its end, and tap ``ports``; none: for ``seconds``.

    Raises:
        BoardOperationError: a tap couldn't be written.
        DriverError: the board isn't up.
    """
    engine, board = session.engine, session.board
    with tempfile.TemporaryDirectory(prefix="altiware-probe-") as name, ExitStack() as opened:
        folder = Path(name)
        taps = {n: engine.open_tap(folder / f"tap{n}.wav", board.timeslot(n)) for n in ports}
        players = []
        for number, signal in signals.items():
            clip = folder / f"play{number}.wav"
            soundfile.write(clip, signal, RATE_HZ, subtype="PCM_16")
            players.append(engine.open_player(clip))
            opened.callback(engine.close_port, players[-1])
            engine.listen(board.timeslot(number), players[-1])
        _await(session, players, "ended", seconds + FILE_S)
        session.passes(TAIL_S if players else seconds)
        for tap in taps.values():
            engine.close_port(tap)
        _await(session, taps.values(), "recorded", FILE_S)
        return {number: _read(folder / f"tap{number}.wav") for number in ports}


def _await(session: Session, ports: Iterable[int], reason: str, within_s: float) -> None:
    """Wait until all these have come to their end, and to no other."""
    waiting = set(ports)
    while waiting:
        done = session.expect(PortDone, within_s=within_s)
        if done.port not in waiting:
            continue
        waiting.discard(done.port)
        if done.reason != reason:
            raise BoardOperationError(f"a file of the measurement is {done.reason}")


def _read(path: Path) -> Heard:
    both, _ = soundfile.read(path, dtype="int16", always_2d=True)
    return Heard(sent=both[:, 1].copy(), returned=both[:, 0].copy())


@contextmanager
def looped(session: Session, ports: Sequence[int], where: Loopback) -> Iterator[None]:
    """Turn the samples of some ports round; ends even if what is done meanwhile fails.

    Raises:
        DriverError: a port is in use, or the board can't.
    """
    with ExitStack() as loops:
        for port in ports:
            _turn(session, port, where)
            loops.callback(_turn, session, port, Loopback.NONE)
        yield


def _turn(session: Session, port: int, where: Loopback) -> None:
    perform(session, lambda: session.board.loop_back(port, where), within_s=1.0)


def aligned(heard: Heard) -> tuple[Samples, Samples]:
    """Return what was sent and what came back, the delay taken out.

    Both are empty where nothing at all came back.
    """
    sent, returned = heard.sent.astype(np.float64), heard.returned.astype(np.float64)
    size = 2 * len(sent)
    cross = np.fft.irfft(np.fft.rfft(returned, size) * np.conj(np.fft.rfft(sent, size)), size)
    delay = int(np.argmax(np.abs(cross[: len(sent) // 2])))
    if not returned.any():
        return heard.sent[:0], heard.returned[:0]
    end = len(sent) - delay
    return heard.sent[:end], heard.returned[delay:]
