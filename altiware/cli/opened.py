# SPDX-License-Identifier: MIT
"""The board that a command is for, up and answering."""

from collections.abc import Iterator
from contextlib import contextmanager

from altiware.cli.board import UP_S
from altiware.errors import UsageError
from drivers.base import BoardInfo
from drivers.diagnostics.session import Session, open_session

__all__ = ["opened", "ports_of"]


@contextmanager
def opened(address: str) -> Iterator[tuple[Session, BoardInfo]]:
    """Open a board and wait until it is up.

    Raises:
        DriverError: there is none, or it doesn't answer.
    """
    with open_session(address) as session:
        yield session, session.wait_until_up(UP_S)


def ports_of(info: BoardInfo, port: int | None) -> list[int]:
    """Return the ports to work on: one, or all.

    Raises:
        UsageError: the board has no such port.
    """
    numbers = [each.number for each in info.ports]
    if port is None:
        return numbers
    if port not in numbers:
        allowed = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
        raise UsageError(f"--port {port}: {info.model} has ports {allowed}")
    return [port]
