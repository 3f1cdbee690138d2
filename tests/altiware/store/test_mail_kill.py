# SPDX-License-Identifier: MIT
"""Killed at any moment, mailboxes have every message that was said to be saved, and no half."""

import random
from pathlib import Path

from tests.altiware.store.mail_crash import Crashes

KILLS = 5


def test_no_message_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    rng = random.Random(260303)
    crashes = Crashes(tmp_path)
    for _ in range(KILLS):
        crashes.run(rng.randint(1, 120), rng.randrange(1_000_000))
    assert crashes.operations >= 50
    assert crashes.kept
