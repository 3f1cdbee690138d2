# SPDX-License-Identifier: MIT
"""The plan of an auto attendant: a tree of items, each named by the keys that lead to it.

The root is the item without keys.  Below it ``2`` is what key 2 leads to, and ``21`` what key 1
leads to after that, if ``2`` is a menu.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from altiware.core.speech import Clip

__all__ = ["ROOT", "TAKES_TARGET", "AttendantAct", "AttendantItem", "AttendantPlan"]

ROOT: Final = ""


class AttendantAct(enum.Enum):
    """What an item does when its keys have been pressed.  The values are what people write."""

    INVALID = "invalid"
    "Say so, and go on where the caller was."
    MENU = "menu"
    "Say its prompt and wait for the next key."
    REPEAT = "repeat"
    TOP = "top"
    GO = "go"
    "To the item with the keys of its target."
    CALL = "call"
    "Whatever can be called inside: an extension, a workgroup, another attendant."
    OPERATOR = "operator"
    EXTENSION = "extension"
    "Ask for an extension."
    NAME = "name"
    "Ask for a name, spelled on the keys."
    DIRECTORY = "directory"
    "Say all names with their extensions."
    HANG_UP = "hang up"
    MESSAGE = "message"
    "Leave a message for the extension that is its target."
    MAILBOX = "mailbox"
    "The owner of a mailbox calls from elsewhere."
    COLLECT = "collect"
    "Take digits under the name that is its target, for the call's record."


TAKES_TARGET: Final = frozenset(
    {AttendantAct.GO, AttendantAct.CALL, AttendantAct.MESSAGE, AttendantAct.COLLECT}
)


@dataclass(frozen=True, slots=True)
class AttendantItem:
    """One item of the tree."""

    act: AttendantAct
    name: str = ""
    "For people who draw or read the tree."
    prompt: tuple[Clip, ...] = ()
    "What is said; of a menu again and again until a key is pressed or the time is over."
    target: str = ""
    digits: tuple[int, int] = (1, 10)
    "Of COLLECT: how many at least and at most; # ends them."
    then: str | None = None
    "Of COLLECT: the keys of the item that follows; None: the menu again."


@dataclass(frozen=True, slots=True)
class AttendantPlan:
    """One attendant."""

    name: str
    items: Mapping[str, AttendantItem]
    "By the keys that lead there; there is a root, and every other hangs below a menu."
    timeout_s: float = 7.0
    "After what is said; then the operator at the top, the top from elsewhere."
    between_s: float = 2.5
    "Between keys of a number; also how long a key waits that could begin an extension."
    tries: int = 3
    "So often a caller may press what leads nowhere, or nothing; then the operator."

    def below(self, path: str) -> Iterator[str]:
        """Yield the keys that can be pressed at an item."""
        for other in self.items:
            if len(other) == len(path) + 1 and other.startswith(path):
                yield other[-1]

    def contradictions(self) -> Iterator[tuple[str, object, str]]:
        """Yield what is wrong: the item, what it says, what is allowed."""
        root = self.items.get(ROOT)
        if root is None or root.act is not AttendantAct.MENU:
            yield ROOT, root.act.value if root else None, "a menu, where every caller begins"
            return
        for path, item in self.items.items():
            parent = self.items.get(path[:-1])
            if path and (parent is None or parent.act is not AttendantAct.MENU):
                yield (
                    path,
                    item.act.value,
                    f"items below a menu; {path[:-1] or 'the top'!r} is none",
                )
            for target in (item.target if item.act is AttendantAct.GO else None, item.then):
                if target is not None and target not in self.items:
                    yield path, target, f"one of the items {', '.join(filter(None, self.items))}"
            least, most = item.digits
            if not 1 <= least <= most <= 32:
                yield path, item.digits, "1 to 32 digits, the smaller number first"
