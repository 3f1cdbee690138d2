# SPDX-License-Identifier: MIT
"""How makers' cellular modules differ in calling, as data; dialogues after makers' AT manuals."""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["PROFILES", "Profile", "profile_named", "profile_of"]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of module."""

    name: str
    models: re.Pattern[str]
    "In the answers to AT+CGMI and AT+CGMM."
    probe: str
    "Refused by a module, or a firmware, that has no voice over serial ports."
    prepare: tuple[str, ...]
    "Makes it tell of calls, and frees the port of the samples."
    dial: str
    "With a place for the number; sent as one line, so that nothing comes between its parts."
    answer: str
    audio: str = ""
    "Begins the samples; empty: dialling and answering have done so."
    audio_when_connected: bool = False
    "Not before the call is answered: what the network lets hear before isn't heard."
    after: tuple[str, ...] = ()
    "What a call leaves to be put back."
    poll_s: float = 5.0
    "How often calls are asked for: to heal what was missed, or because nothing is told at all."
    recovery: str = ""
    "Restarts a module whose samples don't come."
    experimental: bool = False


PROFILES: Final = (
    Profile(
        name="quectel",
        models=re.compile(r"Quectel|\bE[CG]2\d", re.IGNORECASE),
        probe="AT+QPCMV?",
        prepare=('AT+QGPSCFG="outport","none"', "AT^DSCI=1"),
        dial="AT+QPCMV=0;+QPCMV=1,0;D{};",
        answer="AT+QPCMV=0;+QPCMV=1,0;A",
        after=("AT+QPCMV=0",),
    ),
    Profile(
        name="huawei",
        models=re.compile(r"huawei|\b[EK]\d{3,4}\b", re.IGNORECASE),
        probe="AT^CVOICE?",
        prepare=("AT^U2DIAG=0", "AT^CURC=1", "AT+CSSN=1,1"),
        dial="ATD{};",
        answer="ATA",
        audio="AT^DDSETEX=2",
    ),
    Profile(
        name="sim7600",
        models=re.compile(r"SIMCOM|SIM7[56]00", re.IGNORECASE),
        probe="AT+CPCMREG?",
        prepare=("AT+CLCC=1", "AT+CPCMBANDWIDTH=1,1"),
        dial="AT+CPCMREG=0;D{};",
        answer="AT+CPCMREG=0;A",
        audio="AT+CPCMREG=1",
        audio_when_connected=True,
        after=("AT+CPCMREG=0,0",),
        poll_s=1.0,  # it doesn't tell when a call has ended
        recovery="AT+CRESET",  # samples stay away after the first call until then
        experimental=True,
    ),
)


def profile_of(identity: str) -> Profile | None:
    """Return the profile of a module by what it says of itself."""
    return next((each for each in PROFILES if each.models.search(identity)), None)


def profile_named(name: str) -> Profile | None:
    """Return a profile by its name."""
    return next((each for each in PROFILES if each.name == name), None)
