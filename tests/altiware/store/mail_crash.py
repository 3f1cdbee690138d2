# SPDX-License-Identifier: MIT
"""Mailboxes survive kill -9 at any moment: ``python -m tests.altiware.store.mail_crash 100000``.

Drives :mod:`tests.altiware.store.mail_driver`, kills it again and again, and looks after each kill
at what is on the disk: as the kill left it, and when the next start has swept.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from altiware.core.notices import MessageWaiting
from altiware.features.voicemail.orders import LookAround
from altiware.store.database import Database
from altiware.store.mail import MailWorks
from altiware.store.mail_files import GREETINGS, HEADER, MAIL, TEMPORARY, Sounds
from tests.altiware.store.mail_driver import PLAN

__all__ = ["Crashes"]


@dataclass
class Crashes:
    """What the drivers said, and what was found on the disk."""

    directory: Path
    operations: int = 0
    kills: int = 0
    finished: int = 0
    "Recordings under way at a kill that the sweep made messages of."
    removed: int = 0
    kept: dict[str, tuple[str, int]] = field(default_factory=dict)
    "Mailbox and samples of messages that were told to be kept, and not to be deleted."
    begun: set[str] = field(default_factory=set)
    "Recordings that were under way, on the disk, and not about to end."
    over: set[str] = field(default_factory=set)

    def run(self, operations: int, seed: int) -> None:
        """Run a driver until it has done so many operations, kill it, and look."""
        command = [sys.executable, "-m", "tests.altiware.store.mail_driver", str(self.directory)]
        self.begun.clear()
        self.over.clear()
        with subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, text=True) as driver:
            assert driver.stdout is not None
            done = 0
            try:
                while done < operations:
                    line = driver.stdout.readline()
                    assert line, "the driver died by itself"
                    done += self._read(line)
            finally:
                driver.kill()
            done += sum(self._read(each) for each in driver.stdout if each.endswith("\n"))
        self.kills += 1
        self.operations += done
        self._look()

    def _read(self, line: str) -> int:
        """Take what the driver said; 1 for an operation that was answered."""
        match line.split():
            case ["kept", box, message, samples]:
                self.kept[message] = (box, int(samples))
            case ["deleting", message]:
                self.kept.pop(message, None)
            case ["begun", file, _]:
                self.begun.add(file)
            case ["over", file]:
                self.over.add(file)
            case ["done"]:
                return 1
        return 0

    def _look(self) -> None:
        database = Database.open(self.directory)
        connection = database.connection
        sounds = Sounds(self.directory / "recordings")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        self._check(database, sounds)
        works = MailWorks(PLAN, sounds, lambda: datetime.now(UTC))
        before = {row[0] for row in connection.execute("SELECT id FROM messages")}
        connection.execute("BEGIN")
        swept = works.sweep(connection)
        connection.execute("COMMIT")
        self.finished += swept.finished
        self.removed += swept.removed
        self._check(database, sounds)
        self._check_nothing_half(database, sounds)
        after = {row[0] for row in connection.execute("SELECT id FROM messages")}
        assert swept.finished >= len(self.begun - self.over), "who was speaking has left a message"
        assert len(after - before) == swept.finished
        self._check_counters(works, database)
        database.close()

    def _check(self, database: Database, sounds: Sounds) -> None:
        """No message that was told to be kept is lost, and each row has its whole sound."""
        found = {
            name: (box, seconds, size, comment)
            for name, box, seconds, size, comment in database.connection.execute(
                "SELECT id, mailbox, seconds, bytes, comment FROM messages"
            )
        }
        lost = self.kept.keys() - found.keys()
        assert not lost, f"lost: {lost}"
        for name, (box, seconds, size, comment) in found.items():
            data = sounds.path(f"{MAIL}/{name}.wav").read_bytes()
            assert len(data) == size == HEADER + round(seconds * 16000), name
            assert int.from_bytes(data[40:44], "little") == len(data) - HEADER, name
            assert data[HEADER:] == b"\x01\x02" * ((len(data) - HEADER) // 2), name
            if name in self.kept:
                assert self.kept[name] == (box, (len(data) - HEADER) // 2)
            if comment:
                assert sounds.seconds(f"{MAIL}/{name}-comment.wav") >= 1.0
        for (file,) in database.connection.execute("SELECT file FROM greetings"):
            assert sounds.seconds(file) >= 1.0

    def _check_nothing_half(self, database: Database, sounds: Sounds) -> None:
        """Each file belongs to a row."""
        assert sounds.files(TEMPORARY) == []
        rows = database.connection.execute("SELECT id, comment FROM messages").fetchall()
        known = {f"{MAIL}/{name}.wav" for name, _ in rows}
        known |= {f"{MAIL}/{name}-comment.wav" for name, comment in rows if comment}
        assert set(sounds.files(MAIL)) == known
        greetings = {row[0] for row in database.connection.execute("SELECT file FROM greetings")}
        assert set(sounds.files(GREETINGS)) == greetings

    def _check_counters(self, works: MailWorks, database: Database) -> None:
        """What lamps are told is what is there."""
        told = works.look_around(LookAround(), database.connection).notices
        rows = database.connection.execute("SELECT mailbox, state, urgent FROM messages").fetchall()
        for each in told:
            assert isinstance(each, MessageWaiting)
            own = [(state, urgent) for box, state, urgent in rows if box == each.extension]
            new = [urgent for state, urgent in own if state == "new"]
            saved = [state for state, _ in own if state == "saved"]
            assert (each.new, each.urgent, each.saved) == (len(new), sum(new), len(saved))
        assert not [state for _, state, _ in rows if state == "deleted"]


def main() -> None:
    """Do as many operations as are asked for, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("operations", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=260303)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        crashes = Crashes(Path(directory))
        while crashes.operations < options.operations:
            crashes.run(rng.randint(1, 2000), rng.randrange(1_000_000))
            line = f"{crashes.operations} operations, {crashes.kills} kills, "
            line += f"{crashes.finished} recordings finished by the sweep, {crashes.removed} files "
            line += f"removed, 0 lost; {time.monotonic() - begun:.0f} s"
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
