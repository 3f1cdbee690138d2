# SPDX-License-Identifier: MIT
"""A running service is asked, changed, killed on trial, backed up and brought back."""

import json
import shutil
import signal
from pathlib import Path

from altiware.core.causes import Cause
from tests.altiware.cli.test_commands import altiware, refused
from tests.altiware.service import Service, running
from tests.altiware.test_service import PAIRS, WAIT_S, kept, talk


def told(data: Path, *arguments: str | Path) -> str:
    """Run a command that must succeed; return what it prints."""
    ended = altiware(*arguments, "--data", data)
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    return ended.stdout


def stop(service: Service) -> None:
    """Stop the service, and wait until it has."""
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(WAIT_S) == 0


def test_a_change_is_taken_while_a_call_goes_on(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
            said = told(tmp_path, "extension", "set", "108", "extension=118")
            assert "stations.118" in said
            assert "service" not in said
            talk(stage, 6, "118", 11)
            said = told(tmp_path, "config", "set", "engine.process=false")
            assert "when the service is started again: engine.process" in said
            assert (tmp_path / "altiware.sock").stat().st_mode & 0o777 == 0o600
            stage.telephone(PAIRS[0][0]).hangs_up()
            stage.telephone(PAIRS[0][2]).hears("reorder")
        stop(service)
    assert not (tmp_path / "altiware.sock").exists()
    first, second = kept(tmp_path).values()
    assert (first.digits, first.cause) == ("105", Cause.NORMAL)
    assert (second.caller.number, second.digits) == ("103", "118")


def test_a_trial_that_nobody_confirms_ends_by_itself(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        before = (tmp_path / "altiware.toml").read_text()
        new = tmp_path / "new.txt"
        new.write_text(before.replace("Reception", "Desk"))
        told(tmp_path, "config", "apply", new, "--confirm-within", "1s")
        assert service.process.stdout is not None
        line = service.process.stdout.readline()
        assert line == "configuration: version 1 again: version 2 was not confirmed\n"
        assert (tmp_path / "altiware.toml").read_text() == before


def test_a_service_killed_on_trial_rolls_back_when_it_starts(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.greeting()
        before = (tmp_path / "altiware.toml").read_text()
        new = tmp_path / "new.txt"
        new.write_text(before.replace("Reception", "Desk"))
        told(tmp_path, "config", "apply", new, "--confirm-within", "1s")
        service.process.kill()
        service.process.wait(WAIT_S)
    with running(tmp_path) as service:  # the trial ends while it starts, or after
        service.greeting()
        service.says("version 1 again: version 2 was not confirmed")
        versions = json.loads(told(tmp_path, "config", "history", "--json"))
        assert versions[0]["note"] == "version 1 again: version 2 was not confirmed"
        assert (tmp_path / "altiware.toml").read_text() == before


def test_everything_is_destroyed_and_comes_back(tmp_path: Path) -> None:
    data, out = tmp_path / "office", tmp_path / "office.tar"
    data.mkdir()
    with running(data) as service:
        service.greeting()
        with service.stage() as stage:
            talk(stage, *PAIRS[0])
            stage.telephone(PAIRS[0][0]).hangs_up()
            stage.telephone(PAIRS[0][2]).hears("reorder")
        told(data, "extension", "set", "101", "name=Desk")
        told(data, "backup", out)
        assert "another altiware is running" in refused("restore", out, "--data", data)
        stop(service)
    shutil.rmtree(data)
    told(data, "restore", out)
    with running(data) as service:
        assert "101 (Desk)" in service.greeting()
        stop(service)
    (record,) = kept(data).values()
    assert (record.caller.number, record.digits) == ("101", "105")
