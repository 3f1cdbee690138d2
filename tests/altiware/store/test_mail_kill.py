# SPDX-License-Identifier: MIT
"""Killed at any moment, mailboxes have every message that was said to be saved, and no half."""

import random
import select
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from altiware.store.database import Database
from altiware.store.mail import MailWorks
from altiware.store.mail_files import Sounds
from tests.altiware.store.mail_crash import Crashes
from tests.altiware.store.mail_driver import PLAN

KILLS = 5


def test_no_message_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    rng = random.Random(260303)
    crashes = Crashes(tmp_path)
    for _ in range(KILLS):
        crashes.run(rng.randint(1, 120), rng.randrange(1_000_000))
    assert crashes.operations >= 50
    assert crashes.kept


@pytest.mark.parametrize("where", ["process", "inside"])
def test_who_was_speaking_has_left_all_but_his_last_second(tmp_path: Path, where: str) -> None:
    """An engine of its own ends when nothing is linked to it, its recordings completed."""
    noise = np.random.default_rng(1).normal(0, 3000, 8000).astype(np.int16)
    soundfile.write(tmp_path / "voice.wav", noise, 8000)
    command = [sys.executable, "-m", "tests.altiware.store.killed_recording", str(tmp_path), where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        spoken_s = 0.0
        try:
            while spoken_s < 2.5:
                spoken_s = float(service.stdout.readline())
        finally:
            service.kill()
    deadline = time.monotonic() + 20.0
    while (tmp_path / "engine.sock").exists():  # as the next start does: no engine may be there
        assert time.monotonic() < deadline
        select.select([], [], [], 0.05)
    database = Database.open(tmp_path)
    sounds = Sounds(tmp_path / "recordings")
    swept = MailWorks(PLAN, sounds, lambda: datetime.now(UTC)).sweep(database.connection)
    assert swept.finished == 1
    ((name, seconds),) = database.connection.execute("SELECT id, seconds FROM messages")
    database.close()
    assert seconds > spoken_s - 1.0
    samples, _ = soundfile.read(sounds.path(f"mail/{name}.wav"), dtype="int16")
    assert len(samples) == round(seconds * 8000)
