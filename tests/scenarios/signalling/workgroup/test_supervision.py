# SPDX-License-Identifier: MIT
"""Supervisors listen, whisper and barge in; calls are recorded, both sides, with consent."""

from pathlib import Path

import pytest
import soundfile

from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.core.workgroups import Recorded
from altiware.errors import SoundError
from dsp.events import EngineEvent
from tests.rig_engine import RigEngine
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.scenarios.signalling.station_office import confirmed
from tests.scenarios.signalling.workgroup.group_office import (
    PHRASE_S,
    GroupRig,
    Make,
    changed,
    group_plan,
)
from tests.signalling_rig import Office, Phone

MONITOR, WHISPER, BARGE = "#46102", "#47102", "#48102"


def serve(rig: GroupRig) -> tuple[Office, Phone]:
    """Let 102 have a caller from outside."""
    office, bob = rig.call_in(), rig.phone("102")
    bob.lifts()
    office.hears(bob)
    return office, bob


def supervise(rig: GroupRig, code: str, *said: str) -> Phone:
    """Let the supervisor dial a code, and hear all that is said to him."""
    alice = rig.phone("101")
    alice.calls(code)
    alice.hears_said(*said)
    rig.passes(PHRASE_S + 0.1)
    return alice


@pytest.mark.feature("supervisor monitor")
def test_a_supervisor_hears_both_and_is_not_heard(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, MONITOR, "supervise-listening")
    alice.hears(office, bob)
    office.hears(bob)
    bob.hears(office)
    alice.hangs_up()
    office.hears(bob)
    bob.hears(office)


@pytest.mark.feature("supervisor whisper")
def test_a_supervisor_is_heard_by_the_agent_alone(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, WHISPER, "supervise-whisper")
    alice.hears(office, bob)
    office.hears(bob)
    bob.hears(office, alice)
    alice.hangs_up()
    bob.hears(office)


@pytest.mark.feature("supervisor barge-in")
def test_a_supervisor_is_heard_by_both(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, BARGE, "supervise-barge")
    office.hears(bob, alice)
    bob.hears(office, alice)
    alice.dials("1")
    rig.passes(PHRASE_S)
    office.hears(bob)
    bob.hears(office)
    alice.dials("2")
    rig.passes(PHRASE_S)
    bob.hears(office, alice)


@pytest.mark.feature("supervisor monitor")
def test_supervision_ends_with_the_call(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, BARGE, "supervise-barge")
    office.breaks_loop()
    alice.hears_tone("reorder")
    bob.hears_tone("reorder")


@pytest.mark.feature("supervisor monitor", "transfer")
def test_supervision_ends_when_the_agent_has_transferred_his_caller(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, BARGE, "supervise-barge")
    bob.flashes()
    bob.dials("105")
    rig.phone("105").lifts()
    bob.hangs_up()
    alice.hears_tone("reorder")
    office.hears(rig.phone("105"))


@pytest.mark.feature("supervisor monitor", "hold")
def test_a_supervisor_hears_nobody_while_the_agent_consults(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, MONITOR, "supervise-listening")
    bob.flashes()
    alice.is_silent()
    bob.flashes()
    alice.hears(office, bob)


@pytest.mark.feature("supervisor monitor", "conference")
def test_a_supervisor_hears_agent_and_caller_in_a_conference(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, MONITOR, "supervise-listening")
    bob.flashes()
    bob.dials("105")
    rig.phone("105").lifts()
    bob.flashes()
    bob.hears(office, rig.phone("105"))
    alice.hears(office, bob)


@pytest.mark.feature("supervisor barge-in", "hold")
def test_a_supervisor_turns_away_and_comes_back_unheard(rig: GroupRig) -> None:
    office, bob = serve(rig)
    alice = supervise(rig, BARGE, "supervise-barge")
    alice.flashes()
    office.hears(bob)
    bob.hears(office)
    alice.flashes()
    alice.hears(office, bob)
    office.hears(bob)


@pytest.mark.feature("supervisor monitor")
def test_only_supervisors_of_the_group_may(rig: GroupRig) -> None:
    serve(rig)
    erin = rig.phone("105")
    erin.calls(MONITOR)
    erin.hears_said("supervise-not-allowed")
    rig.passes(PHRASE_S + 0.1)
    erin.hears_tone("reorder")


@pytest.mark.feature("supervisor monitor")
def test_a_call_that_is_not_the_groups_is_nobodys_business(rig: GroupRig) -> None:
    rig.phone("105").calls("102")
    rig.phone("102").lifts()
    supervise(rig, MONITOR, "supervise-none")


@pytest.mark.feature("supervisor monitor")
def test_one_supervisor_at_a_time(make: Make) -> None:
    rig = make(group_plan(changed(supervisors=("101", "105"))))
    serve(rig)
    supervise(rig, MONITOR, "supervise-listening")
    erin = rig.phone("105")
    erin.calls(BARGE)
    erin.hears_said("supervise-not-allowed")


@pytest.mark.feature("supervisor monitor", "lost board")
def test_supervision_ends_when_the_board_is_lost(rig: GroupRig) -> None:
    serve(rig)
    supervise(rig, BARGE, "supervise-barge")
    rig.boards[0].is_lost()
    rig.passes(0.5)
    rig.is_forgotten()
    rig.forgives()
    rig.boards[0].comes_up()
    rig.passes(0.5)


# Recording


class FullDisk(MadeUpSounds):
    """Sounds where there is no room for others."""

    def recording(self, file: str) -> Path:
        raise SoundError(f"{file}: no space left on device")


def recorded(rig: GroupRig) -> list[str]:
    """Return the files that were told of."""
    return [each.what for each in rig.facts if each.fact is F.RECORDED]


