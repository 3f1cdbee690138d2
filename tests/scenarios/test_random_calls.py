# SPDX-License-Identifier: MIT
"""Ten thousand calls of people who do whatever comes into their heads.

Invariants: no exception; nobody hears two things at once; and when everybody has hung up no
port, path or call is left and every record is closed.
"""

import random
from collections.abc import Callable, Sequence
from typing import Self

import pytest

from altiware.core.causes import Cause
from altiware.core.notices import CallClosed, CallOpened, Notice
from altiware.core.plan import Plan, Timers
from altiware.core.record import CallRecord
from altiware.ports.media import ECHO_TAIL_MS
from altiware.ports.voices import NO_SOUNDS, Sounds
from tests.adding_up import adds_up, sessions_add_up
from tests.signalling_rig import Office, Phone, SignallingRig, office_plan

CALLS = 9_000
CLEANED_CALLS = 1_000
"""With a canceller on every line in use: what is said are events here, so a tenth is enough."""
ROUND = 250
"""Calls between two inspections."""

EXTENSIONS = ("101", "102", "103", "104", "105", "106", "107", "108", "0", "199")
NUMBERS = (*EXTENSIONS, *("95550123#",) * 5)
RARE = ("911", "9911", "918005550123", "9011442071234567#", "9", "*", "1")
TONES = ("dial", "dial", "dial", "busy", "reorder", "ringback")


IMPATIENT = Timers(
    first_digit_s=3.0,
    next_digit_s=1.0,
    no_answer_s=6.0,
    return_s=6.0,
    tone_s=2.0,
    howler_s=2.0,
    dial_tone_wait_s=2.0,
    ring_gap_s=2.5,
)
"""Long waits cost time and find nothing that short ones don't."""

SEEN = {
    Cause.NORMAL,
    Cause.ABANDONED,
    Cause.BUSY,
    Cause.NO_ANSWER,
    Cause.WRONG_NUMBER,
    Cause.DENIED,
    Cause.NO_DIAL_TONE,
    Cause.TRANSFERRED,
    Cause.TRUNK_TO_TRUNK,
    Cause.BOARD_LOST,
}


class World:
    """People at eight telephones and four office lines, driven by one seed."""

    numbers: Sequence[str] = NUMBERS
    most_heard = 1

    def __init__(
        self,
        seed: int,
        *,
        plan: Plan | None = None,
        echo_tail_ms: int = 0,
        sounds: Sounds = NO_SOUNDS,
    ) -> None:
        plan = plan or office_plan(stations=8, trunks=4, timers=IMPATIENT)
        self.rig = SignallingRig(plan, echo_tail_ms=echo_tail_ms, sounds=sounds)
        self.random = random.Random(seed)
        self.phones = [self.rig.phone(each.extension) for each in self.rig.plan.stations]
        self.offices = [self.rig.office(index) for index in range(4)]
        self.lifted: set[str] = set()
        self.open: dict[str, CallRecord] = {}
        self.closed: list[CallRecord] = []
        self.rig.exchange.subscribe(self._note)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rig.engine.close()

    def _note(self, notice: Notice) -> None:
        if isinstance(notice, CallOpened):
            self.open[notice.record.id] = notice.record
        elif isinstance(notice, CallClosed):
            del self.open[notice.record.id]
            self.closed.append(notice.record)

    def happens(self) -> None:
        """Let something happen, and some time pass."""
        if self.random.random() < 0.75:
            self._someone_acts(self.random.choice(self.phones))
        else:
            self._office_acts(self.random.choice(self.offices))
        if self.random.random() < 0.0005:
            self._board_reboots()
        self.rig.passes(self.random.choice((0.0, 0.0, 0.1, 0.4, 1.5)))
        for each in (*self.phones, *self.offices):
            heard = self.rig.engine.sources(each.timeslot)
            assert len(heard) <= self.most_heard, f"{each} hears too many things"

    def _someone_acts(self, phone: Phone) -> None:
        if phone.extension not in self.lifted:
            self.lifted.add(phone.extension)
            phone.lifts()
            return
        act = self.random.random()
        if act > 0.3 and phone.state in {"busy or reorder", "howler", "locked out"}:
            act = 1.0  # most people hang up then
        if act < 0.4:
            phone.dials(self.random.choice(self.numbers if act < 0.33 else RARE))
        elif act < 0.6:
            phone.flashes()
            phone.dials(self.random.choice(("", *self.numbers)))
        else:
            self.lifted.remove(phone.extension)
            phone.hangs_up()

    def _office_acts(self, office: Office) -> None:
        if office.state == "waiting for dial tone" and self.random.random() < 0.8:
            office.gives("dial")
            return
        acts: tuple[Callable[[], None], ...] = (
            lambda: office.rings(self.random.choice((1, 2)), on_s=0.5, off_s=1.0),
            lambda: office.calls_in("2125550123", "SMITH JOHN", on_s=0.5),
            lambda: office.gives(self.random.choice(TONES)),
            lambda: office.gives("dial"),
            lambda: office.stops("ringback"),
            office.reverses,
            lambda: office.reverses(back=True),
            lambda: office.breaks_loop(self.random.choice((30, 300))),
        )
        self.random.choice(acts)()

    def _board_reboots(self) -> None:
        self.rig.boards[0].is_lost()
        self.rig.passes(0.5)
        self.rig.boards[0].comes_up()
        self.rig.passes(0.0)
        self.lifted.clear()

    def everybody_hangs_up(self) -> None:
        """End the round."""
        self.lifted.clear()
        self.rig.everybody_hangs_up()

    def is_empty(self) -> None:
        """Assert that nothing is left."""
        assert not self.open
        self.rig.notices.clear()
        self.rig.is_empty()
        assert {each.state for each in self.phones} == {"idle"}
        assert {each.state for each in self.offices} == {"idle"}


def live(world: World, calls: int) -> None:
    """Let people call, and see that nothing is left, in between and at the end."""
    while len(world.closed) < calls:
        until = len(world.closed) + ROUND
        while len(world.closed) < until:
            world.happens()
        world.everybody_hangs_up()
        world.is_empty()
    for record in world.closed:
        adds_up(record)
    sessions_add_up(world.closed)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_thousands_of_random_calls_leave_nothing_behind() -> None:
    with World(seed=1998) as world:
        live(world, CALLS)
        assert {each.cause for each in world.closed} >= SEEN, "the world is varied"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_random_calls_on_cleaned_lines_leave_no_canceller_behind() -> None:
    with World(seed=1999, echo_tail_ms=ECHO_TAIL_MS) as world:
        live(world, CLEANED_CALLS)
        counters = world.rig.engine.counters()
        assert counters.refused == 0, "there was a canceller for every line"
