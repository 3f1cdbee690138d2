# SPDX-License-Identifier: MIT
"""What was said and heard lately is kept, and saved without disturbing the keeping."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dsp import Engine, PortKind
from dsp.errors import EngineArgumentError
from dsp.events import PortDone
from tests.dsp.test_engine_tap import clip, directions
from tests.dsp.wire import Samples

KEPT_TICKS = 200
"""1 s, what these engines keep."""
SAVING_TICKS = 80


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=16, keep_ports=2, keep_s=1) as engine:
        yield engine


def ticks(engine: Engine, count: int) -> None:
    for _ in range(count):
        engine.tick()


def loop(engine: Engine, path: Path, seed: int) -> tuple[int, Samples]:
    file, samples = clip(path, seed)
    return engine.open_player(file, loop=True), samples


def saved(engine: Engine, path: Path, port: int, last_s: float | None = None) -> Path:
    """Save, and tick until it is whole."""
    saver = engine.open_saver(path, port, last_s)
    ticks(engine, SAVING_TICKS)
    assert "recorded" in [
        event.reason
        for event in engine.events()
        if isinstance(event, PortDone) and event.port == saver
    ]
    engine.close_port(saver)
    return path


def last(samples: Samples, said_ticks: int, count: int) -> Samples:
    """The last ``count`` ticks of ``said_ticks`` of a clip that is played round and round."""
    whole = np.tile(samples, -(-said_ticks * 40 // len(samples)))
    return whole[(said_ticks - count) * 40 : said_ticks * 40]


@pytest.mark.parametrize("passed", [7, 200, 399, 400, 401, 1003])
def test_the_last_second_of_both_directions_is_saved_sample_for_sample(
    engine: Engine, tmp_path: Path, passed: int
) -> None:
    port, says = loop(engine, tmp_path / "a.wav", 1)
    other, hears = loop(engine, tmp_path / "b.wav", 2)
    engine.connect(port, other)
    engine.keep(port)
    ticks(engine, passed)
    left, right = directions(saved(engine, tmp_path / "kept.wav", port))
    assert np.array_equal(left, last(says, passed, min(passed, KEPT_TICKS)))
    assert np.array_equal(right, last(hears, passed, min(passed, KEPT_TICKS)))


def test_less_can_be_asked_for(engine: Engine, tmp_path: Path) -> None:
    port, says = loop(engine, tmp_path / "a.wav", 1)
    engine.keep(port)
    ticks(engine, 90)
    left, _ = directions(saved(engine, tmp_path / "kept.wav", port, last_s=0.1))
    assert np.array_equal(left, last(says, 90, 20))


def test_keeping_goes_on_while_it_is_saved(engine: Engine, tmp_path: Path) -> None:
    port, says = loop(engine, tmp_path / "a.wav", 1)
    engine.keep(port)
    ticks(engine, 300)
    saved(engine, tmp_path / "first.wav", port)
    left, _ = directions(saved(engine, tmp_path / "second.wav", port))
    assert np.array_equal(left, last(says, 300 + SAVING_TICKS, KEPT_TICKS))


def test_what_was_kept_of_a_closed_port_can_still_be_saved(engine: Engine, tmp_path: Path) -> None:
    port, says = loop(engine, tmp_path / "a.wav", 1)
    engine.keep(port)
    ticks(engine, 50)
    engine.close_port(port)
    ticks(engine, 50)
    left, _ = directions(saved(engine, tmp_path / "kept.wav", port))
    assert np.array_equal(left, last(says, 50, 50))


def test_an_idle_board_port_is_kept_too(engine: Engine, tmp_path: Path) -> None:
    (port,) = engine.open_board_ports(1)
    engine.keep(port)
    ticks(engine, 10)
    left, _ = directions(saved(engine, tmp_path / "kept.wav", port))
    assert len(left) == 400
    assert not left.any()


def test_of_a_port_that_was_not_kept_nothing_is_saved(engine: Engine, tmp_path: Path) -> None:
    (port,) = engine.open_board_ports(1)
    saver = engine.open_saver(tmp_path / "kept.wav", port)
    engine.tick()
    assert PortDone(0.0, saver, "unkept") in engine.events()
    assert engine.kind(saver) is PortKind.SAVER
    assert not (tmp_path / "kept.wav").exists()


def test_a_file_that_cannot_be_made_is_told(engine: Engine, tmp_path: Path) -> None:
    (port,) = engine.open_board_ports(1)
    engine.keep(port)
    ticks(engine, 10)
    saver = engine.open_saver(tmp_path / "no" / "kept.wav", port)
    ticks(engine, 5)
    assert [(event.port, event.reason) for event in engine.events() if isinstance(event, PortDone)]
    engine.close_port(saver)
    saved(engine, tmp_path / "kept.wav", port)


def test_as_many_are_kept_as_the_engine_was_made_for(engine: Engine, tmp_path: Path) -> None:
    first, second, third = engine.open_board_ports(3)
    engine.keep(first)
    engine.keep(second)
    engine.keep(third)
    engine.tick()
    assert engine.counters().refused == 1
    engine.keep(first, wanted=False)
    engine.keep(third)
    ticks(engine, 5)
    assert engine.counters().refused == 1
    assert len(directions(saved(engine, tmp_path / "kept.wav", third))[0]) == 200


def test_an_engine_that_keeps_nothing_has_no_memory_for_it(tmp_path: Path) -> None:
    with Engine(threaded=False, timeslots=16) as engine:
        (port,) = engine.open_board_ports(1)
        engine.keep(port)
        engine.tick()
        assert engine.counters().refused == 1


def test_a_time_out_of_range_is_refused(engine: Engine, tmp_path: Path) -> None:
    (port,) = engine.open_board_ports(1)
    with pytest.raises(EngineArgumentError, match="the last 61 s: allowed are"):
        engine.open_saver(tmp_path / "kept.wav", port, last_s=61)


def test_keeping_costs_a_threaded_engine_no_sample(tmp_path: Path) -> None:
    with Engine(timeslots=16, threads=2, keep_ports=1, keep_s=1) as engine:
        port, says = loop(engine, tmp_path / "a.wav", 1)
        engine.keep(port)
        while engine.now < 0.5:
            wait(engine)
        saver = engine.open_saver(tmp_path / "kept.wav", port)
        while not wait(engine, saver):
            pass
    left, _ = directions(tmp_path / "kept.wav")
    begin = next(
        at for at in range(len(says)) if np.array_equal(np.roll(says, -at)[:80], left[:80])
    )
    assert np.array_equal(left, np.resize(np.roll(says, -begin), len(left)))


def wait(engine: Engine, saver: int = 0) -> bool:
    """Wait for events or 0.1 s; whether the saver has recorded."""
    import select

    select.select([engine.fileno()], [], [], 0.1)
    return any(
        isinstance(event, PortDone) and event.port == saver and event.reason == "recorded"
        for event in engine.events()
    )
