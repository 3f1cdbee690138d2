# SPDX-License-Identifier: MIT
"""What holds for every dialogue of voice mail, whatever happens in which state."""

import importlib
import pkgutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import altiware.features.voicemail as package
from altiware.features.voicemail.caretaker import EVENTS, IGNORED, Caretaker, CaretakerState
from altiware.features.voicemail.dialogue import EVENTS as TOLD
from altiware.features.voicemail.dialogue import Dialogue, Gone, Visit, VisitState
from altiware.features.voicemail.messages import Mailbox, Message, MessageState, Sender
from altiware.features.voicemail.visits import Nobody, TakingVisit
from altiware.policy.passwords import is_weak, lock
from tests.altiware.core.machine import every_pair_is_known


def dialogues() -> list[type[Dialogue]]:
    """Return every dialogue that there is."""
    for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(each.name)
    found: list[type[Dialogue]] = []
    waiting: list[type[Dialogue]] = [Dialogue]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    return found


def test_the_caretaker_answers_every_event_in_every_state() -> None:
    every_pair_is_known(CaretakerState, EVENTS, Caretaker.rows, IGNORED)


@pytest.mark.parametrize("kind", dialogues(), ids=lambda kind: kind.__name__)
def test_every_state_of_a_dialogue_is_reached_left_and_told_of_what_there_is(
    kind: type[Dialogue],
) -> None:
    states = type(kind.first)
    rows = kind.rows
    assert {event for _, event in rows} <= set(TOLD)
    for state in states:
        ways = [event for (begun, event) in rows if begun is state and event is not Gone]
        assert ways, f"nothing leads on from {state}"


def test_a_visit_has_a_way_out_of_every_state() -> None:
    for kind in (Visit, TakingVisit, Nobody):
        done = type(kind.first)["DONE"]
        for state in type(kind.first):
            ways = {into for (begun, _), (into, _) in kind.rows.items() if begun is state}
            ways |= kind.choices.get(state, frozenset())
            assert state is done or ways - {state}, f"{kind.__name__} stays {state}"
    assert VisitState.LEAVING in {into for into, _ in Visit.rows.values()}


def message(name: str, hour: int, **marks: Any) -> Message:
    received = datetime(2026, 3, 2, hour, tzinfo=UTC)
    return Message(name, received, MessageState.NEW, 3.0, Sender("101"), **marks)


def test_new_messages_are_sorted_urgent_first() -> None:
    box = Mailbox("102", (message("c", 12), message("b", 11, urgent=True), message("a", 10)))
    assert [each.id for each in box.of(MessageState.NEW)] == ["b", "c", "a"]
    saved = replace(box.messages[0], state=MessageState.SAVED)
    assert [each.id for each in replace(box, messages=(saved,)).of(MessageState.NEW)] == []


@pytest.mark.parametrize(
    "password",
    [
        *("", "12345", "123456789", "111111", "123456", "654321", "121212", "135135", "031985"),
        *("101739", "910189", "abcdef", "19850312"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert is_weak(password, "101")


def test_what_isn_t_guessed_is_taken() -> None:
    assert not is_weak("739105", "101")
    assert not is_weak("84602715", "101")


def test_a_lock_doubles_up_to_a_day() -> None:
    assert lock(4, 0) is None
    minutes = [lock(5, locks) for locks in range(9)]
    assert [each.total_seconds() / 60 for each in minutes if each] == [
        15, 30, 60, 120, 240, 480, 960, 1440, 1440,
    ]  # fmt: skip
