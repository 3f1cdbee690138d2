# SPDX-License-Identifier: MIT
"""What was found out about a line, as settings of its trunk and in the configuration file."""

from dataclasses import replace
from pathlib import Path

import pytest

from altiware.config import parse, write_default
from altiware.core.office import USUAL_OFFICE, CallerIdKind, Disconnect, OfficePlan, OfficeTone
from altiware.office_settings import settings, with_office
from drivers.diagnostics.findings import CallerIdSeen, HangUpSign, OfficeFindings, Verdict
from dsp.callerid import CallerIdStandard
from tests.drivers.diagnostics.test_findings import BUSY, DIAL

FOUND = OfficeFindings(
    tones=(DIAL, BUSY),
    verdict=Verdict(("de",), 1.0),
    signs=frozenset({HangUpSign.OPEN_LOOP, HangUpSign.DIAL}),
    open_loop_ms=300,
    caller_id=CallerIdSeen(dtmf=False, before_ring=False, after_reversal=False),
    receive_db=3.0,
)


def test_an_office_of_a_known_country() -> None:
    assert settings(FOUND, "us") == OfficePlan(
        country="de",
        disconnect=frozenset({Disconnect.OSI, Disconnect.TONES}),
        caller_id=CallerIdKind.V23,
        receive_db=3.0,
    )


def test_the_country_of_the_exchange_needs_no_saying() -> None:
    assert settings(FOUND, "de").country == ""
    shared = replace(FOUND, verdict=Verdict(("ctr21", "nl"), 1.0))
    assert settings(shared, "nl").country == ""


def test_an_office_that_no_country_has_is_learned() -> None:
    strange = replace(FOUND, verdict=Verdict(("de",), 0.5))
    plan = settings(strange, "de")
    assert plan.country == ""
    assert plan.tones == (
        OfficeTone("dial", (425.0,)),
        OfficeTone("busy", (425.0,), (475, 485)),
    )


@pytest.mark.parametrize(("seen", "setting"), [(None, None), (300, None), (150, 105), (80, 60)])
def test_how_long_an_open_loop_must_be(seen: int | None, setting: int | None) -> None:
    assert settings(replace(FOUND, open_loop_ms=seen), "us").loop_break_ms == setting


def test_an_end_that_nobody_saw_leaves_all_signs() -> None:
    assert settings(replace(FOUND, signs=frozenset()), "us").disconnect == USUAL_OFFICE.disconnect


@pytest.mark.parametrize("index", range(4))
@pytest.mark.parametrize("found", [FOUND, replace(FOUND, verdict=Verdict(("de",), 0.5))])
def test_one_trunk_is_written_and_nothing_else(
    tmp_path: Path, index: int, found: OfficeFindings
) -> None:
    file = tmp_path / "altiware.toml"
    write_default(file)
    before = parse(file.read_text(), "f").plan
    plan = settings(found, "us")
    once = with_office(file.read_text(), index, plan)
    after = parse(once, "f").plan
    assert after.trunks[index].office == plan
    others = [replace(each, office=USUAL_OFFICE) for each in after.trunks]
    assert replace(after, trunks=tuple(others)) == before
    assert with_office(once, index, plan).split() == once.split()
    again = parse(with_office(once, index, USUAL_OFFICE), "f").plan
    assert again == before
    kept = [line for line in file.read_text().splitlines() if line and "office" not in line]
    gone = [line for line in kept if line not in once.splitlines()]
    assert all(line.startswith("# ") for line in gone)


def test_the_modem_that_was_heard_is_set_whatever_the_country() -> None:
    for standard, kind in (
        (CallerIdStandard.BELL202, CallerIdKind.BELL202),
        (CallerIdStandard.V23, CallerIdKind.V23),
    ):
        seen = replace(FOUND, caller_id=CallerIdSeen(False, False, False, standard))
        assert settings(seen, "us").caller_id is kind
        assert settings(seen, "de").caller_id is kind
