# SPDX-License-Identifier: MIT
"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
ROOMS = ("altiware/", "boards_sim/", "docs/", "drivers/", "dsp/", "native/", "tests/", "examples/")
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
PLACEHOLDER = re.compile(r"NAME|NNNN")
QUOTED = re.compile(r"`([\w./-]+)(?:::\w+)?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = [each for each in LINK.findall(page.read_text()) if "://" not in each]
    assert [each for each in links if not (page.parent / each).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    named = [each for each in QUOTED.findall(page.read_text()) if each.startswith(ROOMS)]
    there = [each for each in named if not PLACEHOLDER.search(each)]
    assert [each for each in there if not (ROOT / each).exists()] == []
