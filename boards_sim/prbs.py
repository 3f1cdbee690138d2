# SPDX-License-Identifier: MIT
"""Pseudo-random bits: what sends them and what counts how many come back wrong.

The sequences and the rules of synchronisation are docs/reference/qhi.md's class TDM.  Both ends
know the whole period as a table: a state of the generator is a place in it.
"""

import functools
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.service import Prbs

__all__ = ["PrbsChecker", "PrbsSender", "period"]

Bits = npt.NDArray[np.uint8]

TAPS: Final = {Prbs.PRBS_9: (9, 5), Prbs.PRBS_15: (15, 14)}
"""b[n] = b[n - first] xor b[n - second]."""
PROOF_BITS: Final = 64
"""As predicted in a row: in sync."""
BLOCK_BITS: Final = 512
MOST_WRONG: Final = 128
"""Of a block; more, and it isn't the sequence any more."""


@functools.cache
def period(sequence: Prbs) -> Bits:
    """Return one period, beginning with the state of all ones."""
    long, short = TAPS[sequence]
    bits = [1] * long
    for n in range(long, 2**long - 1):
        bits.append(bits[n - long] ^ bits[n - short])
    return np.array(bits, np.uint8)


@functools.cache
def _places(sequence: Prbs) -> npt.NDArray[np.int32]:
    """Return, by the last bits as a number, the place of the bit that follows."""
    long = TAPS[sequence][0]
    bits = period(sequence)
    wrapped = np.concatenate([bits, bits[: long - 1]]).astype(np.int32)
    states = sum(wrapped[i : i + len(bits)] << (long - 1 - i) for i in range(long))
    places = np.zeros(1 << long, np.int32)
    places[states] = (np.arange(len(bits)) + long) % len(bits)
    return places


def _stretch(sequence: Prbs, place: int, count: int) -> Bits:
    bits = period(sequence)
    return bits.take(np.arange(place, place + count), mode="wrap")


class PrbsSender:
    """An endless sequence, from its beginning."""

    def __init__(self, sequence: Prbs) -> None:
        self._sequence = sequence
        self._place = 0

    def next(self, count: int) -> Bits:
        """Return the next bits."""
        bits = _stretch(self._sequence, self._place, count)
        self._place = (self._place + count) % len(period(self._sequence))
        return bits


class PrbsChecker:
    """Compares what comes with what should; finds by itself where in the sequence it is."""

    def __init__(self, sequence: Prbs) -> None:
        self._sequence = sequence
        self._held: Bits = np.zeros(0, np.uint8)
        self._place: int | None = None
        self.bits = 0
        self.errors = 0
        self.sync_losses = 0

    @property
    def in_sync(self) -> bool:
        """Whether it knows where in the sequence it is."""
        return self._place is not None

    def feed(self, bits: Bits) -> None:
        """Take bits as they came."""
        self._held = np.concatenate([self._held, bits])
        while self._find() if self._place is None else self._compare(self._place):
            pass

    def _find(self) -> bool:
        """Try the oldest bits as a state; False: there aren't enough of them."""
        long = TAPS[self._sequence][0]
        if len(self._held) < long + PROOF_BITS:
            return False
        state = int(self._held[:long] @ (1 << np.arange(long - 1, -1, -1)))
        place = int(_places(self._sequence)[state])
        proof = _stretch(self._sequence, place, PROOF_BITS)
        if np.array_equal(proof, self._held[long : long + PROOF_BITS]):
            self._place = (place + PROOF_BITS) % len(period(self._sequence))
            self._held = self._held[long + PROOF_BITS :]
        else:
            self._held = self._held[long:]
        return True

    def _compare(self, place: int) -> bool:
        """Count one block; False: there aren't enough bits for it."""
        if len(self._held) < BLOCK_BITS:
            return False
        expected = _stretch(self._sequence, place, BLOCK_BITS)
        wrong = int(np.count_nonzero(expected != self._held[:BLOCK_BITS]))
        self._held = self._held[BLOCK_BITS:]
        if wrong > MOST_WRONG:
            self.sync_losses += 1
            self._place = None
            return True
        self.bits += BLOCK_BITS
        self.errors += wrong
        self._place = (place + BLOCK_BITS) % len(period(self._sequence))
        return True
