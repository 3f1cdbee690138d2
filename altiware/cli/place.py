# SPDX-License-Identifier: MIT
"""Which board and line a command means: BOARD:PORT as 00:03, or as quantum+sim://Q12:3."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from altiware.config import Config, read
from altiware.core.ids import PortAddress
from altiware.errors import UsageError

__all__ = ["Place", "board_address", "config_of", "place"]

_PORT_ADDRESS: Final = re.compile(r"([0-9]{2}):([0-9]{2})")
_BOARD: Final = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Place:
    """A line to examine."""

    address: str
    port: int
    trunk: int | None = None
    "Its index in the configuration."


def config_of(file: Path) -> Config | None:
    """Read the configuration if there is one.

    Raises:
        ConfigError: it is wrong.
    """
    return read(file) if file.exists() else None


def place(line: str, config: Config | None) -> Place:
    """Read BOARD:PORT.

    Raises:
        UsageError: it names no line.
    """
    trunks = config.plan.trunks if config else ()
    short = _PORT_ADDRESS.fullmatch(line)
    if short:
        port = PortAddress(int(short[1]), int(short[2]))
        address = _configured(line, port.board, config)
    else:
        address, _, number = line.rpartition(":")
        if "://" not in address or not number.isascii() or not number.isdigit():
            raise UsageError(f"{line}: allowed are BOARD:PORT as 00:03, or as quantum+sim://Q12:3")
        boards = config.boards if config else ()
        board = boards.index(address) if address in boards else -1
        port = PortAddress(board, int(number))
    trunk = next((i for i, each in enumerate(trunks) if each.port == port), None)
    return Place(address, port.port, trunk)


def board_address(board: str, config: Config | None) -> str:
    """Read BOARD: 00, or its address.

    Raises:
        UsageError: it names no board.
    """
    if _BOARD.fullmatch(board):
        return _configured(board, int(board), config)
    if "://" not in board:
        raise UsageError(f"{board}: allowed are a BOARD as 00, or as quantum+sim://Q12")
    return board


def _configured(given: str, board: int, config: Config | None) -> str:
    if config is None or board >= len(config.boards):
        raise UsageError(f"{given}: no board {board:02} in the configuration")
    return config.boards[board]
