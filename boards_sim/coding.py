# SPDX-License-Identifier: MIT
"""Samples as they go over the link: in the format of the stream, one row of bytes per port."""

from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.clock import FRAME
from drivers.qhi.numbers import PcmFormat
from dsp.g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode

__all__ = ["Coded", "Samples", "bits_of", "coded", "coded_bits", "decoded"]

Samples = npt.NDArray[np.int16]
Coded = npt.NDArray[np.uint8]
"""One row of bytes per port."""

LITTLE: Final = np.dtype("<i2")
BIG: Final = np.dtype(">u2")


def coded(form: PcmFormat, samples: Samples) -> Coded:
    """Return rows of samples as they go over the link."""
    flat = samples.reshape(-1)
    if form is PcmFormat.ULAW:
        data = ulaw_encode(flat)
    elif form is PcmFormat.ALAW:
        data = alaw_encode(flat)
    else:
        data = flat.astype(LITTLE, copy=False).tobytes()
    return np.frombuffer(data, np.uint8).reshape(len(samples), -1).copy()


def decoded(form: PcmFormat, rows: Coded) -> Samples:
    """Return rows of samples as they came over the link."""
    data = rows.tobytes()
    if form is PcmFormat.ULAW:
        samples = ulaw_decode(data)
    elif form is PcmFormat.ALAW:
        samples = alaw_decode(data)
    else:
        samples = np.frombuffer(data, LITTLE).astype(np.int16)
    return samples.reshape(len(rows), FRAME)


def bits_of(form: PcmFormat, row: Coded, bits: int) -> npt.NDArray[np.uint8]:
    """Return one port's raw bits, the most significant of each sample first."""
    if form is not PcmFormat.S16:
        return np.unpackbits(row)
    high_first = row.view(LITTLE).astype(BIG).view(np.uint8)
    return np.unpackbits(high_first if bits == 16 else high_first[::2])


def coded_bits(form: PcmFormat, raw: npt.NDArray[np.uint8], bits: int) -> Coded:
    """Return raw bits as one port's row."""
    octets = np.packbits(raw)
    if form is not PcmFormat.S16:
        return octets
    if bits == 16:
        return octets.view(BIG).astype("<u2").view(np.uint8)
    row = np.zeros(2 * len(octets), np.uint8)
    row[1::2] = octets
    return row
