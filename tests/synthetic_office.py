# SPDX-License-Identifier: MIT
"""A month of a synthetic office: 20 people, 8 trunks, 15,000 calls, in virtual time.

    python -m tests.synthetic_office > docs/reference/month.md

The exchange is the real one, and so are its records and their store; people, callers and the
network are scripts (:mod:`tests.synthetic_scripts`) with made-up habits
(:mod:`tests.synthetic_model`).  ``SyntheticOffice(directory).run()`` asserts day by day that
nothing is left and that every record adds up.  Sound isn't here, and traces aren't stored.
"""

import contextlib
import heapq
import io
import itertools
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from altiware.cli.report import report_calls, report_traffic, report_workgroups
from altiware.core.ids import Party, PartyKind, station, trunk
from altiware.core.notices import (
    CallClosed,
    Connected,
    Disconnected,
    LineChanged,
    Notice,
    Traced,
    TrunkChanged,
)
from altiware.core.record import CallRecord
from altiware.core.trunk import TrunkState
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.writer import Writer
from tests.adding_up import adds_up, sessions_add_up
from tests.rig_engine import RigEngine
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.signalling_rig import Office, Phone, SignallingRig
from tests.synthetic_model import Kind, People, plan_calls
from tests.synthetic_plan import OPERATORS, PEOPLE, TRUNKS, office_plan
from tests.synthetic_scripts import (
    FREE,
    RINGING,
    TALKING,
    Script,
    Until,
    answers,
    calls_in,
    calls_out,
    far_end,
)

__all__ = ["SyntheticOffice", "document"]

FIRST: Final = date(2026, 5, 1)
"""A Friday."""
DAYS, CALLS = 31, 15_000
DAY_S: Final = 86_400.0


@dataclass(slots=True)
class Actor:
    """Somebody who uses a telephone or a line."""

    party: Party
    script: Script
    due: float = 0.0
    alert: bool = False
    "Goes on as soon as something changes there."


@dataclass(slots=True)
class Fates:
    """What became of calls that the exchange never saw."""

    meant: int = 0
    turned_away: int = 0
    "From outside: all lines were busy."
    nobody_there: int = 0
    "Who should have called wasn't at his desk."
    records: int = 0


