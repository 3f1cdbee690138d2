# SPDX-License-Identifier: MIT
import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.core.decision import NumberClass
from altiware.policy.numbers import COUNTRIES, FOREIGN_AREA_CODES, canonical, classify

C = NumberClass
HOME = ("212", "646")

NUMBERS = {
    "us": {
        "5550123": C.LOCAL,
        "2125550123": C.LOCAL,
        "12125550123": C.LOCAL,
        "16465550123": C.LOCAL,
        "8005550123": C.TOLL_FREE,
        "18005550123": C.TOLL_FREE,
        "18335550123": C.TOLL_FREE,
        "988": C.TOLL_FREE,
        "3105550123": C.LONG_DISTANCE,
        "13105550123": C.LONG_DISTANCE,
        "14165550123": C.LONG_DISTANCE,
        "011442071234567": C.INTERNATIONAL,
        "0144": C.INTERNATIONAL,
        "18095550123": C.INTERNATIONAL,
        "8765550123": C.INTERNATIONAL,
        "9005550123": C.PREMIUM,
        "19005550123": C.PREMIUM,
        "1900": C.PREMIUM,
        "9760123": C.PREMIUM,
        "12129760123": C.PREMIUM,
        "5005550123": C.PREMIUM,
        "17005550123": C.PREMIUM,
        "411": C.DIRECTORY,
        "5551212": C.DIRECTORY,
        "12125551212": C.DIRECTORY,
        "13105551212": C.DIRECTORY,
        "0": C.OPERATOR,
        "00": C.OPERATOR,
        "02125550123": C.OPERATOR,
        "1010288": C.DIAL_AROUND,
        "1010288011442071234567": C.DIAL_AROUND,
        "211": C.SERVICE,
        "611": C.SERVICE,
        "711": C.SERVICE,
        "811": C.SERVICE,
        "911": C.SERVICE,
        "": C.UNKNOWN,
        "1": C.UNKNOWN,
        "555012": C.UNKNOWN,
        "55501234": C.UNKNOWN,
        "1550123": C.UNKNOWN,
        "9110123": C.UNKNOWN,
        "4110123": C.UNKNOWN,
        "21255501234": C.UNKNOWN,
        "121255501234": C.UNKNOWN,
        "1234567": C.UNKNOWN,
    },
    "uk": {
        "02071234567": C.LONG_DISTANCE,
        "0131234567": C.LONG_DISTANCE,
        "71234567": C.LOCAL,
        "08001111": C.TOLL_FREE,
        "08081234567": C.TOLL_FREE,
        "116123": C.TOLL_FREE,
        "111": C.TOLL_FREE,
        "07700900123": C.MOBILE,
        "07012345678": C.PREMIUM,
        "07612345678": C.PREMIUM,
        "09012345678": C.PREMIUM,
        "08431234567": C.PREMIUM,
        "08712345678": C.PREMIUM,
        "118118": C.DIRECTORY,
        "0012125550123": C.INTERNATIONAL,
        "100": C.OPERATOR,
        "1471": C.SERVICE,
        "1280": C.DIAL_AROUND,
        "05001234567": C.UNKNOWN,
        "0": C.UNKNOWN,
    },
    "de": {
        "12345678": C.SERVICE,
        "23456789": C.LOCAL,
        "03012345678": C.LONG_DISTANCE,
        "015112345678": C.MOBILE,
        "08001234567": C.TOLL_FREE,
        "116117": C.TOLL_FREE,
        "09001234567": C.PREMIUM,
        "01371234567": C.PREMIUM,
        "01805123456": C.PREMIUM,
        "07001234567": C.PREMIUM,
        "11833": C.DIRECTORY,
        "0103303012345678": C.DIAL_AROUND,
        "00442071234567": C.INTERNATIONAL,
        "0": C.UNKNOWN,
    },
    "jp": {
        "23456789": C.LOCAL,
        "0312345678": C.LONG_DISTANCE,
        "05012345678": C.LONG_DISTANCE,
        "09012345678": C.MOBILE,
        "0120123456": C.TOLL_FREE,
        "08001234567": C.TOLL_FREE,
        "0990123456": C.PREMIUM,
        "0570123456": C.PREMIUM,
        "0101234567": C.INTERNATIONAL,
        "0033312345678": C.DIAL_AROUND,
        "104": C.DIRECTORY,
        "117": C.SERVICE,
        "0": C.UNKNOWN,
    },
    "fr": {"0123456789": C.UNKNOWN},
}
ROWS = [(land, number, kind) for land, rows in NUMBERS.items() for number, kind in rows.items()]


