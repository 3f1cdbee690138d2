# SPDX-License-Identifier: MIT
"""The service whole: from ``altiware run`` to a dial tone, a call, a record; stopped and killed."""

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from altiware.core.causes import Cause
from altiware.core.record import CallRecord
from altiware.store.database import open_reading
from altiware.store.queries import newest_calls, seen_boards
from drivers.actors import Stage
from tests.altiware.cli.test_commands import altiware, refused
from tests.altiware.service import running

WAIT_S = 20.0
PAIRS = ((4, "105", 8), (5, "106", 9), (6, "107", 10), (7, "108", 11))
"""Port of the caller, number dialled, port of the called."""


def kept(directory: Path) -> dict[str, CallRecord]:
    """Return all calls that another process can see."""
    connection = open_reading(directory)
    try:
        return {record.id: record for record in newest_calls(connection, 10_000)}
    finally:
        connection.close()


def closed(calls: dict[str, CallRecord]) -> dict[str, CallRecord]:
    """Return the calls that are over."""
    return {name: record for name, record in calls.items() if record.closed}


def until_there(control: Path) -> None:
    """Wait until the simulated board takes wishes."""
    deadline = time.monotonic() + WAIT_S
    while not control.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def talk(stage: Stage, caller: int, digits: str, called: int) -> None:
    """Call from one telephone to another, until both talk."""
    stage.telephone(caller).lifts()
    stage.telephone(caller).hears("dial")
    stage.telephone(caller).dials(digits)
    stage.telephone(called).rings()
    stage.telephone(called).lifts()


def test_a_lifted_telephone_has_dial_tone_and_a_call_leaves_a_record(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        said = service.greeting()
        assert "Q12, serial SIM-Q12" in said
        assert f" -m boards_sim act {service.control}" in said
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
            stage.telephone(PAIRS[0][0]).hangs_up()
            stage.telephone(PAIRS[0][2]).hears("reorder")
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(WAIT_S) == 0
    (record,) = kept(tmp_path).values()
    assert (record.caller.number, record.digits, record.cause) == ("101", "105", Cause.NORMAL)
    done = altiware("call", "trace", record.id, "--data", tmp_path)
    assert "OffHook" in done.stdout
    connection = open_reading(tmp_path)
    assert [board.model for board in seen_boards(connection)] == ["Q12"]
    connection.close()


def test_what_the_greeting_offers_can_be_copied_into_any_shell(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        said = service.greeting().splitlines()
        shown = {line.split()[0]: line[15:] for line in said if line.startswith("  ")}
        for what in ("try", "records"):
            done = subprocess.run(
                ["/bin/sh", "-c", shown[what]],
                capture_output=True,
                text=True,
                env={"PATH": "/usr/bin:/bin"},
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, (shown[what], done.stderr)
        with service.stage() as stage:
            stage.telephone(4).hears("dial")


def test_a_service_that_nobody_listens_to_goes_on(tmp_path: Path) -> None:
    with running(tmp_path, stdout=Path("/dev/full")) as service:
        until_there(service.control)
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
        assert service.process.poll() is None
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(WAIT_S) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_call_that_is_going_on_ends_when_the_service_is_stopped(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as service:
        service.greeting()
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
        service.process.send_signal(number)
        assert service.process.wait(WAIT_S) == 0
    (record,) = kept(tmp_path).values()
    assert record.cause is Cause.STOPPED


def test_a_second_service_on_the_same_records_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        assert "another altiware is running" in refused("run", "--data", tmp_path)


def test_a_board_that_is_unplugged_comes_back_by_itself(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
            stage.wishes("closes")
        assert service.process.stdout is not None
        assert "lost (link closed" in service.process.stdout.readline()
        assert service.process.stdout.readline().endswith(": up\n")
    (record,) = kept(tmp_path).values()
    assert record.cause is Cause.BOARD_LOST


def test_killed_in_the_middle_of_calls_it_has_lost_no_record(tmp_path: Path) -> None:
    rng = random.Random(260002)
    seen: dict[str, CallRecord] = {}
    for _ in range(3):
        with running(tmp_path) as service:
            service.greeting()
            with service.stage() as stage:
                call_until(stage, tmp_path, len(seen) + rng.randint(3, 8))
            seen |= closed(kept(tmp_path))
            service.process.kill()
            service.process.wait(WAIT_S)
        assert closed(kept(tmp_path)).items() >= seen.items()
    left = kept(tmp_path).keys() - closed(kept(tmp_path)).keys()
    assert left, "some calls were going on"
    with running(tmp_path) as service:
        assert "left open at the last end" in service.greeting()
    after = kept(tmp_path)
    assert closed(after) == after
    assert {after[name].cause for name in left} == {Cause.RESTART}
    assert after.items() >= seen.items()


def call_until(stage: Stage, directory: Path, records: int) -> None:
    """Let four pairs call each other, over and over, until so many calls are over."""
    for caller, digits, called in PAIRS:
        talk(stage, caller, digits, called)
    until = time.monotonic() + WAIT_S
    while len(closed(kept(directory))) < records:
        assert time.monotonic() < until
        caller, digits, called = PAIRS[len(closed(kept(directory))) % len(PAIRS)]
        stage.telephone(caller).hangs_up()
        stage.telephone(called).hangs_up()
        stage.passes(1.2)
        talk(stage, caller, digits, called)


def test_what_it_writes_is_its_user_s_alone(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        ours = {path for path in tmp_path.rglob("*") if path.name not in GIVEN}
        assert {"altiware.db", "prompts-cache", "lock"} <= {path.name for path in ours}
        for path in ours:
            assert path.stat().st_mode & 0o077 == 0, path


GIVEN = ("altiware.toml", "control.sock")
"""What the test has put there, and the simulation's own door."""
