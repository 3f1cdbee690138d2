# SPDX-License-Identifier: MIT
"""Reading fixed layouts out of what a peer has sent, with one error for all that is wrong."""

import enum
import struct
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["Fields", "MessageError", "named", "text", "unpack"]


class MessageError(ValueError):
    """A payload is too short, or holds a value that means nothing."""


Fields = tuple[Any, ...]
Number = TypeVar("Number", bound=enum.IntEnum)


def unpack(layout: struct.Struct, payload: bytes, what: str, offset: int = 0) -> Fields:
    """Unpack the beginning of a payload; what follows is a newer peer's affair."""
    if len(payload) - offset < layout.size:
        raise MessageError(f"{what} of {len(payload)} bytes, at least {layout.size} expected")
    return layout.unpack_from(payload, offset)


def text(field: bytes) -> str:
    """Read a text that is padded with 0x00."""
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def named(kind: Callable[[int], Number], number: int, what: str) -> Number:
    """Return the enum member of a number that must have one."""
    try:
        return kind(number)
    except ValueError as error:
        raise MessageError(f"{what}: {number} means nothing") from error
