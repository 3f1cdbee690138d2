# SPDX-License-Identifier: MIT
"""The technician's board commands: in virtual time, and once each as a person calls them."""

import builtins
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer

import altiware.cli.opened as module
from altiware.cli import burnin, eeprom, firmware, technician, transmission
from altiware.errors import UsageError
from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.session import SimulatedSession, simulated_session
from drivers.diagnostics.eeprom import OemChanges, read_contents
from drivers.errors import BoardOperationError
from tests.altiware.cli.test_commands import altiware, refused

ADDRESS = "quantum+sim://Q8"
SERIAL = "SIM-Q8-0000-0"
Q8 = 4


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedSession]:
    """Return the board that all commands of a test find, in virtual time."""
    with simulated_session("Q8") as session:

        @contextmanager
        def opened(address: str) -> Iterator[SimulatedSession]:
            assert address == ADDRESS
            yield session

        monkeypatch.setattr(module, "open_session", opened)
        yield session


Run = Callable[[Callable[[], None]], tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command: its status, and what it printed."""

    def command(order: Callable[[], None]) -> tuple[int, str]:
        try:
            order()
        except typer.Exit as end:
            return end.exit_code, capsys.readouterr().out
        return 0, capsys.readouterr().out

    return command


def test_a_sound_board_tests_itself(board: SimulatedSession, run: Run) -> None:
    said = run(lambda: technician.show_self_test(ADDRESS, as_json=False))
    assert said == (0, f"Q8 {SERIAL}: self-test good, 34.0 °C\n")


def test_each_failure_says_what_to_do(board: SimulatedSession, run: Run) -> None:
    board.stage.faults().run("ppm 150")
    status, said = run(lambda: technician.show_self_test(ADDRESS, as_json=False))
    assert status == 1
    assert "clock: Its sample clock is missing or off by more than 100 ppm" in said
    status, said = run(lambda: technician.show_self_test(ADDRESS, as_json=True))
    found: dict[str, Any] = json.loads(said)
    assert (status, found["good"], found["failures"][0]["failure"]) == (1, False, "clock")


def test_a_board_is_reset(board: SimulatedSession, run: Run) -> None:
    status, said = run(lambda: technician.reset(ADDRESS, as_json=True))
    assert (status, json.loads(said)["serial"]) == (0, SERIAL)


def test_a_lamp_blinks(board: SimulatedSession, run: Run) -> None:
    status, said = run(lambda: technician.identify(ADDRESS, as_json=False))
    assert (status, said) == (0, f"Q8 {SERIAL}: its lamp blinks for a few seconds\n")


def test_pages_are_shown(board: SimulatedSession, run: Run) -> None:
    status, said = run(lambda: eeprom.show(ADDRESS, as_json=True))
    pages = json.loads(said)
    assert (status, pages["factory"]["serial"], pages["oem"]) == (0, SERIAL, None)
    _, said = run(lambda: eeprom.show(ADDRESS, as_json=False))
    assert "1     oem          empty    open" in said


def test_a_damaged_page_is_a_fault(board: SimulatedSession, run: Run) -> None:
    board.stage.faults().run("eeprom-rot")
    assert run(lambda: eeprom.show(ADDRESS, as_json=False))[0] == 1


def test_the_oem_is_written(board: SimulatedSession, run: Run) -> None:
    changes = OemChanges(manufacturer="Bell", serial="B-1")
    status, said = run(lambda: eeprom.write(ADDRESS, changes, as_json=True))
    assert (status, json.loads(said)["oem"]["serial"]) == (0, "B-1")


def test_nothing_to_write_and_too_much_are_wrong_input(board: SimulatedSession) -> None:
    with pytest.raises(UsageError, match="name what to write"):
        eeprom.write(ADDRESS, OemChanges(), as_json=False)
    with pytest.raises(UsageError, match="at most 16"):
        eeprom.write(ADDRESS, OemChanges(serial="x" * 17), as_json=False)


def type_in(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: typed)


def test_a_lock_wants_the_serial_number(
    board: SimulatedSession, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "something else")
    with pytest.raises(UsageError, match="nothing was locked"):
        eeprom.lock(ADDRESS, "trace", yes=False, as_json=False)
    type_in(monkeypatch, SERIAL)
    status, said = run(lambda: eeprom.lock(ADDRESS, "trace", yes=False, as_json=False))
    assert (status, said) == (0, f"Q8 {SERIAL}: page trace is locked, for ever\n")
    assert read_contents(board).states[2].is_locked


def test_a_lock_without_a_person_wants_yes(board: SimulatedSession) -> None:
    with pytest.raises(UsageError, match="confirm it with --yes"):
        eeprom.lock(ADDRESS, "trace", yes=False, as_json=False)
    with pytest.raises(UsageError, match="allowed are factory, oem, trace, calibration"):
        eeprom.lock(ADDRESS, "attic", yes=True, as_json=False)
    with pytest.raises(BoardOperationError, match="verify"):
        eeprom.lock(ADDRESS, "oem", yes=True, as_json=False)


def image(path: Path, does: Behaviour) -> Path:
    path.write_bytes(simulated_image(SIMULATED_VENDOR, Q8, 0x0102_0003, does))
    return path


def test_firmware_is_updated_and_taken_back(
    board: SimulatedSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    firmware.bring(ADDRESS, image(tmp_path / "image", Behaviour.GOOD), as_json=False)
    told = capsys.readouterr()
    assert told.out == "Version 1.2.3 runs, and has proved itself.\n"
    steps = [line for line in told.err.splitlines() if not line.startswith("writing")]
    assert steps == ["announcing the image", "verifying", "activating",
                     "waiting for the board to boot", "on trial"]  # fmt: skip
    firmware.take_back(ADDRESS, as_json=True)
    slots = json.loads(capsys.readouterr().out)["slots"]
    assert [(slot["version"], slot["runs"]) for slot in slots] == [
        ("1.0.0", True),
        ("1.2.3", False),
    ]


def test_an_update_that_fails_is_a_fault(board: SimulatedSession, run: Run, tmp_path: Path) -> None:
    file = image(tmp_path / "image", Behaviour.CRASHES)
    status, said = run(lambda: firmware.bring(ADDRESS, file, as_json=False))
    assert (status, said) == (
        1,
        "Not updated: the new firmware did not prove itself. "
        "The board went back to the firmware before.\n",
    )


def test_no_image_is_wrong_input(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        firmware.bring(ADDRESS, tmp_path / "none", as_json=False)
    (tmp_path / "empty").touch()
    with pytest.raises(UsageError, match="is empty"):
        firmware.bring(ADDRESS, tmp_path / "empty", as_json=False)


@pytest.mark.parametrize(
    ("test", "readings"),
    [
        (lambda: transmission.show_loopback(ADDRESS, 4, as_json=True), 5),
        (lambda: transmission.show_prbs(ADDRESS, None, 1.0, 16, as_json=True), 16),
        (lambda: transmission.show_response(ADDRESS, 4, codec=False, as_json=True), 17),
        (lambda: transmission.show_noise(ADDRESS, 4, line=False, as_json=True), 1),
        (lambda: transmission.show_crosstalk(ADDRESS, 4, as_json=True), 1),
    ],
)
def test_what_was_measured_as_json(
    board: SimulatedSession, run: Run, test: Callable[[], None], readings: int
) -> None:
    status, said = run(test)
    found = json.loads(said)
    assert (status, found["good"], len(found["readings"])) == (0, True, readings)


def test_a_fault_is_named_in_a_sentence(board: SimulatedSession, run: Run) -> None:
    board.stage.faults().run("noise 40dBrnC port 5")
    status, said = run(lambda: transmission.show_noise(ADDRESS, None, line=False, as_json=False))
    assert status == 1
    assert f"Q8 {SERIAL}: 1 outside of the limits\n  port 5 noise idle: " in said


def test_a_cable_that_is_not_there_is_a_fault(board: SimulatedSession, run: Run) -> None:
    status, said = run(lambda: transmission.show_cable(ADDRESS, 4, 0, as_json=False))
    assert status == 1
    assert "ringing at the office port" in said


def test_a_port_that_is_not_there_is_wrong_input(board: SimulatedSession) -> None:
    with pytest.raises(UsageError, match="--port 8: Q8 has ports 0 to 7"):
        transmission.show_noise(ADDRESS, 8, line=False, as_json=False)


def test_a_burn_in_leaves_a_certificate_and_pictures(
    board: SimulatedSession, run: Run, tmp_path: Path
) -> None:
    status, said = run(lambda: burnin.burn(ADDRESS, 0.0, tmp_path, write=True, as_json=True))
    certificate = json.loads(said)
    assert (status, certificate["good"], certificate["written"]) == (0, True, True)
    for name in ("response", "noise", "jitter"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    trace = read_contents(board).trace
    assert trace is not None
    assert trace.certificate == certificate["number"]
    for name in ("certificate.json", "certificate.txt"):
        status, said = run(lambda name=name: burnin.verify(tmp_path / name, as_json=False))  # type: ignore[misc]
        assert (status, "as it was issued" in said) == (0, True)
    changed = (tmp_path / "certificate.json").read_text().replace(SERIAL, "ANOTHER")
    (tmp_path / "certificate.json").write_text(changed)
    assert run(lambda: burnin.verify(tmp_path / "certificate.json", as_json=True))[0] == 1


def test_without_matplotlib_there_is_a_certificate_all_the_same(
    board: SimulatedSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    imported = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return imported(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    burnin.burn(ADDRESS, 0.0, tmp_path, write=False, as_json=False)
    told = capsys.readouterr()
    assert "no plots: plots need matplotlib: pip install 'altiware[plots]'" in told.err
    assert "Verdict      PASSED" in told.out
    assert not list(tmp_path.glob("*.png"))


def test_a_locked_trace_page_is_said(
    board: SimulatedSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eeprom.lock(ADDRESS, "trace", yes=True, as_json=False)
    burnin.burn(ADDRESS, 0.0, tmp_path, write=True, as_json=False)
    assert "not written into the unit" in capsys.readouterr().err


# In real time, as a person calls them


@pytest.mark.parametrize(
    "command",
    [
        ("selftest", ADDRESS),
        ("identify", ADDRESS),
        ("reset", ADDRESS),
        ("eeprom", "show", ADDRESS),
        ("eeprom", "write", ADDRESS, "--product", "Switch"),
        ("eeprom", "lock", ADDRESS, "--page", "trace", "--yes"),
        ("firmware", "show", ADDRESS),
        ("noise", ADDRESS, "--port", "4"),
    ],
)
def test_a_command_in_real_time(command: tuple[str, ...]) -> None:
    done = altiware("board", *command, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize(
    "command",
    [("loopback",), ("prbs", "--seconds", "1"), ("response",), ("crosstalk",)],
)
def test_a_measurement_in_real_time(command: tuple[str, ...]) -> None:
    name, *options = command
    done = altiware("board", name, ADDRESS, "--port", "4", *options, "--json")
    if done.returncode == 3:  # this machine is too busy even for orders, and it is said
        assert "no answer" in done.stderr
        return
    assert done.returncode in {0, 1}, done.stderr  # it may lose frames, and say so
    assert json.loads(done.stdout)["readings"]


def test_what_is_not_possible_has_status_3() -> None:
    assert "roll back" in refused("board", "firmware", "rollback", ADDRESS, status=3)


def test_a_lock_without_a_terminal_has_status_2() -> None:
    assert "--yes" in refused("board", "eeprom", "lock", ADDRESS)
