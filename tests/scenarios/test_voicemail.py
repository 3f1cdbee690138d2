# SPDX-License-Identifier: MIT
"""A message with its sound: spoken into a telephone, kept, and heard at another."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.mailroom import archive_in, with_mail
from tests.rig import Rig, quantum_plan
from tests.scenarios.signalling.office_sounds import MadeUpSounds

RATE = 8000
Samples = npt.NDArray[np.float64]


def likeness(heard: Samples, said: Samples) -> float:
    """Return how like each other two sounds are at best, shifted against each other: 0 to 1."""
    size = len(heard) + len(said)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)
    at = int(np.argmax(np.abs(product)))
    part = np.roll(np.pad(heard, (0, size - len(heard))), -at)[: len(said)]
    energy = float(np.linalg.norm(part) * np.linalg.norm(said))
    return float(np.abs(product[at])) / energy if energy else 0.0


def speech(file: Path) -> Path:
    """Write two seconds of syllables: noise in the band of a telephone."""
    rng = np.random.default_rng(3)
    spectrum = np.fft.rfft(rng.normal(0, 1, 2 * RATE))
    hz = np.fft.rfftfreq(2 * RATE, 1 / RATE)
    voice = np.fft.irfft(np.where((hz > 400) & (hz < 3000), spectrum, 0))
    syllables = np.arange(2 * RATE) % (RATE // 4) < RATE // 6
    soundfile.write(file, (voice * syllables * 4000).astype(np.int16), RATE)
    return file


@pytest.mark.feature("voice mail")
def test_what_is_said_into_a_telephone_is_heard_at_another(tmp_path: Path) -> None:
    plan = with_mail(quantum_plan(), ask_password=False)
    archive, _ = archive_in(tmp_path, plan)
    said = speech(tmp_path / "speech.wav")
    with Rig(plan, sounds=MadeUpSounds(tmp_path), archive=archive) as rig:
        alice, bob = rig.telephone("101"), rig.telephone("102")
        bob.lifts()
        bob.hears("dial")
        alice.lifts()
        alice.hears("dial")
        alice.dials("102")
        rig.passes(3.3)  # five phrases of half a second, and the tone
        alice.says(said)
        rig.passes(0.5)
        alice.hangs_up()
        bob.hangs_up()
        rig.passes(2.0)
        (message,) = (tmp_path / "mail").glob("*.wav")
        kept = soundfile.read(message)[0]
        assert len(kept) / RATE == pytest.approx(2.6, abs=0.3), "pauses at its ends are cut"
        assert likeness(kept, soundfile.read(said)[0]) > 0.9
