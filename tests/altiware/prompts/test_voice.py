# SPDX-License-Identifier: MIT
import sys
import types

import numpy as np
import pytest

from altiware.errors import UnavailableError
from altiware.prompts.voice import load_voice


class Humming:
    """A voice of 24 kHz that hums half a second for each letter, the slower the longer."""

    sample_rate = 24_000

    def __call__(self, text: str, speed: float, seed: int) -> np.ndarray:
        assert seed == 0
        t = np.arange(int(len(text) * 12_000 / speed)) / self.sample_rate
        return (0.5 * np.sin(2 * np.pi * 440 * t)).astype(np.float32)


def test_what_the_voice_says_is_brought_to_8_khz(monkeypatch: pytest.MonkeyPatch) -> None:
    hibari = types.ModuleType("hibari")
    hibari.__dict__["Hibari"] = Humming
    monkeypatch.setitem(sys.modules, "hibari", hibari)
    said = load_voice()("ab", 2.0)
    assert len(said) == 4000
    assert np.abs(said[200:-200]).max() == pytest.approx(16_384, rel=0.01)


def test_a_voice_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(UnavailableError, match=r"pip install 'altiware\[tts\]'"):
        load_voice()
