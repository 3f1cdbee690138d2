# SPDX-License-Identifier: MIT
"""``[mail]`` and ``[[mailboxes]]`` of the configuration: voice mail.

``[mail]`` says what holds for all mailboxes, and whether each station has one; a row of
``[[mailboxes]]`` says what is different of one, or gives one to an extension without a telephone.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from altiware.core.mail import AfterMail, MailboxPlan, MailPlan
from altiware.core.plan import StationPlan
from altiware.mailer import SmtpTarget
from altiware.toml_lines import Path

__all__ = ["MailTable", "MailboxTable", "boxes", "mail_faults", "mail_plan"]

USUAL: Final = MailPlan()
BOX: Final = MailboxPlan("")
MINUTE_S: Final = 60.0
Digits = Annotated[str, Field(pattern=r"^[0-9]+$")]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Fault = tuple[Path, object, str]


class LimitsTable(BaseModel):
    """What holds for a mailbox."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    takes_messages: bool = BOX.takes_messages
    most_messages: int = Field(default=BOX.most_messages, ge=1, le=999)
    most_mb: float = Field(default=BOX.most_mb, ge=1.0, le=500.0, allow_inf_nan=False)
    message_min: float = Field(default=BOX.message_s / MINUTE_S, ge=1.0, le=30.0)
    keep_days: int = Field(default=BOX.keep_days, ge=1, le=90)
    shortest_s: float = Field(default=BOX.shortest_s, ge=0.0, le=5.0)
    ask_password: bool = BOX.ask_password
    after_mail: AfterMail = Field(default=BOX.after_mail, strict=False)
    calls_out: bool = BOX.calls_out


class MailTable(LimitsTable):
    """``[mail]``."""

    stations: bool = False
    "Each has a mailbox."
    lists: dict[Annotated[str, Field(pattern=r"^[0-9]{1,2}$")], list[Digits]] = {}
    silence_s: float = Field(default=USUAL.silence_s, ge=1.0, le=60.0, allow_inf_nan=False)
    retries: int = Field(default=USUAL.retries, ge=0, le=16)
    retry_min: float = Field(default=USUAL.retry_s / MINUTE_S, ge=5.0, le=60.0)
    ring_s: float = Field(default=USUAL.ring_s, ge=5.0, le=120.0, allow_inf_nan=False)
    opens: Clock = USUAL.opens
    closes: Clock = USUAL.closes
    smtp: str = ""
    smtp_from: str = ""
    smtp_user: str = ""
    smtp_password: str = ""

    def target(self) -> SmtpTarget | None:
        """Return where e-mail is given; None: nowhere."""
        if not self.smtp:
            return None
        host, _, port = self.smtp.rpartition(":")
        address = (host, int(port)) if port.isdigit() and host else (self.smtp, 587)
        sender = self.smtp_from or f"voicemail@{address[0]}"
        return SmtpTarget(*address, sender, self.smtp_user, self.smtp_password)


class MailboxTable(LimitsTable):
    """``[[mailboxes]]``."""

    extension: Digits
    name: str = ""
    email: str = Field(default="", pattern=r"^([^@\s]+@[^@\s]+)?$")


def boxes(
    mail: MailTable, rows: list[MailboxTable], stations: tuple[StationPlan, ...]
) -> Mapping[str, MailboxPlan]:
    """Return the mailboxes by extension."""
    names = {each.extension: each.name for each in stations}
    wanted = {each: MailboxTable(extension=each) for each in names} if mail.stations else {}
    wanted |= {each.extension: each for each in rows}
    found = {each.extension: _box(mail, each, names) for each in wanted.values()}
    return MappingProxyType(found)


def _box(mail: MailTable, row: MailboxTable, names: Mapping[str, str]) -> MailboxPlan:
    """Return a mailbox: what its row doesn't say, is as for all."""
    said = row.model_fields_set
    limits = {
        name: getattr(row if name in said else mail, name) for name in LimitsTable.model_fields
    }
    message_s = limits.pop("message_min") * MINUTE_S
    name = row.name or names.get(row.extension, "")
    return MailboxPlan(row.extension, name, message_s=message_s, email=row.email, **limits)


def mail_plan(
    mail: MailTable, rows: list[MailboxTable], stations: tuple[StationPlan, ...]
) -> MailPlan:
    """Return what the tables say."""
    return MailPlan(
        boxes(mail, rows, stations),
        MappingProxyType({number: tuple(each) for number, each in mail.lists.items()}),
        mail.silence_s,
        mail.retries,
        mail.retry_min * MINUTE_S,
        mail.ring_s,
        mail.opens,
        mail.closes,
    )


def mail_faults(mail: MailTable, plan: MailPlan, length: int) -> Iterator[Fault]:
    """Yield what is wrong beside types: members without a mailbox, extensions of another length."""
    for number, members in mail.lists.items():
        for index, each in enumerate(members):
            if each not in plan.boxes:
                allowed = f"an extension with a mailbox: {', '.join(sorted(plan.boxes))}"
                yield ("mail", "lists", number, index), each, allowed
    for extension in plan.boxes:
        if len(extension) != length:
            yield ("mailboxes",), extension, f"{length} digits"
