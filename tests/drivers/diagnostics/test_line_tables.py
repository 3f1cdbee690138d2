# SPDX-License-Identifier: MIT
"""The page on line tests shows what the line test says today."""

from pathlib import Path

import pytest

from tests.line_tables import TABLES

PAGE = Path(__file__).resolve().parents[3] / "docs/topics/line-tests.md"


@pytest.mark.slow
@pytest.mark.parametrize("title", TABLES)
def test_the_page_has_the_table_as_it_is(title: str) -> None:
    assert TABLES[title]() in PAGE.read_text(), "write it anew: python -m tests.line_tables"
