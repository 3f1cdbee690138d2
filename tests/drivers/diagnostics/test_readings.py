# SPDX-License-Identifier: MIT
"""Values against their limits."""

import pytest

from drivers.diagnostics.readings import BOARD_WIDE, Reading


@pytest.mark.parametrize(
    ("value", "low", "high", "margin"),
    [(1.0, 0.0, 3.0, 1.0), (2.5, 0.0, 3.0, 0.5), (4.0, None, 3.0, -1.0), (0.0, 0.0, 0.0, 0.0)],
)
def test_a_value_is_as_good_as_its_nearer_limit(
    value: float, low: float | None, high: float | None, margin: float
) -> None:
    reading = Reading("noise", 3, "idle", value, "dBrnC", low, high)
    assert reading.margin == margin
    assert reading.is_good == (margin >= 0)


def test_limits_in_words() -> None:
    limits = [(0.0, 0.0), (-1.0, 1.0), (30.0, None), (None, 23.0), (None, None)]
    shown = [Reading("t", 0, "w", 0.0, "dB", low, high).limits for low, high in limits]
    assert shown == ["0", "-1 to 1", "at least 30", "at most 23", ""]


def test_a_sentence_says_where_what_and_how_much() -> None:
    reading = Reading("noise", 3, "idle", 31.26, "dBrnC", high=23.0, detail="hum")
    assert reading.sentence == "port 3 noise idle: 31.26 dBrnC, allowed at most 23 dBrnC; hum"
    assert Reading("selftest", BOARD_WIDE, "clock", 1, "", 0, 0).sentence == (
        "selftest clock: 1, allowed 0"
    )


def test_a_reading_as_json() -> None:
    document = Reading("noise", 3, "idle", 31.26, "dBrnC", high=23.0).document()
    assert (document["value"], document["good"], document["low"]) == (31.26, False, None)