@pytest.mark.feature("workgroup recording")
def test_a_call_is_recorded_from_both_sides(make: Make, tmp_path: Path) -> None:
    rig = make(group_plan(changed(recording=Recorded.ALWAYS)))
    office = rig.call_in()
    rig.passes(PHRASE_S + 0.1)
    bob = rig.phone("102")
    bob.lifts()
    office.hears(bob)
    rig.passes(3.0)
    bob.hangs_up()
    rig.passes(1.0)
    (file,) = recorded(rig)
    sound, rate = soundfile.read(tmp_path / file)
    assert sound.shape[1] == 2
    assert len(sound) / rate == pytest.approx(3.0, abs=0.2)
    assert file.startswith("workgroups/sales/")


@pytest.mark.feature("workgroup recording", "hold")
def test_what_is_said_while_the_caller_is_on_hold_is_not_recorded(
    make: Make, tmp_path: Path
) -> None:
    rig = make(group_plan(changed(recording=Recorded.ALWAYS)))
    rig.call_in()
    rig.passes(PHRASE_S + 0.1)
    bob = rig.phone("102")
    bob.lifts()
    rig.passes(2.0)
    bob.flashes()
    rig.passes(20.0)
    bob.flashes()
    rig.passes(4.0)
    bob.hangs_up()
    rig.passes(1.0)
    lengths = [soundfile.info(tmp_path / each).duration for each in recorded(rig)]
    assert lengths == pytest.approx([2.0, 4.0], abs=0.2)


@pytest.mark.feature("workgroup recording")
def test_an_agent_records_on_demand_and_both_are_told(make: Make, tmp_path: Path) -> None:
    rig = make(group_plan(changed(recording=Recorded.ON_DEMAND)))
    office, bob = serve(rig)
    rig.passes(5.0)
    bob.flashes()
    bob.dials("#57")
    bob.hears_said("record-started")
    rig.passes(PHRASE_S)
    bob.flashes()
    said = [each for each in rig.engine.sources(office.timeslot) if each != bob.timeslot]
    assert len(said) == 1
    assert rig.engine.sources(bob.timeslot).count(said[0]) == 1
    rig.passes(PHRASE_S + 0.1)
    office.hears(bob)
    rig.passes(2.4)
    bob.flashes()
    bob.dials("#57")
    bob.hears_said("record-ended")
    bob.flashes()
    office.hears(bob)
    rig.passes(5.0)
    bob.hangs_up()
    rig.passes(1.0)
    (file,) = recorded(rig)
    assert soundfile.info(tmp_path / file).duration == pytest.approx(3.0, abs=0.2)


@pytest.mark.feature("workgroup recording")
def test_a_call_that_is_not_the_groups_is_not_recorded(make: Make) -> None:
    rig = make(group_plan(changed(recording=Recorded.ON_DEMAND)))
    bob = rig.phone("102")
    rig.phone("105").calls("102")
    bob.lifts()
    bob.flashes()
    bob.dials("#57")
    bob.hears_said("record-not-allowed")


@pytest.mark.feature("workgroup recording", "conference")
def test_who_comes_into_a_recorded_call_is_told(make: Make) -> None:
    rig = make(group_plan(changed(recording=Recorded.ALWAYS), incoming="101"))
    office, alice, bob = rig.call_in(), rig.phone("101"), rig.phone("102")
    alice.lifts()
    alice.flashes()
    alice.dials("500")
    rig.passes(PHRASE_S + 0.2)
    bob.lifts()
    alice.hears(bob)
    alice.hangs_up()
    (said,) = [each for each in rig.engine.sources(office.timeslot) if each != bob.timeslot]
    assert "record-consent" in str(rig.engine.says[said])
    rig.passes(PHRASE_S + 0.1)
    office.hears(bob)


@pytest.mark.feature("workgroup recording")
def test_where_nothing_can_be_written_calls_go_on(make: Make, tmp_path: Path) -> None:
    full = FullDisk(tmp_path, music=True)
    rig = make(group_plan(changed(recording=Recorded.ALWAYS)), sounds=full)
    office = rig.call_in()
    rig.passes(PHRASE_S + 0.1)
    bob = rig.phone("102")
    bob.lifts()
    office.hears(bob)
    bob.hangs_up()
    rig.passes(1.0)
    assert recorded(rig) == []
    rig.forgives()


class SilentDisk(RigEngine):
    """An engine that never says that a file is whole."""

    def events(self) -> list[EngineEvent]:
        return [each for each in super().events() if getattr(each, "reason", "") != "recorded"]


@pytest.mark.feature("workgroup recording")
def test_a_file_that_never_gets_whole_is_not_waited_for(make: Make) -> None:
    rig = make(group_plan(changed(recording=Recorded.ALWAYS)), engine=SilentDisk())
    rig.call_in()
    rig.passes(PHRASE_S + 0.1)
    bob = rig.phone("102")
    bob.lifts()
    bob.hangs_up()
    rig.passes(1.0)
    assert rig.agents()["102"].value == "ready"
    assert any(each.name.startswith("shift") for each in rig.exchange.conversations())
    rig.passes(60.0)
    rig.is_forgotten()


@pytest.mark.feature("workgroup recording", "supervisor monitor")
def test_a_recorded_call_is_supervised(make: Make) -> None:
    rig = make(group_plan(changed(recording=Recorded.ALWAYS, wrap_up_s=5.0)))
    office = rig.call_in()
    rig.passes(PHRASE_S + 0.1)
    bob = rig.phone("102")
    bob.lifts()
    alice = supervise(rig, WHISPER, "supervise-whisper")
    bob.hears(office, alice)
    bob.hangs_up()
    rig.passes(6.0)
    assert len(recorded(rig)) == 1
    confirmed(bob, "#90#", "agent-ready")
