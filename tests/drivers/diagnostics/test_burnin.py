# SPDX-License-Identifier: MIT
"""A burn-in in virtual time, its certificate, and what is wrong with one that was changed."""

import datetime
import itertools
import json

import pytest

from boards_sim.session import simulated_session
from drivers.base import BoardInfo
from drivers.diagnostics.burnin import BurnIn, Cycle, burn_in
from drivers.diagnostics.certificate import certify, check, document_text, number_for, printed
from drivers.diagnostics.readings import Reading

ENDED = datetime.datetime(2026, 11, 25, 16, 20, tzinfo=datetime.UTC)
INFO = BoardInfo("Q12", "Q12-260001", "1.0", "1.2.3", "QHI 1.1", ())


def noise(value: float) -> Reading:
    return Reading("noise", 3, "idle", value, "dBrnC", high=23.0)


def burnt_in(*values: float) -> BurnIn:
    cycles = [
        Cycle(60.0 * number, (noise(value),), 30.0 + number, 0, (1.0, 2.0, 3.0))
        for number, value in enumerate(values)
    ]
    return BurnIn(cycles, {"slips": 0}, 120.0)


def test_a_sound_board_passes_all_cycles() -> None:
    told: list[Cycle] = []
    with simulated_session("Q8") as session:
        found = burn_in(session, 30.0, told.append, itertools.count(0.0, 0.001).__next__)
    assert found.is_good, [cycle.faults for cycle in found.cycles]
    assert len(found.cycles) == len(told) == 2
    assert found.seconds > 30.0
    tests = {reading.test for reading in found.worst}
    assert tests == {"selftest", "loopback", "prbs", "response", "noise", "crosstalk"}
    assert found.counters["requests"] > 0
    assert found.cycles[0].celsius == 34.0
    assert found.cycles[0].answers_ms == pytest.approx([1.0] * 20)


def test_what_a_busy_host_spoils_is_measured_again() -> None:
    busy = "; ".join(f"at {at}s starve for 300ms" for at in range(2, 40, 2))
    with simulated_session("Q8") as session:
        session.stage.faults().run(busy)
        found = burn_in(session, 0.0, lambda _: None)
    assert found.is_good, found.cycles[0].faults
    assert found.counters["underruns"] > 10


def test_a_fault_in_one_cycle_is_a_fault() -> None:
    with simulated_session("Q8") as session:
        session.stage.faults().run("noise 40dBrnC port 5")
        found = burn_in(session, 0.0, lambda _: None)
    assert not found.is_good
    assert {reading.port for reading in found.cycles[0].faults} == {5}


def test_the_worst_of_all_cycles_counts() -> None:
    found = burnt_in(10.0, 15.0, 12.0)
    assert found.is_good
    assert [reading.value for reading in found.worst] == [15.0]


def test_nothing_was_tested_is_not_good() -> None:
    assert not BurnIn().is_good


def test_a_certificate_is_bound_to_its_unit() -> None:
    certificate = certify(INFO, burnt_in(10.0, 31.0), ENDED)
    assert certificate["number"] == "BI-Q12-260001-2611251620"
    assert certificate["unit"]["serial"] == "Q12-260001"
    assert certificate["celsius"] == {"lowest": 30.0, "highest": 31.0}
    assert not certificate["good"]
    assert certificate["faults"][0]["said"].startswith("port 3 noise idle: 31 dBrnC")


def test_a_number_fits_into_the_trace_page() -> None:
    assert len(number_for("X" * 16, ENDED).encode()) <= 32


def test_a_certificate_as_it_was_issued() -> None:
    certificate = certify(INFO, burnt_in(10.0), ENDED)
    assert check(document_text(certificate)) == ""
    assert check(printed(certificate)) == ""
    assert "PASSED" in printed(certificate)


@pytest.mark.parametrize(("old", "new"), [("Q12-260001", "Q12-260002"), ("10.0", "9.0")])
def test_a_changed_document_is_found_out(old: str, new: str) -> None:
    text = document_text(certify(INFO, burnt_in(10.0), ENDED))
    assert "checksum differs" in check(text.replace(old, new))


def test_a_changed_text_is_found_out() -> None:
    text = printed(certify(INFO, burnt_in(40.0), ENDED))
    assert "checksum differs" in check(text.replace("FAILED", "PASSED"))


def test_something_else_is_no_certificate() -> None:
    assert "no burn-in certificate" in check(json.dumps({"kind": "invoice"}))
    assert "no burn-in certificate" in check("a letter")
    assert "damaged" in check('{"kind": ')
