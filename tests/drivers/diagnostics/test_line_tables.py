# SPDX-License-Identifier: MIT
"""The page on line tests shows what the line tests say today."""

import re
from pathlib import Path

import pytest

from tests.line_tables import echo, faulty, healthy

PAGE = (Path(__file__).resolve().parents[3] / "docs/topics/line-tests.md").read_text()
ANEW = "write it anew: python -m tests.line_tables"
NUMBER = re.compile(r"\d+\.\d")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("table", [faulty, healthy])
def test_the_page_has_the_table_as_it_is(table: object) -> None:
    assert callable(table)
    assert table() in PAGE, ANEW


def test_the_page_has_the_echo_as_it_is() -> None:
    """Within half a decibel: how much of a sound falls into a trial isn't the same each time."""
    shown = [row for row in PAGE.splitlines() if row.startswith("| LL") and row.count("|") > 8]
    measured = [row for row in echo().splitlines() if row.startswith("| LL")]
    assert len(shown) == len(measured)
    for there, here in zip(shown, measured, strict=True):
        expected = [float(cell) for cell in NUMBER.findall(there)]
        assert [float(cell) for cell in NUMBER.findall(here)] == pytest.approx(expected, abs=0.5)
