# SPDX-License-Identifier: MIT
"""Messages as e-mail: the sound attached, who called and when in the text.

``Mailer(...)`` is a listener of the exchange (``note``).  It works in a thread of its own; what the
mail server doesn't take now is tried again, also after a restart, for three days.  Then the message
stays as it is, and somebody is told.
"""

import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final, Protocol

from altiware.core.mail import AfterMail, MailboxPlan, MailPlan
from altiware.core.notices import MessageKept, Notice
from altiware.features.voicemail.messages import Message, MessageState

__all__ = ["MailStore", "Mailer", "SmtpTarget", "deliver", "letter"]

PATIENCE_S: Final = 30.0
"""How long the server may take for an answer."""
RETRY_S: Final = 300.0
GIVE_UP: Final = timedelta(days=3)
_STATES: Final = {
    AfterMail.NEW: None,
    AfterMail.SAVED: MessageState.SAVED,
    AfterMail.DELETED: MessageState.DELETED,
}


@dataclass(frozen=True, slots=True)
class SmtpTarget:
    """A mail server."""

    host: str
    port: int
    sender: str
    "The address in From."
    user: str = ""
    "Empty: nobody logs in."
    password: str = ""
    "Sent only when the connection is encrypted."


class MailStore(Protocol):
    """What a mailer needs of the store: :class:`altiware.store.archive.Archive` has it."""

    def unmailed(self) -> list[tuple[str, Message]]:
        """Return the messages that haven't been sent, with their mailboxes."""

    def sound(self, message: Message) -> Path:
        """Return where the sound of a message lies."""

    def mailed(self, extension: str, message: str, state: MessageState | None) -> None:
        """Note that a message has been sent, and what becomes of it (None: nothing)."""


class Mailer:
    """Sends what comes into mailboxes that have an address."""

    def __init__(
        self,
        plan: MailPlan,
        target: SmtpTarget,
        store: MailStore,
        wall: Callable[[], datetime],
        *,
        complain: Callable[[str], None],
        retry_s: float = RETRY_S,
    ) -> None:
        self._plan = plan
        self._target = target
        self._store = store
        self._wall = wall
        self._complain = complain
        self._retry_s = retry_s
        self._wanted = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="mailer")
        self._wanted.set()  # of what was left at the last end
        self._thread.start()

    def note(self, notice: Notice) -> None:
        """Take a notice of the exchange."""
        if isinstance(notice, MessageKept):
            self._wanted.set()

    def close(self) -> None:
        """End; what isn't sent yet is the next time."""
        self._closed = True
        self._wanted.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed:
            self._wanted.wait(self._retry_s)
            self._wanted.clear()
            if not self._closed:
                self._send_all()

    def _send_all(self) -> None:
        for extension, message in self._store.unmailed():
            box = self._plan.boxes.get(extension)
            if box is None or not box.email:
                self._store.mailed(extension, message.id, None)
                continue
            if self._closed or not self._send(box, message):
                return

    def _send(self, box: MailboxPlan, message: Message) -> bool:
        """Send one; whether the server was there."""
        try:
            sound = self._store.sound(message).read_bytes()
            deliver(self._target, letter(self._target, box, message, sound))
        except (smtplib.SMTPException, OSError) as error:
            if self._wall() - message.received < GIVE_UP:
                return False
            self._complain(f"message {message.id} can't be sent to {box.email}: {error}")
            self._store.mailed(box.extension, message.id, None)
            return True
        self._store.mailed(box.extension, message.id, _STATES[box.after_mail])
        return True


def deliver(target: SmtpTarget, mail: EmailMessage) -> None:
    """Give a letter to the mail server.

    Raises:
        smtplib.SMTPException, OSError: it isn't there, or doesn't take it.
    """
    with smtplib.SMTP(target.host, target.port, timeout=PATIENCE_S) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            if target.user:
                server.login(target.user, target.password)
        elif target.user:
            raise smtplib.SMTPException("the server offers no encryption for the password")
        server.send_message(mail)


def letter(target: SmtpTarget, box: MailboxPlan, message: Message, sound: bytes) -> EmailMessage:
    """Return a message as e-mail."""
    sender = message.sender
    number = sender.number or "an unknown number"
    who = f"{sender.name} ({number})" if sender.name else number
    mail = EmailMessage()
    urgent = "Urgent: voice" if message.urgent else "Voice"
    mail["Subject"] = f"{urgent} message from {who}"
    mail["From"], mail["To"] = target.sender, box.email
    mail["Date"] = format_datetime(message.received)
    mail["Message-ID"] = make_msgid(idstring=message.id, domain=target.sender.rpartition("@")[2])
    if message.urgent:
        mail["Importance"] = "high"
    lines = [
        f"From: {who}",
        f"To: {box.name or 'extension'} {box.extension}",
        f"Received: {message.received.astimezone():%A, %d %B %Y, %H:%M}",
        f"Length: {message.seconds:.0f} s",
    ]
    if message.callback:
        lines.append(f"Please call: {message.callback}")
    mail.set_content("\n".join(lines) + "\n")
    name = f"message-{message.received:%Y%m%d-%H%M%S}.wav"
    mail.add_attachment(sound, maintype="audio", subtype="wav", filename=name)
    return mail
