# SPDX-License-Identifier: MIT
import enum

from altiware.core.deadlines import Deadlines
from altiware.core.effects import Effect
from altiware.core.events import Event


class Rest(enum.Enum):
    REST = "rest"


class Clockwork:
    """A machine with nothing but a deadline."""

    state = Rest.REST

    def __init__(self, deadline: float | None) -> None:
        self.deadline = deadline

    def receive(self, event: Event) -> list[Effect]:
        return []


def test_the_earliest_comes_first() -> None:
    deadlines = Deadlines()
    late, early, never = Clockwork(9.0), Clockwork(3.0), Clockwork(None)
    for machine in (late, early, never):
        deadlines.watch(machine)
    assert deadlines.next == 3.0
    assert deadlines.due(2.9) is None
    assert deadlines.due(3.0) is early
    assert deadlines.due(99.0) is late
    assert deadlines.due(99.0) is None
    assert deadlines.next is None


def test_a_deadline_that_was_given_up_is_passed_over() -> None:
    deadlines = Deadlines()
    machine = Clockwork(3.0)
    deadlines.watch(machine)
    machine.deadline = None
    assert deadlines.next is None
    machine.deadline = 5.0
    deadlines.watch(machine)
    assert deadlines.due(4.0) is None
    assert deadlines.due(5.0) is machine
