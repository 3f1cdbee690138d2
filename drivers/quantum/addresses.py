# SPDX-License-Identifier: MIT
"""Quantum boards by address.

``quantum+serial:///dev/ttyACM0?baud=3000000`` and ``quantum+tcp://host:5400``, both with
``format=s16``, ``ulaw`` or ``alaw`` where the choice isn't to be left to the driver (a slow
serial line has no room for 16-bit samples: 12 ports need 1.97 Mbaud, or 0.99 in 8 bits).
"""

import secrets
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from drivers.errors import AddressError
from drivers.links.link import Link
from drivers.links.serial_port import DEFAULT_BAUD, SerialLink
from drivers.links.tcp import DEFAULT_PORT, TcpLink
from drivers.qhi.numbers import PcmFormat
from drivers.quantum.board import QuantumBoard

__all__ = ["linked_board", "options", "serial_board", "split", "tcp_board"]

_FORMATS: Final = {"s16": PcmFormat.S16, "ulaw": PcmFormat.ULAW, "alaw": PcmFormat.ALAW}
_BAUDS: Final = range(1200, 20_000_001)


def serial_board(address: str) -> QuantumBoard:
    """Return the board on a serial port.

    Raises:
        AddressError: the address is malformed.
    """
    parts = split(address)
    given = options(address, {"baud", "format"})
    if parts.netloc or not parts.path.strip("/"):
        raise AddressError(f"{address!r}: write {parts.scheme}:///dev/ttyACM0")
    baud = _number(address, "baud", given.get("baud", str(DEFAULT_BAUD)), _BAUDS)
    return linked_board(address, SerialLink(parts.path, baud), given.get("format"))


def tcp_board(address: str) -> QuantumBoard:
    """Return the board behind a TCP port.

    Raises:
        AddressError: the address is malformed.
    """
    parts = split(address)
    given = options(address, {"format"})
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError(f"{address!r}: {error}") from error
    if not host or parts.path.strip("/") or port == 0:
        raise AddressError(f"{address!r}: write {parts.scheme}://HOST:{DEFAULT_PORT}")
    return linked_board(address, TcpLink(host, port or DEFAULT_PORT), given.get("format"))


def linked_board(address: str, link: Link, sample_format: str | None = None) -> QuantumBoard:
    """Return the board at the end of any link.

    Raises:
        AddressError: the sample format isn't known.
    """
    if sample_format is None:
        return QuantumBoard(address, link, _session_number)
    if sample_format not in _FORMATS:
        raise AddressError(
            f"{address!r}: format {sample_format!r} is none of {', '.join(_FORMATS)}"
        )
    return QuantumBoard(address, link, _session_number, (_FORMATS[sample_format],))


def options(address: str, allowed: set[str]) -> dict[str, str]:
    """Return what stands behind the question mark of an address.

    Raises:
        AddressError: the address is malformed; an option is unknown, empty or there twice.
    """
    query = split(address).query
    try:
        given = parse_qs(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError as error:
        raise AddressError(f"{address!r}: options are written ?name=value&name=value") from error
    for name, values in given.items():
        if name not in allowed:
            known = ", ".join(sorted(allowed)) or "none"
            raise AddressError(f"{address!r}: option {name!r} is unknown; allowed: {known}")
        if len(values) != 1 or not values[0]:
            raise AddressError(f"{address!r}: option {name!r} needs one value")
    return {name: values[0] for name, values in given.items()}


def split(address: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        AddressError: it is malformed.
    """
    try:
        return urlsplit(address)
    except ValueError as error:
        raise AddressError(f"{address!r}: {error}") from error


def _number(address: str, name: str, value: str, allowed: range) -> int:
    if not value.isascii() or not value.isdigit() or int(value) not in allowed:
        most = allowed.stop - 1
        raise AddressError(
            f"{address!r}: {name} {value!r}; a number from {allowed.start} to {most} is allowed"
        )
    return int(value)


def _session_number() -> int:
    return secrets.randbelow((1 << 32) - 1) + 1
