# SPDX-License-Identifier: MIT
"""A command's end of the control socket: ``asked(directory, Request("board.list", {}))``."""

import socket
import time
from pathlib import Path
from typing import Final

from altiware.control.errors import ControlError, NotRunningError
from altiware.control.protocol import (
    ANSWER_LIMIT,
    SOCKET_NAME,
    Json,
    LineReader,
    Refusal,
    RefusalKind,
    Request,
    answer,
    written,
)
from altiware.errors import UnavailableError, UsageError
from dsp.attach import name_of

__all__ = ["asked"]

PATIENCE_S: Final = 30.0
PIECE: Final = 65_536


def asked(directory: Path, request: Request, patience_s: float = PATIENCE_S) -> Json:
    """Return what the service that runs on a data directory answers.

    Raises:
        NotRunningError: none runs.
        ControlError: it doesn't answer as it should.
        UsageError, UnavailableError: it says so.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        peer.settimeout(patience_s)
        _connect(peer, directory / SOCKET_NAME)
        try:
            peer.sendall(written(request))
            found = answer(_line(peer, time.monotonic() + patience_s))
        except TimeoutError:
            raise ControlError(f"{directory}: the service doesn't answer") from None
        except OSError as error:
            raise ControlError(f"{directory}: the service hung up: {error.strerror}") from error
    if not isinstance(found, Refusal):
        return found.fields
    if found.kind is RefusalKind.WRONG:
        raise UsageError(found.message)
    raise UnavailableError(found.message)


def _connect(peer: socket.socket, path: Path) -> None:
    try:
        with name_of(path) as name:
            peer.connect(name)
    except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError) as error:
        raise NotRunningError(f"{path.parent}: no service runs here") from error
    except TimeoutError:
        raise ControlError(f"{path}: the service doesn't answer") from None
    except OSError as error:
        raise ControlError(f"{path}: {error.strerror}") from error


def _line(peer: socket.socket, until: float) -> bytes:
    lines = LineReader(ANSWER_LIMIT)
    while piece := peer.recv(PIECE):
        line = lines.feed(piece)
        if line is not None:
            return line
        peer.settimeout(max(until - time.monotonic(), 0.001))
    raise ConnectionResetError(0, "before it had answered")
