# SPDX-License-Identifier: MIT
"""Another exchange at the end of a tie trunk dials inside, and out again only where it may."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from altiware.core.causes import Cause
from altiware.core.decision import DialPolicy
from altiware.core.errors import PlanError
from altiware.core.notices import Decided, EmergencyCalled
from altiware.core.plan import Plan, Service
from altiware.features.tie import EVENTS, IGNORED, Tie, TieState
from tests.altiware.core.machine import every_pair_is_known
from tests.scenarios.signalling.station_office import station_plan, station_rig
from tests.signalling_rig import Office, SignallingRig


def plan(**tie: Any) -> Plan:
    """Return an office whose first line is a tie trunk."""
    made = station_plan({"102": {"location": "lobby"}}, operator="102")
    trunks = (replace(made.trunks[0], tie=True, **tie), made.trunks[1])
    numbering = replace(made.numbering, services={"170": Service("attendant", "x")})
    return replace(made, trunks=trunks, numbering=numbering)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    yield from opened(tmp_path, plan())


@pytest.fixture
def open_rig(tmp_path: Path) -> Iterator[SignallingRig]:
    """The other exchange may dial out as 101."""
    yield from opened(tmp_path, plan(hop_off="101"))


def opened(folder: Path, made: Plan) -> Iterator[SignallingRig]:
    rig = station_rig(folder, made)
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def comes_in(rig: SignallingRig) -> Office:
    """Let the other exchange call, and hear dial tone."""
    tie = rig.office(0)
    tie.calls_in("2125550123")
    tie.hears_tone("dial")
    return tie


def test_every_pair_is_known() -> None:
    every_pair_is_known(TieState, EVENTS, Tie.rows, IGNORED)


@pytest.mark.feature("tie trunks")
def test_an_inside_number_is_dialled(rig: SignallingRig) -> None:
    tie, bob = comes_in(rig), rig.phone("103")
    tie.presses("1")
    tie.is_silent()
    tie.presses("03")
    bob.rings("external")
    tie.hears_tone("ringback")
    bob.lifts()
    bob.hears(tie)
    tie.hears(bob)


@pytest.mark.feature("tie trunks")
def test_the_operator_is_dialled(rig: SignallingRig) -> None:
    comes_in(rig).presses("0")
    rig.phone("102").rings("operator")


@pytest.mark.feature("tie trunks", "policy")
@pytest.mark.parametrize("digits", ["95550123#", "918005550123", "919005550123"])
def test_nothing_outside_is_dialled_unless_hop_off_is_on(rig: SignallingRig, digits: str) -> None:
    tie = comes_in(rig)
    tie.presses(digits)
    tie.hears_tone("reorder")
    rig.office(1).is_free()
    rig.passes(5.1)
    tie.is_free()
    assert not [each for each in rig.notices if isinstance(each, Decided)]


@pytest.mark.feature("tie trunks", "policy")
def test_hopping_off_is_judged_and_charged_as_the_named_extension(
    open_rig: SignallingRig,
) -> None:
    tie, out = comes_in(open_rig), open_rig.office(1)
    tie.presses("95550123#")
    out.is_seized()
    out.gives("dial")
    out.receives("5550123")
    open_rig.passes(2.0)
    out.reverses()
    out.hears(tie)
    tie.hears(out)
    tie.breaks_loop()
    out.is_free()
    (record,) = open_rig.records
    assert record.charged_to == "101"


@pytest.mark.feature("tie trunks", "policy")
def test_what_the_named_extension_may_not_dial_is_denied(open_rig: SignallingRig) -> None:
    tie = comes_in(open_rig)
    tie.presses("919005550123")
    open_rig.office(1).is_free()
    tie.is_free()
    assert [each.cause for each in open_rig.records] == [Cause.DENIED]


@pytest.mark.feature("tie trunks")
@pytest.mark.parametrize("digits", ["#33", "#4602", "933#", "199", "*"])
def test_codes_and_numbers_of_nobody_are_refused(open_rig: SignallingRig, digits: str) -> None:
    tie = comes_in(open_rig)
    tie.presses(digits)
    open_rig.passes(4.1)
    tie.hears_tone("reorder")


@pytest.mark.feature("tie trunks", "emergency")
def test_help_is_called_and_the_place_is_not_guessed(tmp_path: Path) -> None:
    made = replace(plan(), policy=DialPolicy(frozenset()))
    for rig in opened(tmp_path, made):
        comes_in(rig).presses("911")
        rig.office(1).is_seized()
        (told,) = (each for each in rig.notices if isinstance(each, EmergencyCalled))
        assert (told.name, told.location) == ("over a tie trunk", "")


@pytest.mark.feature("tie trunks")
def test_who_dials_nothing_is_let_go(rig: SignallingRig) -> None:
    tie = comes_in(rig)
    rig.passes(10.1)
    tie.is_free()


@pytest.mark.feature("tie trunks")
def test_an_incomplete_number_is_taken_after_a_pause(rig: SignallingRig) -> None:
    tie = comes_in(rig)
    tie.presses("10")
    rig.passes(4.1)
    tie.hears_tone("reorder")


@pytest.mark.feature("tie trunks")
def test_the_other_exchange_goes_while_it_dials(rig: SignallingRig) -> None:
    tie = comes_in(rig)
    tie.presses("10")
    tie.breaks_loop()
    tie.is_free()


@pytest.mark.feature("tie trunks")
def test_an_ordinary_line_gets_no_dial_tone(rig: SignallingRig) -> None:
    rig.office(1).calls_in("2125550123")
    rig.phone("102").rings("operator")


@pytest.mark.parametrize("tie", [{"hop_off": "999"}, {"hop_off": "101", "tie": False}])
def test_hop_off_is_of_an_extension_on_a_tie_trunk(tie: dict[str, Any]) -> None:
    made = station_plan()
    with pytest.raises(PlanError, match="hop_off"):
        replace(made, trunks=(replace(made.trunks[0], **{"tie": True, **tie}),))
