# SPDX-License-Identifier: MIT
"""Caller ID by DTMF: the digits an office sends before or between rings, built and read.

``dtmf_of(caller, DtmfForm.A_C)`` is what ``Engine.open_digits`` sends; ``parse_dtmf`` reads the
keys heard, in whichever form.  ``DtmfCollector`` gathers keys until they are whole.  There are no
names, and no times.  Which country has which form differs by operator, so it is a setting.
"""

import enum
import re
from dataclasses import dataclass, field
from typing import Final

from dsp.callerid import Absence, CallerId, CallerIdError

__all__ = ["DtmfCollector", "DtmfForm", "dtmf_of", "parse_dtmf"]

MAX_NUMBER: Final = 20
DIGITS: Final = frozenset("0123456789")
PAUSE_S: Final = 0.5
"Silence after which a string without an end is given up (ETSI: 70 ms between digits)."
LONGEST: Final = 2 * MAX_NUMBER + 6


class DtmfForm(enum.Enum):
    """How number, redirecting number and absence are put into keys."""

    A_C = "A...C"
    "A number, D redirecting number, B code, C: Brazil, Sweden, Finland, the Netherlands, India."
    A_HASH = "A...#"
    "A number #, or D code #."
    D_C = "D...C"
    "D number C: Taiwan, Kuwait."
    HASH = "...#"
    "The number and #: Denmark; absence can't be told but by D code #."


_ABSENT_B: Final = {Absence.UNAVAILABLE: "00", Absence.PRIVATE: "10"}
_ABSENT_D: Final = {Absence.PRIVATE: "1", Absence.UNAVAILABLE: "3"}
_UNAVAILABLE_D: Final = frozenset("23")
"2: an international call; 3: for technical reasons."

_A_C: Final = re.compile(r"(?:A(\d{1,20}))?(?:D(\d{1,20}))?(?:B(\d{1,20}))?C")
_A_HASH: Final = re.compile(r"A(\d{1,20})#")
_CODE: Final = re.compile(r"D([123])#")
_HASH: Final = re.compile(r"(\d{1,20})#")


def dtmf_of(caller: CallerId, form: DtmfForm) -> str:
    """Return the keys that tell of a caller; ``dialed`` is sent as the redirecting number.

    Raises:
        CallerIdError: a number has other than digits or is too long, or the form lacks an absence.
    """
    for number in (caller.number, caller.dialed):
        if len(number) > MAX_NUMBER or not DIGITS.issuperset(number):
            raise CallerIdError(
                f"number {number!r}: by DTMF, allowed are up to {MAX_NUMBER} of 0-9"
            )
    absent = caller.absent or Absence.UNAVAILABLE
    if form is DtmfForm.A_C:
        parts = f"A{caller.number}" if caller.number else f"B{_ABSENT_B[absent]}"
        redirected = f"D{caller.dialed}" if caller.dialed else ""
        return (parts + redirected if caller.number else redirected + parts) + "C"
    if form is DtmfForm.D_C:
        if not caller.number:
            raise CallerIdError("the form D...C has no way to say why there is no number")
        return f"D{caller.number}C"
    if not caller.number:
        return f"D{_ABSENT_D[absent]}#"
    return f"A{caller.number}#" if form is DtmfForm.A_HASH else f"{caller.number}#"


def _parse_a_c(keys: str, found: re.Match[str]) -> CallerId:
    number, redirected, code = (part or "" for part in found.groups())
    if not (number or redirected or code):
        raise CallerIdError(f"keys {keys!r} say nothing")
    if redirected and not number and not code:
        return CallerId(redirected)  # the form D...C
    if number:
        return CallerId(number, dialed=redirected)
    private = code == _ABSENT_B[Absence.PRIVATE]
    absent = Absence.PRIVATE if private else Absence.UNAVAILABLE
    return CallerId(absent=absent, dialed=redirected)


def parse_dtmf(keys: str) -> CallerId:
    """Read the keys of a whole string, of any form.

    Raises:
        CallerIdError: they are of none.
    """
    if found := _A_C.fullmatch(keys):
        return _parse_a_c(keys, found)
    if found := _A_HASH.fullmatch(keys) or _HASH.fullmatch(keys):
        return CallerId(found[1])
    if found := _CODE.fullmatch(keys):
        unavailable = found[1] in _UNAVAILABLE_D
        return CallerId(absent=Absence.UNAVAILABLE if unavailable else Absence.PRIVATE)
    allowed = ", ".join(form.value for form in DtmfForm)
    raise CallerIdError(f"keys {keys!r} are no caller ID: allowed are {allowed}")


@dataclass(slots=True)
class DtmfCollector:
    """Gathers keys as they are heard on an on-hook line."""

    _keys: str = field(default="", init=False)
    _last: float = field(default=0.0, init=False)

    def hear(self, at: float, key: str) -> CallerId | None:
        """Take a key heard at a time in seconds; return the caller when the string is whole."""
        if at - self._last > PAUSE_S or len(self._keys) >= LONGEST:
            self._keys = ""
        self._last = at
        self._keys += key
        if key not in "C#":
            return None
        whole, self._keys = self._keys, ""
        try:
            return parse_dtmf(whole)
        except CallerIdError:
            return None
