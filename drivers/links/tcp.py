# SPDX-License-Identifier: MIT
"""A board behind a TCP port."""

import contextlib
import socket
from dataclasses import dataclass
from typing import Final

from drivers.errors import NotAvailableError

__all__ = ["CONNECT_S", "DEFAULT_PORT", "TcpLink"]

DEFAULT_PORT: Final = 5400
CONNECT_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class TcpLink:
    """A host and a port."""

    host: str
    port: int = DEFAULT_PORT

    def open(self) -> int:
        """Connect, and send small frames at once (no Nagle delay).

        Raises:
            NotAvailableError: nobody answers there.
        """
        try:
            connection = socket.create_connection((self.host, self.port), CONNECT_S)
        except (OSError, UnicodeError) as error:
            raise NotAvailableError(f"tcp {self.host}:{self.port}: {error}") from error
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(connection.close)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setblocking(False)
            on_failure.pop_all()
        return connection.detach()
