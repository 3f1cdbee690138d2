# SPDX-License-Identifier: MIT
"""A message that is being recorded in real time, until this service is killed.

Run as ``python -m tests.altiware.store.killed_recording DIR process|inside``: the engine is a
process of its own, or here.  Prints how many seconds have been spoken.
"""

import os
import select
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from altiware.core.ids import application
from altiware.features.voicemail.messages import TEMPORARY, Sender
from altiware.features.voicemail.orders import BeginMessage
from altiware.store.archive import Archive
from altiware.store.database import Database
from altiware.store.writer import Writer
from dsp.engine import Engine
from dsp.launch import EngineProcess
from dsp.recorder import RecordingRules
from dsp.seat import EngineOptions
from tests.altiware.store.mail_driver import PLAN
from tests.mailroom import QUICK

FILE = f"{TEMPORARY}/one.wav"
RULES = RecordingRules(5.0, 300.0, trim_start=True, trim_end=True)


def main(directory: Path, where: str) -> None:
    """Record what the voice in the directory says."""
    folder = directory / "recordings"
    writer = Writer(Database.open(directory))
    archive = Archive(
        PLAN, folder, writer, ThreadPoolExecutor(1), lambda: datetime.now(UTC), hasher=QUICK
    )
    if where == "process":
        process = EngineProcess(directory / "engine.sock", EngineOptions(), alone_s=60.0)
        process.start()
        process.wait_until_ready()
        engine = Engine.attach(process.path)
    else:
        engine = Engine()
    order = BeginMessage("101", FILE, Sender("2125550123", outside=True))
    archive.perform(application("x", 1), order)
    writer.submit(lambda connection: None).result()
    recorder = engine.open_recorder(folder / FILE, RULES)
    engine.listen(recorder, engine.open_player(directory / "voice.wav", loop=True))
    begun = engine.now
    while True:
        select.select([engine.fileno()], [], [], 0.05)
        engine.events()
        os.write(sys.stdout.fileno(), f"{engine.now - begun:.3f}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
