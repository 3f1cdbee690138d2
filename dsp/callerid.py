# SPDX-License-Identifier: MIT
"""Caller ID: messages (SDMF and MDMF, Bellcore GR-30 and ETSI EN 300 659-3), and FSK on arrays.

``mdmf(CallerId("5551234", "ALICE"))`` is what ``Engine.open_caller_id`` sends, checksum and all;
``parse`` reads what ``CallerIdHeard`` brings.  Message waiting is in ``callerid_notice``, caller
ID by DTMF in ``callerid_dtmf``, what happens during a call in ``call_waiting``.
"""

import enum
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from dsp.errors import EngineArgumentError
from dsp.native import check, ffi, lib
from dsp.pcm import Samples, pointer, samples_of

__all__ = [
    "Absence",
    "CallTime",
    "CallerId",
    "CallerIdError",
    "CallerIdStandard",
    "FskReceiver",
    "FskSender",
    "framed",
    "mdmf",
    "message_body",
    "message_parameters",
    "parse",
    "sdmf",
    "shown_text",
]

SDMF: Final = 0x04
MDMF: Final = 0x80
LEVEL_DBM0: Final = -13.5
"GR-30: -13.5 dBm +-1.5 dB."
MAX_NUMBER: Final = 20
MAX_NAME: Final = 15
_NUMBER_CHARACTERS: Final = frozenset("0123456789*#+ABCD")
_BLOCK: Final = 160
"Samples given to the receiver at a time: less than the shortest message."


class CallerIdError(ValueError):
    """A caller-ID message can't be built or read; says what is wrong and what is allowed."""


class CallerIdStandard(enum.IntEnum):
    """Frequencies of mark and space; both are 1200 bit/s."""

    BELL202 = lib.AW_FSK_BELL202
    "1200 / 2200 Hz: North America."
    V23 = lib.AW_FSK_V23
    "1300 / 2100 Hz: ETSI, BT."


class Absence(enum.Enum):
    """Why there is no number or name: the letter in the message."""

    PRIVATE = "P"
    UNAVAILABLE = "O"


@dataclass(frozen=True, slots=True)
class CallTime:
    """When the call came, by the office's clock; the message has no year."""

    month: int
    day: int
    hour: int
    minute: int

    def __post_init__(self) -> None:
        """Refuse what is no date and time.

        Raises:
            CallerIdError: a value is out of its range.
        """
        ranges = ((self.month, 1, 12), (self.day, 1, 31), (self.hour, 0, 23), (self.minute, 0, 59))
        if not all(low <= value <= high for value, low, high in ranges):
            raise CallerIdError(
                f"time {self}: allowed are months 1-12, days 1-31, hours 0-23, minutes 0-59"
            )

    def __str__(self) -> str:
        return f"{self.month:02}{self.day:02}{self.hour:02}{self.minute:02}"

    @classmethod
    def of(cls, moment: datetime) -> "CallTime":
        """Return the call time of a moment."""
        return cls(moment.month, moment.day, moment.hour, moment.minute)


@dataclass(frozen=True, slots=True)
class CallerId:
    """Who calls."""

    number: str = ""
    name: str = ""
    absent: Absence | None = None
    "Why there is no number."
    when: CallTime | None = None
    name_absent: Absence | None = None
    "Why there is no name."
    dialed: str = ""
    "The number that was dialled (dialable directory number), where the office tells it."
    others: tuple[tuple[int, bytes], ...] = ()
    "Parameters that are not understood, as they came."


class _Parameter(enum.IntEnum):
    """Parameters of an MDMF message."""

    TIME = 0x01
    NUMBER = 0x02
    DIALED = 0x03
    NUMBER_ABSENT = 0x04
    NAME = 0x07
    NAME_ABSENT = 0x08


_KNOWN: Final = frozenset(int(kind) for kind in _Parameter)


def _number_bytes(number: str) -> bytes:
    if len(number) > MAX_NUMBER or not _NUMBER_CHARACTERS.issuperset(number):
        raise CallerIdError(f"number {number!r}: allowed are up to {MAX_NUMBER} of 0-9 * # + A-D")
    return number.encode("ascii")


