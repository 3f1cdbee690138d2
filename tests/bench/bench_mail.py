# SPDX-License-Identifier: MIT
"""96 callers leave messages at once, in real time on one core, and whether all of them are whole.

The engine's recorders (with pause trimming) are fed by 96 voices; CPU time is of the whole process.
Then all 96 messages are kept at once by the real store on the real disk.  Whole is a message in
which every sample of the voice is found, bit for bit.
"""

import os
import queue
import select
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from altiware.core.ids import application
from altiware.core.mail import MailboxPlan, MailPlan
from altiware.features.voicemail.messages import FOLDER, TEMPORARY, Draft, Sender
from altiware.features.voicemail.orders import BeginMessage, KeepMessage, Kept
from altiware.store.archive import Archive
from altiware.store.database import Database
from altiware.store.writer import Writer
from dsp.engine import Engine
from dsp.events import PortDone
from dsp.recorder import RecordingRules
from tests.figure import Figure
from tests.mailroom import QUICK

AT_ONCE: Final = 96
SPOKEN_S: Final = 10.0
RULES: Final = RecordingRules(5.0, 300.0, trim_start=True, trim_end=True)
RATE: Final = 8000


def _voice(file: Path) -> None:
    """Write noise in syllables, four a second, without a pause at its ends."""
    rng = np.random.default_rng(1)
    samples = np.arange(round(SPOKEN_S * RATE))
    syllables = 0.2 + 0.8 * (samples % (RATE // 4) < RATE // 6)
    soundfile.write(file, (rng.normal(0, 3000, len(samples)) * syllables).astype(np.int16), RATE)


def _record(folder: Path, engine: Engine) -> tuple[float, float]:
    """Let 96 callers speak; return CPU and wall seconds of that time."""
    _voice(folder / "voice.wav")
    recorders: set[int] = set()
    for number in range(AT_ONCE):
        recorder = engine.open_recorder(folder / f"{TEMPORARY}/{number}.wav", RULES)
        player = engine.open_player(folder / "voice.wav")
        engine.listen(recorder, player)
        recorders.add(recorder)
    cpu, wall = time.process_time(), time.monotonic()
    until = wall + SPOKEN_S + 0.5
    while time.monotonic() < until:
        select.select([engine.fileno()], [], [], 0.2)
        engine.events()
    spent = time.process_time() - cpu, time.monotonic() - wall
    for recorder in recorders:
        engine.close_port(recorder)
    while recorders:
        select.select([engine.fileno()], [], [], 0.2)
        recorders -= {each.port for each in engine.events() if isinstance(each, PortDone)}
    return spent


def _keep(folder: Path, directory: Path) -> float:
    """Keep all messages at once; return seconds until the last is acknowledged."""
    boxes = {str(101 + number): MailboxPlan(str(101 + number)) for number in range(AT_ONCE)}
    writer = Writer(Database.open(directory))
    hashing = ThreadPoolExecutor(1)
    archive = Archive(
        MailPlan(boxes), folder, writer, hashing, lambda: datetime.now(UTC), hasher=QUICK
    )
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    archive.attend(lambda party, event: answers.put(event) if party is not None else None)
    party = application("bench", 1)
    begun = time.monotonic()
    for number, box in enumerate(boxes):
        file, sender = f"{TEMPORARY}/{number}.wav", Sender("2125550123", outside=True)
        archive.perform(party, BeginMessage(box, file, sender))
        archive.perform(party, KeepMessage((box,), Draft(file, sender)))
    kept = [answers.get(timeout=60.0) for _ in boxes]
    took = time.monotonic() - begun
    assert all(isinstance(each, Kept) for each in kept)
    writer.close()
    hashing.shutdown()
    return took


def measure() -> Iterator[Figure]:
    """Yield CPU, how many messages are whole, and how long their keeping takes."""
    usable = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        directory, folder = Path(name), Path(name) / "recordings"
        (folder / TEMPORARY).mkdir(parents=True)
        os.sched_setaffinity(0, {min(usable)})
        try:
            with Engine(timeslots=4 * AT_ONCE) as engine:
                cpu_s, wall_s = _record(folder, engine)
                late = engine.counters().late_files
        finally:
            os.sched_setaffinity(0, usable)
        keep_s = _keep(folder, directory)
        voice = soundfile.read(folder / "voice.wav", dtype="int16")[0]
        kept = [soundfile.read(each, dtype="int16")[0] for each in (folder / FOLDER).glob("*.wav")]
    whole = sum(voice.tobytes() in each.tobytes() for each in kept)
    yield Figure("mail_96_recordings_cpu_percent", 100.0 * cpu_s / wall_s, "%")
    yield Figure("mail_96_recordings_whole", float(whole), "messages")
    yield Figure("mail_96_samples_missed", float(late), "samples")
    yield Figure("mail_96_kept_s", keep_s, "s")
