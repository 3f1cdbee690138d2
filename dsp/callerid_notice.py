# SPDX-License-Identifier: MIT
"""What a display is told besides a caller: messages waiting, and what a call costs.

``Waiting(True).mdmf()`` is what ``Engine.open_caller_id`` sends to light a telephone's lamp
without a ring; ``read_notice`` reads what ``CallerIdHeard`` brings.  Message waiting is 0x06 in
the single and 0x82 in the multiple data format, advice of charge 0x86.  SMS and TDD are not here.
"""

from dataclasses import dataclass
from typing import Final

from dsp.callerid import CallerIdError, framed, message_body, message_parameters, shown_text

__all__ = ["Charge", "Waiting", "read_notice"]

WAITING_SDMF: Final = 0x06
WAITING_MDMF: Final = 0x82
CHARGE_MDMF: Final = 0x86
LAMP: Final = 0x0B
COUNT: Final = 0x13
CHARGE: Final = 0x20
LAMP_ON, LAMP_OFF = 0xFF, 0x00
SDMF_ON, SDMF_OFF = b"\x42" * 3, b"\x6f" * 3
MAX_CHARGE: Final = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whether messages wait, so whether the lamp is lit."""

    on: bool
    count: int | None = None
    "How many, where it is told: 0 to 255."

    def sdmf(self) -> bytes:
        """Build the single data message, checksum included; it has no count."""
        return framed(WAITING_SDMF, SDMF_ON if self.on else SDMF_OFF)

    def mdmf(self) -> bytes:
        """Build the multiple data message, checksum included.

        Raises:
            CallerIdError: the count is out of its range.
        """
        body = bytes([LAMP, 1, LAMP_ON if self.on else LAMP_OFF])
        if self.count is not None:
            if not 0 <= self.count <= 255:
                raise CallerIdError(f"{self.count} messages: allowed are 0 to 255")
            body += bytes([COUNT, 1, self.count])
        return framed(WAITING_MDMF, body)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call has cost, as the office writes it."""

    text: str

    def mdmf(self) -> bytes:
        """Build the message, checksum included.

        Raises:
            CallerIdError: the text is too long or has other than ASCII characters.
        """
        if not 1 <= len(self.text) <= MAX_CHARGE or not self.text.isascii():
            raise CallerIdError(f"charge {self.text!r}: allowed are 1 to {MAX_CHARGE} of ASCII")
        return framed(CHARGE_MDMF, bytes([CHARGE, len(self.text)]) + self.text.encode("ascii"))


def read_notice(message: bytes) -> Waiting | Charge:
    """Read a message, with or without its checksum.

    Raises:
        CallerIdError: it is no such message, or not whole.
    """
    kind, body = message_body(message)
    if kind == WAITING_SDMF:
        if body not in {SDMF_ON, SDMF_OFF}:
            raise CallerIdError(f"message waiting {body.hex()}: allowed are 424242 and 6f6f6f")
        return Waiting(body == SDMF_ON)
    if kind not in {WAITING_MDMF, CHARGE_MDMF}:
        raise CallerIdError(f"message type {kind:#04x}: allowed are 0x06, 0x82 and 0x86")
    known = dict(reversed(message_parameters(body)))  # of two, the first counts
    if kind == CHARGE_MDMF:
        return Charge(shown_text(known.get(CHARGE, b"")))
    lamp, count = known.get(LAMP, b""), known.get(COUNT, b"")
    if len(lamp) != 1:
        raise CallerIdError("message waiting without the state of the lamp")
    return Waiting(lamp[0] != LAMP_OFF, count[0] if len(count) == 1 else None)
