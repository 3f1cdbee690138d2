# SPDX-License-Identifier: MIT
"""How makers' voice modems differ, as data; dialogues after mgetty's vgetty and makers' manuals.

What a modem says to ``AT+VSM=?`` is taken before what is said here of its codings.
"""

import re
from dataclasses import dataclass
from typing import Final

from dsp.tables import SampleFormat

__all__ = ["PROFILES", "Coding", "Profile", "coding_of", "profile_of"]

ETX: Final = b"\x10\x03"


@dataclass(frozen=True, slots=True)
class Coding:
    """A form of samples by the number that AT+VSM knows it by."""

    number: int
    sample_format: SampleFormat
    more: str = ""
    "Further arguments of AT+VSM."


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of modem."""

    name: str
    models: re.Pattern[str]
    "In the answers to ATI0 and ATI3."
    coding: Coding
    "Unless AT+VSM=? offers a better one."
    no_silence: str
    "Turns the silence detector off, which would end the stream by itself."
    stop: bytes = ETX
    "Ends a duplex stream."
    duplex: bool = True
    caller_id: tuple[str, ...] = ("AT+VCID=1",)


PROFILES: Final = (
    Profile(
        "USR5637",
        re.compile(r"\b56(01|37)\b|U\.?S\.? ?Robotics", re.IGNORECASE),
        Coding(128, SampleFormat.U8),
        "AT+VSD=128,0",
    ),
    Profile(
        "Zoom3095",
        re.compile(r"\b3095\b|Zoom", re.IGNORECASE),
        Coding(131, SampleFormat.ULAW),
        "AT+VSD=0,0",
        stop=b"\x10\x10\x10\x03",
    ),
    Profile(
        "CX93001",
        re.compile(r"CX93|CX818|Conexant|\b56000\b", re.IGNORECASE),
        Coding(131, SampleFormat.ULAW),
        "AT+VSD=0,0",
        stop=b"\x10^",
    ),
    Profile(
        "IS-101 half duplex",
        re.compile(r"MT2834|Multi-?Tech|Cirrus", re.IGNORECASE),
        Coding(1, SampleFormat.U8),
        "AT+VSD=128,0",
        duplex=False,
    ),
)
"""In the order in which they are tried: a Zoom has a Conexant in it, and says so too."""

_OTHER: Final = Profile(
    "V.253", re.compile(""), Coding(4, SampleFormat.ULAW), "AT+VSD=128,0", stop=b"\x10^"
)

_NAMES: Final = (
    (re.compile(r"^(U-?LAW|MU-?LAW|u-?law)", re.IGNORECASE), SampleFormat.ULAW),
    (re.compile(r"^A-?LAW", re.IGNORECASE), SampleFormat.ALAW),
    (re.compile(r"^(UNSIGNED PCM|8-BIT LINEAR)", re.IGNORECASE), SampleFormat.U8),
)
"""In the order in which they are preferred: 8 bits logarithmic are as good as 14 linear ones."""


def profile_of(identity: str) -> Profile:
    """Return the profile of a modem by what it says of itself; an unknown one keeps to V.253."""
    return next((each for each in PROFILES if each.models.search(identity)), _OTHER)


def coding_of(offered: str, profile: Profile) -> Coding:
    """Choose from the answer to ``AT+VSM=?``: lines of ``number,"name",bits,...``."""
    found: dict[SampleFormat, int] = {}
    for line in offered.splitlines():
        match = re.match(r'(?:\+VSM: *)?(\d+),"([^"]*)",\(?(\d+)', line.strip())
        if match is None or match[3] != "8":
            continue
        for name, form in _NAMES:
            if name.match(match[2]):
                found.setdefault(form, int(match[1]))
    for _, form in _NAMES:
        if form in found:
            return Coding(found[form], form)
    return profile.coding
