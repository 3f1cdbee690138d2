# SPDX-License-Identifier: MIT
"""The page on the physics of lines shows what the simulator computes today."""

from pathlib import Path

import pytest

from boards_sim.tables import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs/topics/line-physics.md"


@pytest.mark.parametrize("title", TABLES)
def test_the_page_has_the_table_as_it_is(title: str) -> None:
    assert TABLES[title]() in PAGE.read_text(), "write it anew: python -m boards_sim.tables"
