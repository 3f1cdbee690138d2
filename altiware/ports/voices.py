# SPDX-License-Identifier: MIT
"""Applications on the bus: what they say is heard by whoever has a path from them.

An application has no timeslot.  It says one thing at a time (a player, a tone), and may record
what all say that it has a path from.  Whoever comes hears what is being said from there on.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from altiware.core.effects import Record
from altiware.core.events import Event, Recorded, SaidAll
from altiware.core.ids import Party
from altiware.core.speech import Clip
from altiware.errors import SoundError
from dsp.engine import Engine
from dsp.events import PortDone
from dsp.recorder import RecordingRules

__all__ = ["NO_SOUNDS", "SoundError", "Sounds", "Voices"]


MAX_CLIPS: Final = 64
"""Of one player."""


class Sounds(Protocol):
    """Where what is said and recorded lies."""

    def path(self, clip: Clip) -> Path:
        """Return the file of a clip: 8 kHz, 16 bit, mono.

        Raises:
            SoundError: there is none.
        """

    def recording(self, file: str) -> Path:
        """Return where a recording is to be written; its folder exists."""

    def music(self) -> list[Path]:
        """Return what is played to those on hold, again and again; empty: silence."""


class NoSounds:
    """An office that has nothing to say."""

    def path(self, clip: Clip) -> Path:
        """Refuse."""
        raise SoundError(f"{clip}: this office has no sounds")

    def recording(self, file: str) -> Path:
        """Refuse."""
        raise SoundError(f"{file}: this office records nothing")

    def music(self) -> list[Path]:
        """Return nothing."""
        return []


NO_SOUNDS = NoSounds()


class Voices:
    """What applications say and record."""

    def __init__(self, bus: Engine, sounds: Sounds) -> None:
        self._bus = bus
        self._sounds = sounds
        self._saying: dict[Party, int] = {}
        self._later: dict[Party, list[Path]] = {}
        "What doesn't go into one player."
        self._hearers: dict[Party, set[int]] = {}
        self._speakers: dict[Party, set[int]] = {}
        self._recorders: dict[Party, int] = {}
        self._recordings: dict[int, tuple[Party, str]] = {}
        "Also those that are being completed."

    # Paths

    def hear(self, application: Party, timeslot: int, *, wanted: bool = True) -> None:
        """Let a timeslot hear what the application says from now on, or no longer."""
        hearers = self._hearers.setdefault(application, set())
        source = self._saying.get(application)
        if wanted == (timeslot in hearers):
            return
        (hearers.add if wanted else hearers.remove)(timeslot)
        if source is not None:
            (self._bus.listen if wanted else self._bus.unlisten)(timeslot, source)

    def heed(self, application: Party, timeslot: int, *, wanted: bool = True) -> None:
        """Let the application's recordings have what a timeslot says from now on, or no longer."""
        speakers = self._speakers.setdefault(application, set())
        recorder = self._recorders.get(application)
        if wanted == (timeslot in speakers):
            return
        (speakers.add if wanted else speakers.remove)(timeslot)
        if recorder is not None:
            (self._bus.listen if wanted else self._bus.unlisten)(recorder, timeslot)

    def forget(self, timeslot: int) -> None:
        """Forget a timeslot that is gone."""
        for slots in (*self._hearers.values(), *self._speakers.values()):
            slots.discard(timeslot)

    # Saying

    def say(self, application: Party, clips: Iterable[Clip], *, repeat: bool) -> None:
        """Say clips instead of what is being said.

        Raises:
            SoundError: one isn't there; nothing is said.
            EngineError: there is no timeslot left.
        """
        files = [self._sounds.path(each) for each in clips]
        self._say(application, files, repeat=repeat)

    def _say(self, application: Party, files: list[Path], *, repeat: bool = False) -> None:
        now, later = files[:MAX_CLIPS], files[MAX_CLIPS:]
        self.give(application, lambda: self._bus.open_player(now, loop=repeat and not later))
        if later:
            self._later[application] = later

    def wind(self, application: Party, by_s: float | None, speed: float | None) -> None:
        """Let what is being said, if anything is, go on elsewhere or at another pace."""
        player = self._saying.get(application)
        if player is not None:
            self._bus.set_player(player, by_s=by_s, speed=speed)

    def give(self, application: Party, opened: Callable[[], int]) -> None:
        """Let another source be what the application says."""
        self.hush(application)
        source = self._saying[application] = opened()
        for timeslot in self._hearers.get(application, ()):
            self._bus.listen(timeslot, source)

    def hush(self, application: Party) -> None:
        """Say no more."""
        self._later.pop(application, None)
        source = self._saying.pop(application, None)
        if source is not None:
            self._bus.close_port(source)

    # Recording

    def record(self, application: Party, effect: Record, tapped: int | None = None) -> None:
        """Record what is said to the application, or both directions of a timeslot.

        Raises:
            SoundError: there is no place for it.
            EngineError: there is no timeslot left.
        """
        self.stop_recording(application)
        path = self._sounds.recording(effect.file)
        if tapped is not None:
            recorder = self._bus.open_tap(path, tapped)
        else:
            rules = RecordingRules(effect.silence_s, effect.most_s, effect.trim, effect.trim)
            recorder = self._bus.open_recorder(path, rules)
        self._recorders[application] = recorder
        self._recordings[recorder] = (application, effect.file)
        for timeslot in self._speakers.get(application, ()) if tapped is None else ():
            self._bus.listen(recorder, timeslot)

    def stop_recording(self, application: Party) -> None:
        """Complete a recording; its end is reported."""
        recorder = self._recorders.pop(application, None)
        if recorder is not None:
            self._bus.close_port(recorder)

    def vacate(self, application: Party) -> None:
        """Close everything that is open for an application: it has come to its end."""
        self.hush(application)
        self.stop_recording(application)
        self._hearers.pop(application, None)
        self._speakers.pop(application, None)

    def done(self, event: PortDone) -> tuple[Party, Event] | None:
        """Say what the end of a player or recorder means; None: it isn't ours."""
        if event.port in self._recordings:
            application, file = self._recordings.pop(event.port)
            if self._recorders.get(application) == event.port:
                self.stop_recording(application)
            return application, Recorded(event.at, file, event.reason)
        for application, source in self._saying.items():
            if source == event.port:
                later = self._later.get(application)
                if later:
                    self._say(application, later)
                    return None
                self.hush(application)
                return application, SaidAll(event.at)
        return None

    def close(self) -> None:
        """Close everything."""
        for application in [*self._saying, *self._recorders]:
            self.vacate(application)
