# SPDX-License-Identifier: MIT
"""The pages of a unit: read, written, locked."""

from collections.abc import Iterator

import pytest

from boards_sim.session import SimulatedSession, simulated_session
from drivers.diagnostics.eeprom import (
    OemChanges,
    lock_page,
    read_contents,
    write_certificate,
    write_oem,
)
from drivers.diagnostics.updating import restart
from drivers.errors import BoardOperationError
from drivers.qhi.pages import OemPage
from drivers.qhi.service import Page


@pytest.fixture
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12") as session:
        yield session


def test_a_new_unit_has_no_oem(session: SimulatedSession) -> None:
    contents = read_contents(session)
    assert [(s.condition, s.is_locked) for s in contents.states] == [
        ("sound", True),
        ("empty", False),
        ("sound", False),
        ("sound", False),
    ]
    assert contents.factory is not None
    assert contents.factory.serial == "SIM-Q12-0000-0"
    assert contents.oem is None


def test_fields_that_are_not_named_stay(session: SimulatedSession) -> None:
    write_oem(session, OemChanges(manufacturer="Bell", product="Switch", contact="611"))
    write_oem(session, OemChanges(product="Switch 2"))
    assert read_contents(session).oem == OemPage("Bell", "Switch 2", "", "611")


def test_a_serial_number_is_shown_from_the_next_start_on(session: SimulatedSession) -> None:
    write_oem(session, OemChanges(serial="BELL-1"))
    restart(session)
    assert session.board.info is not None
    assert session.board.info.serial == "BELL-1"


def test_what_does_not_fit_is_refused(session: SimulatedSession) -> None:
    with pytest.raises(ValueError, match="manufacturer"):
        write_oem(session, OemChanges(manufacturer="x" * 33))


def test_a_locked_page_is_never_written_again(session: SimulatedSession) -> None:
    write_oem(session, OemChanges(manufacturer="Bell"))
    lock_page(session, Page.OEM)
    with pytest.raises(BoardOperationError, match="locked"):
        write_oem(session, OemChanges(manufacturer="Other"))
    with pytest.raises(BoardOperationError, match="locked"):
        lock_page(session, Page.OEM)
    assert read_contents(session).states[Page.OEM].is_locked


def test_an_empty_page_is_not_locked(session: SimulatedSession) -> None:
    with pytest.raises(BoardOperationError, match="verify"):
        lock_page(session, Page.OEM)


def test_a_damaged_page_is_named(session: SimulatedSession) -> None:
    session.stage.faults().run("eeprom-rot")
    assert read_contents(session).damaged == (Page.FACTORY,)


def test_a_certificate_stands_in_the_trace_page(session: SimulatedSession) -> None:
    write_certificate(session, "BI-1")
    trace = read_contents(session).trace
    assert trace is not None
    assert (trace.part, trace.certificate) == ("Q12", "BI-1")
