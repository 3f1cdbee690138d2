# SPDX-License-Identifier: MIT
"""Modules by address: ``cellular:///dev/ttyUSB2?audio=/dev/ttyUSB1&profile=quectel``.

Which of a module's ports is which is its maker's matter (docs/topics/modems.md).  ``profile``
names the dialogue where the module's own name isn't to decide; one of PROFILES, in small letters.
"""

from typing import Final

from drivers.cellular.board import CellularModule
from drivers.cellular.profiles import PROFILES, profile_named
from drivers.errors import AddressError
from drivers.links.serial_port import SerialLink
from drivers.quantum.addresses import options, split

__all__ = ["cellular_module"]

BAUD: Final = 115_200
"""USB doesn't care."""


def cellular_module(address: str) -> CellularModule:
    """Return the module on two serial ports, not yet started.

    Raises:
        AddressError: the address is malformed.
    """
    parts = split(address)
    given = options(address, {"audio", "profile"})
    audio = given.get("audio", "")
    if parts.netloc or not parts.path.strip("/") or not audio.startswith("/"):
        raise AddressError(
            f"{address!r}: write {parts.scheme}:///dev/ttyUSB2?audio=/dev/ttyUSB1, "
            "the port for commands first"
        )
    if audio == parts.path:
        raise AddressError(f"{address!r}: commands and audio go through two ports, not one")
    profile = None
    if "profile" in given:
        profile = profile_named(given["profile"])
        if profile is None:
            allowed = ", ".join(each.name for each in PROFILES)
            raise AddressError(f"{address!r}: profile {given['profile']!r} is none of {allowed}")
    at, samples = SerialLink(parts.path, BAUD), SerialLink(audio, BAUD)
    return CellularModule(address, at, samples, profile)
