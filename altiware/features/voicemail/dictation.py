# SPDX-License-Identifier: MIT
"""Speaking after the tone: recording, and what can be done with it before it is kept.

# (or any key), silence, or the longest length ends it.  Then, if the speaker wishes: 1 keep it,
2 listen, 3 record it again, 4 urgent, 5 private, 6 leave a number, * throw it away.  Which of
these are offered, the one who enters it says.
"""

import enum
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from altiware.core.effects import Effect, PlayTone, Record, Say, Silence, StopRecording
from altiware.core.events import Event, Recorded, SaidAll
from altiware.core.legs import Key
from altiware.core.signals import Tone
from altiware.core.speech import Recording
from altiware.features.speaking import ENGLISH, Clips, phrases
from altiware.features.voicemail.dialogue import (
    Begin,
    Dialogue,
    DialogueRows,
    Enter,
    Gone,
    Leave,
    Left,
    Visit,
)
from altiware.features.voicemail.messages import Draft, Sender
from altiware.features.voicemail.orders import BeginMessage, Discard
from altiware.features.voicemail.questions import Ask, Menu, Tell

__all__ = ["MESSAGE", "PHRASES", "SPOKEN", "Dictation", "Wanted"]

PHRASES: Final = {
    "to-send": "To send your message,",
    "to-save": "To save it,",
    "to-listen": "To listen to it,",
    "to-record-again": "To record it again,",
    "to-mark-urgent": "To mark it urgent,",
    "to-mark-private": "To mark it private,",
    "to-leave-number": "To leave a number where you can be reached,",
    "to-cancel": "To cancel,",
    "marked-urgent": "Your message is marked urgent.",
    "marked-private": "Your message is marked private.",
    "unmarked": "The mark is taken off.",
    "enter-callback-number": "Please enter the number where you can be reached, and then press the "
    "pound key.",
    "number-noted": "The number is noted.",
}
NUMBER_MOST: Final = 15
"""Digits of the longest telephone number (E.164)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be recorded, and what may be done with it."""

    prompt: Clips
    most_s: float
    silence_s: float
    choices: str
    "Of 1 to 6; * always."
    keeps: str = "to-send"
    "What 1 is for."
    when_gone: bool = False
    "Whether it is kept if the speaker hangs up before he has said so."
    optional: bool = False
    "# during the prompt: nothing is recorded, and the draft has no file."
    mailbox: str = ""
    "Where it belongs even if the service dies meanwhile; empty: nowhere."


MESSAGE: Final = "123456"
SPOKEN: Final = "123"


class DictationState(enum.Enum):
    """Where a recording is."""

    NEW = "new"
    ASKING = "saying what is wanted"
    BEEPING = "giving the tone"
    RECORDING = "recording"
    COMPLETING = "completing the recording"
    CHOOSING = "being told what to do with it"
    TELLING = "telling what was done"
    ADDING_NUMBER = "asking for a number"
    ENDING = "completing what a caller left"


S = DictationState


