# SPDX-License-Identifier: MIT
"""The board contract on the reference firmware in C, on simulated lines in virtual time."""

from altiware.hil.contract.rig import BoardRig
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.stage import Stage
from tests.cables import Cable, TcpCable, TerminalCable
from tests.contract.test_simulated import SimulatedContract, SimulatedRig


class FirmwareContract(SimulatedContract):
    """The contract, and what a simulated board can be made to suffer, on the core in C."""

    def make_rig(self) -> BoardRig:
        return SimulatedRig(self.cable, Stage(("Q12",), firmware=ReferenceFirmware))


class TestInProcess(FirmwareContract):
    cable = Cable


class TestTerminal(FirmwareContract):
    cable = TerminalCable


class TestTcp(FirmwareContract):
    cable = TcpCable
