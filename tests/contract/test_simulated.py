# SPDX-License-Identifier: MIT
"""The board contract on the simulated board in virtual time, over each kind of link.

All in this process: the links are real (a socket pair, a terminal, a TCP connection), the
board at their other end is an object.
"""

from typing import ClassVar

import pytest

from altiware.hil.contract.board_suite import BoardContract
from altiware.hil.contract.rig import BoardRig
from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.profiles import profile
from boards_sim.stage import Stage
from drivers.base import BoardLost, HookChanged, LossReason, PortKind
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from drivers.service import Ability, Counters
from dsp.engine import Engine
from tests.cables import Cable, TcpCable, TerminalCable, UsbCable

NEW_VERSION = 0x0102_0003


class SimulatedRig(BoardRig):
    """A simulated board whose link can be cut."""

    def __init__(self, cable: type[Cable], stage: Stage) -> None:
        self.simulated = stage
        engine = Engine(threaded=False)
        self._cable = cable(stage, engine)
        self._gone = False
        board = linked_board("quantum+sim://Q12", InProcessLink(self._open))
        super().__init__(board, engine, self.simulated)
        self.board.start(self.engine, self.engine.now)
        self.simulated.pumps.append(self.pump)

    def pump(self) -> None:
        """Do the host's part, when the link has brought all, and until it has taken all away."""
        super().pump()
        self._cable.to_board(self.board)

    def serve_engine(self) -> None:
        """Serve the board's frame; where none comes, time passes by itself."""
        before = self.engine.now
        self._cable.to_host(self.board)
        if self.engine.now == before:
            self.engine.tick()

    def _open(self) -> int:
        if self._gone:
            raise ConnectionRefusedError("unplugged")
        return self._cable.open()

    def vanishes(self) -> None:
        self._gone = True
        self._cable.vanishes()

    def returns(self) -> None:
        self._gone = False
        self._cable.returns()

    def close(self) -> None:
        self.engine.close()
        self.simulated.close()

    def firmware(self, *, works: bool = True) -> bytes:
        does = Behaviour.GOOD if works else Behaviour.CRASHES
        return simulated_image(SIMULATED_VENDOR, profile("Q12").type, NEW_VERSION, does)


class SimulatedContract(BoardContract):
    """The contract, and what only a simulated board can be made to suffer."""

    cable: ClassVar[type[Cable]]

    def make_rig(self) -> BoardRig:
        return SimulatedRig(self.cable, Stage(("Q12",)))

    @pytest.fixture
    def simulated(self, up: BoardRig) -> Stage:
        assert isinstance(up, SimulatedRig)
        return up.simulated

    def test_a_board_that_falls_silent_has_stalled(self, up: BoardRig, simulated: Stage) -> None:
        simulated.faults().stalls(1.0)
        assert up.reports(BoardLost, within_s=1.0).reason is LossReason.STALLED
        up.comes_up(within_s=10.0)

    def test_garbage_is_a_lost_board(self, up: BoardRig, simulated: Stage) -> None:
        simulated.faults().sends_garbage(0.5)
        assert up.reports(BoardLost, within_s=1.0).reason is LossReason.GARBAGE
        up.comes_up(within_s=10.0)

    def test_a_reboot_is_told_as_such(self, up: BoardRig, simulated: Stage) -> None:
        simulated.faults().reboots()
        assert up.reports(BoardLost, within_s=2.0).reason is LossReason.REBOOTED
        up.comes_up(within_s=10.0)

    def test_hook_changes_while_the_line_is_mute_are_found_afterwards(
        self, up: BoardRig, simulated: Stage
    ) -> None:
        station = up.port(PortKind.FXS)
        simulated.faults().stalls(0.3)
        simulated.telephone(station).lifts()
        assert up.reports(HookChanged, station, within_s=2.0).off_hook
        up.is_silent(BoardLost)

    def test_no_frame_is_late_or_lost_on_a_good_link(self, up: BoardRig) -> None:
        up.able(Ability.COUNTERS)
        up.stage.passes(1.0)
        (link,) = up.engine.links()

        def missing() -> list[int]:
            ours = up.engine.link_counters(link.link)
            theirs = dict(up.result(up.board.counters(), Counters).counts)
            bad = (ours.gaps, ours.underruns_in, ours.slips_in, ours.bad_frames)
            return [*bad, theirs["underruns"], theirs["slips"]]

        before = missing()
        up.stage.passes(8.0)
        assert missing() == before


class TestInProcess(SimulatedContract):
    cable = Cable


class TestTerminal(SimulatedContract):
    cable = TerminalCable


class TestTcp(SimulatedContract):
    cable = TcpCable


class TestUsb(SimulatedContract):
    cable = UsbCable