def _name_bytes(name: str) -> bytes:
    """Return the name as a telephone can show it: no accents, no more than 15 letters."""
    plain = unicodedata.normalize("NFKD", name)
    letters = [c for c in plain if not unicodedata.combining(c)]
    return "".join(c if " " <= c <= "~" else "?" for c in letters)[:MAX_NAME].encode("ascii")


def framed(kind: int, body: bytes) -> bytes:
    """Put type, length and checksum (two's complement of the sum) around a body."""
    message = bytes([kind, len(body)]) + body
    return message + bytes([-sum(message) & 0xFF])


def sdmf(caller: CallerId) -> bytes:
    """Build a single data message, checksum included: time, and number or why there is none.

    Raises:
        CallerIdError: there is no time, or the number has other characters.
    """
    if caller.when is None:
        raise CallerIdError("a single data message needs the time of the call")
    absent = caller.absent or Absence.UNAVAILABLE
    number = _number_bytes(caller.number) if caller.number else absent.value.encode()
    return framed(SDMF, str(caller.when).encode() + number)


def mdmf(caller: CallerId) -> bytes:
    """Build a multiple data message, checksum included.  A name longer than 15 is cut.

    Raises:
        CallerIdError: a number has other characters or is too long.
    """
    number_absent = caller.absent or Absence.UNAVAILABLE
    parameters: list[tuple[int, bytes]] = []
    if caller.when:
        parameters.append((_Parameter.TIME, str(caller.when).encode()))
    if caller.number:
        parameters.append((_Parameter.NUMBER, _number_bytes(caller.number)))
    else:
        parameters.append((_Parameter.NUMBER_ABSENT, number_absent.value.encode()))
    if caller.dialed:
        parameters.append((_Parameter.DIALED, _number_bytes(caller.dialed)))
    if caller.name:
        parameters.append((_Parameter.NAME, _name_bytes(caller.name)))
    elif caller.name_absent:
        parameters.append((_Parameter.NAME_ABSENT, caller.name_absent.value.encode()))
    parameters.extend(caller.others)
    return framed(MDMF, b"".join(_parameter(kind, text) for kind, text in parameters))


def _parameter(kind: int, text: bytes) -> bytes:
    if not (0 <= kind <= 255 and len(text) <= 100):
        raise CallerIdError(f"parameter {kind}: allowed are 0 to 255, up to 100 bytes")
    return bytes([kind, len(text)]) + text


def message_body(message: bytes) -> tuple[int, bytes]:
    """Return type and body of a message; a checksum, if there is one, must be right."""
    if len(message) < 2:
        raise CallerIdError(f"message of {len(message)} bytes: it needs a type and a length")
    kind, length = message[0], message[1]
    body, rest = message[2 : 2 + length], message[2 + length :]
    if len(body) < length or len(rest) > 1:
        raise CallerIdError(f"message of {len(message)} bytes says that its body has {length}")
    if rest and sum(message) & 0xFF:
        raise CallerIdError("the checksum is wrong")
    return kind, body


def shown_text(raw: bytes) -> str:
    """Return received text fit to be shown: Latin-1, whatever does not print as a question mark."""
    text = raw.decode("latin-1").strip()
    return "".join(c if c.isprintable() else "?" for c in text)


def _time(raw: bytes) -> CallTime | None:
    """Return a received time; offices send nonsense at times, then None."""
    if len(raw) < 8 or not raw[:8].isdigit():
        return None
    month, day, hour, minute = (int(raw[i : i + 2]) for i in range(0, 8, 2))
    try:
        return CallTime(month, day, hour, minute)
    except CallerIdError:
        return None


def _absence(raw: bytes) -> Absence:
    return Absence.PRIVATE if raw[:1] == b"P" else Absence.UNAVAILABLE


def _parse_sdmf(body: bytes) -> CallerId:
    if len(body) < 8:
        raise CallerIdError(f"single data message with a body of {len(body)} bytes: it needs 8")
    when, rest = _time(body), shown_text(body[8:])
    if rest in {"", "P", "O"}:
        return CallerId(absent=_absence(rest.encode()), when=when)
    return CallerId(rest, when=when)


