# SPDX-License-Identifier: MIT
"""Emergency calls: everybody who can help inside is told at once, and the way there can be tested.

The call itself passes by :mod:`altiware.policy` and takes a trunk from others where it must; here
is what stands beside it.  As soon as it is allowed, a notice tells who calls, from where, and under
which number help calls back; the place is kept in the call's record; and each telephone that is to
be told is rung, in spite of do not disturb and forwarding, again and again until somebody there has
heard it and pressed a key.  Nothing of that can hold up the call.

The test code says what would be shown, and calls nobody.
"""

import enum
from dataclasses import replace
from typing import ClassVar, Final

from altiware.core.effects import Effect
from altiware.core.events import Event, Timeout
from altiware.core.ids import CallId, Party, PartyKind, application, station
from altiware.core.notices import EmergencyCalled, EmergencyConfirmed
from altiware.core.plan import Plan, Service, StationPlan
from altiware.core.signals import Caller, RingStyle
from altiware.features.applications import Conversation, Desk, Opening, Rows
from altiware.features.effects import Note, Report, Spawn
from altiware.features.errands import Errand, Outcome
from altiware.features.hunting import any_in_service, free_trunk
from altiware.features.places import place
from altiware.features.speaking import ENGLISH, Clips, phrases
from altiware.features.summons import Order, Result, Summoned, Summons, spoken

__all__ = [
    "EVENTS",
    "IGNORED",
    "PHRASES",
    "Alarm",
    "AlarmState",
    "EmergencyTest",
    "described",
    "raised",
]

PHRASES: Final = {
    "emergency-test": "This is a test of emergency calling. No emergency service has been called.",
    "emergency-test-number": "An emergency call from this telephone would show the number",
    "emergency-test-no-number": "The number that it would show is not on record.",
    "emergency-test-location": "The location on record for this telephone is",
    "emergency-test-callback": "The emergency service would call you back at",
    "emergency-test-no-location": "There is no location on record for this telephone. Please tell "
    "your administrator.",
    "emergency-test-no-line": "No office line can carry an emergency call right now. Please tell "
    "your administrator at once.",
    "emergency-test-done": "The test has ended.",
    "emergency-notice": "Attention. An emergency call was made from extension",
    "emergency-notice-location": "The location is",
    "emergency-notice-callback": "The number to call back is",
    "emergency-notice-confirm": "To confirm that you have heard this,",
    "emergency-notice-confirmed": "Thank you. Your confirmation is on record.",
}
RING_S: Final = 30.0
AGAIN_S: Final = 5.0
"""After a busy, unanswered or unconfirmed call."""
LONGEST_S: Final = 3600.0
"""Who has confirmed nothing for so long is not there."""


def raised(desk: Desk, call: CallId, caller: Party, number: str, at: float) -> list[Effect]:
    """Return what is done beside an emergency call that is about to be made."""
    plan = desk.plan
    here = _station(plan, caller)
    told = EmergencyCalled(
        at, call, caller.name, here.name, here.location, _call_back(plan, here), number
    )
    if desk.calls[call].near.kind is PartyKind.TRUNK:  # by a tie trunk: nobody knows from where
        told = replace(told, name="over a tie trunk", location="", call_back="")
    noted = [Note(call, "location", told.location)] if told.location else []
    others = [each for each in plan.emergency_plan.notify if each != caller.name]
    alarms = [Spawn(Alarm(desk, call, each, told), call) for each in others]
    return [*noted, Report(told), *alarms]


def _station(plan: Plan, party: Party) -> StationPlan:
    return next(each for each in plan.stations if each.party == party)


def _call_back(plan: Plan, here: StationPlan) -> str:
    return here.call_back or plan.emergency_plan.call_back


class AlarmState(enum.Enum):
    """Whether the telephone is rung."""

    NEW = "new"
    CALLING = "calling"
    RESTING = "waiting for the next call"
    DONE = "done"


S = AlarmState


