# SPDX-License-Identifier: MIT
"""The file of a board's traffic, and the recorder on the host's side of any link."""

import os
import socket
from pathlib import Path

import pytest

from drivers.errors import NotAvailableError
from drivers.links import InProcessLink
from drivers.qht import Chunk, Qht, QhtError, QhtWriter, Way, read_qht
from drivers.record import RecordingLink, ReplayLink, session_of

CHUNKS = (
    Chunk(0, Way.OPENED),
    Chunk(1, Way.TO_BOARD, b"hello"),
    Chunk(0xFFFF_FFFF, Way.TO_HOST, bytes(range(256))),
    Chunk(40, Way.CLOSED),
)


def written(path: Path, note: str = "here") -> Path:
    with QhtWriter(path, note) as writer:
        for chunk in CHUNKS:
            writer.add(chunk.tick, chunk.way, chunk.data)
    writer.add(50, Way.TO_HOST, b"too late")
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_qht(written(tmp_path / "a.qht")) == Qht("here", CHUNKS)


def test_the_bytes_are_as_documented(tmp_path: Path) -> None:
    data = written(tmp_path / "a.qht").read_bytes()
    assert data[:16] == b"QHT1\x01\x00\x04\x00\x40\x1f\x00\x00here"
    assert data[16:28] == b"\0\0\0\0\x02\0\0\0\0\0\0\0"
    assert data[28:45] == b"\x01\0\0\0\0\0\0\0\x05\0\0\0hello"


def test_a_cut_file_ends_with_its_last_whole_chunk(tmp_path: Path) -> None:
    path = written(tmp_path / "a.qht")
    whole = path.read_bytes()
    for length in range(16, len(whole)):
        path.write_bytes(whole[:length])
        chunks = read_qht(path).chunks
        assert chunks == CHUNKS[: len(chunks)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "0 bytes are too few"),
        (b"QHT2" + bytes(20), "no .qht file of version 1"),
        (b"QHT1\x01\0\0\0\x40\x1f\0\0" + b"\0\0\0\0\x09\0\0\0\0\0\0\0", "byte 12: no chunk"),
        (b"QHT1\x01\0\0\0\x40\x1f\0\0" + b"\0\0\0\0\x01\0\0\0\0\0\0\x7f", "byte 12: no chunk"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.qht"
    path.write_bytes(data)
    with pytest.raises(QhtError, match=reason):
        read_qht(path)


def test_a_recorded_link_passes_all_and_notes_all(tmp_path: Path) -> None:
    host, board = socket.socketpair()
    now = [0]
    link = RecordingLink(InProcessLink(host.detach), tmp_path / "a.qht", lambda: now[0])
    end = link.open()
    now[0] = 1_000_000_000
    os.write(end, b"ping")
    assert board.recv(100) == b"ping"
    board.sendall(b"pong" * 50_000)
    received = b""
    while len(received) < 200_000:
        received += os.read(end, 65536)
    assert received == b"pong" * 50_000
    os.close(end)
    assert board.recv(100) == b""
    board.close()
    link.close()
    record = read_qht(tmp_path / "a.qht")
    assert record.bytes_of(Way.TO_BOARD) == b"ping"
    assert record.bytes_of(Way.TO_HOST) == received
    assert [c.way for c in record.chunks if not c.data] == [Way.OPENED, Way.CLOSED]
    assert record.chunks[1].tick == 8000


def test_a_link_that_isnt_there_is_not_recorded(tmp_path: Path) -> None:
    def nobody() -> int:
        raise ConnectionRefusedError("off")

    link = RecordingLink(InProcessLink(nobody), tmp_path / "a.qht")
    with pytest.raises(NotAvailableError, match="off"):
        link.open()
    link.close()
    assert read_qht(tmp_path / "a.qht").chunks == ()


def test_a_board_of_paper_waits_for_its_host(tmp_path: Path) -> None:
    link = ReplayLink(read_qht(written(tmp_path / "a.qht")))
    host = socket.socket(fileno=link.open())
    host.setblocking(False)
    for _ in range(3):
        link.pump()
    with pytest.raises(BlockingIOError):
        host.recv(1)
    host.sendall(b"hullo")
    for _ in range(3):
        link.pump()
    assert host.recv(1000) == bytes(range(256))
    assert host.recv(1) == b""
    assert link.difference == 1
    assert link.is_over
    with pytest.raises(NotAvailableError, match="at its end"):
        link.open()
    host.close()


def test_a_record_without_a_greeting_has_no_session() -> None:
    assert session_of(Qht("", CHUNKS)) == 0
