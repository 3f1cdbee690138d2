# SPDX-License-Identifier: MIT
"""Versions: kept, undone, rolled back in time, and whole whatever interrupts their writing."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest

from altiware.configuration.versions import History
from altiware.errors import ConfigError, UnavailableError, UsageError
from altiware.store.database import Database
from altiware.store.writer import Writer
from tests.altiware.configuration.clock import Clock

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
SECOND = DEFAULT.replace("Reception", "Desk")
THIRD = DEFAULT.replace("Reception", "Front")
MINUTE = timedelta(minutes=1)


class Bench:
    """A data directory whose service is started as often as the test wants."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / "altiware.toml"
        self.file.write_text(DEFAULT)
        self.clock = Clock()
        self.start()

    def start(self) -> None:
        """Open it, as a service does that starts."""
        self.writer = Writer(Database.open(self.directory))
        self.history = History(self.file, self.directory, self.writer, wall=self.clock)

    def restart(self) -> None:
        """Close it and open it again."""
        self.writer.close()
        self.start()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Return a data directory with the default configuration, settled."""
    bench = Bench(tmp_path)
    bench.history.settle()
    yield bench
    bench.writer.close()


def told(bench: Bench) -> list[tuple[int, str, str]]:
    """Return number, author and note of all versions, the newest first."""
    return [(each.number, each.author, each.note) for each in bench.history.versions(100)]


def test_the_file_as_it_was_found_is_the_first_version(bench: Bench) -> None:
    assert told(bench) == [(1, "file", "as found")]
    assert bench.history.settle().number == 1


def test_a_change_is_a_version_and_the_file(bench: Bench) -> None:
    bench.file.chmod(0o640)
    bench.history.change(SECOND, "ann", "a desk")
    assert told(bench)[0] == (2, "ann", "a desk")
    assert bench.file.read_text() == SECOND
    assert bench.file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in bench.directory.glob(".*")] == []
    bench.restart()
    assert bench.history.settle().number == 2


def test_a_link_to_the_file_stays_one(bench: Bench) -> None:
    elsewhere = bench.directory / "etc.toml"
    bench.file.rename(elsewhere)
    bench.file.symlink_to(elsewhere)
    bench.restart()
    bench.history.change(SECOND, "ann", "")
    assert bench.file.is_symlink()
    assert elsewhere.read_text() == SECOND


def test_undo_goes_back_step_by_step_and_forgets_nothing(bench: Bench) -> None:
    bench.history.change(SECOND, "ann", "")
    bench.history.change(THIRD, "bob", "")
    assert bench.history.undo("ann").text == SECOND
    assert bench.history.undo("ann").text == DEFAULT
    with pytest.raises(UsageError, match="nothing to undo"):
        bench.history.undo("ann")
    assert bench.history.undo("ann", to=3).text == THIRD
    assert bench.history.undo("ann").text == DEFAULT
    assert told(bench)[0] == (7, "ann", "version 5 again")
    with pytest.raises(UsageError, match="version 99: there are 1 to 7"):
        bench.history.undo("ann", to=99)


def test_what_is_not_confirmed_in_time_is_rolled_back(bench: Bench) -> None:
    bench.history.change(SECOND, "ann", "", MINUTE)
    assert bench.history.due_s() == 60.0
    bench.clock.now += MINUTE - timedelta(seconds=1)
    assert bench.history.expire() is None
    bench.clock.now += timedelta(seconds=1)
    rolled = bench.history.expire()
    assert rolled
    assert told(bench)[0] == (3, "altiware", "version 1 again: version 2 was not confirmed")
    assert bench.file.read_text() == DEFAULT
    assert bench.history.due_s() is None
    assert bench.history.expire() is None


def test_what_is_confirmed_holds_for_good(bench: Bench) -> None:
    bench.history.change(SECOND, "ann", "", MINUTE)
    assert bench.history.confirm().confirm_by is None
    bench.clock.now += 2 * MINUTE
    assert bench.history.expire() is None
    assert bench.file.read_text() == SECOND
    with pytest.raises(UsageError, match="no version waits"):
        bench.history.confirm()


@pytest.mark.parametrize("late", [False, True])
def test_a_restart_ends_no_trial(bench: Bench, late: bool) -> None:
    bench.history.change(SECOND, "ann", "", MINUTE)
    bench.clock.now += 2 * MINUTE if late else MINUTE / 2
    bench.restart()
    held = bench.history.settle()
    assert (held.number, held.text) == ((3, DEFAULT) if late else (2, SECOND))
    assert bench.history.due_s() == (None if late else 30.0)
    assert bench.file.read_text() == held.text


def test_nothing_is_built_on_a_version_on_trial(bench: Bench) -> None:
    bench.history.change(SECOND, "ann", "", MINUTE)
    with pytest.raises(UnavailableError, match="version 2 waits to be confirmed"):
        bench.history.change(THIRD, "bob", "")
    assert bench.history.undo("ann").text == DEFAULT


def test_what_was_edited_by_hand_is_a_version(bench: Bench) -> None:
    bench.history.change(SECOND, "ann", "", MINUTE)
    bench.file.write_text(THIRD)
    bench.clock.now += 2 * MINUTE
    assert bench.history.settle().text == THIRD
    assert told(bench)[0] == (3, "file", "edited by hand")
    assert bench.history.undo("ann").text == DEFAULT


def test_the_file_edited_in_place_can_be_put_on_trial(bench: Bench) -> None:
    bench.file.write_text(SECOND)
    bench.history.change(SECOND, "ann", "", MINUTE)
    bench.clock.now += MINUTE
    assert bench.history.expire()
    assert bench.file.read_text() == DEFAULT


def test_a_file_that_was_edited_wrong_is_refused_and_undone(bench: Bench) -> None:
    bench.file.write_text("country = 1")
    with pytest.raises(ConfigError, match="country"):
        bench.history.settle()
    assert told(bench) == [(1, "file", "as found")]
    assert bench.history.restore_file("ann")
    assert bench.file.read_text() == DEFAULT
    assert bench.history.restore_file("ann") is None


def test_killed_between_row_and_file_the_change_is_finished(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def killed(self: History, prepared: Path) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(History, "_replace", killed)
        with pytest.raises(KilledError):
            bench.history.change(SECOND, "ann", "", MINUTE)
    assert bench.file.read_text() == DEFAULT
    bench.restart()
    assert bench.history.settle().number == 2
    assert bench.file.read_text() == SECOND
    assert bench.history.due_s() == 60.0


FULL = """
import resource, signal, sys
from pathlib import Path
from altiware.configuration.versions import History
from altiware.errors import AltiwareError
from altiware.store.database import Database
from altiware.store.writer import Writer
directory = Path(sys.argv[1])
writer = Writer(Database.open(directory))
history = History(directory / "altiware.toml", directory, writer)
history.settle()
text = history.file.read_text() + "# long\\n" * 100_000
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    history.change(text, "ann", "")
except AltiwareError as error:
    print(error)
writer.close()
"""


def test_on_a_full_disk_all_is_as_it_was(bench: Bench) -> None:
    bench.writer.close()
    done = subprocess.run([sys.executable, "-c", FULL, str(bench.directory)], text=True,
                          capture_output=True, check=True, timeout=60)  # fmt: skip
    assert "File too large" in done.stdout
    bench.start()
    assert told(bench) == [(1, "file", "as found")]
    assert bench.file.read_text() == DEFAULT
    assert [each.name for each in bench.directory.glob(".*")] == []
