# SPDX-License-Identifier: MIT
"""The one decision about outside calls.

Everything that can seize a trunk asks here first, and nothing else makes a
:class:`~altiware.core.decision.Decision`.  The function is pure: the same request and policy
give the same answer.  It counts nothing and spends nothing.
"""

from altiware.core.decision import Decision, DialPolicy, DialRequest, NumberClass, Verdict
from altiware.policy.numbers import canonical, classify

__all__ = ["decide"]


def decide(request: DialRequest, policy: DialPolicy) -> Decision:
    """Judge whether a number may be dialled, and with which digits."""
    number = canonical(request.digits, request.country)
    if number is None:
        return _deny("unsendable", "this is not a number that a trunk can send", request.digits)
    if number in request.emergency_numbers:
        why = f"{number} calls help, which nothing forbids"
        return Decision(Verdict.ALLOW, "emergency", why, NumberClass.EMERGENCY, number)
    if request.blocked:
        return _deny("blocked", "all calls outside are blocked", number)
    kind = classify(number, request.country, request.area_codes)
    if kind is NumberClass.UNKNOWN:
        why = f"{number} is in no class of the numbers of {request.country!r}"
        return _deny("unclassified", why, number)
    if kind in policy.allowed:
        why = f"{number} is {kind.value}, which is allowed"
        return Decision(Verdict.ALLOW, "class-allowed", why, kind, number)
    return _deny("class-denied", f"{number} is {kind.value}, which is not allowed", number, kind)


def _deny(rule: str, why: str, number: str, kind: NumberClass = NumberClass.UNKNOWN) -> Decision:
    return Decision(Verdict.DENY, rule, why, kind, number)
