# SPDX-License-Identifier: MIT
"""The ladder shows who told whom what, and when."""

from altiware.cli.ladder import ladder
from altiware.store.queries import TraceLine


def test_a_ladder_has_a_column_for_everyone_and_an_arrow_for_everything() -> None:
    lines = [
        TraceLine(5.0, "event", "101", "c1", "OffHook", {}),
        TraceLine(5.005, "effect", "c1", "engine", "Give", {"tone": "dial"}),
        TraceLine(7.25, "message", "engine", "101", "Digit", {"key": "9"}),
        TraceLine(7.5, "decision", "c1", "c1", "Wait", {}),
    ]
    assert ladder(lines) == [
        "  seconds     101          c1        engine",
        "    0.000       ├──────────▶│           │      OffHook",
        "    0.005       │           ├──────────▶│      Give tone=dial",
        "    2.250       │◀──────────────────────┤      Digit key=9",
        "    2.500       │           ●           │      Wait",
    ]


def test_long_names_keep_their_ends() -> None:
    (heading, _) = ladder([TraceLine(0.0, "event", "20261122-090500-0001", "x", "Y", {})])
    assert "…0500-0001" in heading


def test_no_trace_is_no_ladder() -> None:
    assert ladder([]) == []
