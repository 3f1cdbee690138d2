# SPDX-License-Identifier: MIT
"""Where hosts come in to a board that is its own process: a TCP port, a pseudo terminal."""

import os
import pty
import socket
import tty

__all__ = ["PtyDoor", "TcpDoor"]


class TcpDoor:
    """A TCP port on this machine; a new host takes the place of the one before.

    Raises:
        OSError: the port can't be had.
    """

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.setblocking(False)
        self.address = f"quantum+tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    def knocked(self) -> int | None:
        """Return the descriptor of a host that has just come."""
        try:
            connected, _ = self._listener.accept()
        except BlockingIOError:
            return None
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected.detach()

    def descriptors(self) -> list[int]:
        """Return the listening socket."""
        return [self._listener.fileno()]


class PtyDoor:
    """A pseudo terminal: like a serial port, it doesn't tell whether a host is there."""

    def __init__(self) -> None:
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self.address = f"quantum+serial://{self.path}"
        self._given = False

    def knocked(self) -> int | None:
        """Return the board's end, once: keeping the host's end open here keeps it alive."""
        if self._given:
            return None
        self._given = True
        return self._ours

    def descriptors(self) -> list[int]:
        """Return nothing: nobody ever comes."""
        return []
