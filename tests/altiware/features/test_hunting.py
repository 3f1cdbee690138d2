# SPDX-License-Identifier: MIT
from altiware.core.call import Call
from altiware.core.decision import Decision, NumberClass, Verdict
from altiware.core.ids import CallId, Party, PortAddress, station
from altiware.core.plan import Timers, TrunkDirection, TrunkPlan
from altiware.core.trunk import Trunk, TrunkState
from altiware.features.hunting import any_in_service, call_to_preempt, free_trunk, free_way
from altiware.features.outgoing import Way

S = TrunkState


def trunk(port: int, where: TrunkState, direction: TrunkDirection = TrunkDirection.BOTH) -> Trunk:
    made = Trunk(TrunkPlan(PortAddress(0, port), direction=direction), Timers())
    made.state = where
    return made


def call_on(port: Trunk, *, emergency: bool = False) -> tuple[dict[Party, CallId], Call]:
    kind = NumberClass.EMERGENCY if emergency else NumberClass.LOCAL
    name = CallId(f"call on {port.party}")
    made = Call(name, name, station("101"), digits="", caller=None, timers=Timers(), at=0.0)
    made.decision = Decision(Verdict.ALLOW, "test", "it is a test", kind, "1")
    return {port.party: name}, made


def test_the_first_idle_trunk_of_the_first_way_that_was_not_tried() -> None:
    busy, first, second = trunk(0, S.TALKING), trunk(1, S.IDLE), trunk(2, S.IDLE)
    trunks = {each.party: each for each in (busy, first, second)}
    cheap = Way("cheap", (busy.party, second.party), "1")
    dear = Way("dear", (second.party, first.party), "2")
    assert free_way(trunks, [cheap, dear], ()) == (second, cheap)
    assert free_way(trunks, [cheap, dear], (second.party,)) == (first, dear)
    assert free_way(trunks, [cheap, dear], (first.party, second.party)) is None


def test_only_emergencies_take_an_incoming_trunk_or_one_that_was_tried() -> None:
    incoming = trunk(0, S.IDLE, TrunkDirection.IN)
    ways = [Way("", (incoming.party,), "1")]
    assert free_way({incoming.party: incoming}, ways, ()) is None
    assert free_trunk([incoming], ()) is incoming
    assert free_trunk([incoming], (incoming.party,)) is incoming
    assert free_trunk([trunk(0, S.GUARD)], ()) is None


def test_service() -> None:
    assert not any_in_service([trunk(0, S.LOST)])
    assert any_in_service([trunk(0, S.LOST), trunk(1, S.TALKING)])


def test_a_call_that_must_give_way() -> None:
    ringing, talking = trunk(0, S.PRESENTED), trunk(1, S.TALKING)
    at, call = call_on(talking)
    calls = {call.id: call}
    assert call_to_preempt([ringing, talking], at, calls, 1) is call
    resting = trunk(2, S.GUARD)
    assert call_to_preempt([ringing, talking, resting], at, calls, 1) is None
    assert call_to_preempt([ringing, talking, resting], at, calls, 2) is call


def test_a_call_for_help_does_not_give_way() -> None:
    talking = trunk(1, S.TALKING)
    at, call = call_on(talking, emergency=True)
    assert call_to_preempt([talking], at, {call.id: call}, 1) is None
