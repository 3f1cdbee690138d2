# SPDX-License-Identifier: MIT
import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.decision import Decision, DialPolicy, DialRequest, NumberClass, Verdict
from altiware.core.ids import station
from altiware.policy import decide

ALICE = station("101")
NOTHING = DialPolicy(allowed=frozenset())


def judged(digits: str, policy: DialPolicy | None = None, country: str = "us") -> Decision:
    emergency = {"us": ("911",), "uk": ("999", "112")}.get(country, ("112",))
    request = DialRequest(ALICE, digits, country, ("212",), emergency)
    return decide(request, policy or DialPolicy())


@pytest.mark.parametrize("digits", ["5550123", "12125550123", "18005550123", "+18005550123"])
def test_local_and_toll_free_pass(digits: str) -> None:
    assert judged(digits).verdict is Verdict.ALLOW
    assert judged(digits).rule == "class-allowed"


# TF-70, TF-71, TF-75 of the fraud cases, as far as a number can tell.
FRAUD = (
    "18095550123 18765550123 12845550123 011442071234567 +442071234567 00442071234567"
    " 0442071234567 00 0 02125550123 411 12125551212 9005550123 19005550123 9760123 5005550123"
    " 7005550123 1010288011442071234567 101028819005550123 *675550123 *8212125550123"
    " 810442071234567 13105550123 1 11 55501230 555-0123 555.0123 5550123,1 5550123p1"
    " 5550123#1 ++18005550123"
)


@pytest.mark.parametrize(
    "digits", [*FRAUD.split(), "", " 5550123", "\uff15550123", "5550123\u200b"]
)
def test_everything_else_is_denied(digits: str) -> None:
    denied = judged(digits)
    assert denied.verdict is Verdict.DENY
    assert not denied.allows
    assert denied.why


@pytest.mark.parametrize(
    ("digits", "rule"),
    [("*67911x", "unsendable"), ("1", "unclassified"), ("411", "class-denied")],
)
def test_a_refusal_names_its_rule(digits: str, rule: str) -> None:
    assert judged(digits).rule == rule


def test_emergency_passes_whatever_is_forbidden() -> None:
    help_ = judged("911", NOTHING)
    assert (help_.verdict, help_.rule, help_.digits) == (Verdict.ALLOW, "emergency", "911")
    assert help_.emergency
    assert judged("999", NOTHING, "uk").emergency
    assert judged("112", NOTHING, "fr").emergency


def test_what_only_begins_like_an_emergency_is_none() -> None:
    for digits in ("9110", "1911", "911911", "9110123", "01911"):
        assert not judged(digits, DialPolicy(frozenset(NumberClass))).emergency


def test_an_unknown_number_is_denied_even_where_all_classes_are_allowed() -> None:
    everything = DialPolicy(frozenset(NumberClass))
    assert judged("1", everything).verdict is Verdict.DENY
    assert judged("0123456789", everything, "fr").verdict is Verdict.DENY


@given(
    st.text("0123456789*#+pw ", max_size=24),
    st.frozensets(st.sampled_from(NumberClass)),
    st.sampled_from(["us", "uk", "de", "jp", "fr"]),
)
def test_what_is_allowed_is_emergency_or_of_an_allowed_class(
    digits: str, allowed: frozenset[NumberClass], country: str
) -> None:
    decision = judged(digits, DialPolicy(allowed), country)
    if decision.allows:
        assert decision.emergency or decision.number_class in allowed
        assert decision.number_class is not NumberClass.UNKNOWN
        assert decision.digits.isdigit(), "nothing but digits leaves a trunk"
    assert judged(digits, DialPolicy(allowed), country) == decision


@given(st.text("0123456789", min_size=1, max_size=16))
def test_a_decision_does_not_depend_on_how_the_number_was_written(number: str) -> None:
    written = judged("+1" + number)
    dialled = judged("1" + number)
    assert written == dialled


@pytest.mark.parametrize(("digits", "rule"), [("5550123", "blocked"), ("911", "emergency")])
def test_when_all_is_blocked_help_alone_is_called(digits: str, rule: str) -> None:
    request = DialRequest(ALICE, digits, "us", ("212",), ("911",), blocked=True)
    assert decide(request, DialPolicy()).rule == rule
