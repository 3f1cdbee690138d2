# SPDX-License-Identifier: MIT
"""The live view of the morning: every line, who is connected, and what happens, as it happens.

``exchange.subscribe(view.note)``; ``view`` itself is what rich shows.  It only listens.
"""

from collections import deque
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from altiware.core.ids import Party
from altiware.core.notices import (
    CallClosed,
    CallOpened,
    Connected,
    Decided,
    DigitDialled,
    Disconnected,
    LineChanged,
    Notice,
    ToneGiven,
    TrunkChanged,
)
from altiware.core.plan import Plan

__all__ = ["View"]

EVENTS_SHOWN: Final = 5
QUIET_STATES: Final = frozenset({"idle", "guard time"})


class View:
    """State of the office as far as notices tell it."""

    def __init__(self, plan: Plan) -> None:
        self._names: dict[Party, str] = {each.party: each.name for each in plan.stations}
        self._names |= {each.party: each.name for each in plan.trunks}
        self._states = dict.fromkeys(self._names, "idle")
        self._tones: dict[Party, str] = {}
        self._digits: dict[Party, str] = {}
        self._pairs: dict[frozenset[Party], None] = {}
        self._events: deque[str] = deque(maxlen=EVENTS_SHOWN)
        self._title = ""
        self._step = ""
        self._ports = {each.port: each.party for each in plan.trunks}
        self._extensions = {each.extension: each.party for each in plan.stations}

    def scene(self, title: str) -> None:
        """Show which scene is played."""
        self._title = title
        self._events.clear()

    def step(self, step: str) -> None:
        """Show which step is performed."""
        self._step = step

    def note(self, notice: Notice) -> None:
        """Take a notice of the exchange."""
        match notice:
            case LineChanged():
                self._change(self._extensions[notice.extension], notice.state)
            case TrunkChanged():
                self._change(self._ports[notice.port], notice.state)
            case ToneGiven():
                self._tones[notice.party] = notice.tone.value if notice.tone else ""
            case DigitDialled():
                party = self._extensions[notice.extension]
                self._digits[party] = self._digits.get(party, "") + notice.key
            case Connected():
                self._pairs[frozenset((notice.a, notice.b))] = None
            case Disconnected():
                self._pairs.pop(frozenset((notice.a, notice.b)), None)
            case _:
                self._tell(notice)

    def __rich__(self) -> RenderableType:
        """Return some 22 lines of 80 characters, the size of a small terminal."""
        talks = "   ".join(" ⇄ ".join(sorted(map(str, pair))) for pair in self._pairs)
        return Group(
            Text(self._title, style="bold"),
            Text(f"▸ {self._step}", style="cyan"),
            self._table(),
            Text(f"bus: {talks or 'nobody is connected'}", style="green" if talks else "dim"),
            *(Text(event, no_wrap=True, overflow="ellipsis") for event in self._events),
        )

    def _change(self, party: Party, state: str) -> None:
        self._states[party] = state
        if state in QUIET_STATES:
            self._digits.pop(party, None)

    def _tell(self, notice: Notice) -> None:
        match notice:
            case CallOpened(record=record):
                self._events.append(f"{notice.at:8.2f}  {record.caller.number} calls")
            case CallClosed(record=record):
                cause = record.cause.value if record.cause else ""
                self._events.append(f"{notice.at:8.2f}  {record.caller.number}: over, {cause}")
            case Decided(decision=decision):
                self._events.append(f"{notice.at:8.2f}  {decision.verdict.value}: {decision.why}")

    def _table(self) -> Table:
        table = Table("line", "name", "state", "hears", "dialled", box=SIMPLE_HEAD, pad_edge=False)
        for party, name in self._names.items():
            state = self._states[party]
            style = "dim" if state in QUIET_STATES else "bold green"
            cells = (self._tones.get(party, ""), self._digits.get(party, ""))
            table.add_row(str(party), name, state, *cells, style=style)
        return table
