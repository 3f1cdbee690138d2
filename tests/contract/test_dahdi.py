# SPDX-License-Identifier: MIT
"""The board contract on DAHDI channels: the gateway in C, on a simulated card and kernel."""


import pytest

from boards_sim.dahdi import DahdiCard, dahdi_card, dahdi_link
from boards_sim.stage import Stage
from drivers.quantum.addresses import linked_board
from dsp.dahdi import DahdiFault
from dsp.engine import Engine
from tests.contract.board_suite import BoardContract
from tests.contract.rig import BoardRig


class DahdiRig(BoardRig):
    """A simulated card whose kernel can lose it."""

    def __init__(self) -> None:
        self.simulated = Stage(("Q12",), firmware=DahdiCard)
        self.card = dahdi_card(self.simulated)
        board = linked_board("dahdi://1-12", dahdi_link(self.simulated))
        super().__init__(board, Engine(threaded=False), self.simulated)
        self.board.start(self.engine, self.engine.now)
        self.simulated.pumps.append(self.pump)

    def vanishes(self) -> None:
        self.card.kernel.suffers(DahdiFault.REMOVED)

    def returns(self) -> None:
        self.card.kernel.suffers(DahdiFault.REMOVED, 0)

    def close(self) -> None:
        self.card.link.close()
        assert self.card.kernel.opened == 0
        self.engine.close()
        self.simulated.close()


class TestDahdi(BoardContract):
    def make_rig(self) -> BoardRig:
        return DahdiRig()

    @pytest.fixture
    def dahdi(self, up: BoardRig) -> DahdiRig:
        assert isinstance(up, DahdiRig)
        return up
