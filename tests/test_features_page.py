# SPDX-License-Identifier: MIT
from pathlib import Path

from tests.features_page import document, shown

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "features.md"


def test_the_page_is_made_from_the_marks() -> None:
    again = "run `python -m tests.features_page > docs/reference/features.md`"
    assert PAGE.read_text(encoding="utf-8") == document(), again


def test_every_feature_that_meets_another_is_shown_by_itself_too() -> None:
    every = list(shown())
    alone = {each.feature for each in every if not each.other}
    assert {each.feature for each in every if each.other} <= alone
