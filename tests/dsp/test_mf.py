# SPDX-License-Identifier: MIT
"""MF signals of R1 and R2 at their limits, which are ours, at random alignment and phase."""

import numpy as np
import pytest

from dsp import Detect, Engine
from dsp.errors import EngineArgumentError
from dsp.events import EngineEvent, MfEnded, MfHeard, PortDone
from dsp.mf import MfReceiver, MfSender, MfStandard
from tests.accuracy.mf_burst import Burst, said


def heard(standard: MfStandard, burst: Burst) -> set[str]:
    """What becomes of a signal, @ standing for itself, each 12 times."""
    rng = np.random.default_rng(3)
    return {
        MfReceiver(standard).keys(said(standard, key, burst, rng)).replace(key, "@")
        for key in standard.keys
        for _ in range(12)
    }


@pytest.mark.parametrize("standard", MfStandard)
@pytest.mark.parametrize(
    "burst",
    [
        Burst(dbm0=0.0),
        Burst(dbm0=-35.0),
        Burst(twist_db=7.0),
        Burst(twist_db=-7.0),
        Burst(off_hz=15.0),
        Burst(off_hz=-15.0),
        Burst(on_ms=35.0),
        Burst(break_ms=10.0, on_ms=100.0),
        Burst(noise_dbm0=-22.0, on_ms=68.0),
    ],
    ids=repr,
)
def test_signals_within_the_limits_are_heard_once(standard: MfStandard, burst: Burst) -> None:
    assert heard(standard, burst) == {"@"}


@pytest.mark.parametrize("standard", MfStandard)
@pytest.mark.parametrize(
    "burst",
    [
        Burst(dbm0=-42.0),
        Burst(twist_db=12.0),
        Burst(off_hz=30.0, on_ms=100.0),
        Burst(off_hz=-30.0, on_ms=100.0),
        Burst(on_ms=17.0),
    ],
    ids=repr,
)
def test_what_is_beyond_them_is_not(standard: MfStandard, burst: Burst) -> None:
    assert heard(standard, burst) == {""}


@pytest.mark.parametrize("standard", MfStandard)
def test_a_pause_of_40_ms_parts_two_signals(standard: MfStandard) -> None:
    assert heard(standard, Burst(break_ms=40.0, on_ms=140.0)) == {"@@"}


def test_a_number_is_sent_and_heard() -> None:
    sender, receiver = MfSender(MfStandard.R1, "*5551212#"), MfReceiver(MfStandard.R1)
    signals = receiver.feed(np.concatenate([sender.read(16000), np.zeros(800, np.int16)]))
    assert "".join(s.key for s in signals if s.on) == "*5551212#"
    lasted = [s.duration_ms for s in signals if not s.on]
    assert abs(lasted[0] - 102) <= 10  # KP is longer
    assert all(abs(ms - 68) <= 10 for ms in lasted[1:])


def test_a_compelled_signal_is_told_when_it_comes_and_when_it_goes() -> None:
    sender, receiver = (
        MfSender(MfStandard.R2_FORWARD, "B", on_ms=0),
        MfReceiver(MfStandard.R2_FORWARD),
    )
    assert [(s.key, s.on) for s in receiver.feed(sender.read(8 * 40))] == [("B", True)]
    assert receiver.feed(sender.read(8000)) == []
    ended = receiver.feed(np.zeros(8 * 40, np.int16))
    assert [(s.key, s.on) for s in ended] == [("B", False)]


@pytest.mark.parametrize(
    ("keys", "on_ms", "level", "said_of"),
    [
        ("", 60, -8, "1 to 64"),
        ("F", 60, -8, "'F'"),
        ("1", -1, -8, "0 to 10000 ms"),
        ("1", 60, 1, "0 dBm0"),
    ],
)
def test_errors_say_what_is_allowed(keys: str, on_ms: int, level: float, said_of: str) -> None:
    with pytest.raises(EngineArgumentError, match=said_of):
        MfSender(MfStandard.R1, keys, on_ms=on_ms, level_dbm0=level)


@pytest.mark.parametrize(
    ("standard", "what"),
    [
        (MfStandard.R1, Detect.MF_R1),
        (MfStandard.R2_FORWARD, Detect.MF_R2_FORWARD),
        (MfStandard.R2_BACKWARD, Detect.MF_R2_BACKWARD),
    ],
)
def test_what_one_port_of_the_engine_sends_is_heard_there(
    standard: MfStandard, what: Detect
) -> None:
    events: list[EngineEvent] = []
    with Engine(threaded=False, timeslots=8) as engine:
        port = engine.open_mf(standard, "12B0")
        engine.detect(port, what)
        for _ in range(200):
            engine.tick()
            events += engine.events()
    assert [e.key for e in events if isinstance(e, MfHeard)] == list("12B0")
    assert [e.key for e in events if isinstance(e, MfEnded)] == list("12B0")
    assert [e.reason for e in events if isinstance(e, PortDone)] == ["ended"]
