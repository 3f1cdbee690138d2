# SPDX-License-Identifier: MIT
"""Bit errors are counted one by one, and silence is not taken for the sequence."""

import numpy as np
import numpy.typing as npt
import pytest

from boards_sim.prbs import PrbsChecker, PrbsSender, period
from drivers.service import Prbs

Bits = npt.NDArray[np.uint8]
ALL = pytest.mark.parametrize("sequence", Prbs)
FRAME_BITS = 640


def sent(sequence: Prbs, frames: int) -> Bits:
    sender = PrbsSender(sequence)
    return np.concatenate([sender.next(FRAME_BITS) for _ in range(frames)])


def checked(sequence: Prbs, bits: Bits, size: int = FRAME_BITS) -> PrbsChecker:
    checker = PrbsChecker(sequence)
    for at in range(0, len(bits), size):
        checker.feed(bits[at : at + size])
    return checker


@ALL
def test_a_period_holds_every_state_once(sequence: Prbs) -> None:
    bits = period(sequence)
    long = {Prbs.PRBS_9: 9, Prbs.PRBS_15: 15}[sequence]
    assert len(bits) == 2**long - 1
    assert bits[:long].all()
    assert int(bits.sum()) == 2 ** (long - 1)
    wrapped = np.concatenate([bits, bits[:long]])
    states = {bytes(wrapped[i : i + long]) for i in range(len(bits))}
    assert len(states) == len(bits)


@ALL
def test_the_sequence_follows_its_rule(sequence: Prbs) -> None:
    first, second = {Prbs.PRBS_9: (9, 5), Prbs.PRBS_15: (15, 14)}[sequence]
    bits = sent(sequence, 60)
    assert np.array_equal(bits[first:], bits[:-first] ^ bits[first - second : -second])


@ALL
@pytest.mark.parametrize("skipped", [0, 1, 1000])
@pytest.mark.parametrize("size", [FRAME_BITS, 7])
def test_a_clean_link_has_no_errors_wherever_one_begins(
    sequence: Prbs, skipped: int, size: int
) -> None:
    checker = checked(sequence, sent(sequence, 60)[skipped:], size)
    assert checker.in_sync
    assert checker.bits >= 59 * FRAME_BITS - skipped - 600
    assert (checker.errors, checker.sync_losses) == (0, 0)


@ALL
def test_each_wrong_bit_is_counted_once(sequence: Prbs) -> None:
    bits = sent(sequence, 100)
    bits[5000:60_000:1000] ^= 1
    checker = checked(sequence, bits)
    assert (checker.errors, checker.sync_losses) == (55, 0)


@ALL
@pytest.mark.parametrize("value", [0, 1])
def test_a_stuck_link_is_never_in_sync(sequence: Prbs, value: int) -> None:
    checker = checked(sequence, np.full(50_000, value, np.uint8))
    assert not checker.in_sync
    assert checker.bits == 0


@ALL
def test_a_lost_frame_is_one_loss_of_sync_and_no_error_in_what_follows(sequence: Prbs) -> None:
    bits = sent(sequence, 100)
    block_ends = {Prbs.PRBS_9: 9, Prbs.PRBS_15: 15}[sequence] + 64 + 40 * 512
    cut = np.concatenate([bits[:block_ends], bits[block_ends + FRAME_BITS :]])
    checker = checked(sequence, cut)
    assert checker.in_sync
    assert checker.sync_losses == 1
    assert checker.errors == 0


def test_noise_is_no_sequence() -> None:
    noise = np.random.default_rng(1).integers(0, 2, 50_000, np.uint8)
    checker = checked(Prbs.PRBS_15, noise)
    assert not checker.in_sync
    assert checker.bits == 0


def test_one_sequence_is_not_taken_for_the_other() -> None:
    assert not checked(Prbs.PRBS_9, sent(Prbs.PRBS_15, 60)).in_sync
