# SPDX-License-Identifier: MIT
"""The dictionary: what a board says of itself beyond HELLO (docs/reference/qhi.md).

A zlib-compressed JSON object.  This module reads ``model`` and ``ports``, which every board
must give, and keeps the whole object for tools.
"""

import json
import zlib
from dataclasses import dataclass
from typing import Any, Final, Self

from drivers.base import Capability, PortInfo, PortKind
from drivers.qhi.layout import MessageError

__all__ = ["MAX_JSON_BYTES", "Dictionary", "encode_dictionary"]

MAX_JSON_BYTES: Final = 1 << 20
"""A dictionary that inflates to more than this is refused."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What a board can do."""

    model: str
    ports: tuple[PortInfo, ...]
    text: str
    "The whole of it, as JSON."

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a dictionary as a board stores it.

        Raises:
            MessageError: it is damaged, too large or lacks what it must hold.
        """
        text = _inflate(data)
        try:
            content = json.loads(text)
            ports = tuple(_port(number, entry) for number, entry in enumerate(content["ports"]))
            return cls(str(content["model"]), ports, text)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise MessageError(f"dictionary: {type(error).__name__}: {error}") from error


def encode_dictionary(content: dict[str, Any]) -> bytes:
    """Return a dictionary as a board stores it."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return zlib.compress(text.encode(), 9)


def _inflate(data: bytes) -> str:
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(data, MAX_JSON_BYTES)
        if not inflater.eof:
            raise MessageError(f"dictionary: cut short, or above {MAX_JSON_BYTES} bytes")
        return text.decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise MessageError(f"dictionary: {error}") from error


def _port(number: int, entry: dict[str, Any]) -> PortInfo:
    known = Capability(0)
    for word in entry["capabilities"]:
        known |= Capability.__members__.get(str(word).upper(), Capability(0))
    return PortInfo(number, PortKind(entry["kind"]), known)