@pytest.mark.parametrize(("country", "number", "kind"), ROWS)
def test_the_class_of_a_number(country: str, number: str, kind: NumberClass) -> None:
    assert classify(number, country, HOME if country == "us" else ()) is kind


def test_every_class_of_every_country_is_tested() -> None:
    for country, rows in COUNTRIES.items():
        tested = {kind for land, _, kind in ROWS if land == country}
        assert {kind for kind, _ in rows} <= tested


@pytest.mark.parametrize("area", FOREIGN_AREA_CODES)
def test_other_countries_of_the_north_american_plan_are_foreign(area: str) -> None:
    for prefix in ("", "1"):
        assert classify(f"{prefix}{area}5550123", "us", HOME) is C.INTERNATIONAL
    assert classify(f"1{area}5550123", "us", (area,)) is C.LOCAL


def test_a_local_area_code_elsewhere() -> None:
    assert classify("02071234567", "uk", ("020",)) is C.LOCAL
    assert classify("03012345678", "de", ("030",)) is C.LOCAL
    assert classify("0312345678", "jp", ("03",)) is C.LOCAL
    assert classify("09001234567", "de", ("0900",)) is C.PREMIUM


@pytest.mark.parametrize(
    ("country", "digits", "sent"),
    [
        ("us", "5550123", "5550123"),
        ("us", "+12125550123", "12125550123"),
        ("us", "+442071234567", "011442071234567"),
        ("uk", "+442071234567", "02071234567"),
        ("uk", "+12125550123", "0012125550123"),
        ("de", "+493012345678", "03012345678"),
        ("jp", "+81312345678", "0312345678"),
        ("jp", "+12125550123", "01012125550123"),
        ("fr", "0123456789", "0123456789"),
        ("fr", "+33123456789", None),
        ("us", "", None),
        ("us", "+", None),
        ("us", "++1212", None),
        ("us", "1+212", None),
        ("us", "5550123#", None),
        ("us", "*675550123", None),
        ("us", "5550123,,9005550123", None),
        ("us", "5550123w1", None),
        ("us", "1-212-555-0123", None),
        ("us", "1 212 555 0123", None),
        ("us", "1800FLOWERS", None),
        ("us", "%2B442071234567", None),
        ("us", "tel:5550123", None),
        ("us", "5550123;phone-context=+1", None),
        ("us", "\u0665\u0665\u0665\u0660\u0661\u0662\u0663", None),
        ("us", "\uff15\uff15\uff150123", None),
        ("us", "5550123\n", None),
    ],
)
def test_canonical_digits(country: str, digits: str, sent: str | None) -> None:
    assert canonical(digits, country) == sent


@given(st.text(max_size=20), st.sampled_from([*COUNTRIES, "fr"]))
def test_canonical_digits_are_digits_and_canonical(digits: str, country: str) -> None:
    sent = canonical(digits, country)
    if sent is not None:
        assert sent.isascii()
        assert sent.isdigit()
        assert canonical(sent, country) == sent


@given(st.text("0123456789", max_size=20), st.sampled_from([*COUNTRIES, "fr"]))
def test_every_number_has_a_class(number: str, country: str) -> None:
    assert isinstance(classify(number, country, HOME), NumberClass)
