# SPDX-License-Identifier: MIT
from collections.abc import Iterator

import pytest

from tests.signalling_rig import SignallingRig


@pytest.fixture
def rig() -> Iterator[SignallingRig]:
    """An office with four telephones and two office lines; nothing may be left of its calls."""
    rig = SignallingRig()
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
