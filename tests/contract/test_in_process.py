# SPDX-License-Identifier: MIT
"""The board contract on the simulated board, in this process, in virtual time."""

import os
import socket
from collections.abc import Callable
from typing import Protocol, cast

import pytest

from drivers import registry
from drivers.actors import Stage
from drivers.errors import NotAvailableError
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from dsp.engine import Engine
from tests.contract.board_suite import BoardContract, BoardRig


class SimulatedStage(Stage, Protocol):
    """What a simulated stage has beyond the actors."""

    pumps: list[Callable[[], None]]

    def descriptor(self, board: int = 0) -> int:
        """Return the host's end of a fresh link."""


class InProcessRig(BoardRig):
    """The simulator behind a socket pair that can be cut."""

    def __init__(self, stage: SimulatedStage) -> None:
        self._sockets = stage
        self._copy: int | None = None
        self._gone = False
        board = linked_board("quantum+sim://Q12", InProcessLink(self._open))
        super().__init__(board, Engine(threaded=False), stage)
        self.board.start(self.engine, self.engine.now)
        stage.pumps.append(self.pump)

    def _open(self) -> int:
        if self._gone:
            raise ConnectionRefusedError("unplugged")
        descriptor = self._sockets.descriptor()
        self._forget()
        self._copy = os.dup(descriptor)
        return descriptor

    def vanishes(self) -> None:
        self._gone = True
        if self._copy is not None:
            with socket.socket(fileno=os.dup(self._copy)) as copy:
                copy.shutdown(socket.SHUT_RDWR)

    def returns(self) -> None:
        self._gone = False

    def close(self) -> None:
        self.engine.close()
        self.stage.close()
        self._forget()

    def _forget(self) -> None:
        if self._copy is not None:
            os.close(self._copy)
        self._copy = None


class TestInProcess(BoardContract):
    def make_rig(self) -> BoardRig:
        try:
            stage = registry.stage("Q12")
        except NotAvailableError as error:
            pytest.skip(str(error))
        return InProcessRig(cast(SimulatedStage, stage))
