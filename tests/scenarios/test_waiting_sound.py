# SPDX-License-Identifier: MIT
"""Who waits, and that messages wait, as a telephone on a line hears it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from altiware.core.notices import MessageWaiting
from altiware.core.plan import Plan
from boards_sim.stage import Stage
from dsp.callerid import FskReceiver, parse
from dsp.cas import CasReceiver
from dsp.pcm import Samples
from tests.rig import Rig, quantum_plan
from tests.scenarios.signalling.station_office import with_settings

FRAME_S = 0.005


def plan() -> Plan:
    return with_settings(quantum_plan(), {"102": {"call_waiting": True}})


def sent_key(path: Path, low_hz: float, high_hz: float) -> Path:
    """Write 60 ms of a DTMF key, as a display answers."""
    time = np.arange(480) / 8000
    pair = np.sin(2 * np.pi * low_hz * time) + np.sin(2 * np.pi * high_hz * time)
    soundfile.write(path, (pair * 4000).astype(np.int16), 8000)
    return path


def ear(rig: Rig, extension: str, path: Path) -> Samples:
    """Return all that was heard at a telephone."""
    rig.telephone(extension).save_ear(path)
    heard, _ = soundfile.read(path, dtype="int16")
    return np.asarray(heard)


def third_calls(rig: Rig) -> None:
    """Have 101 talk to 102, and 103 call 102: the beep begins."""
    alice, bob, carol = (rig.telephone(each) for each in ("101", "102", "103"))
    alice.lifts()
    alice.hears("dial")
    alice.dials("102")
    bob.rings()
    bob.lifts()
    carol.lifts()
    carol.hears("dial")
    carol.dials("102")


@pytest.mark.feature("call waiting", "caller ID")
@pytest.mark.parametrize("answers", [True, False])
def test_a_display_that_answers_the_signal_reads_who_waits(tmp_path: Path, answers: bool) -> None:
    key = sent_key(tmp_path / "d.wav", 941.0, 1633.0)
    with Rig(plan()) as rig:
        alice, bob, carol = (rig.telephone(each) for each in ("101", "102", "103"))
        third_calls(rig)
        before = len(ear(rig, "102", tmp_path / "bob.wav"))
        for _ in range(200):
            rig.passes(FRAME_S)
            heard = ear(rig, "102", tmp_path / "bob.wav")[before:]
            if CasReceiver().feed(heard):
                break
        if answers:
            bob.says(key, wait=False)
        rig.passes(1.5)
        heard = ear(rig, "102", tmp_path / "bob.wav")[before:]
        assert [75 <= each <= 85 for each in CasReceiver().feed(heard)] == [True]
        messages = FskReceiver().feed(heard)
        assert [parse(each).number for each in messages] == (["103"] if answers else [])
        assert not CasReceiver().feed(ear(rig, "101", tmp_path / "alice.wav"))
        bob.flashes()
        alice.hears("silence")
        for each in (alice, bob, carol):
            each.hangs_up()
        rig.passes(1.0)
        bob.lifts()
        bob.hangs_up()
        rig.passes(2.0)


@pytest.mark.feature("message-waiting lamp")
def test_the_lamp_of_a_display_on_a_line(tmp_path: Path) -> None:
    with Rig(plan()) as rig:
        assert isinstance(rig.stage, Stage)
        display = rig.stage.telephone_set(5).display
        for new, lit in ((1, True), (0, False)):
            rig.exchange.answer(None, MessageWaiting(0.0, "102", new, 0, 0))
            rig.passes(2.0)
            assert display.lamp is lit
        assert display.caller is None
        rig.telephone("102").is_quiet(1.0)
