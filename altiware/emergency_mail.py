# SPDX-License-Identifier: MIT
"""Emergency calls as e-mail: who, from where, and the number to call back.

``EmergencyMail(...)`` is a listener of the exchange (``note``), and works in a thread of its own:
nothing waits for it.  What the mail server doesn't take now is tried again for an hour; then
somebody is told.  It keeps nothing: what isn't sent when the service ends, is not.
"""

import queue
import smtplib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from altiware.core.notices import EmergencyCalled, Notice
from altiware.features.emergency import described
from altiware.mailer import SmtpTarget, deliver

__all__ = ["EmergencyMail", "letter"]

RETRY_S: Final = 10.0
GIVE_UP: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Waiting:
    notice: EmergencyCalled
    called: datetime


class EmergencyMail:
    """Sends what is known of emergency calls."""

    def __init__(
        self,
        to: Sequence[str],
        target: SmtpTarget,
        wall: Callable[[], datetime],
        *,
        complain: Callable[[str], None],
        retry_s: float = RETRY_S,
    ) -> None:
        self._to = to
        self._target = target
        self._wall = wall
        self._complain = complain
        self._retry_s = retry_s
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="emergency mail")
        self._thread.start()

    def note(self, notice: Notice) -> None:
        """Take a notice of the exchange."""
        if isinstance(notice, EmergencyCalled):
            self._waiting.put(_Waiting(notice, self._wall()))

    def close(self) -> None:
        """End; what isn't sent yet is lost."""
        self._closed.set()
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            mail = letter(self._target, self._to, waiting.notice, waiting.called)
            while not self._closed.is_set() and not self._send(mail, waiting):
                self._closed.wait(self._retry_s)

    def _send(self, mail: EmailMessage, waiting: _Waiting) -> bool:
        """Send it; whether nothing more is to be done for it."""
        try:
            deliver(self._target, mail)
        except (smtplib.SMTPException, OSError) as error:
            if self._wall() - waiting.called < GIVE_UP:
                return False
            self._complain(f"{mail['Subject']}: can't be sent: {error}")
        return True


def letter(
    target: SmtpTarget, to: Sequence[str], notice: EmergencyCalled, called: datetime
) -> EmailMessage:
    """Return an emergency call as e-mail."""
    mail = EmailMessage()
    mail["Subject"] = f"Emergency call from {notice.extension} {notice.name}".rstrip()
    mail["From"], mail["To"] = target.sender, ", ".join(to)
    mail["Date"] = format_datetime(called)
    mail["Message-ID"] = make_msgid(domain=target.sender.rpartition("@")[2])
    mail["Importance"] = "high"
    mail.set_content(f"{called.astimezone():%A, %d %B %Y, %H:%M:%S}\n{described(notice)}\n")
    return mail
