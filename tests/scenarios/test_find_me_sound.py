# SPDX-License-Identifier: MIT
"""One number access with all its sound: the owner hears the caller's own voice say who he is."""

from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.find_me import FindMeNumber, FindMePlan
from tests.rig import Rig, quantum_plan
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.scenarios.test_paging_sound import level_db
from tests.scenarios.test_workgroup import SPEAKERS, ear, voice


@pytest.mark.feature("find-me")
def test_the_owner_hears_the_caller_s_name_in_his_voice(tmp_path: Path) -> None:
    sought = FindMePlan("101", (FindMeNumber("102"),))
    plan = replace(quantum_plan(), find_me=(sought,), incoming="101")
    with Rig(plan, sounds=MadeUpSounds(tmp_path)) as rig:
        caller, owner = rig.office(0), rig.telephone("102")
        caller.calls_in("2125550123")
        caller.is_seized(within_s=10.0)
        rig.passes(1.0)  # "please say your name", the tone
        caller.says(voice(tmp_path, "caller"))
        owner.rings(within_s=10.0)
        owner.lifts()
        rig.passes(6.0)
        owner.save_ear(tmp_path / "ear.wav")
        (recorded,) = (tmp_path / "find-me").glob("*.wav")
        assert level_db(ear(recorded), SPEAKERS["caller"]) > 40.0
        heard = ear(tmp_path / "ear.wav")
        assert level_db(heard, SPEAKERS["caller"]) > level_db(heard, SPEAKERS["agent"]) + 40.0
        owner.dials("1")
        owner.hangs_up()
        rig.passes(5.0)
        rig.is_clean()
