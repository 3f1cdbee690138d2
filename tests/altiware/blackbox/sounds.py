# SPDX-License-Identifier: MIT
"""Boxes that are made here: a busy tone and digits from a line, and what goes to it."""

import wave
from pathlib import Path

import numpy as np

from altiware.blackbox.box import Decoded, Facts, Moment, Reading, write_facts
from dsp.dtmf import DtmfSender
from dsp.levels import peak_of
from dsp.pcm import Samples

FACTS = Facts(
    reason="call ended: board lost",
    call="c1",
    party="00:01",
    port="00:01",
    began="2026-03-02T08:00:00+00:00",
    seconds=4.0,
    moments=(Moment(0.5, "office", "00:01", "BusyHeard", (("level", "-20 < 3"),)),),
    readings=(Reading(0.25, -48.2, 0.0), Reading(0.5, -9.1, 24.7)),
    decoded=(Decoded(0.1, 0.2, "said", "digit", "5"),),
)


def busy(seconds: float) -> Samples:
    """The United States' busy tone, half a second on and off."""
    at = np.arange(round(seconds * 8000)) / 8000
    tone = sum(np.sin(2 * np.pi * hz * at) for hz in (480, 620)) * peak_of(-24)
    return np.where(at % 1.0 < 0.5, tone, 0).astype(np.int16)


def write_wav(path: Path, said: Samples, heard: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.stack([said, heard], axis=1).astype("<i2").tobytes())
    return path


def make_box(directory: Path, name: str = "box.wav", facts: Facts | None = FACTS) -> Path:
    """Four seconds: busy tone from the line, digits 159 to it."""
    said, heard = busy(4.0), np.zeros(32_000, dtype=np.int16)
    digits = DtmfSender("159").read(32_000)
    heard[8000 : 8000 + len(digits)] = digits[:24_000]
    path = write_wav(directory / name, said, heard)
    if facts is not None:
        write_facts(path, facts)
    return path
