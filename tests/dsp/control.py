# SPDX-License-Identifier: MIT
"""A controlling side that connects two ports and then does nothing any more.

``python -m tests.dsp.control SOCKET DESCRIPTOR``; prints the link's handle when all is ordered.
``python -m tests.dsp.control SOCKET DESCRIPTOR CALLS FOLDER`` connects so many pairs instead, and
records what each of their ports says in ``FOLDER/PORT.wav``.
``python -m tests.dsp.control SOCKET play FOLDER`` plays ``FOLDER/*.wav``, records it in
``FOLDER/heard``, and prints the player's and the recorder's handle.
"""

import signal
import sys
from pathlib import Path

from dsp import Detect, Engine, SampleFormat
from dsp.progress import plan_of
from dsp.tones import COUNTRIES, tone

__all__ = ["main", "play", "record_calls"]


def main(path: Path, descriptor: int) -> None:
    """Connect, tell, and wait to be killed."""
    engine = Engine.attach(path)
    ports = engine.open_board_ports(2)
    link = engine.open_link(descriptor, ports, sample_format=SampleFormat.S16LE, clock=True)
    engine.connect(*ports)
    room = engine.open_conference(4)
    sounder = engine.open_tone(tone("425", -10))
    engine.join(room, sounder)
    engine.detect(sounder, Detect.PROGRESS, plan_of(COUNTRIES["de"]))
    engine.close_port(engine.open_pattern())
    _tell(link)


def record_calls(path: Path, descriptor: int, calls: int, folder: Path) -> None:
    """Connect all pairs, record every port, tell, and wait to be killed."""
    engine = Engine.attach(path)
    ports = engine.open_board_ports(2 * calls)
    for number, port in enumerate(ports):
        engine.listen(engine.open_recorder(folder / f"{number}.wav"), port)
    for a, b in zip(ports[::2], ports[1::2], strict=True):
        engine.connect(a, b)
    _tell(engine.open_link(descriptor, ports, sample_format=SampleFormat.S16LE, clock=True))


def play(path: Path, folder: Path) -> None:
    """Play a folder's clips, record them, tell, and wait to be killed."""
    engine = Engine.attach(path)
    player = engine.open_player(sorted(folder.glob("*.wav")))
    recorder = engine.open_recorder(folder / "heard")
    engine.listen(recorder, player)
    _tell(player, recorder)


def _tell(*handles: int) -> None:
    sys.stdout.write(" ".join(map(str, handles)) + "\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    if sys.argv[2] == "play":
        play(Path(sys.argv[1]), Path(sys.argv[3]))
    if len(sys.argv) > 3:
        record_calls(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    main(Path(sys.argv[1]), int(sys.argv[2]))
