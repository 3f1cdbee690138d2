# SPDX-License-Identifier: MIT
"""Calls that end badly leave a box, and others none: a whole office in virtual time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from altiware.blackbox.box import Box, boxes_in, open_box
from altiware.blackbox.keeper import Keeper, remove_oldest
from altiware.blackbox.settings import BlackBoxSettings, KeptPorts, kept_count
from altiware.core.notices import EngineLost, OrderMissed
from altiware.core.plan import Plan
from boards_sim.offices import Disconnect
from boards_sim.stage import Stage
from drivers.actors import Telephone
from drivers.base import Linefeed
from tests.rig import Rig, quantum_plan

SAVED_S = 3.0


def keeper_of(directory: Path, ports: KeptPorts) -> Keeper:
    return Keeper(
        BlackBoxSettings(ports),
        directory,
        country="us",
        wall=lambda: datetime(2026, 3, 2, 8, 0, 0, 250_000, tzinfo=UTC),
    )


@contextmanager
def office(directory: Path, ports: KeptPorts = KeptPorts.TRUNKS) -> Iterator[Rig]:
    keeper = keeper_of(directory, ports)
    try:
        with Rig(blackbox=keeper) as rig:
            yield rig
            rig.passes(SAVED_S)
    finally:
        keeper.close()


def becomes(rig: Rig, index: int, **changes: Any) -> None:
    """Let an office behave otherwise."""
    assert isinstance(rig.stage, Stage)
    office = rig.stage.office_set(index)
    office.take_profile(replace(office.profile, **changes))


def only_box(directory: Path) -> Box:
    (path,) = boxes_in(directory)
    return open_box(path)


def test_a_call_that_ends_well_leaves_none(tmp_path: Path) -> None:
    with office(tmp_path, KeptPorts.ALL) as rig:
        alice, bob = rig.telephone("101"), rig.telephone("102")
        alice.lifts()
        alice.hears("dial")
        alice.dials("102")
        bob.rings()
        bob.lifts()
        rig.passes(1.0)
        alice.hangs_up()
        bob.hangs_up()
    assert boxes_in(tmp_path) == []


def test_an_office_without_dial_tone_leaves_a_box_of_each_trunk_tried(tmp_path: Path) -> None:
    with office(tmp_path) as rig:
        for index in range(4):
            becomes(rig, index, dial_tone_ms=60_000)
        alice = rig.telephone("101")
        alice.lifts()
        alice.hears("dial")
        alice.dials("95550100")
        rig.passes(25.0)
        alice.hangs_up()
        rig.passes(1.0)
    boxes = [open_box(path) for path in boxes_in(tmp_path)]
    assert boxes
    for box in boxes:
        assert box.facts.reason == "call ended: no dial tone"
        assert box.facts.port in {f"00:{index:02}" for index in range(4)}
        assert box.facts.seconds == 10.0
        assert len(box.said) == 80_000


def calls_and_hangs_up(rig: Rig) -> None:
    """Let somebody call in, talk for a moment, and hang up first."""
    alice, line = rig.telephone("101"), rig.office()
    line.calls_in("2125550199")
    alice.rings(within_s=8.0)
    alice.lifts()
    rig.passes(5.0)
    line.hangs_up()
    rig.passes(8.0)
    alice.hangs_up()
    rig.passes(3.0)


def test_an_office_that_has_only_tones_to_tell_of_a_hang_up_leaves_no_box(tmp_path: Path) -> None:
    with office(tmp_path) as rig:
        becomes(rig, 0, disconnect=Disconnect.BUSY_TONE, disconnect_ms=0, return_tone_ms=20_000)
        calls_and_hangs_up(rig)
        calls_and_hangs_up(rig)
    assert boxes_in(tmp_path) == []


def test_a_hang_up_by_tone_where_there_has_been_a_signal_leaves_a_box_with_all_on_it(
    tmp_path: Path,
) -> None:
    with office(tmp_path) as rig:
        calls_and_hangs_up(rig)
        becomes(rig, 0, disconnect=Disconnect.BUSY_TONE, disconnect_ms=0, return_tone_ms=20_000)
        calls_and_hangs_up(rig)
    box = only_box(tmp_path)
    facts = box.facts
    assert facts.reason == "the office hung up by a tone only"
    assert (facts.party, facts.port) == ("00:00", "00:00")
    assert 9.7 < facts.seconds <= 10.0, "kept since the board came up"
    assert ("said", "tone", "busy") in [(d.side, d.kind, d.what) for d in facts.decoded]
    (heard,) = [each for each in facts.moments if each.what == "BusyHeard"]
    (tone,) = [each for each in facts.decoded if each.what == "busy"]
    assert 0 <= heard.at - tone.at < 2.0, "believed when it has lasted"
    (shown,) = [each for each in facts.moments if each.what == "CallerShown"]
    (caller,) = [each for each in facts.decoded if each.kind == "caller"]
    assert abs(shown.at - caller.at) < 0.05, "the trace's times are those of the sound"
    assert any(each.milliamps and each.milliamps > 10 for each in facts.readings)
    assert max(b.at - a.at for a, b in pairwise(facts.readings)) < 0.4


def test_a_board_that_was_lost_leaves_what_was_kept_of_it(tmp_path: Path) -> None:
    with office(tmp_path, KeptPorts.ALL) as rig:
        assert isinstance(rig.stage, Stage)
        alice, bob = rig.telephone("101"), rig.telephone("102")
        alice.lifts()
        alice.dials("102")
        bob.rings()
        bob.lifts()
        rig.passes(1.0)
        rig.stage.faults().reboots()
        rig.passes(3.0)
        alice.hangs_up()
        bob.hangs_up()
        rig.passes(5.0)
        alice.lifts()
        alice.hears("dial")
        alice.hangs_up()
        rig.passes(2.0)
    boxes = [open_box(path) for path in boxes_in(tmp_path)]
    assert {box.facts.party for box in boxes} == {"101", "102"}
    for box in boxes:
        assert box.facts.reason == "call ended: board lost"
    (of_alice,) = [box for box in boxes if box.facts.party == "101"]
    assert [d.what for d in of_alice.facts.decoded if d.kind == "digit"] == ["1", "0", "2"]


def talks(rig: Rig) -> list[Telephone]:
    """Let telephone 101 talk with 102."""
    alice, bob = rig.telephone("101"), rig.telephone("102")
    alice.lifts()
    alice.hears("dial")
    alice.dials("102")
    bob.rings()
    bob.lifts()
    rig.passes(1.0)
    return [alice, bob]


def test_an_alarm_of_a_line_in_use_leaves_a_box_of_it(tmp_path: Path) -> None:
    with office(tmp_path, KeptPorts.ALL) as rig:
        assert isinstance(rig.stage, Stage)
        both = talks(rig)
        rig.stage.faults().run("power-alarm port 4 for 0.2s")
        rig.stage.faults().run("power-alarm port 11 for 0.2s")  # nobody uses this one
        rig.passes(3.0)
        rig.boards[0].feed(4, Linefeed.ACTIVE)  # the alarm took it away
        for each in both:
            each.hangs_up()
    facts = only_box(tmp_path).facts
    assert (facts.reason, facts.party, facts.port) == ("alarm: power", "101", "00:04")
    assert facts.call, "the call that it befell"


def test_an_order_that_was_not_carried_out_leaves_a_box_of_its_line(tmp_path: Path) -> None:
    with office(tmp_path) as rig:
        assert isinstance(rig.stage, Stage)
        rig.office().calls_in("2125550199")
        alice = rig.telephone("101")
        alice.rings(within_s=8.0)
        rig.stage.faults().run("dead port 0 for 1s")  # it can't close its loop
        alice.lifts()
        rig.passes(3.0)
        alice.hangs_up()
        rig.office().hangs_up()
        (missed,) = [each for each in rig.notices if isinstance(each, OrderMissed)]
        rig.notices.remove(missed)
    facts = only_box(tmp_path).facts
    assert (facts.reason, facts.party) == ("order missed: hook: hw fault", "00:00")
    assert [each.what for each in facts.decoded if each.kind == "caller"]


def test_a_lost_engine_leaves_what_was_known_beside_its_sound(tmp_path: Path) -> None:
    keeper = keeper_of(tmp_path, KeptPorts.ALL)
    with Rig(blackbox=keeper) as rig:
        both = talks(rig)
        rig.passes(9.0)
        keeper.note(EngineLost(rig.engine.now))
        for each in both:
            each.hangs_up()
    keeper.close()
    boxes = [open_box(path) for path in boxes_in(tmp_path)]
    assert {box.facts.party for box in boxes} == {"101", "102"}
    for box in boxes:
        assert box.facts.reason == "the engine was lost, and the sound with it"
        assert len(box.said) == 80_000
        assert not box.said.any()
        assert not box.heard.any()
        assert any(each.milliamps and each.milliamps > 10 for each in box.facts.readings)
        assert any(0 <= each.at <= 10 for each in box.facts.moments)


def test_a_plan_without_trunks_keeps_nothing() -> None:
    plan = quantum_plan()
    assert kept_count(BlackBoxSettings(), plan) == 4 + 12
    assert kept_count(BlackBoxSettings(KeptPorts.ALL), plan) == 12 + 12
    assert kept_count(BlackBoxSettings(KeptPorts.NONE), plan) == 0
    assert kept_count(BlackBoxSettings(), Plan(stations=plan.stations)) == 0


def test_the_oldest_boxes_go_and_the_last_one_stays(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"2026030{number}-1.wav").write_bytes(bytes(900))
        (tmp_path / f"2026030{number}-1.json").write_bytes(bytes(50))
        (tmp_path / f"2026030{number}-1.svg").write_bytes(bytes(50))
    remove_oldest(tmp_path, 2500)
    assert [path.name for path in boxes_in(tmp_path)] == ["20260302-1.wav", "20260303-1.wav"]
    assert len(list(tmp_path.iterdir())) == 6, "with all that belongs to them"
    remove_oldest(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "20260303-1.json",
        "20260303-1.svg",
        "20260303-1.wav",
    ]
