# SPDX-License-Identifier: MIT
"""The control socket: who is let in, what is answered, and that nobody can block it."""

import asyncio
import getpass
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

import altiware.control.server
from altiware.control.client import asked
from altiware.control.errors import ControlError, NotRunningError
from altiware.control.protocol import SOCKET_NAME, Json, Request
from altiware.control.server import CLIENTS, listening
from altiware.errors import ConfigError, UnavailableError, UsageError

Respond = Callable[[Request, str], Awaitable[Json]]


async def echo(request: Request, author: str) -> Json:
    """Answer what was asked, and by whom."""
    return {"ask": request.ask, "author": author} | request.fields


async def ask(directory: Path, **fields: object) -> Json:
    """Ask, as another thread."""
    return await asyncio.to_thread(asked, directory, Request("x", fields))


async def test_a_request_is_answered_and_its_author_is_who_the_kernel_says(tmp_path: Path) -> None:
    async with listening(tmp_path, echo):
        told = await ask(tmp_path, number=3)
    assert told == {"ask": "x", "author": getpass.getuser(), "number": 3}


async def test_the_socket_is_its_owners_alone_and_goes_with_the_service(tmp_path: Path) -> None:
    path = tmp_path / SOCKET_NAME
    path.write_text("left by a service that was killed")
    async with listening(tmp_path, echo):
        assert path.is_socket()
        assert path.stat().st_mode & 0o777 == 0o600
    assert not path.exists()
    with pytest.raises(NotRunningError):
        await ask(tmp_path)


async def test_another_user_gets_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = altiware.control.server.CREDENTIALS.pack(1, 4242, 4242)
    original = altiware.control.server.CREDENTIALS

    class Stranger:
        """Credentials of somebody else."""

        size = original.size

        @staticmethod
        def unpack(_packed: bytes) -> tuple[int, ...]:
            return original.unpack(packed)

    monkeypatch.setattr(altiware.control.server, "CREDENTIALS", Stranger)
    async with listening(tmp_path, echo):
        with pytest.raises(ControlError, match="hung up"):
            await ask(tmp_path)


@pytest.mark.parametrize(
    ("raised", "kind"),
    [(ConfigError(["a", "b"]), UsageError), (UnavailableError("a\nb"), UnavailableError)],
)
async def test_a_refusal_is_the_clients_error(
    tmp_path: Path, raised: Exception, kind: type[Exception]
) -> None:
    async def refuse(_request: Request, _author: str) -> Json:
        raise raised

    async with listening(tmp_path, refuse):
        with pytest.raises(kind, match="a\nb"):
            await ask(tmp_path)


def _sends(path: Path, content: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(path))
        peer.sendall(content)
        peer.shutdown(socket.SHUT_WR)
        return peer.recv(1000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"nonsense\n", b"no JSON"),
        (b"{}\n", b"version"),
        (b'{"version":1,"ask":"x","fields":{}}\n{}\n', b"more than one line"),
        (b"no end", b""),
        (b"", b""),
    ],
)
async def test_what_is_no_request_is_refused(tmp_path: Path, content: bytes, said: bytes) -> None:
    async with listening(tmp_path, echo):
        told = await asyncio.to_thread(_sends, tmp_path / SOCKET_NAME, content)
        assert said in told
        assert (await ask(tmp_path))["ask"] == "x"


async def test_who_says_nothing_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altiware.control.server, "REQUEST_S", 0.05)
    async with listening(tmp_path, echo):
        reader, writer = await asyncio.open_unix_connection(tmp_path / SOCKET_NAME)
        assert await reader.read() == b""
        writer.close()


async def test_more_clients_than_there_are_seats_are_sent_away(tmp_path: Path) -> None:
    async with listening(tmp_path, echo):
        connect = partial(asyncio.open_unix_connection, tmp_path / SOCKET_NAME)
        silent = [await connect() for _ in range(CLIENTS)]
        reader, writer = await connect()
        assert await reader.read() == b""
        for _, each in [*silent, (reader, writer)]:
            each.close()
        while True:
            try:
                assert (await ask(tmp_path))["ask"] == "x"
            except ControlError:
                continue
            break


async def test_a_path_may_be_longer_than_a_sockets_name(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 30)
    directory.mkdir()
    async with listening(directory, echo):
        assert (await ask(directory))["ask"] == "x"


async def test_what_has_been_asked_is_answered_before_the_end(tmp_path: Path) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_request: Request, _author: str) -> Json:
        begun.set()
        await go_on.wait()
        return {"late": True}

    asking = None
    async with listening(tmp_path, slowly):
        asking = asyncio.create_task(ask(tmp_path))
        await begun.wait()
        asyncio.get_running_loop().call_soon(go_on.set)
    assert await asking == {"late": True}
