# SPDX-License-Identifier: MIT
"""DAHDI channels by address: ``dahdi://1-8`` or ``dahdi://1-4,9-12?format=ulaw``.

The channels in the order given are ports 0, 1 ... of one board.  One card a board is best: a
card that is taken away takes its whole board with it.
"""

from typing import Final

from drivers.dahdi.link import DahdiLink
from drivers.errors import AddressError
from drivers.quantum.addresses import linked_board, options, split
from drivers.quantum.board import QuantumBoard
from dsp.dahdi import MOST_CHANNELS

__all__ = ["channels_of", "dahdi_board"]

LAST_CHANNEL: Final = 1023
"""The kernel's."""


def dahdi_board(address: str) -> QuantumBoard:
    """Return the board that some channels are, not yet started.

    Raises:
        AddressError: the address is malformed.
    """
    parts = split(address)
    given = options(address, {"format"})
    if parts.path.strip("/") or not parts.netloc:
        raise AddressError(f"{address!r}: write {parts.scheme}://1-8 or {parts.scheme}://1-4,9-12")
    link = DahdiLink(channels_of(address, parts.netloc))
    return linked_board(address, link, given.get("format"))


def channels_of(address: str, text: str) -> tuple[int, ...]:
    """Return the channels of a list of numbers and ranges.

    Raises:
        AddressError: it isn't one, names a channel twice, or too many.
    """
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low = _channel(address, first)
        found += range(low, (_channel(address, last) if dash else low) + 1)
    if len(set(found)) != len(found):
        raise AddressError(f"{address!r}: a channel is there twice")
    if not 1 <= len(found) <= MOST_CHANNELS:
        raise AddressError(f"{address!r}: {len(found)} channels; a board has 1 to {MOST_CHANNELS}")
    return tuple(found)


def _channel(address: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LAST_CHANNEL:
        raise AddressError(
            f"{address!r}: channel {text!r}; a number from 1 to {LAST_CHANNEL} is allowed"
        )
    return int(text)
