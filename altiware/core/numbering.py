# SPDX-License-Identifier: MIT
"""How dialled digits are read: when a number is complete, and where it leads.

Reading is by first digit.  Numbers of the outside world are only measured here, so that the
caller need not wait for a time-out; what they cost, and whether they may be dialled, is the
policy's business (:mod:`altiware.policy`).
"""

import enum
import re
from dataclasses import dataclass
from typing import Final

from altiware.core.ids import Party, station
from altiware.core.plan import KEYS, OUTWARD, FeatureCode, FirstDigit, Plan, Service

__all__ = ["Destination", "DialPlan", "Place", "Reading"]

LONGEST: Final = 32
"""No number on earth, prefixes included, has more digits; longer is noise or mischief."""
EMERGENCY_TEST: Final = Service("emergency-test", name="Test of emergency calls")

# Numbers that nothing can follow, without the access digit.  Where a shorter number may go on
# (7 digits that could become 10), only silence or # tells the end.
WHOLE_NUMBERS: Final[dict[str, re.Pattern[str]]] = {
    # NANPA: N11; 1+10; 10 digits.  The first digit of area and exchange codes is 2-9.
    "us": re.compile(r"[2-9]11|988|1[2-9]\d{9}|[2-9]\d{2}[2-9]\d{6}"),
    # Ofcom: national numbers have 10 digits after the 0, save 0800 1111 and a few of 9.
    "uk": re.compile(r"0[1-357-9]\d{9}|118\d{3}"),
    # Germany and Japan: no fixed length, or several.
    "de": re.compile(r"116\d{3}|118\d{2}"),
    "jp": re.compile(r"0[5-9]0\d{8}|0120\d{6}"),
}
_NEVER: Final = re.compile(r"(?!)")


class Reading(enum.Enum):
    """How far a number is."""

    OPEN = "open"
    "More digits are needed, or may follow: silence ends it."
    WHOLE = "whole"
    "Nothing can follow; it leads somewhere, or nowhere."


class Place(enum.Enum):
    """Where a number leads."""

    STATION = "station"
    OPERATOR = "operator"
    OUTSIDE = "outside"
    APPLICATION = "application"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Destination:
    """A number, understood."""

    place: Place
    party: Party | None = None
    "The station, or the operator's."
    digits: str = ""
    "For OUTSIDE: without the access digit; for APPLICATION: what was dialled after its code."
    service: Service | None = None
    "For APPLICATION."
    by_code: bool = False
    "By a feature code: for whoever dials it, and nobody else."


class DialPlan:
    """The numbering of one office."""

    def __init__(self, plan: Plan) -> None:
        self._first = plan.numbering.first_digits
        self._length = plan.numbering.extension_length
        self._emergency = plan.emergency
        self._stations = {each.extension for each in plan.stations}
        self._operator = plan.operator_party
        self._whole = WHOLE_NUMBERS.get(plan.country, _NEVER)
        self._services = plan.numbering.services
        self._codes = plan.numbering.codes
        self._test = plan.emergency_test

    def read(self, digits: str) -> Reading:
        """Tell whether a number can go on (at least one digit)."""
        meaning = self._first.get(digits[0], FirstDigit.INVALID)
        if digits in self._emergency or len(digits) >= LONGEST:
            return Reading.WHOLE
        if any(number.startswith(digits) for number in self._emergency):
            return Reading.OPEN
        if meaning is FirstDigit.EXTENSION:
            return Reading.WHOLE if len(digits) >= self._length else Reading.OPEN
        if meaning in OUTWARD:
            return self._read_outside(digits[1:])
        if meaning is FirstDigit.FEATURE:
            return self._read_code(digits)
        return Reading.WHOLE

    def _read_outside(self, digits: str) -> Reading:
        whole = digits.endswith("#") or digits in self._emergency or self._whole.fullmatch(digits)
        return Reading.WHOLE if whole else Reading.OPEN

    def _read_code(self, digits: str) -> Reading:
        if any(len(code) > len(digits) and code.startswith(digits) for code in self._codes):
            return Reading.OPEN
        found = self._code(digits)
        if found is None:
            return Reading.WHOLE
        code, feature = found
        rest = digits[len(code) :]
        if feature.is_number:
            return self._read_operand(rest)
        enough = feature.follows is not None and len(rest) >= feature.follows
        return Reading.WHOLE if enough or rest.endswith("#") else Reading.OPEN

    def _read_operand(self, number: str) -> Reading:
        """Read a number that follows a code: a mere # says that there is none."""
        if not number:
            return Reading.OPEN
        return Reading.WHOLE if number == "#" else self.read(number)

    def _code(self, digits: str) -> tuple[str, FeatureCode] | None:
        """Return the longest code that the digits begin with."""
        fitting = [code for code in self._codes if digits.startswith(code)]
        if not fitting:
            return None
        code = max(fitting, key=len)
        return code, self._codes[code]

    def destination(self, digits: str) -> Destination:
        """Tell where a number leads that is whole, or that silence ended."""
        if not digits or not set(digits) <= set(KEYS):
            return Destination(Place.NOWHERE)
        if digits in self._emergency:
            return Destination(Place.OUTSIDE, digits=digits)
        meaning = self._first.get(digits[0], FirstDigit.INVALID)
        if meaning is FirstDigit.EXTENSION and digits in self._stations:
            return Destination(Place.STATION, station(digits))
        if digits in self._services:
            return Destination(Place.APPLICATION, service=self._services[digits])
        if digits.removesuffix("#") == self._test:  # no number outside is as short
            return Destination(Place.APPLICATION, service=EMERGENCY_TEST, by_code=True)
        if meaning is FirstDigit.OPERATOR and len(digits) == 1:
            return Destination(Place.OPERATOR, self._operator)
        found = self._code(digits) if meaning is FirstDigit.FEATURE else None
        if found is not None:
            code, feature = found
            rest = digits[len(code) :].removesuffix("#")
            return Destination(
                Place.APPLICATION, digits=rest, service=feature.service, by_code=True
            )
        outside = digits[1:].removesuffix("#")
        if meaning in OUTWARD and outside:
            return Destination(Place.OUTSIDE, digits=outside)
        return Destination(Place.NOWHERE)
