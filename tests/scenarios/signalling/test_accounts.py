# SPDX-License-Identifier: MIT
"""Account codes, before and during calls, and of stations that must give one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from altiware.core.record import CallRecord
from altiware.store.smdr import smdr_lines
from tests.scenarios.signalling.station_office import confirmed, station_plan, station_rig
from tests.scenarios.signalling.test_outgoing_calls import LOCAL
from tests.signalling_rig import Office, Phone, SignallingRig

FORCED: dict[str, dict[str, Any]] = {
    "103": {"needs_account": True, "forwards_outside": True, "speed_dial": {"01": f"9{LOCAL}"}}
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    rig = station_rig(tmp_path, replace(station_plan(FORCED), accounts=frozenset({"4711", "12"})))
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def talks(phone: Phone, office: Office, seconds: float = 30.0) -> None:
    """Let the office take the digits, and the party outside answer and talk."""
    office.is_seized()
    office.gives("dial")
    office.receives(LOCAL)
    phone.rig.passes(20.0 + seconds)
    phone.hears(office)


def outside(rig: SignallingRig) -> CallRecord:
    """Return the record of the one call that went outside."""
    (record,) = [each for each in rig.records if each.decision]
    return record


@pytest.mark.feature("account codes", "outgoing call")
def test_an_account_before_the_call_is_in_its_record(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls("#324711#")
    alice.hears_tone("dial")
    alice.dials(f"9{LOCAL}#")
    talks(alice, office)
    alice.hangs_up()
    record = outside(rig)
    assert record.account == "4711"
    (line,) = smdr_lines(record)
    assert line[72:80] == b"4711    "
    assert record.talking_s == pytest.approx(30.0, abs=3.0)


@pytest.mark.feature("account codes")
def test_an_account_that_is_not_valid_is_asked_for_again(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("#3299#")
    alice.hears_said("account-not-valid")
    rig.passes(0.6)
    alice.hears_said("account-enter")
    alice.dials("12#")
    alice.hears_tone("dial")
    alice.dials("102")
    bob.rings()
    alice.hangs_up()
    assert rig.records[-1].account == "12"


@pytest.mark.feature("account codes")
def test_nobody_is_asked_for_ever(rig: SignallingRig) -> None:
    alice = rig.phone("101")
    alice.calls("#32")
    rig.passes(4.1)
    alice.hears_said("account-enter")
    rig.passes(30.0)
    alice.hears_tone("reorder")


@pytest.mark.feature("account codes")
def test_any_account_is_taken_where_none_is_known(tmp_path: Path) -> None:
    rig = station_rig(tmp_path, station_plan())
    alice = rig.phone("101")
    alice.calls("#321234567890#")
    alice.hears_tone("dial")
    alice.hangs_up()
    alice.calls("#3212345678901#")
    alice.hears_said("account-not-valid")
    rig.everybody_hangs_up()
    rig.close()


@pytest.mark.feature("account codes", "hold")
def test_an_account_during_the_call(rig: SignallingRig) -> None:
    alice, office = rig.phone("101"), rig.office()
    alice.calls(f"9{LOCAL}#")
    talks(alice, office)
    alice.flashes()
    alice.dials("#324711#")
    alice.hears_said("account-accepted")
    rig.passes(0.6)
    alice.hears_tone("confirm")
    alice.flashes()
    alice.hears(office)
    alice.hangs_up()
    assert outside(rig).account == "4711"


@pytest.mark.feature("forced account codes")
def test_a_station_that_must_is_asked_when_it_calls_outside(rig: SignallingRig) -> None:
    carol, bob, office = rig.phone("103"), rig.phone("102"), rig.office()
    carol.calls("102")
    bob.rings()
    carol.hangs_up()
    carol.calls(f"9{LOCAL}#")
    office.is_free()
    carol.hears_said("account-needed", "account-enter")
    carol.dials("4711#")
    talks(carol, office)
    carol.hangs_up()
    record = outside(rig)
    assert record.account == "4711"
    assert record.answered is not None
    assert (record.answered - record.opened).total_seconds() > 20.0


@pytest.mark.feature("forced account codes", "emergency call")
def test_nobody_is_asked_who_calls_for_help(rig: SignallingRig) -> None:
    carol, office = rig.phone("103"), rig.office()
    carol.calls("911")
    office.is_seized()
    carol.hangs_up()
    rig.passes(3.0)
    carol.calls("9911")
    office.is_seized()


@pytest.mark.feature("forced account codes", "speed dial")
def test_a_number_of_a_list_needs_an_account_too(rig: SignallingRig) -> None:
    carol, office = rig.phone("103"), rig.office()
    carol.calls("#6001")
    carol.hears_said("account-needed", "account-enter")
    carol.dials("12#")
    office.is_seized()


@pytest.mark.feature("forced account codes", "redial")
def test_a_number_that_was_asked_about_is_asked_about_again(rig: SignallingRig) -> None:
    carol, office = rig.phone("103"), rig.office()
    carol.calls(f"9{LOCAL}#")
    carol.hangs_up()
    carol.calls("#68")
    carol.hears_said("account-needed", "account-enter")
    office.is_free()


@pytest.mark.feature("forced account codes", "forward outside")
def test_forwarded_calls_cannot_be_asked_about(rig: SignallingRig) -> None:
    alice, carol, office = rig.phone("101"), rig.phone("103"), rig.office()
    confirmed(carol, f"#369{LOCAL}#")
    alice.calls("103")
    alice.hears_tone("reorder")
    office.is_free()


@pytest.mark.feature("forced account codes", "transfer")
def test_a_party_is_transferred_outside_behind_an_account(rig: SignallingRig) -> None:
    bob, carol, office = rig.phone("102"), rig.phone("103"), rig.office()
    bob.calls("103")
    carol.lifts()
    carol.flashes()
    carol.dials(f"9{LOCAL}#")
    carol.hears_said("account-needed", "account-enter")
    carol.dials("4711#")
    office.gives("dial")
    office.receives(LOCAL)
    rig.passes(3.0)
    carol.hangs_up()
    bob.hears(office)
    rig.passes(30.0)
    bob.hangs_up()
    record = outside(rig)
    assert (record.account, record.charged_to) == ("4711", "103")


@pytest.mark.feature("forced account codes", "transfer")
def test_hanging_up_before_the_account_rings_back(rig: SignallingRig) -> None:
    bob, carol, office = rig.phone("102"), rig.phone("103"), rig.office()
    bob.calls("103")
    carol.lifts()
    carol.flashes()
    carol.dials(f"9{LOCAL}#")
    carol.hangs_up()
    carol.rings("return")
    office.is_free()


@pytest.mark.feature("account codes", "feature codes")
def test_a_code_is_no_number_behind_an_account(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("#3212#")
    alice.dials("#33")
    alice.hears_tone("reorder")
    alice.hangs_up()
    bob.calls("101")
    alice.rings()