class Dictation(Dialogue):
    """The result is a draft; None: nothing was recorded, or is wanted any more."""

    first = S.NEW
    rows: ClassVar[DialogueRows]

    def __init__(self, visit: Visit, wanted: Wanted, sender: Sender) -> None:
        super().__init__(visit)
        self.wanted = wanted
        self.draft = Draft("", sender)

    # Before the tone

    def ask(self, event: Event) -> list[Effect]:
        """Say what is wanted."""
        if self.wanted.prompt:
            return [Say(self.wanted.prompt)]
        self.enter(S.BEEPING)
        return self.beep(event)

    def skip(self, event: Event) -> list[Effect]:
        """Go on at once; or, where it is allowed, without."""
        assert isinstance(event, Key)
        if self.wanted.optional and event.key == "#":
            return [Silence(), Leave(self.draft)]
        self.enter(S.BEEPING)
        return self.beep(event)

    def beep(self, event: Event) -> list[Effect]:
        """Give the tone."""
        return [PlayTone(Tone.RECORD)]

    # The recording

    def record(self, event: Event) -> list[Effect]:
        """Record from now on."""
        self.draft = replace(self.draft, file=self.visit.recording())
        wanted, draft = self.wanted, self.draft
        begun = [BeginMessage(wanted.mailbox, draft.file, draft.sender)] if wanted.mailbox else []
        return [*begun, Record(draft.file, wanted.most_s, wanted.silence_s)]

    def stop(self, event: Event) -> list[Effect]:
        """End it."""
        return [StopRecording()]

    def choose(self, event: Event) -> list[Effect]:
        """Ask what to do with it."""
        if isinstance(event, Recorded) and event.ended_by == "unwritable":
            return [Discard(self.draft.file), Leave()]
        return [Enter(Menu(self.visit, self._offered(), self.wanted.choices + "*"))]

    def _offered(self) -> Clips:
        choices = {
            "1": self.wanted.keeps,
            "2": "to-listen",
            "3": "to-record-again",
            "4": "to-mark-urgent",
            "5": "to-mark-private",
            "6": "to-leave-number",
            "*": "to-cancel",
        }
        offered = (ENGLISH.choice(choices[key], key) for key in self.wanted.choices + "*")
        return tuple(clip for choice in offered for clip in choice)

    def chosen(self, event: Event) -> list[Effect]:
        """Do it."""
        assert isinstance(event, Left)
        match event.result:
            case "2":
                return self._told((Recording(self.draft.file),))
            case "3":
                self.enter(S.BEEPING)
                return [Discard(self.draft.file), *self.beep(event)]
            case "4":
                self.draft = replace(self.draft, urgent=not self.draft.urgent)
                return self._told(phrases("marked-urgent" if self.draft.urgent else "unmarked"))
            case "5":
                self.draft = replace(self.draft, private=not self.draft.private)
                return self._told(phrases("marked-private" if self.draft.private else "unmarked"))
            case "6":
                self.enter(S.ADDING_NUMBER)
                asked = phrases("enter-callback-number")
                return [Enter(Ask(self.visit, asked, most=NUMBER_MOST))]
            case "*":
                return self.throw_away(event)
            case None if not self.wanted.when_gone:
                return self.throw_away(event)
            case _:
                return [Leave(self.draft)]

    def _told(self, clips: Clips) -> list[Effect]:
        self.enter(S.TELLING)
        return [Enter(Tell(self.visit, clips))]

    def note_number(self, event: Event) -> list[Effect]:
        """Note a number where the caller can be reached."""
        assert isinstance(event, Left)
        if not event.result:
            return self.choose(event)
        self.draft = replace(self.draft, callback=str(event.result)[:NUMBER_MOST])
        return self._told((*phrases("number-noted"), *ENGLISH.telephone(self.draft.callback)))

    # The speaker has gone

    def keep(self, event: Event) -> list[Effect]:
        """Keep what there is, if that is wished."""
        return [Leave(self.draft)] if self.wanted.when_gone else self.throw_away(event)

    def drop(self) -> list[Effect]:
        """Remove what was recorded by who isn't there any more."""
        return [Discard(self.draft.file)] if self.draft.file else []

    def throw_away(self, event: Event) -> list[Effect]:
        """Remove it."""
        return [Discard(self.draft.file), Leave()]


# fmt: off
Dictation.rows = {
    (S.NEW,           Begin):    (S.ASKING,        Dictation.ask),
    (S.ASKING,        SaidAll):  (S.BEEPING,       Dictation.beep),
    (S.ASKING,        Key):      (S.ASKING,        Dictation.skip),
    (S.BEEPING,       SaidAll):  (S.RECORDING,     Dictation.record),
    (S.RECORDING,     Key):      (S.COMPLETING,    Dictation.stop),
    (S.RECORDING,     Recorded): (S.CHOOSING,      Dictation.choose),
    (S.RECORDING,     Gone):     (S.ENDING,        Dictation.stop),
    (S.COMPLETING,    Recorded): (S.CHOOSING,      Dictation.choose),
    (S.COMPLETING,    Gone):     (S.ENDING,        Dictation.stop),
    (S.CHOOSING,      Left):     (S.CHOOSING,      Dictation.chosen),
    (S.CHOOSING,      Gone):     (S.CHOOSING,      Dictation.keep),
    (S.TELLING,       Left):     (S.CHOOSING,      Dictation.choose),
    (S.TELLING,       Gone):     (S.CHOOSING,      Dictation.keep),
    (S.ADDING_NUMBER, Left):     (S.CHOOSING,      Dictation.note_number),
    (S.ADDING_NUMBER, Gone):     (S.CHOOSING,      Dictation.keep),
    (S.ENDING,        Recorded): (S.ENDING,        Dictation.keep),
}
# fmt: on
Dictation.choices = {
    S.ASKING: frozenset({S.BEEPING}),
    S.CHOOSING: frozenset({S.BEEPING, S.TELLING, S.ADDING_NUMBER}),
}
