# SPDX-License-Identifier: MIT
"""The control socket of a running stage: JSON lines in, JSON lines out.

    {"board": 0, "port": 4, "verb": "dials", "args": {"digits": "102"}}
    {"ok": true, "now": 12.345, "result": null}
    {"ok": false, "now": 15.345, "kind": "expectation", "error": "telephone 0:4 at ..."}

A connection's wishes are fulfilled one after another, those of several connections side by
side.  Without a port, a wish is for the stage: ``passes``, ``now``, ``ports``, and the faults
``closes``, ``stalls``, ``sends_garbage``, ``reboots``, ``faults`` (a script).  ``kind`` is
``wish`` for a wish that makes no sense.
"""

import contextlib
import json
import os
import socket
from collections import deque
from pathlib import Path
from typing import Any, Final

from boards_sim.actor import Script, pause
from boards_sim.stage import Stage
from boards_sim.wishes import LONGEST_S, Wish, script_of, verbs_of
from drivers.actors import Caller

__all__ = ["ControlServer"]

LONGEST_LINE: Final = 65536
READ_BYTES: Final = 65536
FIELDS: Final = {"verb", "port", "board", "args"}
STAGE_VERBS: Final = (
    "passes",
    "now",
    "ports",
    "closes",
    "stalls",
    "sends_garbage",
    "reboots",
    "faults",
)


class _Connection:
    """One client: lines in, scripts one after another, lines out."""

    def __init__(self, connected: socket.socket) -> None:
        connected.setblocking(False)
        self.socket = connected
        self.wishes: deque[bytes] = deque()
        self.script: Script[object] | None = None
        self._partial = b""

    def read(self) -> bool:
        """Take what has come; False: the client is gone."""
        try:
            data = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        *lines, self._partial = (self._partial + data).split(b"\n")
        self.wishes.extend(line for line in lines if line.strip())
        if len(self._partial) > LONGEST_LINE:
            self._partial = b""
            self.wishes.append(b"(a line of more than 64 kB)")
        return bool(data)

    def answer(self, message: dict[str, Any]) -> None:
        """Send one line; a client that doesn't read loses it."""
        with contextlib.suppress(OSError):
            self.socket.sendall(json.dumps(message).encode() + b"\n")


