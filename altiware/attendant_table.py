# SPDX-License-Identifier: MIT
"""``[[attendants]]`` of the configuration: a tree as people write it.

    [attendants.items]
    top = { do = "menu", say = ["welcome"] }
    2   = { do = "menu", say = ["sales-menu"], name = "Sales" }
    21  = "call 102"
    9   = "name"

An item is what it does, or a table of that and more.  ``AttendantTable.plan()`` gives what it says
to the core, ``faults`` what is wrong about it beside its types.
"""

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from altiware.core.attendants import (
    ROOT,
    TAKES_TARGET,
    AttendantAct,
    AttendantItem,
    AttendantPlan,
)
from altiware.core.speech import Clip, Phrase, Recording
from altiware.toml_lines import Path

__all__ = ["TOP", "AttendantTable", "clip", "clip_text"]

TOP: Final = "top"
"""The root's key in the file."""
RECORDED: Final = "recording:"
USUAL: Final = AttendantPlan("", {})


def clip(text: str) -> Clip:
    """Read a phrase's name, or ``recording:FILE``."""
    if text.startswith(RECORDED):
        return Recording(text.removeprefix(RECORDED))
    return Phrase(text)


def clip_text(said: Clip) -> str:
    """Write what ``clip`` reads."""
    return said.name if isinstance(said, Phrase) else RECORDED + said.file


class ItemTable(BaseModel):
    """One item."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    do: str
    say: list[str] = []
    name: str = ""
    digits: list[int] = Field(default=[1, 10], min_length=2, max_length=2)
    then: str | None = None

    def item(self) -> AttendantItem:
        """Return what it says, which ``faults`` has let pass."""
        act, target = self.words
        return AttendantItem(
            act=AttendantAct(act),
            name=self.name,
            prompt=tuple(map(clip, self.say)),
            target=_keys(target) if act == AttendantAct.GO.value else target,
            digits=(self.digits[0], self.digits[1]),
            then=_keys(self.then) if self.then is not None else None,
        )

    @property
    def words(self) -> tuple[str, str]:
        """The action, and its target or nothing: actions may have two words."""
        text = " ".join(self.do.split())
        fitting = [act.value for act in AttendantAct if f"{text} ".startswith(f"{act.value} ")]
        act = max(fitting, key=len, default=text)
        return act, text.removeprefix(act).strip()

    def faults(self, keys: str) -> Iterator[tuple[Path, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        act, target = self.words
        if keys != TOP and (not keys or not set(keys) <= set("0123456789*#")):
            yield ("items",), keys, f"keys 0-9 * #, or {TOP}"
        if act not in {each.value for each in AttendantAct}:
            allowed = ", ".join(each.value for each in AttendantAct)
            yield ("items", keys), self.do, f"one of {allowed}"
        elif bool(target) != (AttendantAct(act) in TAKES_TARGET):
            example = f"{act!r} and where to" if not target else f"{act!r} alone"
            yield ("items", keys), self.do, example


def _item(value: object) -> ItemTable:
    if isinstance(value, str):
        return ItemTable(do=value)
    return ItemTable.model_validate(value)


def _keys(text: str) -> str:
    return ROOT if text == TOP else text


class AttendantTable(BaseModel):
    """``[[attendants]]``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field(min_length=1)
    number: str = Field(pattern=r"^[0-9]+$")
    timeout_s: float = Field(default=USUAL.timeout_s, gt=0.0, le=120.0, allow_inf_nan=False)
    between_s: float = Field(default=USUAL.between_s, gt=0.0, le=30.0, allow_inf_nan=False)
    tries: int = Field(default=USUAL.tries, ge=1, le=99)
    items: dict[str, Annotated[ItemTable, PlainValidator(_item)]]

    def plan(self) -> AttendantPlan:
        """Return what it says."""
        return AttendantPlan(
            name=self.name,
            items={_keys(keys): each.item() for keys, each in self.items.items()},
            timeout_s=self.timeout_s,
            between_s=self.between_s,
            tries=self.tries,
        )

    def faults(self) -> Iterator[tuple[Path, object, str]]:
        """Yield what is wrong: the setting, its value, what is allowed."""
        wrong = [fault for keys, each in self.items.items() for fault in each.faults(keys)]
        yield from wrong
        if wrong:
            return
        for keys, value, allowed in self.plan().contradictions():
            yield ("items", keys or TOP), value, allowed
