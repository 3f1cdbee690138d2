# SPDX-License-Identifier: MIT
"""The controlling side's place at an engine that is a process of its own (``dsp.process``).

One packet socket: at the beginning the engine's process sends its arena and both bells as
descriptors; later we send it those of links, and it answers with tokens.  The end of that
connection is how either side learns of the other's death.  Orders, events and tables go
through the arena as in one process.
"""

import contextlib
import mmap
import os
import select
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from dsp.errors import EngineError, EngineFullError, EngineSystemError
from dsp.native import ffi, lib

__all__ = ["BUSY", "END", "GREETING", "LEND", "PATIENCE_S", "TOKEN", "Attachment", "name_of"]

GREETING: Final = struct.Struct("<4I")
"Magic, version of the arena, its bytes, and BUSY; with the arena, command bell and event bell."
BUSY: Final = 1
"Another controlling side is there."
LEND: Final = b"L"
"With one descriptor; answered by a TOKEN."
END: Final = b"E"
"End, as on SIGTERM."
TOKEN: Final = struct.Struct("<I")
"0: refused, too many wait."
PATIENCE_S: Final = 2.0
"For an engine that is alive and does not answer."
_LOOK_S: Final = 0.001
_TICKS_TO_SETTLE: Final = 2


class Attachment:
    """An engine's process, joined by the way of its socket.

    Raises:
        EngineSystemError: there is no engine at that socket.
        EngineError: it is of another version, or has a controlling side already.
    """

    threaded = True

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(PATIENCE_S)
        self._watch: select.epoll | None = None
        self._descriptors: list[int] = []
        self._shared: Any = None
        try:
            self._greet(path)
            self._settle()
        except BaseException:
            self.close()
            raise

    def _greet(self, path: Path) -> None:
        try:
            with name_of(path) as name:
                self._socket.connect(name)
            packet, descriptors, _, _ = socket.recv_fds(self._socket, GREETING.size, 3)
        except OSError as error:
            raise EngineSystemError(f"no engine at {path}: {error}") from error
        self._descriptors = list(descriptors)
        if len(packet) != GREETING.size:
            raise EngineSystemError(f"no engine at {path}: it hung up")
        magic, version, size, busy = GREETING.unpack(packet)
        if (magic, version) != (lib.AW_ARENA_MAGIC, lib.AW_ARENA_VERSION):
            raise EngineError(f"{path}: an engine of version {version}, not {_version()}")
        if busy or len(descriptors) != 3:
            raise EngineError(f"{path}: the engine has a controlling side already")
        arena, self.command_bell, self.event_bell = descriptors
        self._mapped = mmap.mmap(arena, size)
        self._shared = ffi.from_buffer(self._mapped)
        self.memory = ffi.cast("aw_arena *", self._shared)
        self._watch = select.epoll()
        self._watch.register(self.event_bell, select.EPOLLIN)
        self._watch.register(self._socket, select.EPOLLIN)

    def _settle(self) -> None:
        """Wait until what a predecessor had ordered is done, so that the tables are true."""
        commands, until = self.memory.commands, time.monotonic() + PATIENCE_S
        lib.aw_bell_ring(self.command_bell)
        begun = None
        while begun is None or self._ticks() < begun + _TICKS_TO_SETTLE:
            if begun is None and commands.tail == commands.head:
                begun = self._ticks()
            if time.monotonic() > until:
                raise EngineError("the engine is there but does not tick")
            time.sleep(_LOOK_S)

    def _ticks(self) -> int:
        return int(lib.aw_arena_count(ffi.addressof(self.memory.counters, "ticks")))

    def fileno(self) -> int:
        """Return what is readable while events wait, and when the engine's process has died."""
        return -1 if self._watch is None else self._watch.fileno()

    def lend(self, descriptor: int) -> int:
        """Send a descriptor to the engine's process and close it here; return its token.

        Raises:
            EngineFullError: too many wait for their order; the descriptor is still ours.
            EngineSystemError: the engine's process has died.
        """
        try:
            socket.send_fds(self._socket, [LEND], [descriptor])
            answer = self._socket.recv(TOKEN.size)
        except OSError as error:
            raise EngineSystemError(f"the engine's process: {error}") from error
        if len(answer) != TOKEN.size:
            raise EngineSystemError("the engine's process has died")
        (token,) = TOKEN.unpack(answer)
        if token == 0:
            raise EngineFullError("too many descriptors wait for their orders")
        os.close(descriptor)
        return int(token)

    def gone(self) -> bool:
        """Whether the connection has just been found ended; told once."""
        if self._watch is None or self._socket.fileno() not in dict(self._watch.poll(0)):
            return False
        with contextlib.suppress(OSError):  # reset: gone as well
            if self._socket.recv(1, socket.MSG_PEEK):
                return False
        self._watch.unregister(self._socket)
        return True

    def apply(self) -> None:
        """Do nothing: orders are applied over there."""

    def poll(self, timeout_s: float) -> None:
        """Refuse: the engine has threads of its own.

        Raises:
            EngineError: always.
        """
        raise EngineError(f"poll {timeout_s} (manual only)")

    def tick(self) -> None:
        """Refuse: the engine has a clock of its own.

        Raises:
            EngineError: always.
        """
        raise EngineError("tick (manual only)")

    def set_time(self, now_s: float) -> None:
        """Refuse: the engine has a clock of its own.

        Raises:
            EngineError: always.
        """
        raise EngineError(f"set_time {now_s} (manual only)")

    def close(self) -> None:
        """Leave; the engine goes on as it is."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self._socket.close()
        if self._shared is not None:
            ffi.release(self._shared)
            self._shared = None
            self._mapped.close()
        while self._descriptors:
            os.close(self._descriptors.pop())


@contextlib.contextmanager
def name_of(path: Path) -> Iterator[str]:
    """Yield a short name of a socket: an address has 108 bytes, which a path soon fills.

    Raises:
        OSError: there is no such folder.
    """
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _version() -> int:
    return int(lib.AW_ARENA_VERSION)
