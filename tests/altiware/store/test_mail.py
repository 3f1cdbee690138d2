# SPDX-License-Identifier: MIT
"""Mailboxes on the disk: what is kept, what is refused, and what a kill has left."""

from pathlib import Path
from typing import Any

import pytest

from altiware.core.effects import ToStore
from altiware.core.ids import Party, application
from altiware.core.notices import MessageKept, MessageWaiting
from altiware.features.voicemail.messages import TEMPORARY, Draft, MessageState, Sender
from altiware.features.voicemail.orders import (
    BeginMessage,
    EmptyTrash,
    Forward,
    KeepMessage,
    Kept,
    Look,
    MailboxShown,
    Mark,
    NotKept,
)
from tests.altiware.store.mail_driver import RATE, write
from tests.mailroom import archive_in, with_mail
from tests.signalling_rig import office_plan

PARTY = application("test", 1)
CALLER = Sender("2125550123", "SMITH JOHN", outside=True)


class Room:
    """Mailboxes, and what they answered."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.folder = folder
        self.archive, self.writer = archive_in(folder, with_mail(office_plan(), **limits))
        self.told: list[object] = []
        self.archive.attend(self._told)

    def _told(self, party: Party | None, event: object) -> None:
        self.told.append(event)

    def asks(self, order: ToStore) -> object:
        """Order something; return the answer."""
        self.told.clear()
        self.archive.perform(PARTY, order)
        return self.told[0] if self.told else None

    def records(self, name: str, seconds: float = 2.0, stated: int | None = None) -> str:
        file = f"{TEMPORARY}/{name}.wav"
        samples = round(seconds * RATE)
        write(self.folder / file, samples, samples if stated is None else stated)
        return file

    def keeps(self, box: str, name: str, seconds: float = 2.0) -> object:
        draft = Draft(self.records(name, seconds), CALLER)
        return self.asks(KeepMessage((box,), draft))

    def shows(self, box: str) -> MailboxShown:
        shown = self.asks(Look(box))
        assert isinstance(shown, MailboxShown)
        return shown

    @property
    def files(self) -> list[str]:
        return sorted(each.name for each in (self.folder / "mail").glob("*.wav"))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_message_is_told_with_all_that_is_known_of_it(room: Room) -> None:
    assert room.keeps("102", "a") == Kept(0.0, ("102",))
    assert [each for each in room.told if isinstance(each, MessageWaiting)] == [
        MessageWaiting(0.0, "102", 1, 0, 0)
    ]
    (message,) = room.shows("102").mailbox.messages
    assert (message.sender, message.seconds, message.state) == (CALLER, 2.0, MessageState.NEW)


def test_a_mailbox_has_room_for_so_many_and_for_so_much(tmp_path: Path) -> None:
    room = Room(tmp_path, most_messages=2, most_mb=1.0)
    assert room.keeps("102", "a", 40.0) == Kept(0.0, ("102",))
    assert room.shows("102").mailbox.room_s == pytest.approx(22.5, abs=0.1)
    assert room.keeps("102", "b", 23.0) == NotKept(0.0, "full")
    assert room.keeps("102", "c", 2.0) == Kept(0.0, ("102",))
    assert room.keeps("102", "d", 2.0) == NotKept(0.0, "full")
    assert len(room.files) == 2


def test_one_that_had_room_when_it_began_is_kept(tmp_path: Path) -> None:
    room = Room(tmp_path, most_messages=1)
    room.asks(BeginMessage("102", room.records("a"), CALLER))
    assert room.keeps("102", "b") == Kept(0.0, ("102",))
    draft = Draft(f"{TEMPORARY}/a.wav", CALLER)
    assert room.asks(KeepMessage(("102",), draft)) == Kept(0.0, ("102",))


def test_a_list_with_a_full_mailbox_reaches_the_others(tmp_path: Path) -> None:
    room = Room(tmp_path, most_messages=1)
    room.keeps("102", "a")
    kept = room.asks(KeepMessage(("101", "102"), Draft(room.records("b"), CALLER)))
    assert kept == Kept(0.0, ("101",), ("102",))


def test_a_forwarded_message_outlives_the_first(room: Room) -> None:
    room.keeps("102", "a")
    (message,) = room.shows("102").mailbox.messages
    said = Draft(room.records("comment"), Sender("102"))
    assert room.asks(Forward(message.id, ("103",), "102", said)) == Kept(0.0, ("103",))
    room.asks(Mark("102", message.id, MessageState.DELETED))
    room.asks(EmptyTrash("102"))
    (copy,) = room.shows("103").mailbox.messages
    assert (copy.sender, copy.forwarded_by, copy.comment) == (CALLER, "102", True)
    assert room.files == sorted([f"{copy.id}.wav", f"{copy.id}-comment.wav"])


def test_a_message_of_another_mailbox_can_t_be_marked(room: Room) -> None:
    room.keeps("102", "a")
    (message,) = room.shows("102").mailbox.messages
    room.asks(Mark("103", message.id, MessageState.DELETED))
    assert room.shows("102").mailbox.messages == (message,)


def test_what_the_disk_refuses_is_kept_nowhere(room: Room) -> None:
    draft = Draft(room.records("a"), CALLER)
    (room.folder / "mail").rename(room.folder / "away")
    assert room.asks(KeepMessage(("102",), draft)) == NotKept(0.0, "short")
    (room.folder / "away").rename(room.folder / "mail")
    (room.folder / draft.file).chmod(0o400)
    assert room.shows("102").mailbox.messages == ()


def test_a_sweep_makes_messages_of_recordings_that_were_under_way(room: Room) -> None:
    long = room.records("long", 3.0, stated=RATE)  # the header is behind: the engine was killed
    short = room.records("short", 0.5)
    room.asks(BeginMessage("102", long, CALLER))
    room.asks(BeginMessage("102", short, CALLER))
    room.records("nobody's")
    swept = room.archive.sweep()
    assert (swept.finished, swept.removed) == (1, 2)
    (message,) = room.shows("102").mailbox.messages
    assert (message.seconds, message.sender) == (3.0, CALLER)
    data = (room.folder / message.sound.file).read_bytes()
    assert int.from_bytes(data[40:44], "little") == len(data) - 44


def test_a_sweep_finishes_what_had_its_name_already_but_no_row(room: Room) -> None:
    file = room.records("a")
    room.asks(BeginMessage("102", file, CALLER))
    room.writer.connection.execute("BEGIN")
    works = room.archive._works
    works.keep(KeepMessage(("102",), Draft(file, CALLER)), room.writer.connection)
    room.writer.connection.execute("ROLLBACK")  # killed between the name and the row
    assert not (room.folder / file).exists()
    assert room.archive.sweep().finished == 1
    assert len(room.shows("102").mailbox.messages) == 1


def test_a_sweep_is_the_hang_up_of_who_was_there(room: Room) -> None:
    room.keeps("102", "a")
    kept = next(each for each in room.told if isinstance(each, MessageKept))
    room.asks(Mark("102", kept.message, MessageState.DELETED))
    room.archive.sweep()
    assert room.shows("102").mailbox.messages == ()
    assert room.files == []
