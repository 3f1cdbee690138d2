# SPDX-License-Identifier: MIT
"""The service's end of the control socket.

``async with listening(directory, answer): ...``; ``answer(request, author)`` is awaited for each
client and returns the fields of the answer.  Only the service's own user and root get through, and
the author is who the kernel says has connected.  A client has five seconds to say what it wants.
"""

import asyncio
import os
import pwd
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from altiware.control.errors import ProtocolError
from altiware.control.protocol import (
    REQUEST_LIMIT,
    SOCKET_NAME,
    Answer,
    Json,
    LineReader,
    Refusal,
    RefusalKind,
    Request,
    request,
    written,
)
from altiware.errors import AltiwareError, ConfigError, UsageError
from altiware.store.errors import DirectoryError
from dsp.attach import name_of

__all__ = ["Respond", "listening"]

REQUEST_S: Final = 5.0
ANSWER_S: Final = 10.0
"""In what time a client must have taken its answer."""
CLIENTS: Final = 16
"""At a time; whoever comes then is sent away."""
PIECE: Final = 65_536
CREDENTIALS: Final = struct.Struct("3i")
"""``struct ucred`` of unix(7): process, user, group."""
Respond = Callable[[Request, str], Awaitable[Json]]


@asynccontextmanager
async def listening(directory: Path, respond: Respond) -> AsyncIterator[None]:
    """Answer clients as long as the block lasts; the caller holds the directory's lock.

    Raises:
        DirectoryError: the socket can't be made.
    """
    path = directory / SOCKET_NAME
    attendant = _Attendant(respond)
    try:
        server = await asyncio.start_unix_server(attendant.attend, sock=_bound(path))
    except OSError as error:
        raise DirectoryError(f"{path}: {error.strerror}") from error
    try:
        yield
    finally:
        server.close()
        await attendant.close()
        path.unlink(missing_ok=True)


def _bound(path: Path) -> socket.socket:
    """Return a socket that listens, for this user only from the first moment on."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)  # of a service that was killed
        with name_of(path) as name:
            listener.bind(name)
        path.chmod(0o600)  # nobody can connect before listen()
        listener.listen(CLIENTS)
    except OSError:
        listener.close()
        raise
    return listener


class _Attendant:
    """Attends to clients."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._tasks: set[asyncio.Task[object]] = set()

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._tasks) >= CLIENTS:
            writer.close()
            return
        self._tasks.add(task)
        try:
            with suppress(OSError, TimeoutError):
                await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def close(self) -> None:
        """Let what has been asked be answered."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ANSWER_S)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("socket")
        packed = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        _, user, _ = CREDENTIALS.unpack(packed)
        if user not in (0, os.geteuid()):
            return
        writer.write(written(await self._answer(reader, user)))
        async with asyncio.timeout(ANSWER_S):
            await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader, user: int) -> Answer | Refusal:
        try:
            async with asyncio.timeout(REQUEST_S):
                line = await _line(reader)
            return Answer(await self._respond(request(line), _name(user)))
        except (ConfigError, UsageError, ProtocolError, DirectoryError) as error:
            return Refusal(RefusalKind.WRONG, str(error))
        except AltiwareError as error:
            return Refusal(RefusalKind.IMPOSSIBLE, str(error))


async def _line(reader: asyncio.StreamReader) -> bytes:
    lines = LineReader(REQUEST_LIMIT)
    while piece := await reader.read(PIECE):
        line = lines.feed(piece)
        if line is not None:
            return line
    raise ConnectionResetError


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
