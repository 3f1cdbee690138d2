# SPDX-License-Identifier: MIT
"""How loud a caller hears himself, when the other end says nothing."""

import wave
from pathlib import Path
from typing import Final

import numpy as np

from tests.rig import Rig

__all__ = ["own_voice_dbfs"]

JUDGED: Final = 24_000
"""Samples at the end of what was heard: 3 s."""


def own_voice_dbfs(rig: Rig, ear: Path, speech: Path) -> float:
    """Let Alice speak to a silent line for three sentences; how loud is she in her own ear?"""
    with rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.hears("dial")
        alice.dials("95550123#")
        office.receives("5550123")
        office.answers()
        rig.passes(8.0)
        for _ in range(3):
            alice.says(speech)
        alice.save_ear(ear)
        alice.hangs_up()
    with wave.open(str(ear)) as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(float)
    return float(10 * np.log10(np.mean(heard[-JUDGED:] ** 2) / 32768**2 + 1e-12))
