# SPDX-License-Identifier: MIT
"""What a board knows of the host's frames by their numbers."""

import pytest

from boards_sim.arrivals import LATE, Arrivals

TICK = 8000


def missing(*seqs: int, began: int = TICK) -> list[int | None]:
    arrivals = Arrivals()
    arrivals.begin(began)
    return [arrivals.take(seq, (began + 40 * seq) % (1 << 32)) for seq in seqs]


@pytest.mark.parametrize(
    ("seqs", "found"),
    [
        ((0, 1, 2), [0, 0, 0]),
        ((0, 3), [0, 2]),
        ((2, 3), [2, 0]),  # the first two were lost
        ((0, 1, 1, 2), [0, 0, None, 0]),  # twice
        ((0, 2, 1, 3), [0, 1, None, 0]),  # overtaken
        ((0, 20, 21 - LATE), [0, 19, None]),
        ((0, 20, 20 - LATE), [0, 19, 0]),  # no link brings that: nothing is known of it
    ],
)
def test_gaps_are_missing_and_what_is_behind_is_late(
    seqs: tuple[int, ...], found: list[int | None]
) -> None:
    assert missing(*seqs) == found


def test_numbers_and_ticks_wrap() -> None:
    arrivals = Arrivals()
    arrivals.begin((1 << 32) - 80)
    found = [arrivals.take(seq % 65536, seq * 40 % (1 << 32)) for seq in range(65540)]
    assert found == [0] * 65540


def test_answers_to_the_stream_before_are_late() -> None:
    arrivals = Arrivals()
    arrivals.begin(TICK)
    assert arrivals.take(700, TICK - 40) is None
    assert arrivals.take(0, TICK) == 0
    assert arrivals.take(1, TICK + 40) == 0
