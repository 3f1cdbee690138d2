# SPDX-License-Identifier: MIT
"""Boards by their address: ``board("quantum+tcp://10.0.0.7:5400")``.

A scheme names a factory as text, "module:function", so that nothing is imported that isn't
used and the PBX can't tell a simulated board from a real one.  Other packages add schemes by
an entry point in the group ``altiware.boards``.  ``stage`` finds actors the same way.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any, Final

from drivers.actors import SimulatedStage
from drivers.base import Board
from drivers.errors import AddressError, NotAvailableError

__all__ = ["SIMULATED", "board", "schemes", "stage", "stage_at"]

_GROUP: Final = "altiware.boards"
_BOARDS: Final = {
    "cellular": "drivers.cellular.address:cellular_module",
    "dahdi": "drivers.dahdi.address:dahdi_board",
    "quantum+serial": "drivers.quantum.addresses:serial_board",
    "quantum+sim": "boards_sim.address:open_board",
    "quantum+tcp": "drivers.quantum.addresses:tcp_board",
    "quantum+usb": "drivers.quantum.usb_address:usb_board",
    "vmodem": "drivers.vmodem.address:voice_modem",
}
_STAGE: Final = "boards_sim.stage:Stage"
_STAGE_AT: Final = "boards_sim.address:open_stage"
SIMULATED: Final = "quantum+sim://"
"""What the addresses begin with that ``stage_at`` takes."""


def schemes() -> dict[str, str]:
    """Return every known scheme and its factory as text."""
    added = {entry.name: entry.value for entry in entry_points(group=_GROUP)}
    return _BOARDS | added


def board(address: str) -> Board:
    """Return the board at an address, not yet started.

    Raises:
        AddressError: the address is malformed or its scheme unknown.
        NotAvailableError: what its scheme needs isn't installed.
    """
    scheme, separator, _ = address.partition("://")
    known = schemes()
    if not separator or scheme not in known:
        allowed = ", ".join(f"{name}://" for name in sorted(known))
        raise AddressError(f"board address {address!r}: begin it with one of {allowed}")
    made = _factory(known[scheme])(address)
    if not isinstance(made, Board):
        raise NotAvailableError(f"{known[scheme]} makes no Board of {address!r}")
    return made


def stage(profile: str, **options: Any) -> SimulatedStage:
    """Return a stage with one simulated board, telephones and offices.

    Raises:
        NotAvailableError: the simulator isn't installed.
    """
    made: SimulatedStage = _factory(_STAGE)((profile,), **options)
    return made


def stage_at(
    addresses: Sequence[str], cables: Mapping[int, int] | None = None, **options: Any
) -> SimulatedStage:
    """Return a stage with the simulated boards of some addresses, in virtual time.

    ``cables``: ports of the first board, each with that of the second it is joined to.

    Raises:
        AddressError: an address or a cable is wrong.
        NotAvailableError: the simulator isn't installed.
    """
    made: SimulatedStage = _factory(_STAGE_AT)(addresses, cables or {}, **options)
    return made


def _factory(text: str) -> Callable[..., Any]:
    module, _, name = text.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise NotAvailableError(f"{text}: {error}") from error
    factory: Callable[..., Any] = found
    return factory
