# SPDX-License-Identifier: MIT
"""Sentences about mailboxes and messages, put together from phrases, names and numbers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from altiware.core.speech import Recording
from altiware.features.speaking import ENGLISH, Clips, Counted, phrases
from altiware.features.voicemail.messages import Mailbox, Message, MessageState, Sender

__all__ = ["PHRASES", "about", "sender", "summary"]

PHRASES: Final = {
    "you-have": "You have",
    "and": "and",
    "messages-expire": "Some of your saved messages will be deleted tomorrow.",
    "mailbox-almost-full": "Your mailbox is almost full. Please delete messages that you do not "
    "need.",
    "mailbox-full": "Your mailbox is full. Nobody can leave a message until you delete some.",
    "message-urgent": "Urgent.",
    "message-private": "Private.",
    "message-from": "Message from",
    "message-forwarded": "This message was forwarded by",
    "extension": "extension",
    "an-outside-caller": "an outside caller",
    "pause": "",
}
FEW_S: Final = 60.0
"""Of room that is left: worth a warning."""


def summary(mailbox: Mailbox) -> Clips:
    """Say how many messages there are, which are urgent, and what will go or doesn't fit."""
    new = mailbox.of(MessageState.NEW)
    urgent = sum(each.urgent for each in new)
    said = (
        *phrases("you-have"),
        *ENGLISH.count(len(new), Counted.NEW_MESSAGE),
        *(phrases("pause") if urgent else ()),
        *(ENGLISH.count(urgent, Counted.URGENT_MESSAGE) if urgent else ()),
        *phrases("and"),
        *ENGLISH.count(len(mailbox.of(MessageState.SAVED)), Counted.SAVED_MESSAGE),
    )
    warnings = phrases("messages-expire") if mailbox.expiring else ()
    if mailbox.room_s == 0.0:
        warnings += phrases("mailbox-full")
    elif mailbox.room_s < FEW_S:
        warnings += phrases("mailbox-almost-full")
    return (*said, *warnings)


def about(message: Message, now: datetime, names: Mapping[str, str]) -> Clips:
    """Say what a message is, whose, and when it came; ``names``: files of recorded ones."""
    marks = phrases("message-urgent") if message.urgent else ()
    if message.private:
        marks += phrases("message-private")
    received = message.received.astimezone(now.tzinfo)
    said = (*marks, *phrases("message-from"), *sender(message.sender, names))
    when = ENGLISH.moment(received, now)
    if not message.forwarded_by:
        return (*said, *when)
    by = sender(Sender(message.forwarded_by), names)
    return (*said, *when, *phrases("pause", "message-forwarded"), *by)


def sender(who: Sender, names: Mapping[str, str]) -> Clips:
    """Say who sent something: his recorded name, his extension or number, or what is known."""
    if not who.outside:
        if who.number in names:
            return (Recording(names[who.number]),)
        return (*phrases("extension"), *ENGLISH.digits(who.number))
    if who.number and set(who.number) <= set("0123456789*#+"):
        return ENGLISH.telephone(who.number)
    return phrases("an-outside-caller")
