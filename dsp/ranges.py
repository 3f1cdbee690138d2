# SPDX-License-Identifier: MIT
"""The ranges of what the engine may be told, and errors that name what was wrong.

Each raises EngineArgumentError with what was given and what is allowed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsp.echo import EchoWant
from dsp.errors import EngineArgumentError
from dsp.native import lib
from dsp.tables import LinkFraming, SampleFormat

__all__ = [
    "check_ack",
    "check_clips",
    "check_digits",
    "check_echo",
    "check_frame",
    "check_link",
    "check_message",
    "check_move",
    "check_place",
    "check_ports",
    "check_seconds_kept",
    "check_silence",
    "check_speed",
    "factor",
]

GAIN_DB: Final = 30.0
"Largest amplification or loss; beyond, listen to nothing instead."
LONGEST_S: Final = 2_000_000
"Of a list of clips: 64 of 9 hours."
MAX_TAIL_MS: Final = 160
MOST_DESCRIPTOR: Final = (1 << 31) - 1
KEYS: Final = frozenset("0123456789*#ABCD")


def _refuse(what: object, allowed: str) -> EngineArgumentError:
    return EngineArgumentError(f"{what}: allowed are {allowed}")


def factor(gain_db: float) -> float:
    """Return a gain as a factor; 0 dB is exactly 1."""
    if not -GAIN_DB <= gain_db <= GAIN_DB:
        raise _refuse(f"gain {gain_db} dB", f"-{GAIN_DB:.0f} to {GAIN_DB:.0f} dB")
    return 1.0 if gain_db == 0 else float(10.0 ** (gain_db / 20.0))


def check_digits(
    digits: str, *, on_ms: int, off_ms: int, level_dbm0: float, twist_db: float
) -> None:
    """Check what a DTMF sender is to send."""
    if not 1 <= len(digits) <= lib.AW_DTMF_SENDER_DIGITS or not KEYS.issuperset(digits):
        raise _refuse(f"digits {digits!r}", f"1 to {lib.AW_DTMF_SENDER_DIGITS} of 0-9 * # A-D")
    for name, value in (("on_ms", on_ms), ("off_ms", off_ms)):
        if not 1 <= value <= 10_000:
            raise _refuse(f"{name} {value}", "1 to 10000")
    for level in (level_dbm0 - twist_db / 2, level_dbm0 + twist_db / 2):
        if not -60 <= level <= 3:
            raise _refuse(f"a tone of {level} dBm0", "-60 to 3 dBm0")


def check_message(message: bytes, level_dbm0: float) -> None:
    """Check what a caller-ID sender is to send."""
    if not 1 <= len(message) <= lib.AW_CALLERID_BYTES:
        raise _refuse(f"a message of {len(message)} bytes", f"1 to {lib.AW_CALLERID_BYTES}")
    if not -60 <= level_dbm0 <= 3:
        raise _refuse(f"a message at {level_dbm0} dBm0", "-60 to 3 dBm0")


def check_silence(silence_ms: int) -> None:
    """Check how long a silence is waited for."""
    if not 10 <= silence_ms <= 3_600_000:
        raise _refuse(f"a silence of {silence_ms} ms", "10 to 3600000")


def check_seconds_kept(last_s: float) -> int:
    """Check how much of what was kept is asked for; return it in samples."""
    if not 0.005 <= last_s <= 60:
        raise _refuse(f"the last {last_s} s", "0.005 to 60")
    return round(last_s * int(lib.AW_SAMPLE_RATE))


def check_clips(clips: Sequence[Path]) -> Sequence[Path]:
    """Check how many clips a player is to play; return them."""
    if not 1 <= len(clips) <= lib.AW_CLIPS_MAX:
        raise _refuse(f"{len(clips)} clips", f"1 to {lib.AW_CLIPS_MAX}")
    return clips


def check_place(at_s: float) -> int:
    """Check a place in a list of clips; return it in samples."""
    if not 0 <= at_s <= LONGEST_S:
        raise _refuse(f"a place at {at_s} s", f"0 to {LONGEST_S}")
    return round(at_s * int(lib.AW_SAMPLE_RATE))


def check_move(by_s: float) -> int:
    """Check by how much a player is moved; return it in samples."""
    if not -LONGEST_S <= by_s <= LONGEST_S:
        raise _refuse(f"to move by {by_s} s", f"-{LONGEST_S} to {LONGEST_S}")
    return round(by_s * int(lib.AW_SAMPLE_RATE))


def check_speed(speed: float) -> float:
    """Check a player's speed; return it."""
    if not 0.5 <= speed <= 2:
        raise _refuse(f"speed {speed}", "0.5 to 2")
    return speed


def check_ports(
    ports: Sequence[int], sample_format: int, most: int = lib.AW_LINK_PORTS_MAX
) -> None:
    """Check what a link is to carry, and how."""
    if len(ports) > most:
        raise _refuse(f"{len(ports)} ports on a link", f"up to {most}")
    if sample_format not in set(SampleFormat):
        known = ", ".join(each.name for each in SampleFormat)
        raise _refuse(f"sample format {sample_format}", known)


def check_link(descriptor: int, ports: Sequence[int], sample_format: int, framing: int) -> None:
    """Check what a link is opened with."""
    if not 0 <= descriptor <= MOST_DESCRIPTOR:
        raise _refuse(f"descriptor {descriptor}", "those of open files")
    if framing not in set(LinkFraming):
        raise _refuse(f"framing {framing}", ", ".join(each.name for each in LinkFraming))
    most = lib.AW_LINK_PORTS_MAX if framing == lib.AW_FRAMING_QHI else 1
    check_ports(ports, sample_format, most)
    if framing == lib.AW_FRAMING_QHI and sample_format == lib.AW_FORMAT_U8:
        raise _refuse("samples of format U8 in QHI", "ULAW, ALAW, S16LE")


def check_ack(ack: int) -> None:
    """Check an acknowledgement, which counts events modulo 2^16."""
    _check_bits("acknowledgement", ack, 16)


def check_echo(tail_ms: int, wants: int) -> None:
    """Check what a canceller shall do."""
    if tail_ms != 0 and not 5 <= tail_ms <= MAX_TAIL_MS:
        raise _refuse(f"a tail of {tail_ms} ms", f"0, 5 to {MAX_TAIL_MS}")
    if wants not in range(sum(EchoWant) + 1):
        raise _refuse(f"wants of {wants}", ", ".join(str(each.name) for each in EchoWant))


def _check_bits(what: str, value: int, bits: int) -> None:
    if value not in range(1 << bits):
        raise _refuse(f"{what} {value}", f"0 to {(1 << bits) - 1}")


def check_frame(kind: int, payload: bytes, *, flags: int, seq: int, tick: int, ack: int) -> None:
    """Check a frame that is to be sent."""
    header = {"flags": (flags, 8), "seq": (seq, 16), "tick": (tick, 32)}
    for name, (value, bits) in header.items():
        _check_bits(name, value, bits)
    check_ack(ack)
    if not 0 <= kind <= 15 or kind == lib.AW_FRAME_PCM:
        raise _refuse(f"frame kind {kind}", "0 to 15, but not PCM (4)")
    if len(payload) > lib.AW_FRAME_PAYLOAD_MAX:
        raise _refuse(f"a payload of {len(payload)} bytes", f"up to {lib.AW_FRAME_PAYLOAD_MAX}")
