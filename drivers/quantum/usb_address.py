# SPDX-License-Identifier: MIT
"""Quantum boards on USB by address.

``quantum+usb://1209:0001/SERIAL``: the maker's and the model's number in hexadecimal; without a
serial number the first one found.  ``format`` as in ``drivers.quantum.addresses``.
"""

import re
from typing import Final

from drivers.errors import AddressError
from drivers.links.usb_port import UsbLink
from drivers.quantum.addresses import linked_board, options, split
from drivers.quantum.board import QuantumBoard

__all__ = ["usb_board"]

_NUMBERS: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


def usb_board(address: str) -> QuantumBoard:
    """Return the board on USB.

    Raises:
        AddressError: the address is malformed.
    """
    parts = split(address)
    given = options(address, {"format"})
    numbers = _NUMBERS.fullmatch(parts.netloc)
    serial = parts.path.removeprefix("/")
    if numbers is None or "/" in serial:
        raise AddressError(f"{address!r}: write {parts.scheme}://1209:0001/SERIAL")
    vendor, product = (int(number, 16) for number in numbers.groups())
    return linked_board(address, UsbLink(vendor, product, serial), given.get("format"))
