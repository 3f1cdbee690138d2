# SPDX-License-Identifier: MIT
"""Random operations on mailboxes, through the real store and disk, until killed.

Run as ``python -m tests.altiware.store.mail_driver DIR SEED``.  Prints what it is told, a line
each: ``kept BOX ID SAMPLES`` a message is kept, ``deleting ID`` it is about to be, ``begun FILE
SAMPLES`` a recording is under way, ``over FILE`` it is about to end, ``done`` an answer has come.
"""

import itertools
import os
import random
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from altiware.core.effects import ToStore
from altiware.core.events import Event
from altiware.core.ids import Party, application
from altiware.core.mail import MailboxPlan, MailPlan
from altiware.core.notices import MessageKept, Notice
from altiware.features.voicemail.messages import Draft, Greeting, MessageState, Sender
from altiware.features.voicemail.orders import (
    BeginMessage,
    Discard,
    EmptyTrash,
    Forward,
    KeepGreeting,
    KeepMessage,
    Mark,
)
from altiware.store.archive import Archive
from altiware.store.database import Database
from altiware.store.mail_files import HEADER, MAIL, TEMPORARY
from altiware.store.writer import Writer
from tests.mailroom import QUICK

BOXES = tuple(str(101 + number) for number in range(8))
PLAN = MailPlan({each: MailboxPlan(each, most_messages=999, most_mb=500.0) for each in BOXES})
AT_ONCE = 32
RATE = 8000
BLANK = bytes.fromhex(
    "524946460000000057415645666d74201000000001000100401f0000803e0000020010006461746100000000"
)


def samples_of(name: str) -> int:
    """Return how long the recording of that name is: 1 to 1.5 s."""
    return RATE + random.Random(name).randrange(RATE // 2)


def write(path: Path, samples: int, stated: int) -> None:
    """Write a recording as an engine does, whose header may be behind."""
    header = bytearray(BLANK)
    header[4:8] = (2 * stated + HEADER - 8).to_bytes(4, "little")
    header[40:44] = (2 * stated).to_bytes(4, "little")
    path.write_bytes(bytes(header) + b"\x01\x02" * samples)


class Driver:
    """Orders things at random; ``messages`` are those that it may do something with."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.folder = directory / "recordings"
        self.writer = Writer(Database.open(directory))
        hashing = ThreadPoolExecutor(1)
        self.archive = Archive(
            PLAN, self.folder, self.writer, hashing, lambda: datetime.now(UTC), hasher=QUICK
        )
        self.archive.attend(self.told)
        self.messages: list[tuple[str, str]] = []
        self.gate = threading.Semaphore(AT_ONCE)
        self.numbers = itertools.count()
        self.name = f"{seed:06d}"
        self.party = application("driver", 1)

    def told(self, party: Party | None, event: Event | Notice) -> None:
        """Take an answer or notice, in the writer's thread."""
        if isinstance(event, MessageKept):
            samples = (self.folder / MAIL / f"{event.message}.wav").stat().st_size - HEADER
            self.messages.append((event.extension, event.message))
            say(f"kept {event.extension} {event.message} {samples // 2}")
        elif party is not None:
            say("done")
            self.gate.release()

    def order(self, order: ToStore, *, answered: bool = True) -> None:
        if answered:
            self.gate.acquire()
        self.archive.perform(self.party, order)

    # The operations

    def record(self) -> str:
        """Leave a recording under a temporary name."""
        file = f"{TEMPORARY}/{self.name}-{next(self.numbers)}.wav"
        samples = samples_of(file)
        write(self.folder / file, samples, self.rng.choice((samples, samples - RATE // 2, 0)))
        return file

    def take(self) -> None:
        """Take a message; some are cut off in the middle."""
        box, sender = self.rng.choice(BOXES), Sender("2125550123", outside=True)
        file = f"{TEMPORARY}/{self.name}-{next(self.numbers)}.wav"
        self.order(BeginMessage(box, file, sender), answered=False)
        samples = samples_of(file)
        write(self.folder / file, samples, 0)
        on_disk = self.writer.submit(lambda connection: None)
        on_disk.add_done_callback(lambda _: say(f"begun {file} {samples}"))
        if self.rng.random() < 0.02:
            return
        say(f"over {file}")
        if self.rng.random() < 0.1:
            self.order(Discard(file), answered=False)
        else:
            urgent = self.rng.random() < 0.2
            self.order(KeepMessage((box,), Draft(file, sender, urgent=urgent)))

    def send(self) -> None:
        """Send one to several."""
        boxes = tuple(self.rng.sample(BOXES, self.rng.randint(1, 4)))
        self.order(KeepMessage(boxes, Draft(self.record(), Sender("101"))))

    def forward(self) -> None:
        """Send one on, with a comment or without."""
        if self.messages:
            _, message = self.rng.choice(self.messages)
            said = self.record() if self.rng.random() < 0.5 else ""
            boxes = tuple(self.rng.sample(BOXES, self.rng.randint(1, 2)))
            self.order(Forward(message, boxes, "101", Draft(said, Sender("101"))))

    def mark(self) -> None:
        """Save, delete or restore one."""
        if self.messages:
            box, message = self.rng.choice(self.messages)
            state = self.rng.choice((MessageState.SAVED, MessageState.DELETED, MessageState.NEW))
            if state is MessageState.DELETED:
                self.messages.remove((box, message))
                say(f"deleting {message}")
            self.order(Mark(box, message, state))

    def empty(self) -> None:
        """Let an owner hang up; and keep the mailboxes from growing for ever."""
        box = self.rng.choice(BOXES)
        while len(self.messages) > 200:
            owner, message = self.messages.pop(0)
            say(f"deleting {message}")
            self.order(Mark(owner, message, MessageState.DELETED))
        self.order(EmptyTrash(box), answered=False)

    def greet(self) -> None:
        """Record a greeting."""
        greeting = self.rng.choice(tuple(Greeting))
        self.order(KeepGreeting(self.rng.choice(BOXES), greeting, self.record()))

    def run(self) -> None:
        """Go on for ever."""
        works = (self.take, self.send, self.forward, self.mark, self.empty, self.greet)
        weights = (30, 5, 8, 40, 5, 3)
        while True:
            self.rng.choices(works, weights)[0]()


def say(line: str) -> None:
    """Print a line at once, whole."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


if __name__ == "__main__":
    driver = Driver(Path(sys.argv[1]), int(sys.argv[2]))
    swept = driver.archive.sweep()
    say(f"swept {swept.finished} {swept.removed}")
    driver.run()
