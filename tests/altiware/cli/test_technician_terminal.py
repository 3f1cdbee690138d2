# SPDX-License-Identifier: MIT
"""What a technician does for minutes, in real time, on a board at a terminal.

Whether it is right is proved in virtual time (test_technician.py); here it holds together: this
program, a terminal, another program, and time that doesn't wait.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.profiles import profile
from tests.altiware.cli.test_commands import altiware
from tests.boards_sim.test_process import Process

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


@pytest.fixture
def address() -> Iterator[str]:
    """Where a board is that has just been switched on."""
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip("this machine is too busy to keep real time")
    with Process("--profile", "Q8", "--pty") as process:
        yield process.ready["board"]


def image(path: Path, does: Behaviour) -> Path:
    path.write_bytes(simulated_image(SIMULATED_VENDOR, profile("Q8").type, 0x0102_0003, does))
    return path


def test_firmware_is_updated_and_another_left_again(address: str, tmp_path: Path) -> None:
    done = altiware(
        "board", "firmware", "update", address, image(tmp_path / "a", Behaviour.GOOD), "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"good": True, "version": "1.2.3"}
    done = altiware(
        "board", "firmware", "update", address, image(tmp_path / "b", Behaviour.CRASHES)
    )
    assert done.returncode == 1, done.stderr
    assert "The board went back to the firmware before." in done.stdout
    shown = json.loads(altiware("board", "firmware", "show", address, "--json").stdout)
    assert [slot["version"] for slot in shown["slots"] if slot["runs"]] == ["1.2.3"]


def test_a_burn_in_ends_in_a_certificate_that_is_as_it_was_issued(
    address: str, tmp_path: Path
) -> None:
    burnt = altiware("board", "burnin", address, "--out", tmp_path, "--json")
    if burnt.returncode == 3:  # too busy even to keep the link, and it is said
        assert "not up" in burnt.stderr or "no answer" in burnt.stderr
        pytest.skip(burnt.stderr)
    assert burnt.returncode in {0, 1}, burnt.stderr  # frames may be lost here, and are told
    number = json.loads(burnt.stdout)["number"]
    for name in ("certificate.json", "certificate.txt"):
        verified = altiware("board", "certificate", "verify", tmp_path / name, "--json")
        assert verified.returncode == 0, verified.stdout
    text = (tmp_path / "certificate.txt").read_text()
    assert number in text
    (tmp_path / "certificate.txt").write_text(text.replace("SIM-Q8", "SIM-Q9"))
    assert altiware("board", "certificate", "verify", tmp_path / "certificate.txt").returncode == 1


def test_a_cable_that_is_not_there_is_found_missing(address: str) -> None:
    done = altiware("board", "cable", address, "--fxs", "4", "--fxo", "0", "--json")
    assert done.returncode == 1, done.stderr
    (reading,) = [each for each in json.loads(done.stdout)["readings"] if not each["good"]]
    assert "is the cable in the right sockets?" in reading["detail"]
