# SPDX-License-Identifier: MIT
"""The distribution, driven by chance: nobody is served twice, out of turn, or never."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given, settings

from altiware.core.ids import Party, application
from altiware.core.workgroups import Distribution, Member, WorkgroupPlan
from altiware.features.workgroup.distribution import Free, Waiting, distribute

AGENTS = tuple(str(102 + i) for i in range(6))
SKILLS = ("", "german", "billing")


@st.composite
def plans(draw: st.DrawFn) -> WorkgroupPlan:
    """Any group of up to six agents."""
    extensions = draw(st.lists(st.sampled_from(AGENTS), min_size=1, unique=True))
    levels = st.dictionaries(st.sampled_from(SKILLS[1:]), st.integers(0, 9))
    members = tuple(Member(each, draw(levels)) for each in extensions)
    return WorkgroupPlan("any", members, mode=draw(st.sampled_from(Distribution)))


@st.composite
def situations(draw: st.DrawFn) -> tuple[WorkgroupPlan, list[Waiting], list[Free], str, float]:
    """Any plan, queue, free agents, last agent and time."""
    plan = draw(plans())
    now = draw(st.floats(0.0, 200.0))
    times = sorted(draw(st.lists(st.floats(0.0, now), max_size=8)))
    tried = st.frozensets(st.sampled_from(AGENTS))
    waiting = [
        Waiting(application("c", i), since, draw(st.sampled_from(SKILLS)), draw(tried))
        for i, since in enumerate(times)
    ]
    chosen = draw(st.lists(st.sampled_from(plan.members), unique_by=lambda each: each.extension))
    free = [Free(each.extension, draw(st.floats(0.0, now)), each.levels) for each in chosen]
    return plan, waiting, free, draw(st.sampled_from(("", *AGENTS))), now


def is_able(plan: WorkgroupPlan, waiting: Waiting, agent: Free, now: float) -> bool:
    """The rule in other words."""
    wants = bool(waiting.skill) and now < waiting.since + plan.skilled_only_s
    return not wants or agent.levels.get(waiting.skill, 0) > 0


@given(situations())
def test_no_agent_gets_two_callers_and_no_caller_is_called_for_twice(
    situation: tuple[WorkgroupPlan, list[Waiting], list[Free], str, float],
) -> None:
    plan, waiting, free, last, now = situation
    found = distribute(plan, waiting, free, last, now)
    agents = [agent for each in found for agent in each.agents]
    waiters = [each.waiter for each in found]
    assert len(agents) == len(set(agents))
    assert set(agents) <= {each.extension for each in free}
    assert len(waiters) == len(set(waiters))
    assert all(each.agents for each in found)
    if plan.mode is not Distribution.ALL:
        assert all(len(each.agents) == 1 for each in found)


@given(situations())
def test_an_agent_is_left_free_only_if_no_caller_is_left_for_him(
    situation: tuple[WorkgroupPlan, list[Waiting], list[Free], str, float],
) -> None:
    plan, waiting, free, last, now = situation
    found = distribute(plan, waiting, free, last, now)
    taken = {agent for each in found for agent in each.agents}
    served = {each.waiter for each in found}
    for each in waiting:
        for agent in free:
            if each.party not in served and agent.extension not in taken:
                assert not is_able(plan, each, agent, now)


@given(situations())
def test_nobody_is_overtaken_by_who_came_later_and_takes_an_agent_who_would_do_for_him(
    situation: tuple[WorkgroupPlan, list[Waiting], list[Free], str, float],
) -> None:
    plan, waiting, free, last, now = situation
    found = {each.waiter: each.agents for each in distribute(plan, waiting, free, last, now)}
    by_extension = {each.extension: each for each in free}
    for place, each in enumerate(waiting):
        later = (one for one in waiting[place + 1 :] if one.party in found)
        for one in later if each.party not in found else ():
            for agent in found[one.party]:
                assert not is_able(plan, each, by_extension[agent], now)


@given(situations())
def test_the_order_in_which_agents_are_named_means_nothing(
    situation: tuple[WorkgroupPlan, list[Waiting], list[Free], str, float],
) -> None:
    plan, waiting, free, last, now = situation
    assert distribute(plan, waiting, free, last, now) == distribute(
        plan, waiting, free[::-1], last, now
    )


@given(situations())
def test_an_agent_who_was_tried_is_called_again_only_when_all_were(
    situation: tuple[WorkgroupPlan, list[Waiting], list[Free], str, float],
) -> None:
    plan, waiting, free, last, now = situation
    first = waiting[:1]
    for each in distribute(plan, first, free, last, now):
        able = {agent.extension for agent in free if is_able(plan, first[0], agent, now)}
        if first[0].tried & set(each.agents):
            assert able <= first[0].tried


def name(waiter: Party) -> int:
    return int(waiter.name.split()[-1])


@settings(max_examples=200)
@given(plans(), st.lists(st.tuples(st.integers(0, 9), st.integers(1, 30)), max_size=60))
def test_in_the_long_run_everybody_is_served(
    plan: WorkgroupPlan, calls: list[tuple[int, int]]
) -> None:
    """Callers come after pauses; whoever gets them talks for a while, and is free again."""
    now, last = 0.0, ""
    waiting: list[Waiting] = []
    busy: dict[str, float] = {}
    since = dict.fromkeys((each.extension for each in plan.members), 0.0)
    served: list[int] = []
    coming = list(enumerate(calls))
    for _ in range(5000):
        if not coming and not waiting:
            break
        if coming and now >= sum(pause for pause, _ in calls[: coming[0][0] + 1]):
            number, _ = coming.pop(0)
            waiting.append(Waiting(application("c", number), now, SKILLS[number % 3]))
        busy = {agent: until for agent, until in busy.items() if until > now}
        free = [
            Free(each.extension, since[each.extension], each.levels)
            for each in plan.members
            if each.extension not in busy
        ]
        for each in distribute(plan, waiting, free, last, now):
            agent = each.agents[0]
            busy[agent] = since[agent] = now + calls[name(each.waiter)][1]
            last = agent
            served.append(name(each.waiter))
            waiting = [one for one in waiting if one.party != each.waiter]
        now += 1.0
    assert sorted(served) == list(range(len(calls)))
    plain = [number for number in served if not SKILLS[number % 3]]
    assert plain == sorted(plain), "those who want no skill are served in their order"


def test_round_robin_goes_round() -> None:
    plan = WorkgroupPlan("any", tuple(map(Member, AGENTS)), mode=Distribution.ROUND_ROBIN)
    free = [Free(each, 0.0, {}) for each in AGENTS]
    called, last = [], ""
    for _ in range(12):
        (found,) = distribute(plan, [Waiting(application("c", 1), 0.0)], free, last, 0.0)
        (last,) = found.agents
        called.append(last)
    assert called == [*AGENTS, *AGENTS]


def test_an_agent_who_has_left_the_group_is_where_the_circle_begins_anew() -> None:
    plan = WorkgroupPlan("any", (Member("102"), Member("103")), mode=Distribution.ROUND_ROBIN)
    free = [Free("102", 0.0, {}), Free("103", 0.0, {})]
    (found,) = distribute(plan, [Waiting(application("c", 1), 0.0)], free, "199", 0.0)
    assert found.agents == ("102",)
    first = replace(plan, mode=Distribution.FIRST)
    assert distribute(first, [], free, "", 0.0) == []
