# SPDX-License-Identifier: MIT
"""The party outside hangs up: whatever the office gives as a sign, the trunk is free in time."""

from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.causes import Cause
from altiware.core.office import Disconnect as Sign
from altiware.core.office import OfficePlan
from altiware.office_settings import settings
from boards_sim.office import OfficeSet
from boards_sim.offices import Disconnect, OfficeProfile
from boards_sim.stage import Stage
from drivers.actors import OfficeLine, Telephone
from dsp.tones import COUNTRIES
from tests.rig import Rig, quantum_plan
from tests.virtual_session import Technician, VirtualSession

WITHIN_S = 6.0
SIGNS = {
    Disconnect.OPEN_SWITCH: Sign.OSI,
    Disconnect.REVERSAL: Sign.REVERSAL,
    Disconnect.BUSY_TONE: Sign.TONES,
    Disconnect.NOTHING: Sign.TONES,
}


def exchange(country: str, kind: Disconnect, *, only: bool = True) -> Rig:
    """An exchange that believes only the sign that its office gives."""
    signs = OfficePlan(disconnect=frozenset({SIGNS[kind]})) if only else OfficePlan()
    return Rig(quantum_plan(country, office=signs))


def office_of(rig: Rig) -> OfficeSet:
    assert isinstance(rig.stage, Stage)
    return rig.stage.office_set(0)


def behaves(rig: Rig, **what: object) -> OfficeProfile:
    """Make the office one of another kind."""
    office = office_of(rig)
    office.profile = replace(office.profile, **what)  # type: ignore[arg-type]
    return office.profile


def in_a_call(rig: Rig) -> tuple[Telephone, OfficeLine]:
    """Someone calls in, and the operator answers."""
    operator, office = rig.telephone("101"), rig.office()
    office.calls_in()
    operator.rings(within_s=12.0)
    operator.lifts()
    office.is_seized()
    rig.passes(2.0)
    return operator, office


def is_cut(rig: Rig, operator: Telephone, office: OfficeLine, within_s: float = WITHIN_S) -> float:
    """Let the party outside hang up, and return how long the trunk was held after that."""
    began = rig.stage.now
    office.hangs_up()
    office.is_free(within_s=within_s)
    held_s = rig.stage.now - began
    operator.hangs_up()
    assert [each.cause for each in rig.records] == [Cause.NORMAL]
    return held_s


@pytest.mark.parametrize("kind", [k for k in Disconnect if k is not Disconnect.NOTHING])
@pytest.mark.parametrize("country", COUNTRIES)
def test_each_sign_of_each_office_frees_the_trunk(country: str, kind: Disconnect) -> None:
    with exchange(country, kind) as rig:
        behaves(rig, disconnect=kind, answer_reversal=False)
        is_cut(rig, *in_a_call(rig))


@pytest.mark.parametrize("country", COUNTRIES)
def test_dial_tone_that_comes_back_frees_the_trunk(country: str) -> None:
    with exchange(country, Disconnect.NOTHING) as rig:
        silent_s = behaves(rig, disconnect=Disconnect.NOTHING).return_tone_ms / 1000
        is_cut(rig, *in_a_call(rig), within_s=silent_s + WITHIN_S)


def test_an_office_that_nobody_has_looked_at_is_believed_what_it_may_say() -> None:
    for kind in (Disconnect.OPEN_SWITCH, Disconnect.BUSY_TONE):
        with exchange("us", kind, only=False) as rig:
            behaves(rig, disconnect=kind)
            is_cut(rig, *in_a_call(rig))


def test_a_reversal_that_the_office_is_not_said_to_give_ends_nothing() -> None:
    with exchange("us", Disconnect.OPEN_SWITCH, only=False) as rig:
        operator, office = in_a_call(rig)
        office_of(rig).feed(sign=-1.0)
        rig.passes(5.0)
        office.is_seized()
        office_of(rig).feed()
        is_cut(rig, operator, office)


def test_the_loop_is_open_for_as_long_as_the_office_was_seen_to_open_it() -> None:
    with Rig(quantum_plan("us", office=OfficePlan(loop_break_ms=90))) as rig:
        behaves(rig, open_switch_ms=110)
        is_cut(rig, *in_a_call(rig))


def test_busy_tone_is_heard_while_somebody_talks_on(speech: Path) -> None:
    with Rig(quantum_plan("de")) as rig:
        operator, office = in_a_call(rig)
        operator.says(speech, wait=False)
        is_cut(rig, operator, office)


def test_a_long_talk_is_not_cut(speech: Path) -> None:
    with Rig(quantum_plan("fr")) as rig:
        operator, office = in_a_call(rig)
        for _ in range(4):
            office.says(speech)
            operator.says(speech)
        office.is_seized(within_s=0.1)
        is_cut(rig, operator, office)


@pytest.mark.parametrize(
    "kind", [Disconnect.OPEN_SWITCH, Disconnect.REVERSAL, Disconnect.BUSY_TONE]
)
def test_what_was_detected_on_a_line_is_enough(kind: Disconnect) -> None:
    """A French line on an exchange that was set up for North America."""
    with VirtualSession("fr") as session:
        technician = Technician(session)
        office = technician.office
        office.profile = replace(office.profile, disconnect=kind, answer_reversal=False)
        learned = settings(technician.examines(), "us")
    assert learned.country == "fr"
    with Rig(quantum_plan("us", office=learned)) as rig:
        office_of(rig).country = COUNTRIES["fr"]
        behaves(rig, disconnect=kind, answer_reversal=False)
        is_cut(rig, *in_a_call(rig))
