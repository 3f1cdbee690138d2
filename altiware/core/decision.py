# SPDX-License-Identifier: MIT
"""The question that is asked before a trunk is seized, and its answer.

The answer is given by :func:`altiware.policy.decide.decide`, which is the only place that makes
a :class:`Decision`; a seizure can't be ordered without one that allows it (tests check both).
"""

import enum
from dataclasses import dataclass

from altiware.core.ids import Party

__all__ = ["Decision", "DialPolicy", "DialRequest", "NumberClass", "Verdict"]


class NumberClass(enum.Enum):
    """Kinds of outside numbers, by what they cost and whom they reach."""

    EMERGENCY = "emergency"
    LOCAL = "local"
    TOLL_FREE = "toll-free"
    LONG_DISTANCE = "long distance"
    MOBILE = "mobile"
    INTERNATIONAL = "international"
    "Also the numbers of other countries inside the North American plan."
    PREMIUM = "premium"
    DIRECTORY = "directory"
    SERVICE = "service"
    "Short codes (N11 and the like) that are neither emergency nor directory."
    OPERATOR = "operator"
    "The carrier's operator, and calls through it (0, 00, 0+)."
    DIAL_AROUND = "dial-around"
    "Another carrier chosen by a prefix (1010xxx)."
    UNKNOWN = "unknown"


class Verdict(enum.Enum):
    """What the policy says."""

    ALLOW = "allow"
    DENY = "deny"
    CHALLENGE = "challenge"
    "Allowed if the caller proves who he is."


@dataclass(frozen=True, slots=True)
class DialRequest:
    """Who wants to reach which outside number."""

    caller: Party
    "Who would be charged."
    digits: str
    "As dialled, without the access code."
    country: str
    "Whose numbering plan the trunks follow."
    area_codes: tuple[str, ...] = ()
    "Area codes that are a local call from here."
    emergency_numbers: tuple[str, ...] = ()
    "Never refused, whatever else is asked."
    blocked: bool = False
    "Whether all calls outside are blocked at this time."


@dataclass(frozen=True, slots=True)
class DialPolicy:
    """What may be dialled."""

    allowed: frozenset[NumberClass] = frozenset({NumberClass.LOCAL, NumberClass.TOLL_FREE})
    "Emergency calls need no mention."


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with the reason."""

    verdict: Verdict
    rule: str
    "Which rule decided, by its id."
    why: str
    "One sentence for people."
    number_class: NumberClass
    digits: str
    "The canonical digits: exactly these may leave the trunk."

    @property
    def allows(self) -> bool:
        """Whether a trunk may be seized for it."""
        return self.verdict is Verdict.ALLOW

    @property
    def emergency(self) -> bool:
        """Whether help is called."""
        return self.number_class is NumberClass.EMERGENCY