class SyntheticOffice:
    """The office, its people, and the town around it."""

    def __init__(
        self,
        directory: Path,
        *,
        first: date = FIRST,
        days: int = DAYS,
        calls: int = CALLS,
        seed: int = 1998,
    ) -> None:
        """Build it; records go into the store of ``directory``."""
        self.people = People(seed)
        self.fates = Fates()
        plan = office_plan()
        self.extensions = tuple(each.extension for each in plan.stations)
        self._first, self._days = first, days
        self._morning = datetime.combine(first, datetime.min.time(), UTC)
        self._planned = plan_calls(self.people, first, days, calls)
        self.rig = SignallingRig(
            plan,
            engine=RigEngine(leaps=True),
            morning=self._morning,
            sounds=MadeUpSounds(directory / "sounds"),
        )
        self._writer = Writer(Database.open(directory))
        self._journal = Journal(self._writer)
        self._offices = {each.party: self.rig.office(i) for i, each in enumerate(plan.trunks)}
        self._states: dict[Party, str] = {}
        self._states |= {station(each.extension): each.state for each in self.rig.exchange.lines()}
        self._states |= {trunk(each.port): each.state for each in self.rig.exchange.trunks()}
        self._partners: dict[Party, Party] = {}
        self._asked: set[Party] = set()
        self._actors: dict[Party, Actor] = {}
        self._agenda: list[tuple[float, int, Actor]] = []
        self._numbers = itertools.count()
        self._closed: list[CallRecord] = []
        self.rig.exchange.subscribe(self._note)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.rig.close()
        self._writer.close()

    def run(self) -> Fates:
        """Live through all days."""
        planned = iter(self._planned)
        upcoming = next(planned, None)
        for day in range(1, self._days + 1):
            midnight = day * DAY_S
            while upcoming is not None and (at := self._seconds(upcoming.at)) < midnight:
                self._live(at)
                self._begin(upcoming.kind)
                upcoming = next(planned, None)
            self._live(midnight)
            self._evening()
        return self.fates

    def _seconds(self, at: datetime) -> float:
        return (at.replace(tzinfo=UTC) - self._morning).total_seconds()

    def _live(self, until: float) -> None:
        """Let time pass, and everybody act when he is due."""
        while True:
            due = self._agenda[0][0] if self._agenda else until
            if min(due, until) > self.now:
                self.rig.passes_to_next(min(due, until))
            elif due > self.now or due >= until:
                return
            while self._agenda and self._agenda[0][0] <= self.now:
                at, _, actor = heapq.heappop(self._agenda)
                if actor.due == at and self._actors.get(actor.party) is actor:
                    self._act(actor)

    def _evening(self) -> None:
        """See that nothing is left of the day, and that its records add up."""
        self._live(self.now + 300.0)
        assert not self._actors, f"still at it: {[str(each) for each in self._actors]}"
        self.rig.is_clean()
        for record in self._closed:
            adds_up(record)
        sessions_add_up(self._closed)
        self.fates.records += len(self._closed)
        self._closed.clear()
        self.rig.notices.clear()

    # Calls begin

    def _begin(self, kind: Kind) -> None:
        self.fates.meant += 1
        if kind is Kind.IN:
            self._call_in()
            return
        free = [each for each in self.extensions if self._is_free(station(each))]
        caller = self.people.one_of(free) if free else ""
        if not caller or not self._is_present(caller):
            self.fates.nobody_there += 1
            return
        others = [each for each in self.extensions if each != caller]
        out = kind is Kind.OUT
        number = f"9{self.people.number()}" if out else self.people.one_of(others)
        phone = self.rig.phone(caller)
        self.starts(phone, calls_out(self, phone, number))

    def _call_in(self) -> None:
        line = next((each for each in self._offices if self._is_free(each)), None)
        if line is None:
            self.fates.turned_away += 1
            return
        self._enter(line, calls_in(self, self._offices[line]))

    def _is_free(self, party: Party) -> bool:
        return party not in self._actors and self._states[party] == "idle"

    def _is_present(self, extension: str) -> bool:
        """Whether somebody is at his desk: few at lunch, nobody at night or on Sundays."""
        wall = self._morning + timedelta(seconds=self.now)
        if not 7 <= wall.hour < 18 or wall.weekday() > 4:
            return self.people.happens(0.01)
        away = 0.05 if extension in OPERATORS else 0.15
        return not self.people.happens(0.5 if wall.hour == 12 else away)

    # What scripts see

    @property
    def now(self) -> float:
        """Engine seconds."""
        return self.rig.engine.now

    def phone(self, extension: str) -> Phone:
        """Return a telephone."""
        return self.rig.phone(extension)

    def state(self, who: Phone | Office) -> str:
        """Return the state of a line or trunk."""
        return self._states[_party(who)]

    def partner(self, who: Phone | Office) -> Party | None:
        """Return who is heard at a telephone or line."""
        return self._partners.get(_party(who))

    def is_talking(self, who: Phone | Office) -> bool:
        """Whether a call goes on there, perhaps on hold."""
        state = self.state(who)
        return state in TALKING if isinstance(who, Phone) else state not in FREE

    def asks_to_end(self, party: Party) -> None:
        """Let the other one hang up first."""
        self._asked.add(party)
        self._wake(party)

    def is_asked(self, who: Phone | Office) -> bool:
        """Whether somebody has said goodbye to this one; only once."""
        asked = _party(who) in self._asked
        self._asked.discard(_party(who))
        return asked

    def is_operator(self, phone: Phone) -> bool:
        """Whether a telephone is an operator's."""
        return phone.extension in OPERATORS

    def starts(self, phone: Phone, script: Script) -> bool:
        """Let a person do something, if nobody uses the telephone."""
        if not self._is_free(_party(phone)):
            return False
        self._enter(_party(phone), script)
        return True

    # Actors

    def _enter(self, party: Party, script: Script) -> None:
        self._asked.discard(party)
        actor = self._actors[party] = Actor(party, script)
        self._schedule(actor, self.now)

    def _schedule(self, actor: Actor, at: float) -> None:
        actor.due = at
        heapq.heappush(self._agenda, (at, next(self._numbers), actor))

    def _act(self, actor: Actor) -> None:
        actor.alert = False
        wait = next(actor.script, None)
        if wait is None:
            del self._actors[actor.party]
            self._changed(actor.party)
            return
        actor.alert = isinstance(wait, Until)
        self._schedule(actor, self.now + wait.seconds)

    def _wake(self, party: Party) -> None:
        actor = self._actors.get(party)
        if actor is not None and actor.alert:
            actor.alert = False
            self._schedule(actor, self.now)

    # What the exchange tells

    def _note(self, notice: Notice) -> None:
        if not isinstance(notice, Traced):
            self._journal.note(notice)
        match notice:
            case LineChanged(_, extension, state):
                self._states[station(extension)] = state
                self._changed(station(extension))
            case TrunkChanged(_, port, state):
                self._states[trunk(port)] = state
                self._changed(trunk(port))
            case Connected(_, a, b):
                self._partners[a], self._partners[b] = b, a
                self._wake(a)
                self._wake(b)
            case Disconnected(_, a, b):
                self._partners.pop(a, None)
                self._partners.pop(b, None)
            case CallClosed(_, record):
                self._closed.append(record)

    def _changed(self, party: Party) -> None:
        """Wake whoever is there; or let somebody come who is needed."""
        state = self._states[party]
        if party in self._actors:
            self._wake(party)
        elif party.kind is PartyKind.STATION and state in RINGING:
            phone = self.rig.phone(party.name)
            present = self._is_present(party.name)
            self._enter(party, answers(self, phone, present=present))
        elif party.kind is PartyKind.TRUNK and state == TrunkState.SEIZING.value:
            self._enter(party, far_end(self, self._offices[party]))


