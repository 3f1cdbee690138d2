# SPDX-License-Identifier: MIT
"""What is tested of every machine in the same way."""

import enum
import itertools
from collections.abc import Collection, Mapping
from typing import Any

from altiware.core.deadlines import Machine
from altiware.core.events import Event


def state(machine: Machine) -> enum.Enum:
    """Return the state, by a call: it may have changed since it was last compared."""
    return machine.state


def every_pair_is_known(
    states: type[enum.Enum],
    events: Collection[type[Event]],
    transitions: Mapping[Any, Any],
    ignored: Collection[Any],
) -> None:
    """Assert that each state answers each event: by a row, or by being in IGNORED, not both."""
    every = set(itertools.product(states, events))
    assert transitions.keys() | set(ignored) == every
    assert not transitions.keys() & set(ignored)