def message_parameters(body: bytes) -> list[tuple[int, bytes]]:
    """Return the parameters of a multiple data message, in their order.

    Raises:
        CallerIdError: one is not whole.
    """
    found: list[tuple[int, bytes]] = []
    while body:
        if len(body) < 2 or len(body) - 2 < body[1]:
            raise CallerIdError(f"parameter {body[0]} goes beyond the end of the message")
        found.append((body[0], body[2 : 2 + body[1]]))
        body = body[2 + body[1] :]
    return found


def _parse_mdmf(body: bytes) -> CallerId:
    known: dict[int, bytes] = {}
    others: list[tuple[int, bytes]] = []
    for kind, raw in message_parameters(body):
        if kind in _KNOWN and kind not in known:
            known[kind] = raw
        else:
            others.append((kind, raw))
    number, name = known.get(_Parameter.NUMBER), known.get(_Parameter.NAME)
    no_number = known.get(_Parameter.NUMBER_ABSENT)
    no_name = known.get(_Parameter.NAME_ABSENT)
    return CallerId(
        number=shown_text(number or b""),
        name=shown_text(name or b""),
        absent=None if number else _absence(no_number or b"O"),
        when=_time(known.get(_Parameter.TIME, b"")),
        name_absent=None if no_name is None else _absence(no_name),
        dialed=shown_text(known.get(_Parameter.DIALED, b"")),
        others=tuple(others),
    )


def parse(message: bytes) -> CallerId:
    """Read a message, with or without its checksum.

    Raises:
        CallerIdError: it is no caller-ID message, or not whole.
    """
    kind, body = message_body(message)
    if kind == SDMF:
        return _parse_sdmf(body)
    if kind == MDMF:
        return _parse_mdmf(body)
    raise CallerIdError(f"message type {kind:#04x}: allowed are 0x04 (SDMF) and 0x80 (MDMF)")


class FskSender:
    """The engine's caller-ID sender on arrays; ``message`` is sent as it is.

    Raises:
        EngineArgumentError: the message is empty or too long, or the level is out of range.
    """

    def __init__(
        self,
        message: bytes,
        standard: CallerIdStandard = CallerIdStandard.BELL202,
        *,
        level_dbm0: float = LEVEL_DBM0,
        seizure_bits: int = 300,
        mark_bits: int = 180,
    ) -> None:
        if not (0 <= seizure_bits <= 10000 and 0 <= mark_bits <= 10000):
            raise EngineArgumentError("seizure and mark: allowed are 0 to 10000 bits")
        out = ffi.new("aw_fsk_sender **")
        status = lib.aw_fsk_sender_new(out, message, len(message), int(standard), level_dbm0)
        limit = f"allowed are 1 to {lib.AW_CALLERID_BYTES} bytes and -60 to +3 dBm0"
        check(status, f"{len(message)} bytes at {level_dbm0} dBm0: {limit}")
        self._sender = ffi.gc(out[0], lib.aw_fsk_sender_free)
        lib.aw_fsk_sender_preamble(self._sender, seizure_bits, mark_bits)

    def read(self, count: int) -> Samples:
        """Return the next samples; fewer than ``count`` when the message is over."""
        pcm = samples_of(count)
        return pcm[: lib.aw_fsk_sender_read(self._sender, pointer(pcm), count)]


class FskReceiver:
    """The engine's caller-ID receiver on arrays."""

    def __init__(self, standard: CallerIdStandard = CallerIdStandard.BELL202) -> None:
        out = ffi.new("aw_fsk_receiver **")
        check(lib.aw_fsk_receiver_new(out, int(standard)), "caller-ID receiver")
        self._receiver = ffi.gc(out[0], lib.aw_fsk_receiver_free)

    def feed(self, pcm: Samples) -> list[bytes]:
        """Take samples, and return the messages that ended in them, checksums taken off."""
        messages: list[bytes] = []
        for start in range(0, len(pcm), _BLOCK):
            block = np.ascontiguousarray(pcm[start : start + _BLOCK])
            length = lib.aw_fsk_receiver_feed(self._receiver, pointer(block), len(block))
            if length:
                raw = ffi.buffer(lib.aw_fsk_receiver_message(self._receiver), length)
                messages.append(bytes(raw))
        return messages
