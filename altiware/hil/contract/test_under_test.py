# SPDX-License-Identifier: MIT
"""The board contract on a maker's board: pytest --pyargs altiware.hil.contract --board ADDRESS.

With --board-peer and --board-cable the tests that need somebody at a line run too; the others
skip.  Nobody can pull the plug of a board that is only an address: what happens then is skipped.
"""

from collections.abc import Callable, Iterator

import pytest

from altiware.hil.contract.board_suite import BoardContract
from altiware.hil.contract.rig import UP_WITHIN_S, BoardRig
from altiware.hil.lab import Lab
from altiware.hil.plugin import SIMULATOR
from drivers.actors import OfficeLine, Telephone
from drivers.base import BoardEvent, BoardInfo
from drivers.errors import NotAvailableError


class LabStage:
    """The laboratory as the suite wants it; who isn't there skips the test."""

    def __init__(self, lab: Lab, hear: Callable[[list[BoardEvent]], None]) -> None:
        self._lab = lab
        self._hear = hear

    @property
    def now(self) -> float:
        return self._lab.now

    def telephone(self, port: int, board: int = 0) -> Telephone:
        try:
            return self._lab.telephone(port)
        except NotAvailableError as error:
            pytest.skip(str(error))

    def office(self, port: int, board: int = 0) -> OfficeLine:
        try:
            return self._lab.office(port)
        except NotAvailableError as error:
            pytest.skip(str(error))

    def passes(self, seconds: float) -> None:
        self._lab.passes(seconds)
        told = self._lab.session.take()
        self._hear([each for each in told if isinstance(each, BoardEvent)])

    def close(self) -> None:
        """Leave it to the plugin."""


class LabRig(BoardRig):
    """The board under test, which the plugin has brought up."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab.board, lab.session.engine, LabStage(lab, self._hear))
        lab.session.take()
        self._is_greeted = False

    def _hear(self, told: list[BoardEvent]) -> None:
        self._heard += told

    def comes_up(self, within_s: float = UP_WITHIN_S) -> BoardInfo:
        if self._is_greeted or self.board.info is None:
            return super().comes_up(within_s)
        self._is_greeted = True
        return self.board.info

    def vanishes(self) -> None:
        pytest.skip(f"nobody can pull the plug of {self.board.address}")

    def returns(self) -> None:
        """Never: it hasn't vanished."""

    def close(self) -> None:
        """Leave it to the plugin."""


class TestUnderTest(BoardContract):
    """The contract on the board of --board."""

    def make_rig(self) -> BoardRig:
        raise NotImplementedError

    def test_a_lifted_telephone_is_no_resistor(self, up: BoardRig, tested: int) -> None:
        pytest.skip("an office port that closes the loop may be a resistor, and no telephone")

    @pytest.fixture
    def rig(self, request: pytest.FixtureRequest) -> Iterator[BoardRig]:
        if request.config.getoption("--board") == SIMULATOR:
            pytest.skip("no --board: the simulator's own run is tests/contract/test_simulated.py")
        lab: Lab = request.getfixturevalue("lab")
        yield LabRig(lab)
        lab.board.stop(lab.now)
        assert lab.session.engine.open_ports() == []
