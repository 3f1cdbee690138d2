# SPDX-License-Identifier: MIT
"""Calls on a link that fails all the time: nothing is left of any, and no loss goes uncounted.

One minute a link, which sees each kind of fault; tests/accuracy/accuracy_faults.py takes an hour.
"""

import pytest

from tests.bad_day import LINKS, BadDay

LOSSES = 3
"""By a stall, the plug and a crash."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("link", LINKS)
def test_an_office_comes_through_a_bad_minute(link: str) -> None:
    with BadDay(link, seed=7) as day:
        day.passes(minutes=1)
        seen = day.ends()
        assert seen.calls >= 10
        assert not seen.stuck
        assert day.ledger.unaccounted == 0
        if link == "modem":  # at rest it misses neither a second nor its past
            assert seen.losses >= 1
            return
        assert seen.losses == LOSSES
        assert seen.longest_away_s < 10.0
        to_host, to_board = day.spoiled
        assert day.ledger.counted["bad_frames"] >= to_host["corrupt"] - seen.losses
        assert day.ledger.counted["gaps"] > 100
        assert day.board_says["frames_bad"] >= to_board["corrupt"] - seen.losses
        assert day.board_says["pcm_missing"] > 100
