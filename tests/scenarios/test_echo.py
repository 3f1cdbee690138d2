# SPDX-License-Identifier: MIT
"""A caller doesn't hear himself, though the other end's line says back what it is told."""

from pathlib import Path

from tests.rig import Rig
from tests.scenarios.own_voice import own_voice_dbfs


def test_a_caller_no_longer_hears_himself(tmp_path: Path, speech: Path) -> None:
    with_echo, without = (
        own_voice_dbfs(Rig(echo_tail_ms=tail_ms), tmp_path / "ear.wav", speech)
        for tail_ms in (0, 32)
    )
    assert without < with_echo - 20
