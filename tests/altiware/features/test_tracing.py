# SPDX-License-Identifier: MIT
from altiware.core.causes import Cause
from altiware.core.effects import ConnectPath, Hear, Ring, SendCallerId
from altiware.core.events import Digit
from altiware.core.ids import CallId, station
from altiware.core.legs import Release
from altiware.core.notices import Traced, TraceKind
from altiware.core.signals import Caller, Ears
from altiware.features.tracing import LONGEST_PRELUDE, NO_CALL, Tracer, line_of

ALICE = station("101")


def line(at: float) -> Traced:
    return line_of(at, TraceKind.EVENT, "telephone", "101", Digit(at, "1"))


def test_what_comes_before_a_call_is_put_in_front_of_it() -> None:
    tracer = Tracer()
    tracer.keep(ALICE, line(1.0))
    (prelude,) = tracer.attached(ALICE, CallId("7"))
    assert (prelude.call, prelude.at) == ("7", 1.0)
    assert tracer.call_of(ALICE) == "7"


def test_a_party_at_rest_begins_anew() -> None:
    tracer = Tracer()
    list(tracer.attached(ALICE, CallId("7")))
    tracer.idle(ALICE)
    assert tracer.call_of(ALICE) == NO_CALL
    tracer.keep(ALICE, line(1.0))
    tracer.idle(ALICE)
    assert list(tracer.attached(ALICE, CallId("8"))) == []


def test_a_prelude_does_not_grow_for_ever() -> None:
    tracer = Tracer()
    for at in range(LONGEST_PRELUDE + 10):
        tracer.keep(ALICE, line(float(at)))
    kept = list(tracer.attached(ALICE, CallId("7")))
    assert len(kept) == LONGEST_PRELUDE
    assert kept[-1].at == LONGEST_PRELUDE + 9


def test_a_line_tells_its_fields_in_words() -> None:
    fields = {
        Digit(0.0, "5"): (("key", "5"),),
        Release(0.0, Cause.NO_ANSWER): (("cause", "no answer"),),
        Ring((400, 200)): (("cadence_ms", "400 200"),),
        Hear(Ears.CALLER_ID): (("ears", "caller_id"),),
        SendCallerId(Caller("101")): (("caller", "number 101"),),
        ConnectPath(ALICE, station("102")): (("a", "101"), ("b", "102")),
    }
    for thing, told in fields.items():
        made = line_of(0.0, TraceKind.EFFECT, "101", "engine", thing)
        assert (made.what, made.fields) == (type(thing).__name__, told)
