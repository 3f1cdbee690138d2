# SPDX-License-Identifier: MIT
import pytest

from altiware.core.call import Call
from altiware.core.causes import Cause
from altiware.core.decision import Decision, DialRequest, NumberClass, Verdict
from altiware.core.effects import Send
from altiware.core.events import Event
from altiware.core.ids import CallId, Party, PortAddress, station, trunk
from altiware.core.legs import Alerting, Answered
from altiware.core.orders import Absorb, Allowed, Clear, Join, ToOutside, ToStation
from altiware.core.plan import Timers
from altiware.core.signals import Caller, RingStyle
from altiware.features.transfer import transfer

ALICE, BOB, CAROL = station("101"), station("102"), station("103")
LINE_1 = trunk(PortAddress(0, 0))
ALLOWED = Decision(Verdict.ALLOW, "test", "it is a test", NumberClass.LOCAL, "5550123")


def call(name: str, near: Party, *events: Event) -> Call:
    made = Call(CallId(name), CallId(name), near, digits="", caller=None, timers=Timers(), at=0.0)
    for event in events:
        made.receive(event)
    return made


def between(name: str, near: Party, far: Party) -> Call:
    offered = ToStation(0.0, far, RingStyle.INTERNAL)
    return call(name, near, offered, Alerting(0.0, far, CallId(name)), Answered(0.0, far))


def going_out(name: str, near: Party) -> Call:
    request = DialRequest(near, "5550123", "us")
    return call(name, near, ToOutside(0.0, request), Allowed(0.0, ALLOWED))


@pytest.mark.parametrize("held", [between("1", ALICE, BOB), between("1", BOB, ALICE)])
def test_the_held_party_takes_the_leaver_s_place(held: Call) -> None:
    second = between("2", ALICE, CAROL)
    assert transfer(ALICE, held, second, 5.0) == [
        Send(second.id, Join(5.0, ALICE, BOB)),
        Send(held.id, Absorb(5.0)),
    ]


def test_one_outside_party_may_be_left_to_one_inside() -> None:
    from_outside = between("1", LINE_1, ALICE)
    from_outside.caller = Caller("2125550123")
    join = Join(5.0, ALICE, LINE_1, Caller("2125550123"))
    assert transfer(ALICE, from_outside, between("2", ALICE, BOB), 5.0)[0].message == join
    inside = between("1", ALICE, BOB)
    assert isinstance(transfer(ALICE, inside, going_out("2", ALICE), 5.0)[0].message, Join)


def test_two_outside_parties_may_not() -> None:
    held, second = between("1", LINE_1, ALICE), going_out("2", ALICE)
    over = Clear(5.0, Cause.TRUNK_TO_TRUNK)
    assert transfer(ALICE, held, second, 5.0) == [Send(held.id, over), Send(second.id, over)]
    from_outside = between("2", ALICE, LINE_1)
    assert transfer(ALICE, held, from_outside, 5.0)[1] == Send(CallId("2"), over)
