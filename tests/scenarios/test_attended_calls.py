# SPDX-License-Identifier: MIT
"""Callers at the attendant and in a mailbox, with all sound: prompts, echo, keys and voices.

The office speaks with its own voice (the prompt set); keys are DTMF through lines, hybrids and
echo cancellers while it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.plan import Plan, Service
from altiware.core.speech import Phrase
from altiware.features.voicemail.messages import FOLDER, TEMPORARY
from altiware.prompts.office_sounds import OfficeSounds
from altiware.prompts.prompt_set import RECORDINGS, PromptSet
from boards_sim.mouth import dtmf
from drivers.actors import OfficeLine
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
PIN = "739105"


@dataclass
class Attended:
    """An office with an attendant and mailboxes, and what people in it say."""

    rig: Rig
    folder: Path
    prompts: PromptSet

    def presses(self, caller: OfficeLine, keys: str) -> None:
        """Let somebody outside press keys on his telephone."""
        file = self.folder / f"keys-{keys.encode().hex()}.wav"
        soundfile.write(file, dtmf(keys), RATE)
        caller.says(file, wait=True)

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
    office.presses(caller, "102")
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


def test_a_key_silences_the_attendant_within_100_ms(office: Attended) -> None: ...


def test_a_caller_leaves_a_message_that_its_owner_hears(office: Attended) -> None:
    rig = office.rig
    caller, bob = rig.office(), rig.telephone("102")
    caller.calls_in("2125550123", "SMITH JOHN")
    caller.is_seized(within_s=8.0)
    caller.hears("speech")
    office.presses(caller, "102")
    bob.rings()
    rig.passes(12.5)
    bob.is_quiet()
