# SPDX-License-Identifier: MIT
"""The service as a process of its own, on a simulated board whose telephones the test moves."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import resources
from pathlib import Path
from typing import Final

from boards_sim.remote import RemoteStage

__all__ = ["ADDRESS", "START_LAST_LINE", "Service", "running", "write_config"]

ADDRESS: Final = "quantum+sim://Q12"
NOT_PASSED_ON: Final = frozenset({"PYTHONDONTWRITEBYTECODE"})
"""People's machines keep compiled modules, and start in half the time."""
START_LAST_LINE: Final = "Ctrl-C ends it.\n"


def write_config(directory: Path) -> Path:
    """Write the default configuration with the control socket in ``directory``; return that."""
    control = directory / "control.sock"
    text = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
    file = directory / "altiware.toml"
    file.write_text(text.replace(ADDRESS, f"{ADDRESS}?control={control}"), "utf-8")
    return control


class Service:
    """A running service."""

    def __init__(self, process: "subprocess.Popen[str]", control: Path) -> None:
        self.process = process
        self.control = control
        self._said = ""

    def says(self, words: str) -> str:
        """Wait until it has said this, now or before; return all that it has said."""
        assert self.process.stdout is not None
        while words not in self._said:
            line = self.process.stdout.readline()
            assert line, f"it ended: {self._said}"
            self._said += line
        return self._said

    def greeting(self) -> str:
        """Wait until it has started; return what it said."""
        return self.says(START_LAST_LINE)

    @contextmanager
    def stage(self) -> Iterator[RemoteStage]:
        """Reach its telephones and offices."""
        stage = RemoteStage(self.control)
        try:
            yield stage
        finally:
            stage.close()


@contextmanager
def running(directory: Path, *, stdout: Path | None = None) -> Iterator[Service]:
    """Run the service on a data directory; it is killed at the end if it is still there."""
    control = directory / "control.sock"
    if not (directory / "altiware.toml").exists():
        control = write_config(directory)
    command = [sys.executable, "-m", "altiware", "run", "--data", str(directory)]
    environment = {name: os.environ[name] for name in os.environ if name not in NOT_PASSED_ON}
    with (
        stdout.open("w") if stdout else nullcontext(subprocess.PIPE) as out,
        subprocess.Popen(command, stdout=out, text=True, env=environment) as process,
    ):
        try:
            yield Service(process, control)
        finally:
            process.kill()
