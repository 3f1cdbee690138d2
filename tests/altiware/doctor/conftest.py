# SPDX-License-Identifier: MIT
from pathlib import Path

import pytest

from tests.altiware.doctor.machine_tree import MachineTree


@pytest.fixture
def tree(tmp_path: Path) -> MachineTree:
    """An empty machine."""
    return MachineTree(tmp_path)
