# SPDX-License-Identifier: MIT
"""Some of what `python -m tests.scenarios.interactions` does at length."""

import pytest

from tests.scenarios.interactions import run


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_people_who_use_every_feature_at_random_leave_nothing_behind() -> None:
    run(3_000, quickly=True)
