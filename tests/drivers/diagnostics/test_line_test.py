# SPDX-License-Identifier: MIT
"""The line test on simulated wires: what it names, what it spares, what it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from boards_sim.cable import EIA
from boards_sim.session import SimulatedSession, simulated_session
from drivers.base import Linefeed
from drivers.diagnostics.line_test import REPEAT_S, line_test
from drivers.diagnostics.note import Note, NoteKind
from drivers.diagnostics.verdict import Check, Fault, LineReport, Severity
from drivers.errors import BoardOperationError, LineInUseError
from tests.line_faults import FAULTY, HEALTHY, STATION, TRUNK

STATION_CHECKS = {Check.HAZARD, Check.FOREIGN, Check.LEAKS, Check.RECEIVER, Check.RINGERS}


@contextmanager
def line(faults: str = "") -> Iterator[SimulatedSession]:
    with simulated_session("Q12", faults=faults) as session:
        session.passes(0.5)
        yield session


def report_of(faults: str, port: int = STATION, *, lifted: bool = False) -> LineReport:
    with line(faults) as session:
        return line_test(session, port, lifted=lifted)


def made(report: LineReport) -> list[Check]:
    return [verdict.check for verdict in report.verdicts]


def found(report: LineReport) -> list[Fault | None]:
    return [verdict.fault for verdict in report.faults]


def test_a_healthy_line_is_good() -> None:
    report = report_of("")
    assert report.is_good
    assert made(report) == [Check.HAZARD, Check.FOREIGN, Check.LEAKS, Check.RINGERS]
    assert report.calibrated


def test_a_leak_is_said_as_a_technician_needs_it() -> None:
    (leak,) = report_of("leak ring-ground 62k port 4").faults
    assert (leak.fault, leak.severity) == (Fault.LEAK_RING_GROUND, Severity.FAULT)
    (reading,) = leak.readings
    assert (reading.what, reading.unit) == ("ring-ground", "ohm")
    assert reading.value == pytest.approx(62e3, rel=0.02)
    text = "Ring leaks 62.2 kΩ to ground: wet cable; expect hum and false off-hook."
    assert leak.sentence == text


def test_each_leak_has_its_verdict() -> None:
    report = report_of("leak ring-ground 62k port 4; leak tip-ground 30k port 4")
    assert set(found(report)) == {Fault.LEAK_RING_GROUND, Fault.LEAK_TIP_GROUND}


def test_nothing_is_applied_to_a_dangerous_line() -> None:
    report = report_of("foreign tip 120Vac port 4")
    assert made(report) == [Check.HAZARD]
    assert {skipped.check for skipped in report.skipped} == STATION_CHECKS - {Check.HAZARD}
    assert report.faults[0].severity is Severity.HAZARD
    assert "both wires" in report.faults[0].sentence


def test_foreign_voltage_is_looked_at_again_after_half_a_minute() -> None:
    with line("foreign ring -20Vdc port 4") as session:
        began = session.engine.now
        report = line_test(session, STATION)
        assert session.engine.now - began > 2 * REPEAT_S
    assert found(report) == [Fault.FOREIGN_DC]
    assert made(report) == [Check.HAZARD, Check.FOREIGN]


def test_foreign_voltage_that_goes_is_said_to() -> None:
    (fault,) = report_of("foreign ring -20Vdc port 4 for 10s").faults
    assert fault.fault is Fault.FOREIGN_DC
    assert fault.sentence.endswith("it comes and goes.")


def test_a_short_is_no_telephone() -> None:
    report = report_of("leak tip-ring 800 port 4")
    assert found(report) == [Fault.LEAK_TIP_RING]
    assert made(report) == [Check.HAZARD, Check.FOREIGN, Check.LEAKS, Check.RECEIVER]


def test_a_lifted_telephone_is_in_use() -> None:
    with line() as session:
        session.stage.telephone(STATION).lifts()
        session.passes(0.5)
        with pytest.raises(LineInUseError, match="port 4: the telephone on it is lifted"):
            line_test(session, STATION)
        session.passes(0.5)
        port = session.stage.boards[0].firmware
        assert port.ports[STATION].linefeed is Linefeed.ACTIVE  # type: ignore[attr-defined]


def test_a_receiver_off_the_hook_spares_what_it_would_falsify() -> None:
    report = report_of("stuck port 4", lifted=True)
    assert found(report) == [Fault.OFF_HOOK]
    assert {skipped.check for skipped in report.skipped} == {Check.LEAKS, Check.RINGERS}


def test_an_office_line_is_good_and_left_on_hook() -> None:
    with line() as session:
        notes: list[Note] = []
        report = line_test(session, TRUNK, tell=notes.append)
        session.passes(0.2)
        assert not session.stage.office_set(TRUNK).loop.is_closed
    order = [Check.BATTERY, Check.FOREIGN, Check.CURRENT, Check.DIAL_TONE, Check.NOISE]
    assert (report.is_good, made(report)) == (True, order)
    level, *hertz = next(v for v in report.verdicts if v.check is Check.DIAL_TONE).readings
    assert [reading.value for reading in hertz] == [350.0, 440.0]
    assert level.value == pytest.approx(-11.0, abs=1.0)
    assert [note.kind for note in notes].count(NoteKind.FOUND) == len(order)


def test_a_call_is_not_answered_but_its_ringing_is_measured() -> None:
    with line() as session:
        session.stage.office(TRUNK).calls_in("5551234")
        report = line_test(session, TRUNK)
        assert not session.stage.office_set(TRUNK).loop.is_closed
    (ringing,) = report.verdicts
    assert (ringing.check, ringing.fault) == (Check.RINGING, None)
    assert ringing.readings[0].value == pytest.approx(75.0, rel=0.1)


def test_an_office_that_rings_weakly_is_said_to() -> None:
    with line() as session:
        office = session.stage.office_set(TRUNK)
        office.take_profile(replace(office.profile, ring_volts=30.0))
        session.stage.office(TRUNK).calls_in("5551234")
        report = line_test(session, TRUNK)
    assert found(report) == [Fault.WEAK_RINGING]


def test_an_office_port_says_how_far_it_can_measure() -> None:
    report = report_of("", TRUNK)
    (foreign,) = [verdict for verdict in report.verdicts if verdict.check is Check.FOREIGN]
    assert "can't measure to ground" in foreign.sentence


def test_bells_behind_a_long_cable_are_counted_rightly_where_it_is_known() -> None:
    nine = "loop ll5 port 4; ren 8 port 4"
    with line(nine) as session:
        (as_seen,) = [v for v in line_test(session, STATION).verdicts if v.check is Check.RINGERS]
        known = line_test(session, STATION, loop_ohms=EIA[5].ohms)
    assert as_seen.fault is None
    assert as_seen.readings[0].value == pytest.approx(3.8, abs=0.1)
    assert "A long cable hides some" in as_seen.sentence
    (bells,) = [v for v in known.verdicts if v.check is Check.RINGERS]
    assert bells.fault is Fault.TOO_MANY_RINGERS
    assert bells.readings[0].value == pytest.approx(9.0, rel=0.05)


def test_another_telephone_on_an_office_line_holds_it() -> None:
    with pytest.raises(LineInUseError, match=r"another telephone on this line is lifted"):
        report_of("parallel lifted port 0", TRUNK)
    report = report_of("parallel lifted port 0", TRUNK, lifted=True)
    assert found(report) == [Fault.PARALLEL]
    assert Check.CURRENT not in made(report)


def test_a_port_that_there_is_not_can_not_be_tested() -> None:
    with line() as session, pytest.raises(BoardOperationError, match="there is no such port"):
        line_test(session, 19)


def test_there_are_forty_of_each() -> None:
    assert (len(FAULTY), len(HEALTHY)) == (40, 40)
    not_made = {Fault.WEAK_RINGING, Fault.WEAK_DIAL_TONE, Fault.HIGH_CURRENT}
    assert {each.fault for each in FAULTY} == set(Fault) - not_made
