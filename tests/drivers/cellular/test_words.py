# SPDX-License-Identifier: MIT
"""What modules say in words: calls, callers, networks, SIMs; their profiles and addresses."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.base import CallProgress
from drivers.cellular.calls import TRANSITIONS, CallState
from drivers.cellular.commands import is_number
from drivers.cellular.network import Network
from drivers.cellular.profiles import PROFILES, profile_of
from drivers.cellular.words import (
    Caller,
    CallWord,
    Registration,
    Restarted,
    Signal,
    SimWord,
    Word,
    hear,
)
from drivers.errors import AddressError
from drivers.registry import board as board_at

HOME = Registration("CREG", True, "home")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("RING", CallWord.INCOMING),
        ("NO CARRIER", CallWord.ENDED),
        ("BUSY", CallWord.BUSY),
        ("VOICE CALL: BEGIN", CallWord.ACTIVE),
        ("VOICE CALL: END: 000012", CallWord.ENDED),
        ("^DSCI: 1,0,7,0,5550123,129", CallWord.ALERTING),
        ("^DSCI: 1,0,3,0,5550123,129", CallWord.ACTIVE),
        ("^DSCI: 1,0,6,1,5550123,129", None),
        ("^CONF:1", CallWord.ALERTING),
        ("^CONN:1,0", CallWord.ACTIVE),
        ("^CEND:1,5,104,16", CallWord.ENDED),
        ("^CEND:1,0,104,17", CallWord.BUSY),
        ('+CLCC: 1,0,3,0,0,"5550123",129', CallWord.ALERTING),
        ('+CLCC: 2,0,0,1,0,"",128', None),  # LTE's data
        ('+CLIP: "5550123",129,"",0,"",0', Caller("5550123")),
        ('+CLIP: "12125550123",145,,,,0', Caller("+12125550123")),
        ('+CLIP: "",128,,,,1', Caller("", "P")),
        ('+CLIP: "",128,,,,2', Caller("", "O")),
        ("+CREG: 1", HOME),
        ("+CREG: 0,1", HOME),
        ('+CREG: 1,"00C3","01A2"', HOME),
        ("+CEREG: 5", Registration("CEREG", True, "roaming")),
        ("+CREG: 1,3", Registration("CREG", False, "refused by the network")),
        ("+CREG: 9", None),
        ("+CSQ: 21,99", Signal(-71)),
        ("+CSQ: 99,99", Signal(None)),
        ("+CPIN: READY", SimWord.READY),
        ("+CPIN: SIM PIN", SimWord.LOCKED),
        ("+CPIN: NOT INSERTED", SimWord.MISSING),
        ("RDY", Restarted.BY_ITSELF),
        ("^RSSI:19", None),
        ("OK", None),
        ("", None),
    ],
)
def test_what_a_line_means(line: str, word: Word | None) -> None:
    assert hear(line) == word


@given(st.text())
def test_whatever_is_said_is_heard_or_not(line: str) -> None:
    hear(line)


@given(st.sampled_from(["+CLCC", "^DSCI", "^CEND", "+CLIP", "+CREG", "+CSQ", "+CPIN"]), st.text())
def test_whatever_a_known_word_comes_with(name: str, rest: str) -> None:
    hear(f"{name}: {rest}")


def test_every_call_comes_to_an_end_and_says_how_once() -> None:
    ends = {CallProgress.BUSY, CallProgress.ENDED}
    for (state, _), (after, progress) in TRANSITIONS.items():
        assert (after is CallState.IDLE) == (progress in ends), state
    for state in set(CallState) - {CallState.IDLE, CallState.ORDERED, CallState.ENDING}:
        assert {(state, CallWord.ENDED), (state, CallWord.BUSY)} <= TRANSITIONS.keys()


def test_a_network_is_there_when_either_kind_is() -> None:
    network = Network()
    assert not network.registered
    network.note(Registration("CREG", False, "searching"))
    assert (network.registered, network.state) == (False, "searching")
    network.note(Registration("CEREG", True, "home"))
    network.note_operator('+COPS: 0,0,"Some Operator",7')
    assert network.registered
    assert network.features() == {"network": "home", "operator": "Some Operator"}


@pytest.mark.parametrize("number", ["5550123", "+12125550123", "911", "1" * 20])
def test_numbers_that_are_dialled(number: str) -> None:
    assert is_number(number)


@pytest.mark.parametrize(
    "number", ["", "+", "*21*5550123#", "#31#5550123", "5550123;", "1,2", "1\r", "1" * 21, "٣"]
)
def test_orders_to_the_network_are_no_numbers(number: str) -> None:
    assert not is_number(number)


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("Quectel\nEC25", "quectel"),
        ("QUALCOMM INCORPORATED\nEG25", "quectel"),
        ("huawei\nK3765", "huawei"),
        ("huawei\nE1752", "huawei"),
        ("SIMCOM INCORPORATED\nSIMCOM_SIM7600E-H", "sim7600"),
        ("Acme\nM1", None),
        ("", None),
    ],
)
def test_a_module_is_known_by_its_maker_and_model(identity: str, name: str | None) -> None:
    found = profile_of(identity)
    assert (found.name if found else None) == name


def test_profiles_have_names_of_their_own_and_a_place_for_the_number() -> None:
    for one, other in itertools.combinations(PROFILES, 2):
        assert one.name != other.name
    assert all(each.dial.format("5550123").endswith("D5550123;") for each in PROFILES)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("cellular:///dev/ttyUSB2", "?audio=/dev/ttyUSB1"),
        ("cellular://?audio=/dev/ttyUSB1", "cellular:///dev/ttyUSB2"),
        ("cellular://host/dev/ttyUSB2?audio=/dev/ttyUSB1", "cellular:///dev/ttyUSB2"),
        ("cellular:///dev/ttyUSB2?audio=ttyUSB1", "?audio=/dev/ttyUSB1"),
        ("cellular:///dev/ttyUSB2?audio=/dev/ttyUSB2", "two ports"),
        ("cellular:///dev/ttyUSB2?audio=/dev/ttyUSB1&profile=nokia", "quectel, huawei, sim7600"),
        ("cellular:///dev/ttyUSB2?audio=/dev/ttyUSB1&pin=1234", "'pin' is unknown"),
    ],
)
def test_a_wrong_address_is_refused_with_what_is_allowed(address: str, said: str) -> None:
    with pytest.raises(AddressError) as refused:
        board_at(address)
    assert said in str(refused.value)


def test_an_address_names_a_module() -> None:
    address = "cellular:///dev/ttyUSB2?audio=/dev/ttyUSB1&profile=quectel"
    assert board_at(address).address == address
