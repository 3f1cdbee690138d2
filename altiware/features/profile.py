# SPDX-License-Identifier: MIT
"""Numbering profiles: which feature code does what.  Data, not code.

``PROFILES["oe45"]`` is in the style of AltiWare Open Edition 4.5: codes that its manuals name
(``Origin.MANUAL``) mean what they meant there, the rest (``Origin.OURS``) was chosen by us among
codes that were free.  A configuration takes a profile and changes, adds or removes codes.  A code
whose service this release doesn't have leads nowhere.

python -m altiware.features.profile > docs/reference/feature-codes.md
"""

import enum
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from altiware.core.plan import FeatureCode, Service

__all__ = ["OE45", "PROFILES", "Origin", "ProfileCode", "document"]


class Origin(enum.Enum):
    """Who gave a code its meaning."""

    MANUAL = "AltiWare"
    "A manual of the time names it."
    OURS = "ours"
    "Chosen by us: what it was is not known, or there was none."


@dataclass(frozen=True, slots=True)
class ProfileCode:
    """One row of a profile."""

    code: str
    does: FeatureCode
    origin: Origin = Origin.MANUAL


def _code(
    code: str,
    kind: str,
    name: str,
    *,
    argument: str = "",
    follows: int | None = 0,
    is_number: bool = False,
    origin: Origin = Origin.MANUAL,
) -> ProfileCode:
    does = FeatureCode(Service(kind, argument, name), follows, is_number)
    return ProfileCode(code, does, origin)


_OURS: Final = Origin.OURS

OE45: Final[tuple[ProfileCode, ...]] = (
    _code("##", "mailbox", "own voice mail", argument="own"),
    _code("###", "mailbox", "voice mail from another set"),
    _code("#15", "attendant", "caller to the attendant (after a flash)"),
    _code("#26", "log-out", "log out of this set"),
    _code("#27", "log-in", "log in to this set; alone: speak its number", follows=None),
    _code("#28", "mailbox", "change the password", argument="password"),
    _code("#29", "pickup", "pick up one extension", argument="one", is_number=True),
    _code("#30", "pickup", "pick up any ringing extension", argument="any"),
    _code("#31", "park", "park at this extension, or retrieve", argument="personal"),
    _code("#32", "account-code", "account code, before or (after a flash) during a call",
          follows=None),
    _code("#33", "do-not-disturb", "do not disturb, on and off"),
    _code("#34", "directory", "dial by name"),
    _code("#36", "forward", "forward all calls; alone: no longer", argument="all", is_number=True),
    _code("#37", "remote-forward", "forward the calls of another extension, by its password"),
    _code("#38", "block-outside", "block all calls outside, on and off"),
    _code("#39", "operator-off-line", "operator off-line, and on-line again"),
    _code("#40", "message", "caller to voice mail (after a flash)", is_number=True),
    _code("#41", "park", "park at a numbered place, or retrieve", argument="system",
          follows=None),
    _code("#44", "page", "overhead page"),
    _code("#45", "page", "page by trunk", argument="trunk", follows=2),
    _code("#54", "agent", "workgroup log-in", argument="log-in", follows=None),
    _code("#56", "agent", "workgroup log-out", argument="log-out", follows=None),
    _code("#69", "last-caller", "dial the last caller"),
    _code("#90", "agent", "agent ready", argument="ready", follows=None),
    _code("#91", "agent", "agent not ready", argument="not-ready", follows=None),

    _code("#35", "forward", "forward calls when busy; alone: no longer", argument="busy",
          is_number=True, origin=_OURS),
    _code("#42", "forward", "forward calls that nobody answers; alone: no longer",
          argument="no-answer", is_number=True, origin=_OURS),
    _code("#43", "pickup", "pick up in the own group", argument="group", origin=_OURS),
    _code("#46", "supervise", "listen to an agent", argument="monitor", is_number=True,
          origin=_OURS),
    _code("#47", "supervise", "whisper to an agent", argument="whisper", is_number=True,
          origin=_OURS),
    _code("#48", "supervise", "barge into an agent's call", argument="barge", is_number=True,
          origin=_OURS),
    _code("#57", "record-call", "record the call, or no longer (after a flash)", origin=_OURS),
    _code("#49", "intercom", "intercom call to an extension", is_number=True, origin=_OURS),
    _code("#60", "speed-dial", "dial a number of this extension's list", argument="station",
          follows=2, origin=_OURS),
    _code("#61", "speed-dial", "dial a number of the office's list", argument="system",
          follows=2, origin=_OURS),
    _code("#62", "store-speed-dial", "store a number in this extension's list",
          argument="station", follows=None, origin=_OURS),
    _code("#63", "store-speed-dial", "store a number in the office's list", argument="system",
          follows=None, origin=_OURS),
    _code("#66", "call-back", "call-back when the extension is free that was busy",
          is_number=True, origin=_OURS),
    _code("#67", "cancel-call-back", "cancel the call-back", origin=_OURS),
    _code("#68", "redial", "dial the last number again", origin=_OURS),
    _code("#70", "undisturbed", "no call waiting during the call to the number that follows",
          is_number=True, origin=_OURS),
    _code("#71", "call-waiting", "call waiting, off and on", origin=_OURS),
    _code("#72", "find-me-switch", "One Number Access, off and on", origin=_OURS),
)  # fmt: skip
"""In the style of AltiWare Open Edition 4.5."""

PROFILES: Final[Mapping[str, Mapping[str, FeatureCode]]] = MappingProxyType(
    {
        "oe45": MappingProxyType({each.code: each.does for each in OE45}),
        "none": MappingProxyType({}),
    }
)
"""Codes by what is dialled, by the name of the profile."""

HEAD: Final = """\
<!-- Generated by `python -m altiware.features.profile`; a test compares it. -->
# Feature codes

The profile `oe45`. Codes of AltiWare's manuals mean what they meant there; we chose the rest. The
configuration may change, add or remove any of them (`[numbering.codes]`).

| code | then | does | whose |
|---|---|---|---|
"""


def document() -> str:
    """Return the page."""
    rows = sorted(OE45, key=lambda each: each.code)
    return HEAD + "".join(
        f"| `{each.code}` | {_then(each.does)} | {each.does.service.name} | {each.origin.value} |\n"
        for each in rows
    )


def _then(does: FeatureCode) -> str:
    if does.is_number:
        return "a number"
    if does.follows is None:
        return "digits, then `#` or silence"
    return f"{does.follows} digits" if does.follows else ""


if __name__ == "__main__":
    sys.stdout.write(document())
