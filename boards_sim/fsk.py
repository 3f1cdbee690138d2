# SPDX-License-Identifier: MIT
"""The simulator's own caller-ID modem and messages: what an office sends and a display reads.

``modulate``/``demodulate`` turn bytes into samples and back (1200 baud, 8N1, least bit first);
``compose``/``caller_of`` turn a caller into an SDMF or MDMF message and back.  Independent of
the product's caller ID on purpose: each is the other's judge.  Not here: DTMF caller ID, the
Japanese framing (DLE, CRC), call waiting's alerting tone.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.actors import Caller

__all__ = [
    "BELL_202",
    "LAMP_MESSAGES",
    "V23",
    "Modem",
    "caller_of",
    "compose",
    "demodulate",
    "lamp_of",
    "modulate",
]

Samples = npt.NDArray[np.int16]

RATE_HZ: Final = 8000
BAUD: Final = 1200
SAMPLES_PER_BIT: Final = RATE_HZ / BAUD
SEIZURE_BITS: Final = 300
"""Alternating bits before an on-hook message, beginning with 0 (GR-30)."""
MARK_BITS: Final = 180
FULL_SCALE_DBM0: Final = 3.14

SDMF: Final = 0x04
LAMP_SDMF: Final = 0x06
LAMP_MDMF: Final = 0x82
LAMP_MESSAGES: Final = frozenset({LAMP_SDMF, LAMP_MDMF})
"""Messages that tell of messages."""
SDMF_LIT: Final = b"\x42\x42\x42"
LAMP_LIT: Final = b"\x0b\x01\xff"
"""The parameter of a lit lamp, whole."""
MDMF: Final = 0x80
DATE_TIME: Final = 0x01
NUMBER: Final = 0x02
NO_NUMBER: Final = 0x04
NAME: Final = 0x07
NO_NAME: Final = 0x08
LONGEST_NAME: Final = 15


@dataclass(frozen=True, slots=True)
class Modem:
    """The two frequencies of a caller-ID standard."""

    mark_hz: float
    space_hz: float


BELL_202: Final = Modem(1200.0, 2200.0)
"""North America."""
V23: Final = Modem(1300.0, 2100.0)
"""ETSI, the United Kingdom."""


def modulate(
    message: bytes, modem: Modem = BELL_202, level_dbm0: float = -13.5, twist_db: float = 0.0
) -> Samples:
    """Return the samples of seizure, marks and message, with continuous phase.

    ``twist_db``: how much louder mark is than space; their mean keeps the level.
    """
    bits = [i % 2 for i in range(SEIZURE_BITS)] + [1] * MARK_BITS
    for byte in message:
        bits += [0, *((byte >> i & 1) for i in range(8)), 1]
    bits += [1] * 4
    count = int(len(bits) * SAMPLES_PER_BIT)
    now = np.minimum((np.arange(count) / SAMPLES_PER_BIT).astype(int), len(bits) - 1)
    is_mark = np.array(bits)[now] == 1
    hz = np.where(is_mark, modem.mark_hz, modem.space_hz)
    phase = 2 * np.pi * np.cumsum(hz) / RATE_HZ
    level = level_dbm0 + np.where(is_mark, twist_db / 2, -twist_db / 2)
    peak = 32768 * 10 ** ((level - FULL_SCALE_DBM0) / 20)
    return np.rint(peak * np.sin(phase)).astype(np.int16)


def _softness(samples: Samples, modem: Modem) -> npt.NDArray[np.float64]:
    """Mark energy less space energy around each sample, over one bit."""
    t = np.arange(len(samples)) / RATE_HZ
    window = np.hanning(9)[1:-1]  # 7 samples: one bit
    energies = []
    for hz in (modem.mark_hz, modem.space_hz):
        turned = samples * np.exp(-2j * np.pi * hz * t)
        energies.append(np.abs(np.convolve(turned, window, "same")) ** 2)
    soft: npt.NDArray[np.float64] = energies[0] - energies[1]
    return soft


def _characters(soft: npt.NDArray[np.float64], floor: float) -> list[tuple[int, int]]:
    """Read start-stop characters: (byte, sample at which its start bit began)."""
    is_mark = soft > 0
    edges = np.flatnonzero(is_mark[:-1] & ~is_mark[1:]) + 1
    found: list[tuple[int, int]] = []
    free_at = 0
    for edge in edges.tolist():
        centres = np.rint(edge + (np.arange(10) + 0.5) * SAMPLES_PER_BIT).astype(int)
        if edge < free_at or centres[-1] >= len(soft) or abs(soft[centres[0]]) < floor:
            continue
        bits = is_mark[centres]
        if bits[0] or not bits[9]:
            continue
        found.append((sum(1 << i for i in range(8) if bits[1 + i]), edge))
        free_at = int(edge + 9.4 * SAMPLES_PER_BIT)
    return found


def _message_in(characters: list[tuple[int, int]]) -> bytes | None:
    """Find type, length, body and right checksum among characters; None when there is none."""
    values = bytes(value for value, _ in characters)
    for start, kind in enumerate(values):
        if kind not in {SDMF, MDMF, *LAMP_MESSAGES} or start + 1 >= len(values):
            continue
        whole = values[start : start + values[start + 1] + 3]
        if len(whole) == values[start + 1] + 3 and sum(whole) % 256 == 0:
            return whole[:-1]
    return None


def demodulate(samples: Samples, modem: Modem = BELL_202) -> bytes | None:
    """Return the first whole message (type, length, body) whose checksum is right, or None."""
    if len(samples) < 30 * SAMPLES_PER_BIT:
        return None
    soft = _softness(samples.astype(np.float64), modem)
    return _message_in(_characters(soft, 0.02 * float(np.max(np.abs(soft)))))


def compose(caller: Caller, when: dt.datetime) -> bytes:
    """Return an MDMF message with its checksum; what is absent is said to be."""

    def parameter(kind: int, text: str) -> bytes:
        return bytes([kind, len(text)]) + text.encode("ascii", "replace")

    body = parameter(DATE_TIME, when.strftime("%m%d%H%M"))
    if caller.number:
        body += parameter(NUMBER, caller.number)
    else:
        body += parameter(NO_NUMBER, caller.absent or "O")
    if caller.name:
        body += parameter(NAME, caller.name[:LONGEST_NAME])
    elif caller.absent:
        body += parameter(NO_NAME, caller.absent)
    whole = bytes([MDMF, len(body)]) + body
    return whole + bytes([-sum(whole) % 256])


def lamp_of(message: bytes) -> bool:
    """Return whether the lamp is to be lit by a message about messages (without its checksum)."""
    kind, body = message[0], message[2:]
    if kind == LAMP_SDMF:
        return body == SDMF_LIT
    return LAMP_LIT in {body[at : at + 3] for at in range(len(body))}


def caller_of(message: bytes) -> Caller:
    """Return what a display shows of an SDMF or MDMF message (without its checksum)."""
    kind, body = message[0], message[2:]
    if kind == SDMF:
        number = body[8:].decode("ascii", "replace")
        return Caller("", absent=number) if number in {"O", "P"} else Caller(number)
    fields: dict[int, str] = {}
    at = 0
    while at + 2 <= len(body):
        length = body[at + 1]
        fields[body[at]] = body[at + 2 : at + 2 + length].decode("ascii", "replace")
        at += 2 + length
    absent = fields.get(NO_NUMBER) or fields.get(NO_NAME, "")
    return Caller(fields.get(NUMBER, ""), fields.get(NAME, ""), absent)