def _party(who: Phone | Office) -> Party:
    return station(who.extension) if isinstance(who, Phone) else trunk(who.port)


HEAD: Final = """\
<!-- Generated by `python -m tests.synthetic_office`. -->
# A month of a synthetic office

{people} people, {trunks} trunks, an attendant who answers, a workgroup of four, no voice mail,
{days} days from {first}. People and callers meant to make {meant:,} calls; {nobody:,} came to
nothing because nobody was at the desk, {away:,} callers from outside found all lines busy and never
reached the exchange. The rest made {records:,} records (a transfer makes another). Every record
added up, and each evening nothing was left: no port, no path, no call.

The exchange, its records and their store are the real ones, in virtual time. People are scripts
whose habits are assumed, not measured: see `tests/synthetic_model.py`, which says what comes from
where. So these figures show what the reports tell, not how offices are.
"""


def document(directory: Path, office: SyntheticOffice) -> str:
    """Return the page of an office that has lived: its reports, as the commands print them."""
    fates = office.fates
    head = HEAD.format(
        people=PEOPLE,
        trunks=TRUNKS,
        days=DAYS,
        first=f"{FIRST.day} {FIRST:%B %Y}",
        meant=fates.meant,
        nobody=fates.nobody_there,
        away=fates.turned_away,
        records=fates.records,
    )
    nowhere = directory / "none.toml"
    form = {"as_csv": False, "as_json": False}
    reports: dict[str, Callable[[], None]] = {
        "calls": lambda: report_calls(directory, (None, None), "", **form),
        "traffic": lambda: report_traffic(directory, nowhere, (None, None), "", 0.01, **form),
        "workgroup": lambda: report_workgroups(directory, (None, None), "", **form),
    }
    return head + "".join(_printed(name, made) for name, made in reports.items())


def _printed(name: str, report: Callable[[], None]) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        report()
    return f"\n## `altiware report {name}`\n\n```\n{said.getvalue()}```\n"


def main() -> None:
    """Live through the month and print the page."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        begun = time.process_time()
        with SyntheticOffice(directory) as office:
            office.run()
        sys.stderr.write(f"{time.process_time() - begun:.0f} s of CPU time\n")
        sys.stdout.write(document(directory, office))


if __name__ == "__main__":
    main()
