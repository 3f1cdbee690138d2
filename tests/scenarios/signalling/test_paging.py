# SPDX-License-Identifier: MIT
"""Overhead pages, page zones and intercom calls."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from altiware.core import pager
from altiware.core.errors import PlanError
from altiware.core.notices import OrderMissed
from altiware.core.pager import PagerState
from altiware.core.plan import Plan, Service, TrunkDirection
from altiware.core.zones import ZonePlan
from altiware.features import paging, zone_paging
from altiware.features.paging import OverheadPage, OverheadPageState
from altiware.features.zone_paging import Ear, EarState, ZonePage, ZonePageState
from tests.altiware.core.machine import every_pair_is_known
from tests.rig_engine import RigEngine
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.scenarios.signalling.station_office import confirmed, station_plan
from tests.signalling_rig import Office, Phone, SignallingRig


class MutedEngine(RigEngine):
    """Remembers who is muted in conferences."""

    def __init__(self) -> None:
        super().__init__()
        self.muted: set[int] = set()

    def join(self, conference: int, port: int, **options: Any) -> None:
        super().join(conference, port, **options)
        (self.muted.add if options.get("muted") else self.muted.discard)(port)


def plan() -> Plan:
    """Return an office whose second line is a loudspeaker; 170 are Dave, Erin and Frank."""
    made = station_plan(zones=(ZonePlan("hall", ("101", "104", "105", "106")),))
    trunks = (made.trunks[0], replace(made.trunks[1], direction=TrunkDirection.PAGING))
    numbering = replace(made.numbering, services={"170": Service("zone", "hall")})
    return replace(made, trunks=trunks, numbering=numbering)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = SignallingRig(plan(), sounds=MadeUpSounds(tmp_path), engine=MutedEngine())
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.fixture
def alice(rig: SignallingRig) -> Phone:
    return rig.phone("101")


@pytest.fixture
def speaker(rig: SignallingRig) -> Office:
    """The port with the loudspeaker behind it."""
    return rig.office(1)


def pages(alice: Phone, code: str = "#44") -> None:
    """Page, up to the tone."""
    alice.calls(code)
    alice.rig.passes(1.6)
    alice.hears_said("page-speak")
    alice.rig.passes(1.0)


def test_every_pair_is_known() -> None:
    every_pair_is_known(PagerState, pager.EVENTS, pager.TRANSITIONS, pager.IGNORED)
    every_pair_is_known(OverheadPageState, paging.EVENTS, OverheadPage.rows, paging.IGNORED)
    every_pair_is_known(ZonePageState, zone_paging.EVENTS, ZonePage.rows, zone_paging.IGNORED)
    every_pair_is_known(EarState, zone_paging.EAR_EVENTS, Ear.rows, zone_paging.EAR_IGNORED)


@pytest.mark.feature("overhead page")
@pytest.mark.parametrize("code", ["#44", "#4502"])
def test_who_pages_is_heard_there_and_hears_nothing(
    rig: SignallingRig, alice: Phone, speaker: Office, code: str
) -> None:
    pages(alice, code)
    speaker.is_seized()
    speaker.hears(alice)
    alice.is_silent()
    assert not speaker.board.pulses
    alice.hangs_up()
    speaker.is_free()
    rig.passes(2.0)
    assert speaker.state == "idle"


@pytest.mark.feature("overhead page")
def test_a_key_ends_it(rig: SignallingRig, alice: Phone, speaker: Office) -> None:
    pages(alice)
    alice.presses("5")
    alice.hears_said("page-ended")
    speaker.is_free()
    speaker.is_silent()


@pytest.mark.feature("overhead page", "hold")
def test_a_flash_ends_it(rig: SignallingRig, alice: Phone, speaker: Office) -> None:
    pages(alice)
    alice.flashes()
    speaker.is_free()
    speaker.is_silent()


@pytest.mark.feature("overhead page")
def test_after_two_minutes_it_ends(rig: SignallingRig, alice: Phone, speaker: Office) -> None:
    pages(alice)
    rig.passes(119.0)
    speaker.hears(alice)
    rig.passes(1.5)
    speaker.is_free()


@pytest.mark.feature("overhead page")
def test_one_speaks_at_a_time(rig: SignallingRig, alice: Phone, speaker: Office) -> None:
    pages(alice)
    rig.phone("102").calls("#44")
    rig.phone("102").hears_said("page-busy")
    speaker.hears(alice)


@pytest.mark.feature("overhead page")
@pytest.mark.parametrize("code", ["#4501", "#4500", "#4509"])
def test_a_line_of_the_office_is_not_paged(rig: SignallingRig, alice: Phone, code: str) -> None:
    alice.calls(code)
    alice.hears_said("page-none")
    rig.office(0).is_free()


@pytest.mark.feature("overhead page", "seizure")
@pytest.mark.parametrize("after_s", [0.5, 4.0])
def test_an_office_line_by_mistake_is_let_go_and_barred(
    rig: SignallingRig, alice: Phone, speaker: Office, after_s: float
) -> None:
    alice.calls("#44")
    rig.passes(after_s)
    speaker.is_seized()
    speaker.gives("dial")
    speaker.is_free()
    speaker.is_silent()
    assert speaker.state == "barred: an office line"
    alice.hears_said("page-none")
    alice.hangs_up()
    alice.calls("#44")
    speaker.is_free()


@pytest.mark.feature("overhead page", "seizure")
def test_no_call_is_made_or_taken_over_it(
    rig: SignallingRig, alice: Phone, speaker: Office
) -> None:
    rig.phone("102").calls("95550123#")
    rig.office(0).is_seized()
    alice.calls("95550123#")
    alice.hears_tone("reorder")
    rig.phone("103").calls("911")
    speaker.is_free()
    speaker.rings(2)
    assert not any(each.caller.party.name == "00:07" for each in rig.opened)


def test_a_configuration_makes_a_trunk_of_it_and_back(
    rig: SignallingRig, alice: Phone, speaker: Office
) -> None:
    pages(alice)
    both = tuple(replace(each, direction=TrunkDirection.BOTH) for each in rig.plan.trunks)
    rig.exchange.reconfigure(replace(rig.plan, trunks=both))
    rig.passes(0.1)
    assert speaker.state == "idle"
    rig.exchange.reconfigure(rig.plan)
    alice.hangs_up()
    pages(alice)
    speaker.hears(alice)


@pytest.mark.feature("zone paging")
def test_telephones_that_are_lifted_hear_the_speaker_alone(
    rig: SignallingRig, alice: Phone
) -> None:
    dave, erin, frank = (rig.phone(each) for each in ("104", "105", "106"))
    alice.calls("170")
    alice.hears_tone("ringback")
    for each in (dave, erin, frank):
        each.rings("intercom")
    dave.lifts()
    alice.hears_said("page-speak")
    rig.passes(1.0)
    erin.lifts()
    dave.hears(alice, erin)
    assert isinstance(rig.engine, MutedEngine)
    assert rig.engine.muted == {dave.timeslot, erin.timeslot}
    rig.passes(20.0)
    frank.is_quiet()
    alice.presses("1")
    alice.hears_said("page-ended")
    dave.hears_tone("reorder")


@pytest.mark.feature("zone paging")
def test_the_last_listener_has_gone(rig: SignallingRig, alice: Phone) -> None:
    dave = rig.phone("104")
    alice.calls("170")
    dave.lifts()
    rig.passes(25.0)
    dave.hears(alice)
    dave.hangs_up()
    alice.hears_said("page-ended")


@pytest.mark.feature("zone paging")
def test_nobody_lifts(rig: SignallingRig, alice: Phone) -> None:
    alice.calls("170")
    rig.passes(20.1)
    alice.hears_said("page-nobody")


@pytest.mark.feature("zone paging")
def test_the_speaker_gives_up(rig: SignallingRig, alice: Phone) -> None:
    alice.calls("170")
    alice.hangs_up()
    rig.phone("104").is_quiet()


@pytest.mark.feature("zone paging", "do not disturb")
def test_who_is_not_to_be_disturbed_or_busy_is_not_rung(rig: SignallingRig, alice: Phone) -> None:
    confirmed(rig.phone("104"), "#33", "do-not-disturb-on")
    rig.phone("105").lifts()
    alice.calls("170")
    rig.phone("104").is_quiet()
    rig.phone("105").hears_tone("dial")
    rig.phone("106").rings()
    alice.hangs_up()
    rig.phone("106").lifts()
    alice.calls("170")
    alice.hears_said("page-nobody")


@pytest.mark.feature("zone paging", "hold")
def test_a_flash_of_the_speaker_ends_it_and_of_a_listener_lets_him_go(
    rig: SignallingRig, alice: Phone
) -> None:
    dave, erin = rig.phone("104"), rig.phone("105")
    alice.calls("170")
    dave.lifts()
    erin.lifts()
    rig.passes(1.2)
    dave.flashes()
    erin.hears(alice)
    alice.flashes()
    erin.hears_tone("reorder")


@pytest.mark.feature("zone paging")
def test_a_zone_is_paged_by_one_at_a_time(rig: SignallingRig, alice: Phone) -> None:
    alice.calls("170")
    rig.phone("104").lifts()
    rig.phone("102").calls("170")
    rig.phone("102").hears_said("page-busy")


def test_a_zone_of_nobody_is_refused() -> None:
    with pytest.raises(PlanError, match="stations"):
        station_plan(zones=(ZonePlan("hall", ()),))
    with pytest.raises(PlanError, match="999"):
        station_plan(zones=(ZonePlan("hall", ("999",)),))


@pytest.mark.feature("intercom")
def test_an_intercom_call_says_who_speaks_and_goes_on(rig: SignallingRig, alice: Phone) -> None:
    bob = rig.phone("102")
    alice.calls("#49102")
    bob.rings("intercom")
    alice.hears_tone("ringback")
    bob.lifts()
    bob.hears_said("intercom-call-from", "letter-a", "letter-l")
    rig.passes(3.1)
    bob.hears(alice)
    alice.hears(bob)


@pytest.mark.feature("intercom", "do not disturb")
def test_an_intercom_call_is_not_taken(rig: SignallingRig, alice: Phone) -> None:
    confirmed(rig.phone("102"), "#33", "do-not-disturb-on")
    alice.calls("#49102")
    alice.hears_tone("busy")
    alice.hangs_up()
    alice.calls("#49103")
    rig.passes(30.1)
    rig.phone("103").is_quiet()
    alice.hears_tone("reorder")


@pytest.mark.feature("intercom")
@pytest.mark.parametrize("number", ["101", "0", "95550123#", "170"])
def test_only_another_extension_has_intercom(rig: SignallingRig, alice: Phone, number: str) -> None:
    alice.calls("#49" + number)
    rig.passes(4.1)
    alice.hears_tone("reorder")
    rig.office(0).is_free()


@pytest.mark.feature("overhead page")
def test_a_port_that_refuses_is_told_of(rig: SignallingRig, alice: Phone, speaker: Office) -> None:
    speaker.board.refuses.add("seize")
    alice.calls("#44")
    alice.hears_said("page-none")
    speaker.board.refuses.clear()
    forget_missed(rig)


@pytest.mark.feature("overhead page")
def test_a_board_is_lost_meanwhile(rig: SignallingRig, alice: Phone, speaker: Office) -> None:
    pages(alice)
    speaker.board.is_lost()
    rig.passes(0.1)
    assert speaker.state == "out of service"
    speaker.board.comes_up()
    rig.passes(0.1)
    assert speaker.state == "idle"
    forget_missed(rig)


def forget_missed(rig: SignallingRig) -> None:
    """Take it as known that orders were missed."""
    missed = [each for each in rig.notices if isinstance(each, OrderMissed)]
    assert missed
    for each in missed:
        rig.notices.remove(each)
