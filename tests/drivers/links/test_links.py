# SPDX-License-Identifier: MIT
"""Each way to a board gives a descriptor that carries bytes both ways, or says why not."""

import os
import socket
import termios
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from drivers.errors import NotAvailableError
from drivers.links import InProcessLink, SerialLink, TcpLink


@contextmanager
def descriptor_of(opened: int) -> Iterator[int]:
    try:
        yield opened
    finally:
        os.close(opened)


def test_a_serial_port_carries_every_byte_unchanged() -> None:
    ours, theirs = os.openpty()
    with descriptor_of(ours), descriptor_of(theirs):
        link = SerialLink(os.ttyname(theirs), 115_200)
        every = bytes(range(256))
        with descriptor_of(link.open()) as opened:
            os.write(ours, every)
            assert os.read(opened, 1000) == every
            os.write(opened, every)
            assert os.read(ours, 1000) == every


def test_a_serial_port_has_the_speed_of_its_address() -> None:
    ours, theirs = os.openpty()
    link = SerialLink(os.ttyname(theirs), 460_800)
    with descriptor_of(ours), descriptor_of(theirs), descriptor_of(link.open()) as opened:
        assert termios.tcgetattr(opened)[4] == termios.B460800


def test_a_serial_port_is_held_exclusively() -> None:
    ours, theirs = os.openpty()
    with descriptor_of(ours), descriptor_of(theirs):
        link = SerialLink(os.ttyname(theirs))
        name = os.ttyname(theirs)
        with descriptor_of(link.open()), pytest.raises(NotAvailableError, match=name):
            link.open()
        os.close(link.open())


@pytest.mark.parametrize("device", ["/dev/nonesuch", "/dev/null"])
def test_a_missing_serial_port_is_named(device: str) -> None:
    with pytest.raises(NotAvailableError, match=device):
        SerialLink(device).open()


def test_a_directory_is_no_serial_port(tmp_path: Path) -> None:
    with pytest.raises(NotAvailableError, match=str(tmp_path)):
        SerialLink(str(tmp_path)).open()


def test_a_tcp_link_sends_small_frames_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        opened = TcpLink("127.0.0.1", server.getsockname()[1]).open()
        far, _ = server.accept()
    with closing(socket.socket(fileno=opened)) as near, closing(far):
        assert near.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert os.get_blocking(opened) is False
        os.write(opened, b"here")
        assert far.recv(10) == b"here"


def test_a_tcp_port_where_nobody_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(NotAvailableError, match=f"127.0.0.1:{port}"):
        TcpLink("127.0.0.1", port).open()


def test_a_host_without_a_name_is_not_available() -> None:
    with pytest.raises(NotAvailableError, match="tcp"):
        TcpLink("x" * 300, 5400).open()


def test_a_board_in_this_process_hands_out_its_end() -> None:
    near, far = socket.socketpair()
    with closing(near), descriptor_of(InProcessLink(far.detach).open()) as opened:
        os.write(opened, b"here")
        assert near.recv(10) == b"here"


def test_a_board_in_this_process_may_be_switched_off() -> None:
    def refuse() -> int:
        raise ConnectionRefusedError("switched off")

    with pytest.raises(NotAvailableError, match="switched off"):
        InProcessLink(refuse).open()
