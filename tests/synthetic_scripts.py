# SPDX-License-Identifier: MIT
"""What people do in the synthetic office, each a script: act, wait, look what has become of it.

A script yields how long it waits; ``Until`` ends early when something changes at its telephone or
line.  It returns when its telephone is on the hook, or its line free.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from altiware.core.ids import Party, PartyKind
from altiware.core.line import LineState
from altiware.core.trunk import TrunkState
from tests.signalling_rig import Office, Phone
from tests.synthetic_model import Luck, People

__all__ = ["Pause", "Script", "Town", "Until", "answers", "calls_in", "calls_out", "far_end"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Until:
    """Wait until something changes here, so long at most."""

    seconds: float


Script = Iterator[Pause | Until]

FREE: Final = (TrunkState.IDLE.value, TrunkState.GUARD.value)
RUNG: Final = (
    *(TrunkState.FIRST_RING.value, TrunkState.BETWEEN_RINGS.value),
    *(TrunkState.PRESENTED.value, TrunkState.DECLINED.value),
)
RINGING: Final = (LineState.RINGING.value, LineState.SHOWING.value)
HOPEFUL: Final = (LineState.WAITING.value, LineState.RINGBACK.value, LineState.LISTENING.value)
TALKING: Final = (LineState.TALKING.value, LineState.ON_HOLD.value)

OUTSIDE_S, INSIDE_S = 170.0, 60.0
"""Mean holding times."""
BUSY_S: Final = 600.0
"""After which about, at a call that he didn't make, somebody has other things to do."""
HOLDS, TRANSFERS, OPERATOR_TRANSFERS, CONFERS = 0.08, 0.05, 0.35, 0.01
"""Shares of the talks that a called person has."""
PICKS_UP: Final = 0.04
"""In this share of cases where somebody isn't there a neighbour takes the call."""
REDIALS: Final = 0.25
"""Share of those who find an outside number busy and try again."""


class Town(Protocol):
    """What scripts see of the office and its surroundings."""

    people: People
    extensions: tuple[str, ...]

    @property
    def now(self) -> float:
        """Engine seconds."""

    def phone(self, extension: str) -> Phone:
        """Return a telephone."""

    def state(self, who: Phone | Office) -> str:
        """Return the state of a line or trunk."""

    def partner(self, who: Phone | Office) -> Party | None:
        """Return who is heard at a telephone or line."""

    def is_talking(self, who: Phone | Office) -> bool:
        """Whether a call goes on there, perhaps on hold."""

    def asks_to_end(self, party: Party) -> None:
        """Let the other one hang up first."""

    def is_asked(self, who: Phone | Office) -> bool:
        """Whether somebody has said goodbye to this one; only once."""

    def is_operator(self, phone: Phone) -> bool:
        """Whether a telephone is an operator's."""

    def starts(self, phone: Phone, script: Script) -> bool:
        """Let a person do something, if nobody uses the telephone."""


# Outside


def calls_in(town: Town, office: Office) -> Script:
    """Call the office from outside, find somebody, talk, and hang up."""
    yield from _rings(town, office)
    if town.state(office) in RUNG:
        return  # has given up, and the exchange will notice
    yield Pause(town.people.between(2.0, 7.0))
    presses = town.people.happens(0.8)
    if presses and town.state(office) not in FREE:
        office.presses(town.people.one_of((*town.extensions, *"1110", *"2222222")))
    yield from _hopes(town, office)
    if town.state(office) in FREE:
        return
    yield from _talks(town, office, town.people.lasts(OUTSIDE_S))
    if town.state(office) not in FREE:
        office.breaks_loop()


def _rings(town: Town, office: Office) -> Script:
    """Ring until somebody answers, or patience is over."""
    withheld = town.people.happens(0.12)
    number, name = f"21255501{town.people.random.randrange(100):02d}", "SOMEBODY"
    for ring in range(round(town.people.between(4, 9))):
        office.begins_ring()
        yield Until(2.0)
        office.ends_ring()
        yield Until(1.0)
        if ring == 0 and not withheld:
            office.shows(number, name)
        yield Until(3.0)
        if town.state(office) not in RUNG:
            return


def _hopes(town: Town, office: Office) -> Script:
    """Wait for a person; ask for the operator once, when an attendant speaks again."""
    patience_s, asked = town.people.between(40.0, 120.0), False
    while patience_s > 0.0 and town.state(office) not in FREE:
        partner = town.partner(office)
        if partner is not None and partner.kind is not PartyKind.APPLICATION:
            return
        if partner is not None and patience_s < 25.0 and not asked:
            asked = True
            office.presses("0")
        yield Until(5.0)
        patience_s -= 5.0
    if town.state(office) not in FREE:
        office.breaks_loop()


