# SPDX-License-Identifier: MIT
"""An office line examined: what it says, what it doesn't, and what goes wrong."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from boards_sim.office import OfficeState
from boards_sim.offices import OFFICES, Disconnect
from drivers.diagnostics.findings import HangUpSign
from drivers.diagnostics.note import NoteKind
from tests.accuracy.accuracy_detect import examined, is_right
from tests.virtual_session import Technician, VirtualSession


@pytest.fixture
def at() -> Iterator[Technician]:
    """A technician at a German line."""
    with VirtualSession("de") as session:
        yield Technician(session)


def behaves(technician: Technician, **what: object) -> None:
    profile = technician.office.profile
    technician.office.profile = replace(profile, **what)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", OFFICES)
def test_an_office_is_known_by_what_it_sends(name: str) -> None:
    findings = examined(OFFICES[name])
    assert is_right(findings, OFFICES[name]), findings


def test_a_reversal_at_the_end(at: Technician) -> None:
    behaves(at, disconnect=Disconnect.REVERSAL, answer_reversal=False)
    assert at.examines().signs == {HangUpSign.REVERSAL, HangUpSign.BUSY}


@pytest.mark.parametrize("reverses", [True, False])
@pytest.mark.parametrize("recalls", [True, False])
def test_an_answer_and_a_flash(at: Technician, reverses: bool, recalls: bool) -> None:
    behaves(at, answer_reversal=reverses, flash_recall=recalls)
    findings = at.examines(answer_number="5550177", call_s=0.0)
    assert (findings.answer_reversal, findings.flash_recall) == (reverses, recalls)
    assert findings.faults == ()
    at.session.stage.passes(1.0)
    assert at.office.state is OfficeState.IDLE


def test_a_number_that_nobody_answers(at: Technician) -> None:
    at.calls = False
    findings = at.examines(busy_number="", answer_number="5550177", call_s=20.0)
    assert findings.faults[0] == "Nobody answered the call to 5550177"
    assert (findings.answer_reversal, findings.flash_recall) == (None, None)


def test_the_line_is_left_as_it_was_found(at: Technician) -> None:
    at.examines()
    at.session.stage.passes(1.0)
    assert at.office.state is OfficeState.IDLE
    engine = at.session.engine
    assert not any(engine.sources(port) for port in engine.open_ports())
    assert len(engine.open_ports()) == 12


def test_what_a_person_is_to_do_is_said_in_time(at: Technician) -> None:
    at.examines()
    asked = [note.text for note in at.notes if note.kind is NoteKind.ASKING]
    assert asked == [
        "Call this line now (within 60 s)",
        "Answered: hang up the telephone that you called from",
    ]


def test_a_dead_line(at: Technician) -> None:
    behaves(at, dial_tone_ms=60_000)
    assert at.examines().faults == ("No dial tone: is the line connected, and is it in service?",)


def test_a_number_that_rings_is_not_busy(at: Technician) -> None:
    findings = at.examines(busy_number="5550199", call_s=0.0)
    assert findings.faults == ("5550199 isn't busy: it rings",)
    assert [tone.pattern.name for tone in findings.tones] == ["dial", "reorder", "ringback"]
    assert findings.verdict.confidence == 1.0


def test_nobody_calls(at: Technician) -> None:
    at.calls = False
    findings = at.examines(call_s=5.0)
    assert (findings.signs, findings.caller_id, findings.faults) == (frozenset(), None, ())
    assert at.notes[-1].text == "Nobody called: caller ID and hang-up are not known"


def test_a_caller_who_is_not_shown(at: Technician) -> None:
    behaves(at, modem=None)
    findings = at.examines()
    assert findings.caller_id is None
    assert findings.signs == {HangUpSign.BUSY}


def test_an_office_that_says_nothing_of_the_end(at: Technician) -> None:
    behaves(at, disconnect=Disconnect.NOTHING, return_tone_ms=120_000)
    assert "said nothing" in at.examines().faults[0]


def test_how_long_the_loop_is_opened(at: Technician) -> None:
    behaves(at, disconnect=Disconnect.OPEN_SWITCH, open_switch_ms=150)
    assert at.examines().open_loop_ms == pytest.approx(150, abs=20)


def test_a_board_that_is_lost_ends_it(at: Technician) -> None:
    at.session.stage.faults().reboots()
    assert at.examines().faults[0].startswith("The board ")