class Alarm(Conversation):
    """Sees to it that one telephone learns of one emergency call."""

    first = S.NEW
    rows: ClassVar[Rows]

    def __init__(self, desk: Desk, call: CallId, notified: str, told: EmergencyCalled) -> None:
        party = _named(f"emergency {call} for {notified}")
        nobody = Opening(party, Service("alarm", notified), CallId(""), party, None)
        super().__init__(desk, nobody)
        self.deadline = told.at
        self._notified = notified
        self._told = told
        self._calls = 0

    def _call(self, event: Event) -> list[Effect]:
        if event.at > self._told.at + LONGEST_S:
            self.enter(S.DONE)
            return [self._report(event, confirmed=False)]
        self._calls += 1
        told = self._told
        order = Order(
            self._notified,
            RING_S,
            self._said(),
            asks=True,
            charged=station(self._notified),
            shown=Caller(told.extension, f"EMERGENCY {told.name}".strip()),
            style=RingStyle.URGENT,
            insists=True,
            parting=phrases("emergency-notice-confirmed"),
        )
        party = application(self.party.name, self._calls)
        return [Spawn(Summons(self, party, order), told.call)]

    def _said(self) -> Clips:
        told = self._told
        where = (
            (*phrases("pause", "emergency-notice-location"), *place(told.location))
            if told.location
            else ()
        )
        back = (
            (*phrases("pause", "emergency-notice-callback"), *ENGLISH.telephone(told.call_back))
            if told.call_back
            else ()
        )
        who = (*phrases("emergency-notice"), *ENGLISH.digits(told.extension))
        return (*who, *where, *back, *phrases("pause"), *spoken("", "emergency-notice-confirm"))

    def _conclude(self, event: Event) -> list[Effect]:
        assert isinstance(event, Summoned)
        if event.result is Result.CAME:
            self.enter(S.DONE)
            return [self._report(event, confirmed=True)]
        self.enter(S.RESTING)
        self.deadline = event.at + AGAIN_S
        return []

    def _report(self, event: Event, *, confirmed: bool) -> Report:
        told = self._told
        return Report(
            EmergencyConfirmed(event.at, told.call, told.extension, self._notified, confirmed)
        )


EVENTS: Final[tuple[type[Event], ...]] = (Timeout, Summoned)
"""All that an alarm can be told."""

Alarm.choices = {
    S.NEW: frozenset({S.DONE}),
    S.RESTING: frozenset({S.DONE}),
    S.CALLING: frozenset({S.RESTING, S.DONE}),
}
# fmt: off
Alarm.rows = {
    (S.NEW,     Timeout):  (S.CALLING, Alarm._call),
    (S.RESTING, Timeout):  (S.CALLING, Alarm._call),
    (S.CALLING, Summoned): (S.CALLING, Alarm._conclude),
}
# fmt: on

IGNORED: Final = frozenset(
    {(S.NEW, Summoned), (S.RESTING, Summoned), (S.CALLING, Timeout)}
    | {(S.DONE, event) for event in EVENTS}
)
"""Pairs that are known, harmless and deliberately without effect."""


class EmergencyTest(Errand):
    """Says what an emergency call from this telephone would tell."""

    def run(self, at: float) -> Outcome:
        """Find out, and call nobody."""
        here = _station(self.desk.plan, self.opening.caller)
        back = _call_back(self.desk.plan, here)
        called_back = (
            (*phrases("emergency-test-callback"), *ENGLISH.telephone(back)) if back else ()
        )
        where = (
            (*phrases("emergency-test-location"), *place(here.location))
            if here.location
            else phrases("emergency-test-no-location")
        )
        parts = (self._line(), called_back, where, phrases("emergency-test-done"))
        said = (clip for part in parts for clip in (*phrases("pause"), *part))
        return Outcome((*phrases("emergency-test"), *said))

    def _line(self) -> Clips:
        """Say which number would be shown: that of the line which a call would take now."""
        trunks = self.desk.trunks.values()
        if not any_in_service(trunks):
            return phrases("emergency-test-no-line")
        line = free_trunk(trunks, ()) or next(iter(trunks))
        number = line.trunk.number
        if not number:
            return phrases("emergency-test-no-number")
        return (*phrases("emergency-test-number"), *ENGLISH.telephone(number))


def described(notice: EmergencyCalled | EmergencyConfirmed) -> str:
    """Return one line about it, for logs and screens."""
    if isinstance(notice, EmergencyConfirmed):
        known = "confirmed" if notice.confirmed else "not confirmed"
        return f"emergency call of {notice.extension}: {known} at {notice.notified}"
    who = f"{notice.extension} {notice.name}".strip()
    where = notice.location or "location not on record"
    back = notice.call_back or "not on record"
    return f"EMERGENCY: {who} calls {notice.number}; {where}; call back: {back}"


def _named(name: str) -> Party:
    return application(name, 0)
