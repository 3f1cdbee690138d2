# SPDX-License-Identifier: MIT
"""Firmware of one board, for tools that wait: an update to its proof, and the way back.

The update itself is drivers/firmware.py's machine; here is only who feeds it.
"""

from collections.abc import Callable
from typing import Final

from drivers.base import BoardEvent
from drivers.diagnostics.asking import ask, await_return, perform
from drivers.diagnostics.session import Session
from drivers.errors import BoardOperationError
from drivers.firmware import FirmwareUpdate, Updated, UpdateEvent, UpdateFailed
from drivers.service import Ability, BootInfo

__all__ = ["boot_info", "restart", "roll_back", "update"]

IDLE_S: Final = 1.0


def boot_info(session: Session) -> BootInfo:
    """Ask what runs and what could.

    Raises:
        DriverError: the board can't tell, or doesn't answer.
    """
    return ask(session, session.board.boot_info, BootInfo)


def update(
    session: Session, image: bytes, tell: Callable[[UpdateEvent], object]
) -> Updated | UpdateFailed:
    """Bring an image into a board and wait until it has proved itself, or hasn't.

    Raises:
        BoardOperationError: the board takes no firmware.
    """
    info = session.board.info
    if info is None or not info.abilities & Ability.FIRMWARE:
        raise BoardOperationError(f"{session.board.address}: cannot take firmware")
    machine = FirmwareUpdate(session.board, image)
    events = machine.start(session.engine.now)
    while True:
        for event in events:
            tell(event)
            if isinstance(event, Updated | UpdateFailed):
                return event
        events = _next(session, machine)


def _next(session: Session, machine: FirmwareUpdate) -> list[UpdateEvent]:
    now = session.engine.now
    left = IDLE_S if machine.deadline is None else max(0.0, machine.deadline - now)
    events: list[UpdateEvent] = []
    for happening in session.happenings(left):
        if isinstance(happening, BoardEvent):
            events += machine.receive(happening, session.engine.now)
    return events + machine.expire(session.engine.now)


def roll_back(session: Session) -> BootInfo:
    """Boot the image before, and return what runs then.

    Raises:
        DriverError: there is none, or the board can't, or doesn't come back.
    """
    perform(session, session.board.roll_back_firmware)
    await_return(session)
    return boot_info(session)


def restart(session: Session) -> None:
    """Restart the board and wait for it.

    Raises:
        DriverError: the board can't, or doesn't come back.
    """
    perform(session, session.board.reset)
    await_return(session)
