# SPDX-License-Identifier: MIT
"""Caller-ID signals by the formula, in double precision: independent of our sender."""

from dataclasses import dataclass

import numpy as np

from dsp.g711 import ulaw_decode, ulaw_encode
from dsp.levels import peak_of
from dsp.pcm import Samples

__all__ = ["BELL", "V23", "Line", "random_mdmf", "spoken"]

BELL = (1200.0, 2200.0)
V23 = (1300.0, 2100.0)
"Mark and space, Hz."


@dataclass(frozen=True, slots=True)
class Line:
    """What a sender and a line do to a message."""

    tones: tuple[float, float] = BELL
    dbm0: float = -18.0
    snr_db: float | None = None
    "White noise in 0-4 kHz, under the signal."
    twist_db: float = 0.0
    baud: float = 1200.0
    offset_hz: float = 0.0
    seizure_bits: int = 300
    mark_bits: int = 180
    stuffed: int = 0
    "Most mark bits added between bytes."
    ulaw: bool = True


def random_mdmf(rng: np.random.Generator) -> bytes:
    """Return a message of 41 bytes: time, number of ten, name of fifteen; checksum included."""
    digits = rng.integers(48, 58, 18).astype(np.uint8).tobytes()
    name = rng.integers(65, 91, 15).astype(np.uint8).tobytes()
    body = b"\x01\x08" + digits[:8] + b"\x02\x0a" + digits[8:] + b"\x07\x0f" + name
    message = b"\x80" + bytes([len(body)]) + body
    return message + bytes([-sum(message) & 0xFF])


def _bits(message: bytes, line: Line, rng: np.random.Generator) -> list[int]:
    bits = [i & 1 for i in range(line.seizure_bits)] + [1] * line.mark_bits
    for byte in message:
        bits += [0, *((byte >> k) & 1 for k in range(8)), 1]
        bits += [1] * int(rng.integers(0, line.stuffed + 1))
    return bits + [1] * 6


def spoken(message: bytes, line: Line, rng: np.random.Generator) -> Samples:
    """Return what a receiver gets, with 100 ms of the line before and after."""
    bits = np.array(_bits(message, line, rng))
    start = rng.uniform()
    count = int((len(bits) - start) * 8000 / line.baud)
    mark = bits[(start + np.arange(count) * line.baud / 8000).astype(int)] == 1
    hz = np.where(mark, *line.tones) + line.offset_hz
    phase = 2 * np.pi * (rng.uniform() + np.cumsum(hz) / 8000)
    half = line.twist_db / 2
    peak = np.where(mark, peak_of(line.dbm0 + half), peak_of(line.dbm0 - half))
    wave = np.concatenate([np.zeros(800), peak * np.sin(phase), np.zeros(800)])
    if line.snr_db is not None:
        rms = peak_of(line.dbm0 - line.snr_db) / np.sqrt(2)
        wave += rng.normal(0, rms, len(wave))
    pcm = np.rint(wave).clip(-32768, 32767).astype(np.int16)
    return ulaw_decode(ulaw_encode(pcm)) if line.ulaw else pcm
