# SPDX-License-Identifier: MIT
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rig import Door, Rig

SPEECH = Path("/usr/share/asterisk/sounds/en_US_f_Allison/all-circuits-busy-now.wav")


@pytest.fixture(params=list(Door), ids=lambda door: door.name.lower())
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A whole office on a board in this process, behind a pseudo terminal, behind TCP."""
    with Rig(door=request.param) as rig:
        yield rig


@pytest.fixture
def speech() -> Path:
    """Four seconds of a person speaking."""
    if not SPEECH.exists():
        pytest.skip("needs speech: apt-get install asterisk-core-sounds-en-wav")
    return SPEECH
