# SPDX-License-Identifier: MIT
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from altiware.core.plan import Plan
from tests.scenarios.signalling.workgroup.group_office import GroupRig, Make


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make offices; nothing may be left of their calls."""
    made: list[GroupRig] = []

    def made_up(plan: Plan | None = None, **options: Any) -> GroupRig:
        made.append(GroupRig(tmp_path, plan, **options))
        return made[-1]

    yield made_up
    for rig in made:
        rig.everybody_hangs_up()
        rig.passes(60.0)
        rig.is_clean()
        rig.is_forgotten()
        rig.close()


@pytest.fixture
def rig(make: Make) -> GroupRig:
    """An office with the group "sales", 500."""
    return make()