class ControlServer:
    """Listens on a socket in the file system and lets clients move the actors.

    Raises:
        OSError: the socket can't be made.
    """

    def __init__(self, stage: Stage, path: Path) -> None:
        self._stage = stage
        self.path = path
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.suppress(FileNotFoundError):
            if path.is_socket():
                path.unlink()
        mask = os.umask(0o077)
        try:
            self._listener.bind(str(path))
        except OSError:
            self._listener.close()
            raise
        finally:
            os.umask(mask)
        self._listener.listen()
        self._listener.setblocking(False)
        self._connections: list[_Connection] = []

    def descriptors(self) -> list[int]:
        """Return what becomes readable when somebody wishes something."""
        return [self._listener.fileno(), *(c.socket.fileno() for c in self._connections)]

    @property
    def is_busy(self) -> bool:
        """Whether a script is running."""
        return any(c.script is not None for c in self._connections)

    def poll(self) -> None:
        """Accept clients, read their wishes, and begin those whose turn has come."""
        with contextlib.suppress(OSError):  # nobody there, gone again, or no descriptor left
            self._connections.append(_Connection(self._listener.accept()[0]))
        for connection in list(self._connections):
            if not connection.read():
                connection.socket.close()
                self._connections.remove(connection)
            self._begin(connection)

    def advance(self) -> None:
        """Let every script take its part of the frame that has just passed."""
        for connection in self._connections:
            if connection.script is not None:
                self._step(connection)
                self._begin(connection)

    def close(self) -> None:
        """Stop listening and remove the socket."""
        for connection in self._connections:
            connection.socket.close()
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _begin(self, connection: _Connection) -> None:
        while connection.script is None and connection.wishes:
            try:
                wish = _wish(connection.wishes.popleft())
                connection.script = self._script(wish)
            except (ValueError, OSError) as error:
                self._refuse(connection, "wish", error)
            else:
                self._step(connection)

    def _step(self, connection: _Connection) -> None:
        assert connection.script is not None
        try:
            next(connection.script)
        except StopIteration as done:
            connection.script = None
            result = _plain(done.value)
            connection.answer({"ok": True, "now": self._stage.now, "result": result})
        except AssertionError as error:
            self._refuse(connection, "expectation", error)
        except (ValueError, OSError) as error:
            self._refuse(connection, "wish", error)

    def _refuse(self, connection: _Connection, kind: str, error: Exception) -> None:
        connection.script = None
        now = self._stage.now
        connection.answer({"ok": False, "now": now, "kind": kind, "error": str(error)})

    def _script(self, wish: Wish) -> Script[object]:
        if wish.port >= 0:
            return script_of(self._stage.actor(wish.port, wish.board), wish)
        return self._stage_script(wish)

    def _stage_script(self, wish: Wish) -> Script[object]:
        """Return the script of a wish for the stage as a whole."""
        if wish.verb not in STAGE_VERBS:
            raise ValueError(f"the stage can't {wish.verb!r}; it can {', '.join(STAGE_VERBS)}")
        if wish.verb == "faults":
            return self._fault_steps(wish)
        timed = wish.verb in {"passes", "stalls", "sends_garbage"}
        if set(wish.args) != ({"seconds"} if timed else set()):
            raise ValueError(f"{wish.verb} takes {'seconds' if timed else 'no arguments'}")
        seconds = wish.args.get("seconds", 0.0)
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 0 <= seconds <= LONGEST_S
        ):
            raise ValueError(f"{wish.verb}: seconds {seconds!r} is not within 0..{LONGEST_S:g}")
        return self._stage_steps(wish, float(seconds))

    def _fault_steps(self, wish: Wish) -> Script[object]:
        script = wish.args.get("script")
        if set(wish.args) != {"script"} or not isinstance(script, str):
            raise ValueError("faults takes a script, as 'at 3s drop 2%; leak tip-ground 62k'")
        self._stage.faults(wish.board).run(script)
        return None
        yield

    def _stage_steps(self, wish: Wish, seconds: float) -> Script[object]:
        if wish.verb == "passes":
            yield from pause(seconds * 1000)
            return None
        if wish.verb == "now":
            return self._stage.now
        if wish.verb == "ports":
            return [
                {"board": b, "port": p, "name": actor.name, "verbs": list(verbs_of(actor))}
                for b, board in enumerate(self._stage.boards)
                for p, actor in enumerate(board.actors)
            ]
        faults = self._stage.faults(wish.board)
        if wish.verb == "closes":
            faults.closes()
        elif wish.verb == "reboots":
            faults.reboots()
        elif wish.verb == "stalls":
            faults.stalls(seconds)
        else:
            faults.sends_garbage(seconds)
        return None


def _wish(line: bytes) -> Wish:
    """Read one line.

    Raises:
        ValueError: it is not a wish.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {line[:80].decode(errors='replace')}") from error
    if not isinstance(content, dict) or not isinstance(content.get("verb"), str):
        raise ValueError('a wish is an object with "verb", "port", "board" and "args"')
    unknown = sorted(content.keys() - FIELDS)
    if unknown:
        raise ValueError(f"a wish has no {unknown[0]!r}; it has {', '.join(sorted(FIELDS))}")
    port, board, args = content.get("port", -1), content.get("board", 0), content.get("args", {})
    if type(port) is not int or type(board) is not int or port < -1 or board < 0:
        raise ValueError(f"board {board!r}, port {port!r}: whole numbers from 0 are expected")
    if not isinstance(args, dict):
        raise ValueError('"args" is an object of names and values')
    return Wish(content["verb"], port, board, args)


def _plain(result: object) -> object:
    """Return a script's result as JSON can carry it."""
    if isinstance(result, Caller):
        return {"number": result.number, "name": result.name, "absent": result.absent}
    return result
