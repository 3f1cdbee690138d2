# SPDX-License-Identifier: MIT
"""Emergency calls as e-mail, given to a real mail server on this machine."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from altiware.core.ids import CallId
from altiware.core.notices import EmergencyCalled, EngineLost
from altiware.emergency_mail import EmergencyMail
from altiware.mailer import SmtpTarget
from tests.altiware.test_mailer import Postbox, server

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CALLED = EmergencyCalled(
    1.0, CallId("c-1"), "101", "Alice", "2nd floor, room 12", "2125550100", "911"
)
TO = ("warden@example.org", "gate@example.org")


@pytest.mark.feature("emergency", "e-mail")
def test_who_and_where_is_written_to_all() -> None:
    postbox = Postbox()
    with server(postbox) as port:
        mail = EmergencyMail(
            TO, SmtpTarget("127.0.0.1", port, "pbx@example.org"), lambda: NOON, complain=print
        )
        mail.note(EngineLost(0.5))
        mail.note(CALLED)
        assert postbox.came.acquire(timeout=10)
        mail.close()
    (letter,) = postbox.letters
    assert letter["Subject"] == "Emergency call from 101 Alice"
    assert letter["To"] == "warden@example.org, gate@example.org"
    assert "2nd floor, room 12; call back: 2125550100" in letter.get_content()


def test_a_server_that_refuses_is_tried_again() -> None:
    postbox = Postbox()
    postbox.refuses = 2
    with server(postbox) as port:
        target = SmtpTarget("127.0.0.1", port, "pbx@example.org")
        mail = EmergencyMail(TO, target, lambda: NOON, complain=print, retry_s=0.01)
        mail.note(CALLED)
        assert postbox.came.acquire(timeout=10)
        mail.close()
    assert len(postbox.letters) == 1


def test_after_an_hour_somebody_is_told() -> None:
    complained = threading.Event()
    hours = iter(NOON + timedelta(hours=each) for each in range(100))
    told: list[str] = []

    def complain(text: str) -> None:
        told.append(text)
        complained.set()

    postbox = Postbox()
    postbox.refuses = 100
    with server(postbox) as port:
        target = SmtpTarget("127.0.0.1", port, "pbx@example.org")
        mail = EmergencyMail(TO, target, lambda: next(hours), complain=complain, retry_s=0.01)
        mail.note(CALLED)
        assert complained.wait(timeout=10)
        mail.close()
    assert told[0].startswith("Emergency call from 101 Alice: can't be sent")


def test_a_service_that_ends_does_not_wait_for_the_server() -> None:
    postbox = Postbox()
    postbox.refuses = 100
    with server(postbox) as port:
        target = SmtpTarget("127.0.0.1", port, "pbx@example.org")
        mail = EmergencyMail(TO, target, lambda: NOON, complain=print, retry_s=1000.0)
        mail.note(CALLED)
        assert postbox.refused.acquire(timeout=10)
        mail.close()
    assert not postbox.letters
