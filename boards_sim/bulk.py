# SPDX-License-Identifier: MIT
"""The board's side of BULK: gives its dictionary away piece by piece."""

from typing import Final

from drivers.qhi.messages import Bulk
from drivers.qhi.numbers import BulkObject, BulkOp, Status

__all__ = ["part_of"]

LONGEST: Final = 1024


def part_of(dictionary: bytes, payload: bytes) -> bytes | None:
    """Return the answer to a READ; None: it is none."""
    wish = Bulk.decode(payload)
    if wish.op is not BulkOp.READ:
        return None
    if wish.object != BulkObject.DICTIONARY:
        return Bulk(wish.object, BulkOp.REFUSED, status=Status.UNSUPPORTED).encode()
    if not 1 <= wish.length <= LONGEST or wish.offset > len(dictionary):
        return Bulk(wish.object, BulkOp.REFUSED, status=Status.RANGE).encode()
    part = dictionary[wish.offset : wish.offset + wish.length]
    total = len(dictionary)
    return Bulk(wish.object, BulkOp.PART, wish.offset, len(part), total, part=part).encode()
