# SPDX-License-Identifier: MIT
"""Calls on a link that fails all the time: nothing is left of any, and no loss goes uncounted.

Four minutes a link, which see each kind of fault; tests/accuracy/accuracy_faults.py takes an hour.
"""

import pytest

from tests.bad_day import LINKS, BadDay

MINUTES = 4


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("link", LINKS)
def test_an_office_comes_through_bad_minutes(link: str) -> None:
    with BadDay(link, seed=7) as day:
        day.passes(MINUTES)
        seen = day.ends()
        assert seen.calls > 10 * MINUTES
        assert seen.losses >= MINUTES  # each minute has a stall that is too long
        assert seen.longest_away_s < 10.0
        if link == "modem":
            return
        assert day.ledger.unaccounted == 0
        assert day.ledger.counted["bad_frames"] >= day.spoiled["corrupt"] - seen.losses
        assert day.ledger.offered > 3 * 200 * 60
