# SPDX-License-Identifier: MIT
"""A call to a workgroup with all its sound: who hears the supervisor, and what the recording has.

Everybody speaks at a frequency of his own, which is looked for in the others' ears.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from altiware.core.plan import Numbering, Service
from altiware.core.workgroup_events import WorkgroupEvent, WorkgroupFact
from altiware.core.workgroups import Member, Recorded, WorkgroupPlan
from altiware.features.profile import PROFILES
from tests.rig import Rig, quantum_plan
from tests.scenarios.signalling.office_sounds import PHRASE_S, MadeUpSounds

SALES = WorkgroupPlan(
    "sales", (Member("102"),), recording=Recorded.ALWAYS, supervisors=("101",), announcements=()
)
HEARD_DB = 18.0
"""A voice that is so far below the loudest is its echo from somebody's line, not himself."""
PATIENCE = 300
"""Tenths of a second that a disk may take: it is no simulated one."""
Sound = npt.NDArray[np.float64]
SPEAKERS = {"caller": 500.0, "agent": 800.0, "supervisor": 1300.0}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    numbering = Numbering(services={"500": Service("workgroup", "sales")}, codes=PROFILES["oe45"])
    plan = replace(quantum_plan(), numbering=numbering, workgroups=(SALES,))
    with Rig(plan, sounds=MadeUpSounds(tmp_path, music=True)) as rig:
        yield rig
        rig.is_clean()


def voice(folder: Path, who: str) -> Path:
    """Return two seconds of somebody."""
    path = folder / f"{who}.wav"
    time = np.arange(16_000) / 8000
    wave = 8000 * np.sin(2 * np.pi * SPEAKERS[who] * time)
    soundfile.write(path, wave.astype(np.int16), 8000)
    return path


def voices_in(sound: Sound, but: str = "") -> set[str]:
    """Return who is heard in it; ``but``: whose own ear it is, who hears himself anyhow."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    hz = np.fft.rfftfreq(len(sound), 1 / 8000)

    levels = {
        who: 20 * np.log10(spectrum[np.abs(hz - at) < 5].max() + 1e-9)
        for who, at in SPEAKERS.items()
        if who != but
    }
    loudest = max(levels.values())
    return {who for who, level in levels.items() if level > loudest - HEARD_DB}


def ear(path: Path) -> Sound:
    """Return the last six seconds of what somebody heard."""
    heard: Sound = soundfile.read(path)[0]
    return heard[-48_000:]


def recording(rig: Rig) -> str:
    """Return the recording, when the disk has it."""
    for _ in range(PATIENCE):
        rig.passes(0.1)
        for each in rig.notices:
            if isinstance(each, WorkgroupEvent) and each.fact is WorkgroupFact.RECORDED:
                return each.what
    raise AssertionError([each for each in rig.notices if isinstance(each, WorkgroupEvent)])


@pytest.mark.feature("supervisor whisper", "workgroup recording")
def test_the_agent_hears_the_supervisor_and_the_caller_does_not(rig: Rig, tmp_path: Path) -> None:
    caller, agent, supervisor = (rig.telephone(each) for each in ("105", "102", "101"))
    caller.lifts()
    caller.dials("500")
    agent.rings()
    agent.lifts()
    supervisor.lifts()
    supervisor.dials("#47102")
    rig.passes(4.5 + PHRASE_S)
    for who, name in ((caller, "caller"), (agent, "agent"), (supervisor, "supervisor")):
        who.says(voice(tmp_path, name))
    heard = {}
    for who, name in ((caller, "caller"), (agent, "agent"), (supervisor, "supervisor")):
        who.save_ear(tmp_path / f"ear-{name}.wav")
        heard[name] = voices_in(ear(tmp_path / f"ear-{name}.wav"), but=name)
    for who in (supervisor, agent, caller):
        who.hangs_up()
    assert heard == {
        "caller": {"agent"},
        "agent": {"caller", "supervisor"},
        "supervisor": {"caller", "agent"},
    }
    sound, _ = soundfile.read(tmp_path / recording(rig))
    assert voices_in(sound[:, 0]) == {"agent"}, "left: what the agent says"
    assert voices_in(sound[:, 1]) == {"caller", "supervisor"}, "right: what he hears"
