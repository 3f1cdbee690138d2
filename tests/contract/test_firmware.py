# SPDX-License-Identifier: MIT
"""The board contract on the reference firmware in C, on simulated lines in virtual time."""

from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.stage import Stage
from tests.contract.rig import BoardRig
from tests.contract.test_simulated import (
    SimulatedContract,
    SimulatedRig,
    by_socket_pair,
    by_tcp,
    by_terminal,
)


class FirmwareContract(SimulatedContract):
    """The contract, and what a simulated board can be made to suffer, on the core in C."""

    def make_rig(self) -> BoardRig:
        return SimulatedRig(self.connect, Stage(("Q12",), firmware=ReferenceFirmware))


class TestInProcess(FirmwareContract):
    connect = staticmethod(by_socket_pair)


class TestTerminal(FirmwareContract):
    connect = staticmethod(by_terminal)


class TestTcp(FirmwareContract):
    connect = staticmethod(by_tcp)
