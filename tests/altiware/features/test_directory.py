# SPDX-License-Identifier: MIT
import pytest

from altiware.core.ids import PortAddress
from altiware.core.notices import SettingChanged
from altiware.core.plan import StationPlan
from altiware.core.speech import Recording
from altiware.features.directory import keys_of, listed, matches
from altiware.features.settings import Settings

PEOPLE = [
    StationPlan(str(101 + index), PortAddress(0, index), name)
    for index, name in enumerate(("Ann Lee", "Bob Leeds", "Zoë Müller-Strauß", "Lee Marvin", ""))
]


@pytest.mark.parametrize(
    ("word", "keys"), [("Carol", "22765"), ("pqrs", "7777"), ("wxyz", "9999"), ("Müller", "685537")]
)
def test_letters_stand_on_their_keys(word: str, keys: str) -> None:
    assert keys_of(word) == keys


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("533", ["101", "102"]),
        ("5333", ["102"]),
        ("963", ["103"]),
        ("627", ["104"]),
        ("9999", []),
        ("7872877", []),
        ("6855377872877", ["103"]),
    ],
)
def test_people_are_found_by_last_name_first(keys: str, found: list[str]) -> None:
    assert [each.extension for each in matches(PEOPLE, keys)] == found


def test_a_recorded_name_is_said_rather_than_spelled() -> None:
    kept = [SettingChanged(0.0, "101", "spoken_name", "names/101.wav")]
    assert listed(PEOPLE[0], Settings(kept)) == (Recording("names/101.wav"),)
    assert len(listed(PEOPLE[0], Settings())) > 1
