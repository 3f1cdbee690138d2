# SPDX-License-Identifier: MIT
"""The SMDR line: 81 characters, each field at its place, whatever the record holds."""

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given

from altiware.core.causes import Cause
from altiware.core.record import CallRecord, Direction
from altiware.core.signals import Caller
from altiware.store.smdr import LENGTH, smdr_lines
from tests.altiware.store.records import NINE, inbound, outbound, records


def test_a_call_out_stands_as_in_the_table() -> None:
    assert smdr_lines(outbound()) == [
        b" 11/22 09:05A 00:01:15 103       5550142                     0000"
        + b" " * 7 + b" " * 8 + b"\n"
    ]  # fmt: skip


def test_a_call_in_stands_as_in_the_table() -> None:
    (line,) = smdr_lines(inbound(caller=Caller("2125550123", "ADA LOVELACE")))
    assert line == (
        b" 11/22 09:05A 00:01:00 00002125550123 ADA LOVELACE           101 "
        + b" " * 7 + b" " * 8 + b"\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "text"),
    [(1, "11/22"), (7, "09:05A"), (14, "00:01:15"), (23, "103 "), (33, "5550142 "), (61, "0000")],
)
def test_each_field_of_a_call_out_begins_at_its_offset(offset: int, text: str) -> None:
    (line,) = smdr_lines(outbound())
    assert line[offset:].startswith(text.encode())


@pytest.mark.parametrize(
    ("hour", "shown"),
    [(0, "12:05A"), (1, "01:05A"), (11, "11:05A"), (12, "12:05P"), (23, "11:05P")],
)
def test_the_clock_has_twelve_hours(hour: int, shown: str) -> None:
    at = NINE.replace(hour=hour)
    record = dataclasses.replace(outbound(), answered=at, closed=at + timedelta(minutes=1))
    (line,) = smdr_lines(record)
    assert line[7:13].decode() == shown


def test_internal_calls_and_short_calls_out_are_not_logged() -> None:
    assert smdr_lines(dataclasses.replace(outbound(), direction=Direction.INTERNAL)) == []
    assert smdr_lines(outbound(seconds=14.9)) == []
    assert len(smdr_lines(outbound(seconds=15))) == 1
    assert smdr_lines(dataclasses.replace(outbound(), answered=None)) == []


def test_a_call_in_that_nobody_answered_is_logged_with_no_duration() -> None:
    record = dataclasses.replace(inbound(), answered=None, cause=Cause.ABANDONED)
    (line,) = smdr_lines(record)
    assert line[14:22] == b"00:00:00"


def test_a_call_of_days_shows_the_longest_duration() -> None:
    (line,) = smdr_lines(outbound(seconds=400_000))
    assert line[14:22] == b"99:59:59"


@given(records)
def test_every_line_has_81_ascii_characters_and_its_only_lf_last(record: CallRecord) -> None:
    for line in smdr_lines(record):
        assert len(line) == LENGTH
        assert line.index(b"\n") == LENGTH - 1
        assert all(32 <= byte < 127 for byte in line[:-1])
