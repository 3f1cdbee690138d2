# SPDX-License-Identifier: MIT
import enum
from collections.abc import Iterator

import pytest

from altiware.features.applications import Conversation
from tests.signalling_rig import SignallingRig


@pytest.fixture(autouse=True)
def _choices_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """See that actions go only where the drawing of their machine says."""
    enter = Conversation.enter

    def checked(self: Conversation, state: enum.Enum) -> None:
        by_table = {into for (of, _), (into, _) in self.rows.items() if of is self.state}
        chosen = self.choices.get(self.state, frozenset())
        assert state in by_table | chosen | {self.state}, f"{self.party}: {self.state} to {state}"
        enter(self, state)

    monkeypatch.setattr(Conversation, "enter", checked)


@pytest.fixture
def rig() -> Iterator[SignallingRig]:
    """An office with four telephones and two office lines; nothing may be left of its calls."""
    rig = SignallingRig()
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
