# SPDX-License-Identifier: MIT
"""A board's orders as QHI requests, refused here when they could never succeed."""

from typing import Final

from drivers.base import (
    Capability,
    Linefeed,
    PortInfo,
    PortKind,
    RingCadence,
)
from drivers.errors import BoardOperationError
from drivers.qhi.arguments import BYTE, WORD, Pulses, RingSteps
from drivers.qhi.messages import Request
from drivers.qhi.numbers import BOARD_PORT, ClockVerb, MessageClass, PortVerb, SysVerb

__all__ = [
    "feed",
    "flash",
    "hook",
    "identify",
    "open_loop",
    "order_name",
    "pulse",
    "quiet",
    "ring",
    "stop_ringing",
]

_RING_MS: Final = range(50, 10_001)
_OPEN_MS: Final = range(50, 1501)
_FLASH_MS: Final = range(90, 1001)
_MOST_PULSED: Final = 32
_REVERSED: Final = {Linefeed.ACTIVE_REVERSED, Linefeed.ON_HOOK_TRANSMISSION_REVERSED}
_IDENTIFY_S: Final = 5


def ring(port: PortInfo, cadence: RingCadence) -> Request:
    """Ring until stopped."""
    _need(port, PortKind.FXS, Capability.RING_TX, "ring")
    steps = cadence.steps_ms
    if len(steps) not in (2, 4, 6, 8) or any(ms not in _RING_MS for ms in steps):
        raise BoardOperationError(
            f"port {port.number}: cannot ring {steps} ms; 2 to 8 times on and off, "
            "each 50 to 10000 ms"
        )
    return _request(port, PortVerb.RING, RingSteps(steps).encode())


def stop_ringing(port: PortInfo) -> Request:
    """Stop ringing."""
    _need(port, PortKind.FXS, Capability.RING_TX, "stop ringing")
    return _request(port, PortVerb.RING_STOP)


def feed(port: PortInfo, linefeed: Linefeed) -> Request:
    """Set the linefeed."""
    needed = Capability.POLARITY_TX if linefeed in _REVERSED else Capability(0)
    _need(port, PortKind.FXS, needed, f"feed {linefeed.name.lower()}")
    if linefeed is Linefeed.RINGING:
        raise BoardOperationError(f"port {port.number}: ringing needs a cadence: ring()")
    return _request(port, PortVerb.LINEFEED, BYTE.pack(linefeed.value))


def open_loop(port: PortInfo, duration_ms: int) -> Request:
    """Open the loop for a moment."""
    _need(port, PortKind.FXS, Capability.OSI_TX, "open the loop")
    _within(port, duration_ms, _OPEN_MS, "open the loop for")
    return _request(port, PortVerb.OPEN_LOOP, WORD.pack(duration_ms))


def hook(port: PortInfo, *, off_hook: bool) -> Request:
    """Close or open an FXO port's loop."""
    _need(port, PortKind.FXO, Capability(0), "seize" if off_hook else "release")
    return _request(port, PortVerb.HOOK, BYTE.pack(off_hook))


def flash(port: PortInfo, duration_ms: int) -> Request:
    """Flash the office."""
    _need(port, PortKind.FXO, Capability.FLASH_TX, "flash")
    _within(port, duration_ms, _FLASH_MS, "flash for")
    return _request(port, PortVerb.FLASH, WORD.pack(duration_ms))


def pulse(port: PortInfo, digits: str) -> Request:
    """Send dial pulses."""
    _need(port, PortKind.FXO, Capability.PULSE_TX, "pulse")
    if not 1 <= len(digits) <= _MOST_PULSED or any(key not in "0123456789" for key in digits):
        raise BoardOperationError(
            f"port {port.number}: cannot pulse {digits!r}; 1 to {_MOST_PULSED} digits 0-9"
        )
    return _request(port, PortVerb.PULSE, Pulses(digits).encode())


def identify() -> Request:
    """Blink the board's lamp for a few seconds."""
    return Request(MessageClass.SYS, SysVerb.IDENTIFY, BOARD_PORT, 0, WORD.pack(_IDENTIFY_S))


def quiet() -> list[Request]:
    """Bring every port to rest and stop the samples."""
    return [
        Request(MessageClass.SYS, SysVerb.QUIET, BOARD_PORT),
        Request(MessageClass.CLK, ClockVerb.STOP, BOARD_PORT),
    ]


def order_name(request: Request) -> str:
    """Return what people call a request."""
    verbs = {MessageClass.SYS: SysVerb, MessageClass.PORT: PortVerb, MessageClass.CLK: ClockVerb}
    for known, kind in verbs.items():
        if request.class_ == known and request.verb in set(kind):
            return kind(request.verb).name.lower().replace("_", " ")
    return f"request {request.class_}.{request.verb}"


def _request(port: PortInfo, verb: PortVerb, arguments: bytes = b"") -> Request:
    return Request(MessageClass.PORT, verb, port.number, 0, arguments)


def _need(port: PortInfo, kind: PortKind, capability: Capability, order: str) -> None:
    if port.kind is not kind or capability not in port.capabilities:
        raise BoardOperationError(f"port {port.number} ({port.kind.value}): cannot {order}")


def _within(port: PortInfo, ms: int, allowed: range, order: str) -> None:
    if ms not in allowed:
        most = allowed.stop - 1
        raise BoardOperationError(
            f"port {port.number}: cannot {order} {ms} ms; {allowed.start} to {most}"
        )
