# SPDX-License-Identifier: MIT
"""The Quantum driver through a bad time on each kind of link: it comes back, and loses no count.

Two minutes of the stage's time a link, a telephone lifted and hung up again and again; not an
hour of whole calls through the PBX.
"""

import pytest

from boards_sim.stage import Stage
from drivers.base import BoardLost, BoardState, BoardUp, HookChanged, PortKind
from tests.cables import CABLES
from tests.contract.test_simulated import SimulatedRig

MINUTE_S = 60.0
BAD_MINUTE = (
    "at 2s drop 2% for 10s; at 14s corrupt 2% for 10s; at 26s duplicate 2% for 5s;"
    "at 33s reorder 2% for 5s; at 40s stall for 300ms; at 42s unplug for 500ms;"
    "at 50s ppm +80 for 5s"
)
MINUTES = 2


@pytest.mark.parametrize("cable", CABLES)
def test_a_driver_comes_through_bad_minutes(cable: str) -> None:
    stage = Stage(("Q12",))
    rig = SimulatedRig(CABLES[cable], stage)
    rig.comes_up()
    station = rig.port(PortKind.FXS)
    alice = stage.telephone(station)
    for _ in range(MINUTES):
        stage.faults().run(BAD_MINUTE)
        stage.passes(MINUTE_S)
        assert rig.board.state is BoardState.UP
        rig.reports(BoardUp)  # the unplugging, at least
        rig._heard.clear()
        alice.lifts()
        assert rig.reports(HookChanged, station).off_hook
        alice.hangs_up()
        assert not rig.reports(HookChanged, station).off_hook
        rig.is_silent(BoardLost)
    counts = stage.faults().counts
    # Up and down, 200 frames of samples a second, 2 % of them for 10 or 5 s each minute
    for verb, seconds in {"drop": 10, "corrupt": 10, "duplicate": 5, "reorder": 5}.items():
        expected = MINUTES * seconds * 400 * 0.02
        assert counts[verb] == pytest.approx(expected, rel=0.25), counts
    rig.close()
