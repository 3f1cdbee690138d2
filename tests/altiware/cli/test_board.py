# SPDX-License-Identifier: MIT
"""The board commands on a simulated board in real time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from boards_sim.remote import RemoteStage
from tests.altiware.cli.test_commands import altiware, refused
from tests.child import end


@contextmanager
def monitoring(control: Path, *options: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Run ``board monitor --json``; yields what it prints."""
    address = f"quantum+sim://Q12?control={control}"
    command = [sys.executable, "-m", "altiware", "board", "monitor", address, "--json", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert "watching" in process.stderr.readline()
            yield map(json.loads, process.stdout)
        finally:
            end(process)


def test_a_board_says_who_it_is() -> None:
    done = altiware("board", "info", "quantum+sim://Q8", "--json")
    info = json.loads(done.stdout)
    assert (info["model"], len(info["ports"])) == ("Q8", 8)
    assert info["ports"][0]["kind"] == "fxo"
    assert "ring_tx" in info["ports"][7]["capabilities"]


def test_a_board_is_shown_to_people() -> None:
    lines = altiware("board", "info", "quantum+sim://Q12").stdout.splitlines()
    assert lines[0].startswith("Q12  serial SIM-Q12")
    assert [line.split()[:2] for line in lines[-12:]] == [
        [str(number), "FXO" if number < 4 else "FXS"] for number in range(12)
    ]


def test_hooks_digits_and_levels_are_watched(tmp_path: Path) -> None:
    control = tmp_path / "control.sock"
    with monitoring(control) as lines:
        stage = RemoteStage(control)
        phone = stage.telephone(4)
        phone.lifts()
        phone.dials("5")
        seen = []
        while "DigitEnded" not in seen:
            line = next(lines)
            if line.get("port") == 4:
                seen.append(line["event"])
        stage.close()
    assert [name for name in seen if name != "LevelMeasured"] == [
        "HookChanged",
        "DigitHeard",
        "DigitEnded",
    ]


def test_a_port_that_is_not_there_is_named() -> None:
    said = refused("board", "monitor", "quantum+sim://Q8", "--port", "8")
    assert said == "altiware: --port 8: Q8 has ports 0 to 7\n"


def test_watching_ends_when_told() -> None:
    done = altiware("board", "monitor", "quantum+sim://Q12", "--port", "0", "--seconds", "0.1")
    assert (done.returncode, done.stdout) == (0, "")


def test_an_unknown_profile_is_named_with_those_that_there_are() -> None:
    assert "quantum+sim://Q12S" in refused("board", "info", "quantum+sim://Q99")
