# SPDX-License-Identifier: MIT
"""Thousands of calls to two workgroups, whose agents do whatever comes into their heads.

Invariants: no agent is called twice at once; positions are 1, 2, 3 ...; every caller who came has
become exactly one thing; and when everybody has hung up nothing of it all is left.
"""

import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from altiware.core.plan import Service, Timers
from altiware.core.workgroup_events import WorkgroupFact as F
from altiware.core.workgroups import Distribution, Member, Recorded
from altiware.features.workgroup.leg import Leg, LegState
from altiware.features.workgroup.waiter import queue
from tests.adding_up import adds_up, sessions_add_up
from tests.scenarios.signalling.workgroup.group_office import GroupRig, changed, group_plan

CALLS = 1_000
"""Of each seed."""
ROUND = 50
CODES = ("#54#", "#56#", "#90#", "#91#", "#33", "#36105", "#36#", "#46102", "#47103", "#48102")
NUMBERS = ("500", "500", "500", "501", "501", "502", "101", "102", "103", "105")
AFTER_FLASH = ("", "500", "501", "105", "102", "#57", "#41", "#411#", "#29102")
IMPATIENT = Timers(
    first_digit_s=3.0,
    next_digit_s=1.0,
    no_answer_s=8.0,
    return_s=6.0,
    park_s=8.0,
    tone_s=2.0,
    howler_s=2.0,
    ring_gap_s=2.5,
)
SALES = changed(
    members=tuple(map(Member, ("102", "103", "104"))),
    mode=Distribution.LONGEST_IDLE,
    ring_s=5.0,
    wrap_up_s=3.0,
    overflow="501",
    overflow_after_s=20.0,
    recording=Recorded.ALWAYS,
    tells_agent=True,
    call_back=True,
    call_back_within_s=60.0,
    calls_as="106",
    supervisors=("101", "105"),
    no_answer_log_out=True,
)
SERVICE = changed(
    name="service",
    members=(Member("103"), Member("104", {"german": 3}), Member("105")),
    mode=Distribution.ALL,
    ring_s=4.0,
    overflow="500",
    overflow_after_s=15.0,
    most_waiting=3,
    recording=Recorded.ON_DEMAND,
    skilled_only_s=5.0,
    supervisors=("101",),
)
SEEN = set(F) - {F.LAPSED, F.REFUSED, F.READY, F.RESTARTED}
"""What must have happened for the world to be varied."""
ENDS = {F.ANSWERED, F.ABANDONED, F.OVERFLOWED, F.REFUSED}


class World:
    """People at six telephones and three lines, driven by one seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        services = {
            "501": Service("workgroup", "service"),
            "502": Service("workgroup", "service:german"),
        }
        plan = group_plan(SALES, SERVICE, services=services, timers=IMPATIENT)
        self.rig = GroupRig(folder, plan)
        self.random = random.Random(seed)
        self.phones = [self.rig.phone(each.extension) for each in plan.stations]
        self.lifted: set[str] = set()
        self.seen: Counter[F] = Counter()

    def happens(self) -> None:
        """Let something happen, and some time pass."""
        if self.random.random() < 0.7:
            self._someone_acts()
        else:
            self._a_line_acts()
        self.rig.passes(self.random.choice((0.0, 0.1, 0.4, 1.5, 4.0)))
        self._is_consistent()

    def _someone_acts(self) -> None:
        phone = self.random.choice(self.phones)
        if phone.extension not in self.lifted:
            self.lifted.add(phone.extension)
            phone.lifts()
            return
        act = self.random.random()
        if act < 0.25:
            phone.dials(self.random.choice(NUMBERS))
        elif act < 0.4:
            phone.dials(self.random.choice(CODES))
        elif act < 0.5:
            phone.dials(self.random.choice("123"))
        elif act < 0.7:
            phone.flashes()
            phone.dials(self.random.choice(AFTER_FLASH))
        else:
            self.lifted.remove(phone.extension)
            phone.hangs_up()

    def _a_line_acts(self) -> None:
        office = self.rig.office(self.random.randrange(3))
        act = self.random.random()
        if act < 0.6:
            office.calls_in("2125550123", "SMITH JOHN", on_s=0.5)
        elif act < 0.8:
            office.presses(self.random.choice("123"))
        else:
            office.breaks_loop(300)

    def _is_consistent(self) -> None:
        conversations = self.rig.desk.conversations.values()
        legs = [each for each in conversations if isinstance(each, Leg)]
        ringing = Counter(each.agent for each in legs if each.state is LegState.CALLING)
        assert all(count == 1 for count in ringing.values()), ringing
        for group in ("sales", "service"):
            waiting = queue(self.rig.desk, group)
            assert len({each.party for each in waiting}) == len(waiting)
            assert [each.since for each in waiting] == sorted(each.since for each in waiting)
        parties = {each.party for each in conversations}
        assert all(each.waiter in parties for each in legs), "nobody is called for nobody"

    def ends_a_round(self) -> int:
        """Let everybody hang up; assert that nothing is left; return how many calls there were."""
        self.lifted.clear()
        self.rig.everybody_hangs_up()
        self.rig.passes(61.0)
        self.rig.everybody_hangs_up()
        self.rig.is_clean()
        self.rig.is_forgotten()
        assert self.rig.waiting() == self.rig.waiting("service") == []
        self._adds_up()
        for record in self.rig.records:
            adds_up(record)
        sessions_add_up(self.rig.records)
        count = len(self.rig.records)
        self.rig.notices.clear()
        for extension in ("102", "103", "104", "105"):
            self.rig.phone(extension).calls("#54#")
            self.rig.passes(3.0)
            self.rig.phone(extension).hangs_up()
        return count

    def _adds_up(self) -> None:
        """Assert that every caller has become one thing."""
        ends: dict[tuple[str, str], list[F]] = defaultdict(list)
        for each in self.rig.facts:
            self.seen[each.fact] += 1
            if each.fact in ENDS | {F.OFFERED, F.CALL_BACK, F.LAPSED}:
                ends[each.group, each.call].append(each.fact)
        for told in ends.values():
            begun = told.count(F.OFFERED)
            booked = told.count(F.CALL_BACK)
            ended = sum(each in ENDS for each in told) + told.count(F.LAPSED)
            assert begun == ended, told
            assert booked <= begun


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", [1998, 2026])
def test_a_thousand_random_calls_leave_nothing_behind(tmp_path: Path, seed: int) -> None:
    world = World(tmp_path, seed)
    calls = 0
    while calls < CALLS:
        for _ in range(ROUND):
            world.happens()
        calls += world.ends_a_round()
    assert set(world.seen) >= SEEN, SEEN - set(world.seen)
    world.rig.close()