def far_end(town: Town, office: Office) -> Script:
    """Be the network and the called party of a call out over a line."""
    yield Pause(town.people.between(0.2, 0.6))
    office.gives("dial")
    while town.state(office) in (TrunkState.SEIZING.value, TrunkState.SENDING.value):
        yield Until(10.0)
    yield Pause(town.people.between(1.0, 2.5))
    if town.state(office) != TrunkState.PROCEEDING.value:
        return
    luck = town.people.luck()
    if luck is Luck.BUSY:
        office.gives("busy")
        return
    office.gives("ringback")
    yield Until(town.people.between(4.0, 22.0) if luck is Luck.ANSWERED else 120.0)
    if luck is not Luck.ANSWERED or town.state(office) != TrunkState.PROCEEDING.value:
        return
    office.stops("ringback")
    office.reverses()
    while town.state(office) not in FREE:
        yield Until(600.0)
        if town.is_asked(office):
            office.breaks_loop()
    office.reverses(back=True)


# Inside


def calls_out(town: Town, phone: Phone, number: str, *, again: bool = True) -> Script:
    """Call a number, as dialled; talk, and hang up."""
    phone.lifts()
    yield Pause(town.people.between(0.8, 2.0))
    for key in number:
        phone.dials(key)
    yield Pause(4.5)  # after which the number is complete
    patience_s = town.people.between(25.0, 45.0)
    while town.state(phone) in HOPEFUL and patience_s > 0.0:
        if town.partner(phone) is not None and town.state(phone) == LineState.TALKING.value:
            break
        yield Until(5.0)
        patience_s -= 5.0
    if town.state(phone) == LineState.TALKING.value:
        outside = number.startswith("9")
        yield from _talks(town, phone, town.people.lasts(OUTSIDE_S if outside else INSIDE_S))
    cleared = town.state(phone) == LineState.CLEARED.value
    yield Pause(town.people.between(0.5, 3.0))
    phone.hangs_up()
    if cleared and again and number.startswith("9") and town.people.happens(REDIALS):
        yield Pause(town.people.between(20.0, 90.0))
        if town.state(phone) == LineState.IDLE.value:
            yield from calls_out(town, phone, number, again=False)


def answers(town: Town, phone: Phone, *, present: bool) -> Script:
    """Answer a telephone that rings, or don't."""
    yield Until(town.people.lasts(7.0, 0.6))
    if not present:
        neighbour = town.phone(town.people.one_of(town.extensions))
        if town.people.happens(PICKS_UP) and town.state(phone) in RINGING:
            town.starts(neighbour, calls_out(town, neighbour, "#30"))
        return
    if town.state(phone) not in RINGING:
        return
    phone.lifts()
    yield Pause(0.5)
    if town.state(phone) == LineState.TALKING.value:
        yield from _handles(town, phone)
    ends = town.now + town.people.lasts(BUSY_S, 0.5)  # two who were transferred to each other
    while town.state(phone) in TALKING and town.now < ends and not town.is_asked(phone):
        yield Until(ends - town.now)
    yield Pause(town.people.between(0.5, 2.0))
    phone.hangs_up()


def _handles(town: Town, phone: Phone) -> Script:
    """Speak a while, and do with the caller what has to be done."""
    yield Until(town.people.lasts(15.0, 0.5))
    if town.state(phone) != LineState.TALKING.value or town.is_asked(phone):
        return
    transfers = OPERATOR_TRANSFERS if town.is_operator(phone) else TRANSFERS
    chance = town.people.random.random()
    if chance < HOLDS:
        phone.flashes()
        yield Until(town.people.lasts(35.0, 0.6))
        phone.flashes()
    elif chance < HOLDS + transfers:
        yield from _consults(town, phone, confers=False)
    elif chance < HOLDS + transfers + CONFERS:
        yield from _consults(town, phone, confers=True)


def _consults(town: Town, phone: Phone, *, confers: bool) -> Script:
    """Call a colleague; hang up at once, or when he has answered; or let all three talk."""
    waits = confers or town.people.happens(0.4)
    phone.flashes()
    yield Pause(1.0)
    for key in town.people.one_of(town.extensions):
        phone.dials(key)
    yield Until(20.0 if waits else 0.5)
    if waits and town.state(phone) == LineState.RINGBACK.value:
        yield Until(20.0)
    if town.state(phone) == LineState.TALKING.value and waits:
        yield Pause(town.people.between(4.0, 15.0))
    if confers and town.state(phone) == LineState.TALKING.value:
        phone.flashes()
    elif town.state(phone) in (LineState.RINGBACK.value, LineState.TALKING.value):
        phone.hangs_up()
    else:
        phone.flashes()  # he is busy: back to the caller


def _talks(town: Town, who: Phone | Office, seconds: float) -> Script:
    """Talk for so long, then say goodbye: the other may be the first to hang up."""
    ends = town.now + seconds
    while town.now < ends and town.is_talking(who):
        yield Until(ends - town.now)
    partner = town.partner(who)
    if partner is not None and town.is_talking(who) and town.people.happens(0.45):
        town.asks_to_end(partner)
        yield Until(8.0)
