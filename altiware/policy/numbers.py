# SPDX-License-Identifier: MIT
"""Which class a number belongs to, decided on the digits that will leave the trunk.

Tables per country: the first row whose pattern matches the whole number tells the class, and
no row means UNKNOWN.  The patterns follow the public numbering plans (NANPA, Ofcom, BNetzA,
MIC) as far as classes of cost need it; they don't tell whether a number is in use.  Canadian
area codes count as long distance; other countries of the North American plan as international.
"""

import functools
import re
from typing import Final

from altiware.core.decision import NumberClass

__all__ = ["COUNTRIES", "FOREIGN_AREA_CODES", "canonical", "classify"]

C = NumberClass

_FOREIGN: Final = (
    "242|246|264|268|284|340|345|441|473|649|658|664|670|671|684|721|758|767|784|787|809|829|849"
    "|868|869|876|939"
)
FOREIGN_AREA_CODES: Final = tuple(_FOREIGN.split("|"))
"""Area codes of islands that are dialled like any other and billed like another country."""

# {area} stands for the area codes that are local, as alternatives; it matches nothing when
# there are none.
_US: Final = (
    (C.INTERNATIONAL, r"01\d*"),
    (C.OPERATOR, r"0\d*"),
    (C.DIAL_AROUND, r"101\d*"),
    (C.DIRECTORY, r"411|1?(\d{3})?5551212"),
    (C.TOLL_FREE, r"988|1?8(00|33|44|55|66|77|88)[2-9]\d{6}"),
    (C.SERVICE, r"[2-9]11"),
    # 976 is pay-per-call in every area; 500 and 700 ring and bill wherever they like.
    (C.PREMIUM, r"1?900\d*|1?([2-9]\d{2})?976\d{4}|1?(5(00|2[1-9]|33|44|66|77|88)|700)\d{7}"),
    (C.LOCAL, r"(?![2-9]11)[2-9]\d{6}|1?({area})[2-9]\d{6}"),
    (C.INTERNATIONAL, rf"1?({_FOREIGN})[2-9]\d{{6}}"),
    (C.LONG_DISTANCE, r"1?[2-9]\d{2}[2-9]\d{6}"),
)
_UK: Final = (
    (C.INTERNATIONAL, r"00\d+"),
    (C.TOLL_FREE, r"080[08]\d{3,7}|116\d{3}|1(01|05|11|19)"),
    (C.DIRECTORY, r"118\d*"),
    (C.PREMIUM, r"09\d+|08[47]\d+|07[06]\d+"),
    (C.MOBILE, r"07[1-57-9]\d{8}"),
    (C.OPERATOR, r"100|155"),
    (C.SERVICE, r"1[4-7]\d{1,2}"),
    (C.DIAL_AROUND, r"1\d+"),
    (C.LOCAL, r"[2-9]\d{4,7}|({area})\d{5,8}"),
    (C.LONG_DISTANCE, r"0[123]\d{8,9}"),
)
_DE: Final = (
    (C.INTERNATIONAL, r"00\d+"),
    (C.DIAL_AROUND, r"010\d+"),
    (C.TOLL_FREE, r"0800\d{7,}|116\d{3}|115"),
    (C.DIRECTORY, r"118\d+"),
    (C.PREMIUM, r"0(900|137|180|18|700|12|19)\d+"),
    (C.MOBILE, r"01[567]\d{8,9}"),
    (C.SERVICE, r"1\d*"),
    (C.LOCAL, r"[2-9]\d{2,10}|({area})\d{3,9}"),
    (C.LONG_DISTANCE, r"0[2-9]\d{5,11}"),
)
_JP: Final = (
    (C.INTERNATIONAL, r"010\d+"),
    (C.DIAL_AROUND, r"00\d+"),
    (C.TOLL_FREE, r"0120\d{6}|0800\d{7}"),
    (C.PREMIUM, r"0(990|570|180|20)\d+"),
    (C.MOBILE, r"0[789]0\d{8}"),
    (C.DIRECTORY, r"104"),
    (C.SERVICE, r"1\d{2}"),
    (C.LOCAL, r"[2-9]\d{4,8}|({area})\d{5,8}"),
    (C.LONG_DISTANCE, r"0[1-9]\d{8}|050\d{8}"),
)

COUNTRIES: Final = {"us": _US, "uk": _UK, "de": _DE, "jp": _JP}
"""A country that is not here has no classes: only its emergency numbers can be dialled."""

_E164: Final = {
    "us": (r"1", "1", "011"),
    "uk": (r"44", "0", "00"),
    "de": (r"49", "0", "00"),
    "jp": (r"81", "0", "010"),
}
"""The own country code, and what stands for it and for + on a telephone."""

_NEVER: Final = r"(?!)"


def canonical(digits: str, country: str) -> str | None:
    """Return the digits that a trunk would send for a number, or None when there are none.

    Nothing is taken away silently: pauses, letters, digits of other alphabets and service
    prefixes such as ``*67`` make a number that can't be sent, not another number.
    """
    match = re.fullmatch(r"(\+?)([0-9]+)", digits, re.ASCII)
    if match is None:
        return None
    plus, number = match.groups()
    if not plus:
        return number
    if country not in _E164:
        return None
    own, national, international = _E164[country]
    if number.startswith(own):
        return national + number[len(own) :]
    return international + number


@functools.lru_cache(maxsize=256)
def _rows(
    country: str, area_codes: tuple[str, ...]
) -> tuple[tuple[NumberClass, re.Pattern[str]], ...]:
    area = "|".join(map(re.escape, area_codes)) or _NEVER
    rows = COUNTRIES.get(country, ())
    return tuple((kind, re.compile(row.replace("{area}", area), re.ASCII)) for kind, row in rows)


def classify(number: str, country: str, area_codes: tuple[str, ...] = ()) -> NumberClass:
    """Return the class of canonical digits; emergency numbers are the caller's to know."""
    for kind, pattern in _rows(country, area_codes):
        if pattern.fullmatch(number):
            return kind
    return NumberClass.UNKNOWN
