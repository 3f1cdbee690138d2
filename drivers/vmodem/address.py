# SPDX-License-Identifier: MIT
"""Voice modems by address: ``vmodem:///dev/ttyACM1?baud=115200&country=b5``.

``country`` is the modem's country in hexadecimal (ITU-T T.35: b5 is the US); without it, it
stays as the modem has it.
"""

import re
from typing import Final

from drivers.errors import AddressError
from drivers.links.serial_port import SerialLink
from drivers.quantum.addresses import options, split
from drivers.vmodem.board import VoiceModem

__all__ = ["voice_modem"]

DEFAULT_BAUD: Final = 115_200
"""8000 samples of ten bits and their shields; modems on USB don't care."""
_BAUDS: Final = (115_200, 230_400, 460_800, 921_600)


def voice_modem(address: str) -> VoiceModem:
    """Return the modem on a serial port, not yet started.

    Raises:
        AddressError: the address is malformed.
    """
    parts = split(address)
    given = options(address, {"baud", "country"})
    if parts.netloc or not parts.path.strip("/"):
        raise AddressError(f"{address!r}: write {parts.scheme}:///dev/ttyACM0")
    baud = given.get("baud", str(DEFAULT_BAUD))
    if baud not in map(str, _BAUDS):
        allowed = ", ".join(map(str, _BAUDS))
        raise AddressError(f"{address!r}: baud {baud!r} is none of {allowed}")
    country = given.get("country")
    if country is not None and not re.fullmatch(r"[0-9a-fA-F]{2}", country):
        raise AddressError(f"{address!r}: country {country!r}; two hexadecimal digits are allowed")
    code = None if country is None else int(country, 16)
    return VoiceModem(address, SerialLink(parts.path, int(baud)), code)
