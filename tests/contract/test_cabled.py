# SPDX-License-Identifier: MIT
"""The board contract where telephones and offices are ports of a second board, cabled to it.

That is how a board of silicon is tested; here both boards are simulated, and joined by simulated
cables, in virtual time.  What nobody but a simulated person can do (ringers' loads, a receiver
left off) isn't asked of a cable.
"""

from typing import Final

import pytest

from altiware.hil.contract.board_suite import BoardContract
from altiware.hil.contract.rig import BoardRig
from boards_sim.profiles import FXO, FXS, Profile
from boards_sim.session import SimulatedSession
from boards_sim.stage import Stage
from drivers.cabled import Bench
from dsp.engine import Engine
from tests.cables import Cable
from tests.contract.test_simulated import SimulatedRig

MIRROR: Final = Profile("Q12M", 5, (FXS,) * 4 + (FXO,) * 8)
"""What a Q12 can be cabled to, port by port."""
PATCHES: Final = tuple(
    ((0, port), (1, port)) if kind is FXO else ((1, port), (0, port))
    for port, kind in enumerate(MIRROR.ports)
)
UP_S: Final = 5.0


class CabledRig(SimulatedRig):
    """A simulated board under test, and its mirror image at the other ends of twelve cables."""

    def __init__(self) -> None:
        stage = Stage(("Q12", MIRROR), patches=PATCHES)
        super().__init__(Cable, stage)
        self._peers_engine = Engine(threaded=False)
        self._peer = SimulatedSession(stage, self._peers_engine, 1)
        self._peer.board.start(self._peers_engine, 0.0)
        self._peer.wait_until_up(UP_S)
        self.bench = Bench(self._peer, {port: port for port in range(len(MIRROR.ports))})
        self.stage = self.bench

    def close(self) -> None:
        self.bench.close()
        self._peer.board.stop(self._peers_engine.now)
        self._peers_engine.close()
        super().close()


class TestCabled(BoardContract):
    def make_rig(self) -> BoardRig:
        return CabledRig()

    def test_a_lifted_telephone_is_no_resistor(self, up: BoardRig, tested: int) -> None:
        pytest.skip("an office port that closes the loop is a resistor, and no telephone")
