# SPDX-License-Identifier: MIT
"""Forwarding by code: all calls, those to a busy station, or those that nobody answers.

The number that follows the code is as dialled; without one calls are no longer forwarded.  What is
refused when it is set: a number that leads nowhere, the own one, a circle, feature codes, and
numbers outside unless the plan lets the station forward there (what they cost is judged when a call
comes: the policy is asked for the station).  Where forwarded calls go :mod:`coverage` says.
"""

from typing import Final

from altiware.core.causes import Cause
from altiware.core.ids import Party, station
from altiware.features.applications import Desk
from altiware.features.coverage import HOPS, may_forward
from altiware.features.effects import Change
from altiware.features.errands import Errand, Outcome
from altiware.features.speaking import ENGLISH, phrases

__all__ = ["Forward", "set_forwarding"]

_SETTINGS: Final = {
    "all": "forward",
    "busy": "forward_busy",
    "no-answer": "forward_no_answer",
}
"""The setting by the argument of the service."""


class Forward(Errand):
    """Forwards the calls of the station that dials it."""

    def run(self, at: float) -> Outcome:
        """Set where to, or that no more."""
        which = self.opening.service.argument
        return set_forwarding(self.desk, self.extension, which, self.opening.digits)


def set_forwarding(desk: Desk, extension: str, which: str, number: str) -> Outcome:
    """Forward calls of an extension to a number as dialled; empty: no longer."""
    setting = _SETTINGS[which]
    if not number:
        return Outcome(phrases("forward-off"), (Change(extension, setting, ""),))
    own = station(extension)
    to = desk.dial_plan.destination(number)
    if to.party == own:
        return _refused("forward-to-self")
    if not may_forward(desk, own, to):
        return _refused("forward-not-allowed")
    if setting == "forward" and to.party is not None and _comes_back(desk, to.party, own):
        return _refused("forward-loop")
    said = (*phrases(f"forward-{which}-to"), *ENGLISH.digits(number))
    return Outcome(said, (Change(extension, setting, number),))


def _refused(phrase: str) -> Outcome:
    return Outcome(phrases(phrase), cause=Cause.DENIED)


def _comes_back(desk: Desk, first: Party, own: Party) -> bool:
    """Whether calls that ``first`` forwards come to ``own`` in the end."""
    at: Party | None = first
    for _ in range(HOPS):
        if at is None or at == own:
            break
        number = desk.settings.of(at.name).forward
        at = desk.dial_plan.destination(number).party if number else None
    return at == own
