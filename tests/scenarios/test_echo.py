# SPDX-License-Identifier: MIT
"""A caller doesn't hear himself, though the other end's line says back what it is told."""

import wave
from pathlib import Path

import numpy as np

from tests.rig import Rig


def own_voice_dbfs(tmp_path: Path, speech: Path, echo_tail_ms: int) -> float:
    """Alice speaks to a silent office line for 8 s; how loud is she in her own ear at the end?"""
    ear = tmp_path / f"{echo_tail_ms}.wav"
    with Rig(echo_tail_ms=echo_tail_ms) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.hears("dial")
        alice.dials("95550123#")
        office.is_seized()
        office.receives("5550123")
        alice.hears("ringback", within_s=6.0)
        office.answers()
        rig.passes(2.0)
        for _ in range(3):
            alice.says(speech)
        alice.save_ear(ear)
        alice.hangs_up()
    with wave.open(str(ear)) as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)
    return float(10 * np.log10(np.mean(heard[-24000:] ** 2) / 32768**2 + 1e-12))


def test_a_caller_no_longer_hears_himself(tmp_path: Path, speech: Path) -> None:
    with_echo = own_voice_dbfs(tmp_path, speech, 0)
    without = own_voice_dbfs(tmp_path, speech, 32)
    assert without < with_echo - 20
