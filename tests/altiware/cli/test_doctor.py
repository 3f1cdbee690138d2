# SPDX-License-Identifier: MIT
"""``altiware doctor`` on this machine, and with a board in virtual time."""

import json
from pathlib import Path

from altiware.cli.doctor import board_findings, device_of
from boards_sim.session import simulated_session
from tests.altiware.cli.test_commands import altiware, refused


def test_this_machine_is_examined_for_tools(tmp_path: Path) -> None:
    done = altiware("doctor", "--data", tmp_path, "--json")
    findings = json.loads(done.stdout)
    assert done.returncode == any(each["severity"] == "fault" for each in findings)
    assert {"severity", "subject", "what", "why", "remedy"} == set(findings[0])


def test_a_board_that_is_not_there_is_a_fault_with_a_remedy(tmp_path: Path) -> None:
    done = altiware("doctor", "quantum+serial:///dev/ttyNONE", "--data", tmp_path)
    assert done.returncode == 1
    assert "FAULT serial ports" in done.stdout
    assert "/dev/ttyNONE isn't there" in done.stdout


def test_an_address_of_no_kind_is_refused() -> None:
    assert "quantum+tcp://" in refused("doctor", "teapot://1")


def test_a_port_is_found_in_the_address_of_what_has_one() -> None:
    assert device_of("vmodem:///dev/ttyUSB2?country=b5") == "/dev/ttyUSB2"
    assert device_of("quantum+tcp://10.0.0.7:5400") == ""


def test_a_board_says_who_it_is_and_its_clock_is_looked_at() -> None:
    with simulated_session("Q12") as session:
        board, clock = board_findings(session, listen_s=0.5)
    assert board.what.startswith("Q12, serial SIM-Q12")
    assert clock.severity.value == "note"  # virtual time is nobody's clock
