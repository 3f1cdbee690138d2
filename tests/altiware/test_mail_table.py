# SPDX-License-Identifier: MIT
from importlib import resources

import pytest

from altiware.config import parse
from altiware.core.mail import AfterMail, MailboxPlan
from altiware.errors import ConfigError

OFFICE = """
boards = [{ address = "quantum+sim://Q12" }]
stations = [
    { extension = "101", port = "00:04", name = "Alice" },
    { extension = "102", port = "00:05", name = "Bob" },
]
"""


def test_without_a_word_there_are_no_mailboxes() -> None:
    assert parse(OFFICE, "office").plan.mail.boxes == {}


def test_each_station_has_one_if_that_is_wished_and_rows_differ() -> None:
    config = parse(
        OFFICE
        + """
        [mail]
        stations = true
        keep_days = 30
        lists = { 1 = ["101", "150"] }
        smtp = "mail.example.org:25"
        [[mailboxes]]
        extension = "102"
        message_min = 10.0
        email = "bob@example.org"
        after_mail = "deleted"
        [[mailboxes]]
        extension = "150"
        name = "Sales"
        """,
        "office",
    )
    boxes = config.plan.mail.boxes
    assert boxes["101"] == MailboxPlan("101", "Alice", keep_days=30)
    assert boxes["102"] == MailboxPlan(
        "102", "Bob", message_s=600.0, keep_days=30, email="bob@example.org",
        after_mail=AfterMail.DELETED,
    )  # fmt: skip
    assert boxes["150"].name == "Sales"
    assert config.plan.numbering.services["150"].kind == "message"
    assert config.plan.mail.lists == {"1": ("101", "150")}
    assert config.smtp is not None
    assert (config.smtp.host, config.smtp.port) == ("mail.example.org", 25)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("[mail]\nmost_messages = 1000", "mail.most_messages = 1000"),
        ("[mail]\nretry_min = 1.0", "mail.retry_min = 1.0"),
        ('[mail]\nopens = "24:00"', 'mail.opens = "24:00"'),
        (
            '[mail]\nstations = true\nlists = { 1 = ["199"] }',
            'mail.lists.1[0] = "199": allowed: an extension with a mailbox: 101, 102',
        ),
        ('[[mailboxes]]\nextension = "1502"', '"1502": allowed: 3 digits'),
        ('[[mailboxes]]\nextension = "102"\nemail = "bob"', "mailboxes[0].email"),
    ],
)
def test_what_is_wrong_is_named(lines: str, fault: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(f"{OFFICE}\n{lines}\n", "office")
    assert fault in str(error.value)


def test_the_default_office_takes_messages() -> None:
    text = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
    boxes = parse(text, "default").plan.mail.boxes
    assert len(boxes) == 8
    assert not boxes["108"].takes_messages
