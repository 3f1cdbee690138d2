# SPDX-License-Identifier: MIT
"""Call waiting's alerting signal: at its limits, with noise, and made by the engine's tones."""

import numpy as np
import pytest

from dsp import Detect, Engine
from dsp.cas import CasReceiver, cas_tone
from dsp.events import CasHeard
from tests.accuracy.accuracy_cas import REFUSED, ROWS, signal


@pytest.mark.parametrize("name", [name for name in ROWS if "speech" not in name])
def test_the_signal_is_heard_at_its_limits(name: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        heard = CasReceiver().feed(signal(rng, **ROWS[name]))
        assert len(heard) == 1
        assert abs(heard[0] - ROWS[name].get("ms", 80)) <= 5


@pytest.mark.parametrize("name", REFUSED)
def test_other_tones_are_not_heard(name: str) -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        assert CasReceiver().feed(signal(rng, **REFUSED[name])) == []


def test_the_engine_hears_what_it_sends() -> None:
    with Engine(threaded=False) as engine:
        port = engine.open_tone(cas_tone())
        engine.detect(port, Detect.CAS)
        for _ in range(60):
            engine.tick()
        heard = [event for event in engine.events() if isinstance(event, CasHeard)]
    assert [abs(event.duration_ms - 80) <= 5 for event in heard] == [True]
    assert 0.08 <= heard[0].at <= 0.1  # in time for an answer within 100 ms
