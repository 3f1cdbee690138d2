# SPDX-License-Identifier: MIT
"""What every actor at the far end of a cable has: a port of the peer, an ear, a mouth."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import soundfile

from drivers.base import OrderFailed, PortInfo
from drivers.base import PortEvent as BoardPortEvent
from drivers.cabled.ear import Ear
from dsp.errors import EngineArgumentError
from dsp.events import PortDone, PortEvent
from dsp.recording import import_wav
from dsp.tones import ToneName

if TYPE_CHECKING:
    from drivers.cabled.bench import Bench

__all__ = ["CabledActor"]

KEYS: Final = frozenset("0123456789*#ABCD")
MOST_DIGITS: Final = 64
"""Of one order to the engine."""
RATE_HZ: Final = 8000
WRITTEN_S: Final = 5.0
LATE_S: Final = 0.1
"""What an ear knows is so old at most: the way of the samples, and the level meter's window."""


class CabledActor:
    """Somebody who is a port of the peer."""

    def __init__(self, bench: "Bench", near: int, port: PortInfo) -> None:
        self.port = port.number
        self.info = port
        self.name = f"{bench.peer.board.address} port {port.number}, cabled to port {near}"
        self._bench = bench
        self._board = bench.peer.board
        self._engine = bench.peer.engine
        self._ear = Ear(self._engine, bench.country)
        self._failed = ""
        self._sounds: list[int] = []
        self._ended: set[int] = set()
        self._recorder: int | None = None
        self._takes: list[Path] = []

    @property
    def at_rest(self) -> bool:
        """Whether the line is as nobody uses it."""
        return True

    @property
    def slot(self) -> int:
        """The engine's port of the peer's."""
        return self._board.timeslot(self.port)

    # What happens

    def takes(self, event: BoardPortEvent) -> None:
        """Take what the peer reports of this port."""
        if isinstance(event, OrderFailed):
            self._failed = f"{self.name}: the peer could not {event.order}: {event.status}"

    def hears_of(self, event: PortEvent) -> None:
        """Take what the peer's engine reports, of whatever port."""
        if event.port == self.slot:
            self._ear.takes(event)
        elif isinstance(event, PortDone):
            self._ended.add(event.port)

    def tick(self) -> None:
        """Do what is due."""
        self._ear.look(self.slot)

    def rests(self) -> None:
        """Leave the line as it is when nobody uses it."""
        self._fall_silent()
        if self._recorder is not None:
            self._engine.close_port(self._recorder)
            self._recorder = None

    # Waiting

    def _until(self, happened: Callable[[], bool], within_s: float, expected: str) -> None:
        """Wait; a failed order of the peer ends it."""

        def done() -> bool:
            if self._failed:
                failed, self._failed = self._failed, ""
                raise AssertionError(failed)
            return happened()

        self._bench.until(done, within_s, lambda: self.fault(expected, self._seen()))

    def _seen(self) -> str:
        return f"heard {self._ear.describe()}"

    def fault(self, expected: str, seen: str) -> str:
        """Return the sentence that says what was seen instead."""
        return f"{self.name} at {self._bench.now:.3f} s: expected {expected}; {seen}"

    def _hears(self, tone: str, within_s: float) -> None:
        patience_s = within_s + self._ear.needs_s(tone)
        self._bench.passes(LATE_S)
        self._until(lambda: self._ear.hears(tone), patience_s, f"{tone} within {within_s:g} s")

    # Speaking

    def _play(self, sound: int) -> int:
        self._engine.listen(self.slot, sound)
        self._sounds.append(sound)
        return sound

    def _sound(self, tone: ToneName) -> None:
        """Give a tone, and nothing else, until told otherwise."""
        self._fall_silent()
        self._play(self._engine.open_tone(self._bench.country.tones[tone]))

    def _fall_silent(self) -> None:
        for sound in self._sounds:
            self._engine.close_port(sound)
            self._ended.discard(sound)
        self._sounds.clear()

    def _say(self, sound: int, *, wait: bool) -> None:
        """Say something that ends."""
        self._play(sound)
        while wait and sound not in self._ended:
            self._until(lambda: sound in self._ended, 600.0, "the end of what is said")
        self._forget_ended()

    def _press(self, keys: str) -> None:
        """Press keys, and return when the last has been sent."""
        unknown = sorted(set(keys) - KEYS)
        if unknown:
            raise ValueError(f"no key {unknown[0]!r} on a telephone; there are 0-9 * # A B C D")
        for begin in range(0, len(keys), MOST_DIGITS):
            self._say(self._engine.open_digits(keys[begin : begin + MOST_DIGITS]), wait=True)

    def _forget_ended(self) -> None:
        for sound in [each for each in self._sounds if each in self._ended]:
            self._engine.close_port(sound)
            self._sounds.remove(sound)
            self._ended.discard(sound)

    def _speak(self, speech: Path, *, wait: bool) -> None:
        clip = self._bench.file(f"says-{self.port}-{len(self._takes)}-{len(self._sounds)}.wav")
        try:
            import_wav(speech, clip)
        except (OSError, EngineArgumentError) as error:
            raise ValueError(f"{speech}: {error}") from error
        self._say(self._engine.open_player(clip), wait=wait)

    # Recording

    def _record(self) -> None:
        """Keep what is heard from now on."""
        if self._recorder is None:
            path = self._bench.file(f"ear-{self.port}-{len(self._takes)}.wav")
            self._takes.append(path)
            self._recorder = self._engine.open_recorder(path)
            self._engine.listen(self._recorder, self.slot)

    def _end_recording(self) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            self._engine.close_port(recorder)
            self._until(lambda: recorder in self._ended, WRITTEN_S, "a recording on the disk")
            self._ended.discard(recorder)

    def save_ear(self, path: Path) -> None:
        """Write all that was heard so far as 8 kHz 16-bit WAV."""
        was_recording = self._recorder is not None
        self._end_recording()
        pieces = [soundfile.read(take, dtype="int16")[0] for take in self._takes]
        whole: npt.NDArray[np.int16] = (
            np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int16)
        )
        soundfile.write(path, whole, RATE_HZ, subtype="PCM_16")
        if was_recording:
            self._record()
