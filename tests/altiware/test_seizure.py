# SPDX-License-Identifier: MIT
"""The way to a trunk: every seizure passes through ``policy.decide``.

Read from the sources.  Only ``decide`` makes a Decision; only the switchboard asks it, and only
its answer becomes Allowed; only the call's seizing sends Seize; only the trunk's seizing asks
for SeizeLoop; only the analog port gives boards orders to close a loop.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from altiware.core import pager
from altiware.core.events import DigitsSent, NumberTaken
from altiware.core.legs import Seize

ALTIWARE = Path(__file__).parent.parent.parent / "altiware"

WAY = {
    "decide": {"features/switchboard.py:_judge"},
    # The codec reads records back; what it makes leads nowhere.
    "Decision": {"policy/decide.py:decide", "policy/decide.py:_deny", "store/codec.py:_decision"},
    "Allowed": {"features/switchboard.py:_judge"},
    "TrunkFound": {"features/switchboard.py:_find_trunk", "features/switchboard.py:_freed"},
    "Seize": {"core/call.py:_seize"},
    "SeizeLoop": {"core/trunk.py:_seize"},
    "AnswerLoop": {"core/trunk.py:_answer"},
    # A port with a loudspeaker is no trunk: its machine knows neither Seize nor digits.
    "PageLoop": {"core/pager.py:_open"},
    "Page": {"features/paging.py:_open"},
    "Pager": {"features/switchboard.py:_adopt"},
    "SendDigits": {"core/trunk.py:_dial"},
    "PulseDigits": {"core/trunk.py:_dial"},
    ".seize": {"ports/analog.py:", "ports/analog.py:_seize"},
    ".dial": {"ports/analog.py:_seize"},
    ".pulse": {"ports/analog.py:"},
}
"""Who may call what: file and function."""


def calls(node: ast.AST, function: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of everything called below a node, and in which function."""
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        if isinstance(child, ast.Call):
            if isinstance(child.func, ast.Name):
                yield child.func.id, inside
            elif isinstance(child.func, ast.Attribute):
                yield f".{child.func.attr}", inside
        yield from calls(child, inside)


def callers(name: str) -> set[str]:
    """Return where a name is called in the product."""
    found = set()
    for path in ALTIWARE.rglob("*.py"):
        if path.is_relative_to(ALTIWARE / "hil"):
            continue  # tests of boards, which makers run; the PBX imports nothing of it
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = path.relative_to(ALTIWARE).as_posix()
        found |= {f"{place}:{function}" for called, function in calls(tree) if called == name}
    return found


@pytest.mark.parametrize("name", WAY)
def test_the_way_to_a_trunk_has_no_other_entrance(name: str) -> None:
    assert callers(name) == WAY[name]


def test_a_paging_port_has_no_way_to_send_a_number() -> None:
    told = {event for _, event in pager.TRANSITIONS}
    assert not told & {Seize, DigitsSent, NumberTaken}
    source = (ALTIWARE / "core/pager.py").read_text("utf-8")
    ordered = {name for name, _ in calls(ast.parse(source))}
    assert "PageLoop" in ordered
    assert not ordered & {"SeizeLoop", "SendDigits", "PulseDigits", "AnswerLoop", "Setup"}


def test_decisions_are_not_copied_with_another_verdict() -> None:
    for path in ALTIWARE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "replace(decision" not in text
        assert "verdict=" not in text, path
