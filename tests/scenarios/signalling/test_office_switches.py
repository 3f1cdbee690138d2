# SPDX-License-Identifier: MIT
"""All calls outside blocked, and the operator off-line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.causes import Cause
from altiware.core.plan import Service
from altiware.core.speech import Phrase
from tests.scenarios.signalling.station_office import (
    confirmed,
    refused,
    station_plan,
    station_rig,
)
from tests.scenarios.signalling.test_outgoing_calls import LOCAL
from tests.signalling_rig import SignallingRig

MANAGER: dict[str, dict[str, Any]] = {"103": {"manager": True}, "101": {"busy": "104"}}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = station_rig(tmp_path, station_plan(MANAGER))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("block outside calls")
def test_calls_outside_are_blocked_and_allowed_again(rig: SignallingRig) -> None:
    bob, carol, office = rig.phone("102"), rig.phone("103"), rig.office()
    confirmed(carol, "#38", "outside-blocked")
    bob.calls(f"9{LOCAL}#")
    bob.hears_tone("reorder")
    bob.hangs_up()
    office.is_free()
    (record,) = [each for each in rig.records if each.decision]
    assert record.cause is Cause.DENIED
    assert record.decision is not None
    assert record.decision.rule == "blocked"
    bob.calls("101")
    rig.phone("101").rings()
    bob.hangs_up()
    confirmed(carol, "#38", "outside-unblocked")
    bob.calls(f"9{LOCAL}#")
    office.is_seized()


@pytest.mark.feature("block outside calls", "emergency call")
def test_help_is_called_all_the_same(rig: SignallingRig) -> None:
    confirmed(rig.phone("101"), "#38", "outside-blocked")
    rig.phone("102").calls("911")
    rig.office().is_seized()


@pytest.mark.feature("block outside calls", "forward outside")
def test_forwarded_calls_are_blocked_too(tmp_path: Path) -> None:
    rig = station_rig(tmp_path, station_plan({"102": {"forwards_outside": True}}))
    confirmed(rig.phone("102"), f"#369{LOCAL}#")
    confirmed(rig.phone("101"), "#38", "outside-blocked")
    rig.phone("103").calls("102")
    rig.phone("103").hears_tone("reorder")
    rig.office().is_free()
    rig.close()


@pytest.mark.feature("block outside calls")
@pytest.mark.parametrize("code", ["#38", "#39"])
def test_only_the_operator_and_managers_switch_the_office(rig: SignallingRig, code: str) -> None:
    refused(rig.phone("102"), code, "not-permitted")


@pytest.mark.feature("operator off-line")
def test_calls_for_the_operator_go_where_busy_calls_go(rig: SignallingRig) -> None:
    operator, bob, dave, office = rig.phone("101"), rig.phone("102"), rig.phone("104"), rig.office()
    confirmed(operator, "#39", "operator-offline")
    bob.calls("0")
    dave.rings()
    bob.hangs_up()
    office.calls_in("2125550123")
    dave.rings("external")
    operator.is_quiet()
    rig.passes(20.0)
    bob.calls("101")
    operator.rings("internal")
    bob.hangs_up()
    confirmed(operator, "#39", "operator-online")
    bob.calls("0")
    operator.rings("operator")


@pytest.mark.feature("operator off-line", "auto attendant")
def test_callers_reach_the_attendant_and_do_not_go_round(tmp_path: Path) -> None:
    root = AttendantItem(AttendantAct.MENU, prompt=(Phrase("attendant-welcome"),))
    attendant = AttendantPlan("main", {"": root}, timeout_s=1.0, tries=1)
    plan = station_plan(MANAGER)
    services = {"190": Service("attendant", "main")}
    numbering = replace(plan.numbering, services=services)
    plan = replace(plan, numbering=numbering, attendants=(attendant,), incoming="190")
    rig = station_rig(tmp_path, plan)
    operator, bob, office = rig.phone("101"), rig.phone("102"), rig.office()
    confirmed(operator, "#39", "operator-offline")
    bob.calls("0")
    bob.hears_said("attendant-welcome")
    bob.hangs_up()
    office.calls_in("2125550123")
    office.hears_said("attendant-welcome")
    rig.passes(3.0)
    rig.phone("104").rings("external")
    operator.is_quiet()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


@pytest.mark.feature("operator off-line")
def test_the_plan_says_where_calls_for_the_operator_go(tmp_path: Path) -> None:
    rig = station_rig(tmp_path, station_plan(MANAGER, operator_away="105"))
    confirmed(rig.phone("103"), "#39", "operator-offline")
    rig.phone("102").calls("0")
    rig.phone("105").rings()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()
