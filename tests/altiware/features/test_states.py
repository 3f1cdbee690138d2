# SPDX-License-Identifier: MIT
from pathlib import Path

from altiware.features.states import MACHINES, document

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "reference" / "states.md"


def test_the_page_is_drawn_from_the_tables() -> None:
    again = "run `python -m altiware.features.states > docs/reference/states.md`"
    assert PAGE.read_text(encoding="utf-8") == document(), again


def test_every_state_can_be_entered() -> None:
    for title, states, rows, choices in MACHINES:
        entered = {into for (state, _), (into, _) in rows.items() if into is not state}
        entered |= {into for chosen in choices.values() for into in chosen}
        first = next(iter(states))
        assert entered | {first} == set(states), title
