# SPDX-License-Identifier: MIT
"""What modems say in words: who they are, their codings, who calls; and their addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import AddressError
from drivers.registry import board as board_at
from drivers.vmodem.callers import CallerLines, is_caller_line
from drivers.vmodem.profiles import PROFILES, Coding, coding_of, profile_of
from dsp import SampleFormat


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("5601\nU.S. Robotics 56K FAX USB V1.2.23", "USR5637"),
        ("56000\nCX93001-EIS_V0.2002-V92", "CX93001"),
        ("56000\nZoom 3095 V1.800", "Zoom3095"),
        ("28800\nMT2834ZDX Multi-Tech", "IS-101 half duplex"),
        ("33600\nLucent", "V.253"),
        ("", "V.253"),
    ],
)
def test_a_modem_is_known_by_what_it_says(identity: str, name: str) -> None:
    assert profile_of(identity).name == name


USR = PROFILES[0]


@pytest.mark.parametrize(
    ("offered", "coding"),
    [
        ('131,"ULAW",8,0,8000,0,0\n1,"UNSIGNED PCM",8,0,8000', Coding(131, SampleFormat.ULAW)),
        ('1,"UNSIGNED PCM",8,0,8000\n5,"ALAW",8,0,8000', Coding(5, SampleFormat.ALAW)),
        ('+VSM: 128,"8-BIT LINEAR",(8),0,(8000)', Coding(128, SampleFormat.U8)),
        ('129,"IMA ADPCM",4,0,8000\n133,"LINEAR",16,0,8000', USR.coding),
        ("", USR.coding),
    ],
)
def test_the_best_coding_that_is_offered_is_chosen(offered: str, coding: Coding) -> None:
    assert coding_of(offered, USR) == coding


@given(st.text())
def test_whatever_is_offered_a_coding_is_chosen(offered: str) -> None:
    assert coding_of(offered, USR).number >= 0


def test_a_caller_is_put_together_from_lines_of_either_spelling() -> None:
    caller = CallerLines()
    for line in ("DATE=0801", "TIME = 1801", "NMBR = 8055554567"):
        assert is_caller_line(line)
        caller.take(line)
    assert caller.begun
    assert not caller.complete
    caller.take("NAME=CAROL JONES")
    assert caller.complete
    assert (caller.number, caller.name, caller.absent) == ("8055554567", "CAROL JONES", "")


def test_a_number_that_is_withheld() -> None:
    caller = CallerLines()
    caller.take("NMBR=P")
    caller.take("NAME=O")
    assert (caller.number, caller.name, caller.absent) == ("", "", "P")


@pytest.mark.parametrize("line", ["RING", "OK", "NMBR", "NMBRS=1", "=5"])
def test_other_lines_are_left_alone(line: str) -> None:
    assert not is_caller_line(line)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("vmodem://", "vmodem:///dev/ttyACM0"),
        ("vmodem://host/dev/ttyACM0", "vmodem:///dev/ttyACM0"),
        ("vmodem:///dev/ttyACM0?baud=9600", "baud '9600'"),
        ("vmodem:///dev/ttyACM0?country=USA", "two hexadecimal digits"),
        ("vmodem:///dev/ttyACM0?speed=1", "'speed' is unknown"),
    ],
)
def test_a_wrong_address_is_refused_with_what_is_allowed(address: str, said: str) -> None:
    with pytest.raises(AddressError) as refused:
        board_at(address)
    assert said in str(refused.value)


def test_an_address_names_a_modem() -> None:
    assert board_at("vmodem:///dev/ttyACM0?baud=230400&country=b5").info is None
