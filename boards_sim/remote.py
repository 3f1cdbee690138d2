# SPDX-License-Identifier: MIT
"""A stage in another process, through its control socket (drivers.actors.Stage).

    stage = RemoteStage(Path("/run/sim.sock"), pump)
    stage.telephone(4).lifts()

While a wish is being fulfilled there, ``pump`` is called here again and again: serve the PBX in
it (a ``pump`` that waits a moment for its link keeps this from spinning).
"""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from boards_sim.wishes import OfficeLine, Telephone, Wish
from drivers.actors import Caller
from drivers.errors import NotAvailableError

__all__ = ["RemoteStage"]


class RemoteStage:
    """Telephones and offices of another process."""

    def __init__(self, control: Path, pump: Callable[[], object] | None = None) -> None:
        """Connect.

        Raises:
            NotAvailableError: nobody listens there.
        """
        self._pump = pump
        self._received = b""
        self._now = 0.0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(str(control))
        except OSError as error:
            self._socket.close()
            raise NotAvailableError(f"control socket {control}: {error}") from error

    @property
    def now(self) -> float:
        """Seconds of the stage's own time."""
        now = self.fulfil(Wish("now", -1))
        assert isinstance(now, float)
        return now

    def telephone(self, port: int, board: int = 0) -> Telephone:
        """Return the telephone on an FXS port."""
        return Telephone(self.fulfil, port, board)

    def office(self, port: int, board: int = 0) -> OfficeLine:
        """Return the office line on an FXO port."""
        return OfficeLine(self.fulfil, port, board)

    def passes(self, seconds: float) -> None:
        """Let time pass there."""
        self.fulfil(Wish("passes", -1, 0, {"seconds": seconds}))

    def wishes(self, verb: str, board: int = 0, **seconds: float) -> None:
        """Let something go wrong: closes, stalls, sends_garbage, reboots."""
        self.fulfil(Wish(verb, -1, board, seconds))

    def fails(self, script: str, board: int = 0) -> None:
        """Let faults happen, as boards_sim/faultscript.py writes them."""
        self.fulfil(Wish("faults", -1, board, {"script": script}))

    def close(self) -> None:
        """Leave; the stage goes on."""
        self._socket.close()

    def fulfil(self, wish: Wish) -> object:
        """Have a wish fulfilled there.

        Raises:
            AssertionError: it did not come about.
            ValueError: it makes no sense.
        """
        content: dict[str, Any] = {"verb": wish.verb, "board": wish.board, "args": dict(wish.args)}
        if wish.port >= 0:
            content["port"] = wish.port
        self._socket.sendall(json.dumps(content).encode() + b"\n")
        answer = json.loads(self._line())
        self._now = answer["now"]
        if answer["ok"]:
            result = answer["result"]
            return Caller(**result) if wish.verb == "shows" else result
        if answer["kind"] == "expectation":
            raise AssertionError(answer["error"])
        raise ValueError(answer["error"])

    def _line(self) -> bytes:
        """Wait for one line, and let the PBX live meanwhile."""
        self._socket.setblocking(self._pump is None)
        try:
            while b"\n" not in self._received:
                self._receive()
        finally:
            self._socket.setblocking(True)
        line, self._received = self._received.split(b"\n", 1)
        return line

    def _receive(self) -> None:
        if self._pump is not None:
            self._pump()
        try:
            data = self._socket.recv(65536)
        except BlockingIOError:
            return
        if not data:
            raise NotAvailableError("the stage has gone")
        self._received += data
