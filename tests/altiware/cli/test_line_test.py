# SPDX-License-Identifier: MIT
"""``altiware line test``: what it prints, what it refuses, and how it ends."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from altiware.cli import line_test
from altiware.config import write_default
from altiware.errors import UsageError
from boards_sim.session import SimulatedSession, simulated_session
from drivers.errors import LineInUseError
from tests.altiware.cli.test_commands import altiware

ADDRESS = "quantum+sim://Q8"


@pytest.fixture
def board_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a board whose time is virtual in the place of a real one."""

    def put(faults: str) -> None:
        @contextmanager
        def opened(_: str) -> Iterator[SimulatedSession]:
            with simulated_session("Q8", faults=faults) as session:
                yield session

        monkeypatch.setattr(line_test, "open_session", opened)

    return put


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "altiware.toml"


def test_a_good_line_for_people(
    board_with: Callable[[str], None], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board_with("")
    line_test.test(f"{ADDRESS}:4", file, lifted=False, loop_ohms=None, as_json=False)
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0].split() == ["check", "measured", "limit", "verdict"]
    assert shown.out.splitlines()[-1] == "The line is good."
    assert "Counting the bells" in shown.err


def test_a_fault_is_data_and_status_1(
    board_with: Callable[[str], None], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board_with("leak ring-ground 62k port 4")
    with pytest.raises(typer.Exit) as ended:
        line_test.test(f"{ADDRESS}:4", file, lifted=False, loop_ohms=None, as_json=True)
    assert ended.value.exit_code == 1
    document = json.loads(capsys.readouterr().out)
    (leak,) = [verdict for verdict in document["verdicts"] if verdict["fault"]]
    assert (document["port"], document["kind"], document["good"]) == (4, "fxs", False)
    assert (leak["fault"], leak["severity"]) == ("leak from ring to ground", "fault")
    assert leak["readings"][0]["value"] == pytest.approx(62e3, rel=0.02)
    open_line = [r["value"] for v in document["verdicts"] for r in v["readings"]]
    assert all(isinstance(value, float | None) for value in open_line)


def test_a_lifted_telephone_is_refused(board_with: Callable[[str], None], file: Path) -> None:
    board_with("stuck port 4")
    with pytest.raises(LineInUseError, match="the telephone on it is lifted"):
        line_test.test(f"{ADDRESS}:4", file, lifted=False, loop_ohms=None, as_json=False)


def test_all_lines_of_a_board(
    board_with: Callable[[str], None], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board_with("cut port 1; leak tip-ring 9k port 5; stuck port 6")
    write_default(file)
    with pytest.raises(typer.Exit):
        line_test.test_all(ADDRESS, file, lifted=False, loop_ohms=None, as_json=True)
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [each["port"] for each in lines if each.get("good")] == [0, 2, 3, 4, 7]
    assert [each["port"] for each in lines if "refused" in each] == [6]


def test_a_port_that_there_is_not(board_with: Callable[[str], None], file: Path) -> None:
    board_with("")
    with pytest.raises(UsageError, match="port 19: Q8 has ports 0 to 7"):
        line_test.test(f"{ADDRESS}:19", file, lifted=False, loop_ohms=None, as_json=False)


@pytest.mark.parametrize("board", ["x", "07"])
def test_what_is_no_board_is_refused(board: str, file: Path) -> None:
    with pytest.raises(UsageError, match=board):
        line_test.test_all(board, file, lifted=False, loop_ohms=None, as_json=False)


def test_a_board_that_is_not_there_can_not_be_used_now(tmp_path: Path) -> None:
    done = altiware("line", "test", "quantum+serial:///dev/nothing:4", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "/dev/nothing" in done.stderr
