# SPDX-License-Identifier: MIT
"""What cellular modules say by themselves: calls, callers, the network, the SIM.

A line becomes one of these or nothing.  ``+CLCC`` and ``+CLIP`` are 3GPP TS 27.007's (7.18,
7.11); ``^DSCI`` is Quectel's, ``^ORIG`` to ``^CEND`` are Huawei's.
"""

import enum
import re
from dataclasses import dataclass
from typing import Final

__all__ = ["CallWord", "Caller", "Registration", "Restarted", "Signal", "SimWord", "Word", "hear"]


class CallWord(enum.Enum):
    """What a module says of its call."""

    DIALLING = "dialling"
    ALERTING = "alerting"
    ACTIVE = "active"
    INCOMING = "incoming"
    BUSY = "busy"
    ENDED = "ended"


class SimWord(enum.Enum):
    """What is with the SIM."""

    READY = "ready"
    LOCKED = "locked"
    MISSING = "missing"


class Restarted(enum.Enum):
    """The module has begun anew, without its port having gone."""

    BY_ITSELF = "restarted"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls."""

    number: str
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a network makes of the SIM."""

    domain: str
    "CREG: circuit switched; CEREG: LTE, where calls need VoLTE."
    registered: bool
    state: str


@dataclass(frozen=True, slots=True)
class Signal:
    """How well the network is received."""

    dbm: int | None


Word = CallWord | SimWord | Restarted | Caller | Registration | Signal

_STATES: Final = {
    "0": "not searching",
    "1": "home",
    "2": "searching",
    "3": "refused by the network",
    "4": "unknown",
    "5": "roaming",
}
_CLCC: Final = {
    "0": CallWord.ACTIVE,
    "1": CallWord.ACTIVE,  # held
    "2": CallWord.DIALLING,
    "3": CallWord.ALERTING,
    "4": CallWord.INCOMING,
    "5": CallWord.INCOMING,
}
_DSCI: Final = {
    "2": CallWord.DIALLING,
    "3": CallWord.ACTIVE,
    "4": CallWord.INCOMING,
    "6": CallWord.ENDED,
    "7": CallWord.ALERTING,
}
_HUAWEI: Final = {
    "^ORIG": CallWord.DIALLING,
    "^CONF": CallWord.ALERTING,
    "^CONN": CallWord.ACTIVE,
}
_PLAIN: Final[dict[str, Word]] = {
    "RING": CallWord.INCOMING,
    "BUSY": CallWord.BUSY,
    "NO CARRIER": CallWord.ENDED,
    "NO ANSWER": CallWord.ENDED,
    "RDY": Restarted.BY_ITSELF,
    "START": Restarted.BY_ITSELF,
    "^SYSSTART": Restarted.BY_ITSELF,
}
USER_BUSY: Final = "17"
"""3GPP TS 24.008, 10.5.4.11."""
INTERNATIONAL: Final = "145"
_LINE: Final = re.compile(r"^([+^][A-Z0-9]+): ?(.*)$")


def hear(line: str) -> Word | None:
    """Say what a line means; None: nothing that matters here."""
    if line in _PLAIN:
        return _PLAIN[line]
    if line.startswith("VOICE CALL: "):
        return CallWord.ACTIVE if "BEGIN" in line else CallWord.ENDED
    match = _LINE.match(line)
    if match is None:
        return None
    name, fields = match[1], [each.strip() for each in match[2].split(",")]
    if name in _HUAWEI:
        return _HUAWEI[name]
    read = _READERS.get(name)
    return read(name, fields) if read is not None else None


def _calls(_name: str, fields: list[str]) -> Word | None:
    if len(fields) < 4 or fields[3] != "0":  # others than mode 0 are data, and none of ours
        return None
    return _CLCC.get(fields[2])


def _quectel(_name: str, fields: list[str]) -> Word | None:
    return _DSCI.get(fields[2]) if len(fields) > 3 and fields[3] == "0" else None


def _huawei_end(_name: str, fields: list[str]) -> Word:
    return CallWord.BUSY if fields[-1] == USER_BUSY else CallWord.ENDED


def _caller(_name: str, fields: list[str]) -> Word:
    number, kind = fields[0].strip('"'), fields[1] if len(fields) > 1 else ""
    if not number:
        withheld = len(fields) > 5 and fields[5] == "1"
        return Caller("", "P" if withheld else "O")
    if kind == INTERNATIONAL and not number.startswith("+"):
        number = f"+{number}"
    return Caller(number)


def _registration(name: str, fields: list[str]) -> Word | None:
    """Tell the answer ``1,5`` from the news ``5`` or ``5,"00C3"...``."""
    state = fields[1] if len(fields) > 1 and fields[1].isdigit() else fields[0]
    if state not in _STATES:
        return None
    return Registration(name[1:], state in {"1", "5"}, _STATES[state])


def _signal(_name: str, fields: list[str]) -> Word | None:
    if not fields[0].isdigit():
        return None
    level = int(fields[0])
    return Signal(2 * level - 113 if level <= 31 else None)


def _sim(_name: str, fields: list[str]) -> Word:
    if fields[0] == "READY":
        return SimWord.READY
    return SimWord.MISSING if fields[0].startswith("NOT") else SimWord.LOCKED


_READERS: Final = {
    "+CLCC": _calls,
    "^DSCI": _quectel,
    "^CEND": _huawei_end,
    "+CLIP": _caller,
    "+CREG": _registration,
    "+CEREG": _registration,
    "+CSQ": _signal,
    "+CPIN": _sim,
}
