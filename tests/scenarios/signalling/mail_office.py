# SPDX-License-Identifier: MIT
"""An office with mailboxes, in which people are heard: what they say is a sound that goes on.

    rig.speaks(alice, 3.0)      she says something for so long
    rig.hears_out(alice)        she listens until nothing is said any more

The store is the real one (:mod:`tests.mailroom`).
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from altiware.core.notices import MessageWaiting
from altiware.core.plan import Plan
from altiware.features.voicemail.messages import TEMPORARY
from dsp.recorder import NO_RULES, RecordingRules
from tests.mailroom import archive_in, with_mail
from tests.rig_engine import RigEngine, Spoken
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.signalling_rig import MORNING, Office, Phone, SignallingRig, office_plan

__all__ = ["PIN", "MailRig", "mail_plan"]

PIN = "739105"
RATE = 8000
PATIENCE_S = 90.0


class SpokenToEngine(RigEngine):
    """An engine whose recorders hear somebody while he speaks."""

    def __init__(self, voice: Path) -> None:
        super().__init__()
        self.recorders: list[int] = []
        self._voice = voice
        self._speaker: int | None = None

    def open_recorder(
        self, path: Path, rules: RecordingRules = NO_RULES, *, append: bool = False
    ) -> int:
        port = super().open_recorder(path, rules, append=append)
        self.recorders.append(port)
        return port

    def close_port(self, port: int) -> None:
        super().close_port(port)
        if port in self.recorders:
            self.recorders.remove(port)

    def speak(self) -> None:
        """Let all that is being recorded hear a voice."""
        self._speaker = super().open_player(self._voice, loop=True)
        for port in self.recorders:
            self.listen(port, self._speaker)

    def hush(self) -> None:
        """Let it hear nothing more."""
        if self._speaker is not None:
            super().close_port(self._speaker)
        self._speaker = None


class MailRig(SignallingRig):
    """An office with mailboxes."""

    engine: SpokenToEngine

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        engine = SpokenToEngine(_voice(folder / "voice.wav"))
        self.archive, self.writer = archive_in(
            folder, plan, wall=lambda: MORNING + timedelta(seconds=engine.now)
        )
        super().__init__(plan, sounds=MadeUpSounds(folder), archive=self.archive, engine=engine)

    def speaks(self, seconds: float) -> None:
        """Let whoever is being recorded speak for so long."""
        self.engine.speak()
        self.passes(seconds)
        self.engine.hush()

    def says(self, who: Phone | Office) -> list[str]:
        """Return what is being said to somebody."""
        said = [self.engine.says.get(each) for each in self.engine.sources(who.timeslot)]
        return [name for each in said if isinstance(each, Spoken) for name in each.names]

    def hears(self, who: Phone | Office, *names: str) -> None:
        """Let time pass until somebody is told something with these words in it."""
        waited = 0.0
        while not set(names) <= set(self.says(who)):
            assert waited < PATIENCE_S, f"{who} hears {self.says(who)} instead of {names}"
            self.passes(0.1)
            waited += 0.1

    def is_recording(self) -> None:
        """Let time pass until something is being recorded."""
        waited = 0.0
        while not self.engine.recorders:
            assert waited < PATIENCE_S, "nothing is recorded"
            self.passes(0.1)
            waited += 0.1

    def leaves_message(self, who: Phone | Office, seconds: float = 3.0) -> None:
        """Let somebody who is at a mailbox leave a message, and hear that it is saved."""
        self.is_recording()
        self.speaks(seconds)
        who.presses("#")
        self.hears(who, "to-send")
        who.presses("1")
        self.hears(who, "message-saved")

    @property
    def waiting(self) -> dict[str, tuple[int, int, int]]:
        """What the lamps know: new, urgent, saved, by extension."""
        told = [each for each in self.notices if isinstance(each, MessageWaiting)]
        return {each.extension: (each.new, each.urgent, each.saved) for each in told}

    @property
    def sounds(self) -> list[str]:
        """The files of messages."""
        return sorted(each.name for each in (self.folder / "mail").glob("*.wav"))

    @property
    def half(self) -> list[str]:
        """What is being recorded, or was left there."""
        return sorted(each.name for each in (self.folder / TEMPORARY).iterdir())


def mail_plan(**limits: Any) -> Plan:
    """Return four stations and two trunks; who owns a mailbox needs no password at his set."""
    return with_mail(office_plan(), **({"ask_password": False} | limits))


def _voice(file: Path) -> Path:
    """Write syllables: bursts of noise, four a second."""
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 3000, RATE * 2)
    syllables = (np.arange(RATE * 2) % (RATE // 4)) < RATE // 6
    soundfile.write(file, (noise * syllables).astype(np.int16), RATE)
    return file
