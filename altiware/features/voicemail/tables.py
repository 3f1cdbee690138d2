# SPDX-License-Identifier: MIT
"""The dialogues of voice mail by their tables, for whoever draws them."""

from typing import Final

from altiware.features.voicemail.calling import AboutMessages, Reminding
from altiware.features.voicemail.dialogue import Dialogue
from altiware.features.voicemail.dictation import Dictation
from altiware.features.voicemail.listening import Listening
from altiware.features.voicemail.lists import Lists
from altiware.features.voicemail.login import LogIn
from altiware.features.voicemail.options import GreetingOptions, Options, PasswordChange
from altiware.features.voicemail.questions import Ask, Menu, Tell
from altiware.features.voicemail.reminders import Notification, Reminder
from altiware.features.voicemail.sender_call import SenderCall
from altiware.features.voicemail.sending import NewMessage, Recipients
from altiware.features.voicemail.session import Session
from altiware.features.voicemail.taking import Taking

__all__ = ["DIALOGUES"]

DIALOGUES: Final[dict[str, type[Dialogue]]] = {
    "taking a message": Taking,
    "recording something": Dictation,
    "an owner's visit": Session,
    "log-in": LogIn,
    "listening": Listening,
    "sending": NewMessage,
    "recipients": Recipients,
    "calling the sender": SenderCall,
    "options": Options,
    "greetings": GreetingOptions,
    "a new password": PasswordChange,
    "notification": Notification,
    "reminder": Reminder,
    "lists": Lists,
    "a call about messages": AboutMessages,
    "a reminder call": Reminding,
    "telling something": Tell,
    "a menu": Menu,
    "asking for digits": Ask,
}
