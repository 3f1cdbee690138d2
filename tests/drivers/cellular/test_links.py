# SPDX-License-Identifier: MIT
"""A module's two ports are opened, kept and given back together."""

import os
import socket
from collections.abc import Iterator

import pytest

from drivers.base import BoardLost, BoardState, LossReason
from drivers.cellular.board import CellularModule
from drivers.errors import BoardOperationError, NotAvailableError
from drivers.links import InProcessLink
from dsp.engine import Engine


class Port:
    """A serial port: what opens it, and what has become of the descriptor."""

    def __init__(self) -> None:
        self.there = True
        self.given: list[int] = []
        self._far: list[socket.socket] = []

    def open(self) -> int:
        if not self.there:
            raise ConnectionRefusedError("no such port")
        near, far = socket.socketpair()
        self._far.append(far)
        self.given.append(near.detach())
        return self.given[-1]

    def close(self) -> None:
        for each in self._far:
            each.close()

    @property
    def is_open(self) -> bool:
        try:
            os.fstat(self.given[-1])
        except OSError:
            return False
        return True


@pytest.fixture
def ports() -> Iterator[tuple[Port, Port]]:
    both = Port(), Port()
    yield both
    for each in both:
        each.close()


@pytest.fixture
def module(ports: tuple[Port, Port]) -> CellularModule:
    at, audio = ports
    return CellularModule("cellular://", InProcessLink(at.open), InProcessLink(audio.open))


def test_without_the_commands_port_the_other_is_closed_again(
    ports: tuple[Port, Port], module: CellularModule
) -> None:
    at, audio = ports
    at.there = False
    with pytest.raises(NotAvailableError):
        module.open_link()
    assert not audio.is_open


def test_without_the_samples_port_nothing_is_opened(
    ports: tuple[Port, Port], module: CellularModule
) -> None:
    at, audio = ports
    audio.there = False
    with pytest.raises(NotAvailableError):
        module.open_link()
    assert at.given == []


def test_ports_that_come_too_late_are_closed(
    ports: tuple[Port, Port], module: CellularModule
) -> None:
    descriptor = module.open_link()
    module.link_opened(descriptor, 0.0)  # it was never started, or was stopped meanwhile
    assert not any(port.is_open for port in ports)


def test_a_failed_link_gives_the_kept_port_back(
    ports: tuple[Port, Port], module: CellularModule
) -> None:
    with Engine(threaded=False) as engine:
        module.start(engine, 0.0)
        os.close(module.open_link())
        (lost,) = module.link_failed("the engine has died", 0.0)
        assert isinstance(lost, BoardLost)
        assert lost.reason is LossReason.REFUSED
        assert not ports[1].is_open
        module.stop(0.0)


def test_both_ports_are_the_modules_and_go_with_it(
    ports: tuple[Port, Port], module: CellularModule
) -> None:
    with Engine(threaded=False) as engine:
        module.start(engine, 0.0)
        assert module.wants_link
        module.link_opened(module.open_link(), 0.0)
        assert module.state is BoardState.GREETING
        owned = [each.link for each in engine.links() if module.owns_link(each.link)]
        assert len(owned) == 2
        with pytest.raises(BoardOperationError):
            module.dial(0, "5550123")
        module.stop(0.0)
        engine.poll()
        assert engine.links() == []
        assert not any(port.is_open for port in ports)
