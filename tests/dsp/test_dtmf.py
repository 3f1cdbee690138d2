# SPDX-License-Identifier: MIT
"""Sender and receiver through their handles; limits are in test_dtmf_accuracy.py."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.dtmf import KEYS, DtmfReceiver, DtmfSender
from dsp.errors import EngineArgumentError

REST = np.zeros(800, np.int16)


@settings(max_examples=25, deadline=None)
@given(st.text(KEYS, min_size=1, max_size=64), st.integers(0, 79))
def test_what_is_sent_is_heard(digits: str, offset: int) -> None:
    receiver = DtmfReceiver()
    sent = DtmfSender(digits, on_ms=50, off_ms=50).read(8000 * 7)
    heard = receiver.keys(np.zeros(offset, np.int16)) + receiver.keys(np.concatenate([sent, REST]))
    assert heard == digits


def test_a_key_press_has_a_beginning_an_end_a_level_and_a_duration() -> None:
    sent = DtmfSender("7", on_ms=80, off_ms=80, level_dbm0=-8, twist_db=2).read(1280)
    on, off = DtmfReceiver().feed(sent)
    assert (on.key, on.on, on.duration_ms) == ("7", True, 0)
    assert on.level_dbm0 == pytest.approx(-7.9, abs=0.2)
    assert (off.key, off.on) == ("7", False)
    assert off.duration_ms == pytest.approx(80, abs=4)


def test_the_sender_ends() -> None:
    sender = DtmfSender("12", on_ms=50, off_ms=60)
    assert [len(sender.read(1000)) for _ in range(3)] == [1000, 760, 0]


@pytest.mark.parametrize(
    ("digits", "options", "said"),
    [
        ("", {}, "0 digits: allowed are 1 to 64"),
        ("1" * 65, {}, "65 digits"),
        ("12E", {}, r"'E' in '12E'.*0123456789\*#ABCD"),
        ("1", {"on_ms": -1}, "1 to 10000 ms"),
        ("1", {"level_dbm0": 5.0}, r"\+3 dBm0"),
        ("1", {"twist_db": float("nan")}, r"\+3 dBm0"),
    ],
)
def test_errors_say_what_is_allowed(digits: str, options: dict[str, int], said: str) -> None:
    with pytest.raises(EngineArgumentError, match=said):
        DtmfSender(digits, **options)
