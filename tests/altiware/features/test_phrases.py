# SPDX-License-Identifier: MIT
"""What features say, read from their sources: every phrase is in the script."""

import ast
from collections.abc import Iterator
from pathlib import Path

from altiware.prompts.script import read_script

FEATURES = Path(__file__).parent.parent.parent.parent / "altiware" / "features"


def said(path: Path) -> Iterator[str]:
    """Yield the names that are given to Phrase and phrases as they stand there."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in {"Phrase", "phrases"}:
            for each in node.args:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def test_every_phrase_that_a_feature_says_is_in_the_script() -> None:
    known = set(read_script("en").entries)
    used = {name for path in FEATURES.rglob("*.py") for name in said(path)}
    assert len(used) > 5
    assert used <= known, sorted(used - known)
