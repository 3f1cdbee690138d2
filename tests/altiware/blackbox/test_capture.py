# SPDX-License-Identifier: MIT
"""A line captured on purpose, in virtual time."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from altiware.blackbox.box import open_box
from altiware.blackbox.capture import capture
from altiware.errors import UnavailableError
from boards_sim.session import simulated_session

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_ringing_line_is_captured_with_volts_events_and_its_caller(tmp_path: Path) -> None:
    with simulated_session("Q12") as session:
        session.stage.office(0).calls_in("2125550199")
        box = capture(session, 0, 6.0, tmp_path / "line.wav", country="us", began=BEGAN)
    facts = box.facts
    assert facts.seconds == pytest.approx(6.0, abs=0.02)
    assert [d.what for d in facts.decoded if d.kind == "caller"] == ["2125550199"]
    assert {"RingingChanged"} <= {moment.what for moment in facts.moments}
    volts = [each.volts for each in facts.readings if each.volts is not None]
    assert len(volts) > 15
    assert abs(volts[-1]) > 40
    assert open_box(tmp_path / "line.wav").facts == facts


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with simulated_session("Q12") as session, pytest.raises(UnavailableError, match="unwritable"):
        capture(session, 0, 0.2, tmp_path / "no" / "line.wav", country="us", began=BEGAN)
