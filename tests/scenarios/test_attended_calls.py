# SPDX-License-Identifier: MIT
"""Callers at the attendant and in a mailbox, with all sound: prompts, echo, keys and voices.

The office speaks with its own voice (the prompt set); keys are DTMF through lines, hybrids and
echo cancellers while it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.plan import Plan, Service
from altiware.core.speech import Phrase
from altiware.features.voicemail.messages import FOLDER, TEMPORARY
from altiware.prompts.office_sounds import OfficeSounds
from altiware.prompts.prompt_set import RECORDINGS, PromptSet
from boards_sim.stage import Stage
from tests.likeness import likeness
from tests.mailroom import archive_in, with_mail
from tests.rig import Rig, quantum_plan

MENU = ("attendant-welcome", "for-directory", "press-5", "for-operator", "press-0")
MAIN = AttendantPlan(
    "main",
    {
        "": AttendantItem(AttendantAct.MENU, prompt=tuple(map(Phrase, MENU))),
        "0": AttendantItem(AttendantAct.OPERATOR),
    },
)
RATE = 8000
SPOKEN = 200
"""-40 dBm0."""
PIN = "739105"
AROUND_S = 0.66
"""What is kept before the first and after the last syllable of a message (dsp.recorder)."""


@dataclass
class Attended:
    """An office with an attendant and mailboxes, and what people in it say."""

    rig: Rig
    folder: Path
    prompts: PromptSet

    def heard(self, port: int) -> npt.NDArray[np.int16]:
        """Return all that was heard at the far end of a line."""
        assert isinstance(self.rig.stage, Stage)
        return self.rig.stage.actor(port).ear.recording.since(0).copy()

    @property
    def speech(self) -> Path:
        """Return some four seconds of a person speaking."""
        return self.prompts.phrase("attendant-emergency-closing")

    @property
    def messages(self) -> list[Path]:
        """The messages that are kept."""
        return sorted((self.folder / RECORDINGS / FOLDER).glob("*.wav"))


def attended_plan() -> Plan:
    plan = with_mail(quantum_plan(), ask_password=False)
    numbering = replace(plan.numbering, services={"190": Service("attendant", "main")})
    return replace(plan, incoming="190", attendants=(MAIN,), numbering=numbering)


def sound(file: Path) -> npt.NDArray[np.int16]:
    samples: npt.NDArray[np.int16] = soundfile.read(file, dtype="int16")[0]
    return samples


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Attended]:
    plan, prompts = attended_plan(), PromptSet(tmp_path)
    (tmp_path / RECORDINGS / TEMPORARY).mkdir(parents=True)
    archive, _ = archive_in(tmp_path / RECORDINGS, plan)
    with Rig(plan, sounds=OfficeSounds(prompts), archive=archive) as rig:
        yield Attended(rig, tmp_path, prompts)


def test_a_caller_dials_an_extension_while_the_attendant_speaks(office: Attended) -> None:
    rig = office.rig
    caller, bob = rig.office(), rig.telephone("102")
    caller.calls_in("2125550123", "SMITH JOHN")
    caller.is_seized(within_s=8.0)
    caller.hears("speech")
    caller.presses("102")
    bob.rings()
    caller.hears("ringback")
    assert bob.shows().number == "2125550123"
    bob.lifts()
    caller.hears("silence")
    caller.says(office.speech, wait=False)
    bob.hears("speech")
    rig.passes(5.0)
    bob.says(office.speech, wait=False)
    caller.hears("speech")
    rig.passes(5.0)
    caller.hangs_up()
    bob.hears("reorder", within_s=6.0)
    bob.hangs_up()
    rig.passes(3.0)


def test_a_key_silences_the_attendant_within_100_ms(office: Attended) -> None:
    caller = office.rig.office()
    caller.calls_in("2125550123")
    caller.is_seized(within_s=8.0)
    caller.hears("speech")
    before = office.heard(0)
    caller.presses("1")
    office.rig.passes(1.0)
    after = office.heard(0)[len(before) :]
    assert np.abs(before[-RATE // 10 :]).max() > SPOKEN, "it was speaking"
    assert np.flatnonzero(np.abs(after) > SPOKEN).max(initial=0) < 0.1 * RATE
    caller.hangs_up()
    caller.is_free()


def test_a_caller_leaves_a_message_that_its_owner_hears(office: Attended) -> None:
    rig = office.rig
    caller, bob = rig.office(), rig.telephone("102")
    caller.calls_in("2125550123", "SMITH JOHN")
    caller.is_seized(within_s=8.0)
    caller.hears("speech")
    caller.presses("102")
    bob.rings()
    rig.passes(12.5)
    bob.is_quiet(for_s=1.0)
    caller.hears("speech")
    caller.presses("#")
    rig.passes(1.5)
    caller.says(office.speech, wait=True)
    caller.hangs_up()
    caller.is_free()
    said = soundfile.info(office.speech).duration
    (message,) = office.messages
    assert -0.05 < soundfile.info(message).duration - said < AROUND_S + 0.05
    bob.lifts()
    bob.hears("stutter")
    bob.dials("##")
    for keys in (f"{PIN}#", f"{PIN}#", "1", "1", "1"):  # two cut what is said short
        bob.hears("speech", within_s=6.0)
        bob.dials(keys)
    rig.passes(12.0 + said)
    bob.hangs_up()
    rig.passes(1.0)  # his lamp goes out
    assert likeness(sound(office.speech), office.heard(5)) > 0.9
    assert likeness(sound(office.prompts.phrase("message-from")), office.heard(5)) > 0.9
