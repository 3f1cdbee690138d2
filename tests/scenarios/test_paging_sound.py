# SPDX-License-Identifier: MIT
"""Pages with all their sound: who hears whom, and what an office line on a paging port says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from altiware.core.plan import Numbering, Plan, Service, TrunkDirection
from altiware.core.zones import ZonePlan
from altiware.features.profile import PROFILES
from tests.rig import Rig, quantum_plan
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.scenarios.test_workgroup import SPEAKERS, Sound, ear, voice, voices_in


def plan() -> Plan:
    """Return an office whose first line is said to be a loudspeaker, and one zone."""
    numbering = Numbering(services={"170": Service("zone", "hall")}, codes=PROFILES["oe45"])
    made = replace(quantum_plan(), numbering=numbering, zones=(ZonePlan("hall", ("102", "103")),))
    first, *others = made.trunks
    return replace(made, trunks=(replace(first, direction=TrunkDirection.PAGING), *others))


def level_db(sound: Sound, at_hz: float) -> float:
    """Return how loud a frequency is in a sound."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    hz = np.fft.rfftfreq(len(sound), 1 / 8000)
    return float(20 * np.log10(spectrum[np.abs(hz - at_hz) < 5].max() + 1e-9))


@pytest.mark.feature("overhead page", "seizure")
def test_an_office_line_on_a_paging_port_is_known_by_its_dial_tone(tmp_path: Path) -> None:
    with Rig(plan(), sounds=MadeUpSounds(tmp_path)) as rig:
        alice = rig.telephone("101")
        alice.lifts()
        alice.hears("dial")
        alice.dials("#44")
        rig.passes(2.0)
        (port,) = (each for each in rig.exchange.trunks() if str(each.port) == "00:00")
        assert port.state == "barred: an office line"
        alice.hangs_up()
        rig.passes(2.0)
        rig.is_clean()


@pytest.mark.feature("zone paging")
def test_the_zone_hears_the_speaker_and_he_hears_nobody(tmp_path: Path) -> None:
    with Rig(plan(), sounds=MadeUpSounds(tmp_path)) as rig:
        speaker, listener = rig.telephone("101"), rig.telephone("102")
        speaker.lifts()
        speaker.hears("dial")
        speaker.dials("170")
        listener.rings()
        listener.lifts()
        rig.passes(1.5)  # "please speak after the tone", and the tone
        for who, name in ((speaker, "caller"), (listener, "agent")):
            who.says(voice(tmp_path, name))
        rig.passes(0.2)
        speaker.save_ear(tmp_path / "speaker.wav")
        listener.save_ear(tmp_path / "listener.wav")
        speaker.hangs_up()
        listener.hangs_up()
        there = level_db(ear(tmp_path / "listener.wav"), SPEAKERS["caller"])
        back = level_db(ear(tmp_path / "speaker.wav"), SPEAKERS["agent"])
        assert voices_in(ear(tmp_path / "listener.wav"), but="agent") == {"caller"}
        assert back < there - 40.0, "nothing of the listener"
        rig.passes(2.0)
        rig.is_clean()
