# SPDX-License-Identifier: MIT
"""Messages as e-mail, given to a real mail server on this machine."""

import email
import email.policy
import io
import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import soundfile
from aiosmtpd.controller import Controller

from altiware.core.ids import application
from altiware.core.mail import AfterMail
from altiware.core.notices import MessageKept
from altiware.core.plan import Plan
from altiware.features.voicemail.messages import TEMPORARY, Draft, Sender
from altiware.features.voicemail.orders import KeepMessage
from altiware.mailer import Mailer, SmtpTarget, deliver
from altiware.store.archive import Archive
from altiware.store.database import Database
from altiware.store.writer import Writer
from tests.altiware.store.mail_driver import write
from tests.mailroom import QUICK, AtOnce, with_mail
from tests.signalling_rig import office_plan

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "bob@example.org"


class Postbox:
    """What a mail server has taken."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.came = threading.Semaphore(0)
        self.refuses = 0
        self.refused = threading.Semaphore(0)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            self.refuses -= 1
            self.refused.release()
            return "451 try again later"
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.letters.append(parsed)
        self.came.release()
        return "250 taken"


@contextmanager
def server(postbox: Postbox) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Office:
    """Mailboxes of which one has an address."""

    def __init__(self, directory: Path, after: AfterMail = AfterMail.NEW) -> None:
        plan = with_mail(office_plan())
        boxes = dict(plan.mail.boxes)
        boxes["102"] = replace(boxes["102"], email=ADDRESS, after_mail=after)
        self.plan: Plan = replace(plan, mail=replace(plan.mail, boxes=boxes))
        self.folder = directory / "recordings"
        self.writer = Writer(Database.open(directory))
        self.archive = Archive(
            self.plan.mail, self.folder, self.writer, AtOnce(), lambda: NOON, hasher=QUICK
        )
        self.kept = threading.Semaphore(0)
        self.complaints: list[str] = []
        self.mailer: Mailer | None = None
        self.archive.attend(self._told)

    def _told(self, party: object, event: object) -> None:
        if isinstance(event, MessageKept):
            if self.mailer:
                self.mailer.note(event)
            self.kept.release()

    def opens_mail(self, port: int, *, retry_s: float = 600.0) -> Mailer:
        target = SmtpTarget("127.0.0.1", port, "voicemail@example.org")
        self.mailer = Mailer(
            self.plan.mail,
            target,
            self.archive,
            lambda: NOON,
            complain=self.complaints.append,
            retry_s=retry_s,
        )
        return self.mailer

    def takes_message(self, box: str = "102") -> None:
        file = f"{TEMPORARY}/one.wav"
        write(self.folder / file, 16000, 16000)
        sender = Sender("2125550123", "SMITH JOHN", outside=True)
        draft = Draft(file, sender, urgent=True, callback="5550199")
        self.archive.perform(application("x", 1), KeepMessage((box,), draft))
        assert self.kept.acquire(timeout=10)

    @property
    def states(self) -> list[tuple[str, int]]:
        """The messages' states, and whether they were sent."""
        found: list[tuple[str, int]] = []
        self.writer.submit(
            lambda each: found.extend(each.execute("SELECT state, mailed FROM messages").fetchall())
        ).result()
        return found


@pytest.mark.parametrize(
    ("after", "left"),
    [
        (AfterMail.NEW, [("new", 1)]),
        (AfterMail.SAVED, [("saved", 1)]),
        (AfterMail.DELETED, []),
    ],
)
def test_a_message_is_sent_whole_and_then_dealt_with(
    tmp_path: Path, after: AfterMail, left: list[tuple[str, int]]
) -> None:
    postbox, office = Postbox(), Office(tmp_path, after)
    with server(postbox) as port:
        mailer = office.opens_mail(port)
        office.takes_message()
        assert postbox.came.acquire(timeout=10)
        mailer.close()
    (letter,) = postbox.letters
    assert letter["Subject"] == "Urgent: voice message from SMITH JOHN (2125550123)"
    assert letter["To"] == ADDRESS
    body = letter.get_body()
    assert body is not None
    assert "Please call: 5550199" in body.get_content()
    (sound,) = letter.iter_attachments()
    samples, rate = soundfile.read(io.BytesIO(sound.get_content()), dtype="int16")
    assert (rate, len(samples)) == (8000, 16000)
    assert office.states == left
    assert len(list((office.folder / "mail").glob("*.wav"))) == len(left)
    office.writer.close()


def test_what_the_server_refuses_is_sent_later_and_once(tmp_path: Path) -> None:
    postbox, office = Postbox(), Office(tmp_path)
    postbox.refuses = 1
    with server(postbox) as port:
        mailer = office.opens_mail(port, retry_s=0.05)
        office.takes_message()
        assert postbox.refused.acquire(timeout=10)
        assert postbox.came.acquire(timeout=10)
        mailer.close()
    assert len(postbox.letters) == 1
    assert office.states == [("new", 1)]
    office.writer.close()


def test_what_could_not_be_sent_before_a_restart_is_sent_after_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.takes_message()
    office.writer.close()
    again, postbox = Office(tmp_path), Postbox()
    with server(postbox) as port:
        mailer = again.opens_mail(port)
        assert postbox.came.acquire(timeout=10)
        mailer.close()
    assert again.states == [("new", 1)]
    again.writer.close()


def test_messages_for_who_has_no_address_stay_where_they_are(tmp_path: Path) -> None:
    postbox, office = Postbox(), Office(tmp_path)
    with server(postbox) as port:
        mailer = office.opens_mail(port)
        office.takes_message("103")
        office.takes_message("102")
        assert postbox.came.acquire(timeout=10)
        mailer.close()
    assert len(postbox.letters) == 1
    office.writer.close()


def test_a_password_is_not_given_to_a_server_without_encryption() -> None:
    postbox = Postbox()
    with server(postbox) as port:
        target = SmtpTarget("127.0.0.1", port, "a@example.org", "user", "secret")
        with pytest.raises(smtplib.SMTPException, match="no encryption"):
            deliver(target, EmailMessage())
