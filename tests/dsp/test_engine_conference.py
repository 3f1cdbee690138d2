# SPDX-License-Identifier: MIT
"""Conferences of the engine against their arithmetic, and against recorded speech."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsp import Engine, EngineArgumentError
from dsp.conference import Conference, Seated
from dsp.events import PortDone
from tests.dsp.speech import pieces
from tests.dsp.test_engine import noise, read_clip, ticks, write_clip

Samples = npt.NDArray[np.int16]
Wide = npt.NDArray[np.int64]
SLIDE = 40
"""Samples of a tick, in which a party slides in."""
CLIPS = 12


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=1024) as engine:
        yield engine


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Noises of 100 ms, full scale."""
    where = tmp_path_factory.mktemp("clips")
    return [write_clip(where / f"{n}.wav", noise(n, 800)) for n in range(CLIPS)]


def part(said: Samples, gain_in_db: float) -> Wide:
    """What the others hear of a party: its gain has 12 bits behind the point."""
    gain = int(10 ** (gain_in_db / 20) * 4096 + 0.5)
    return (said.astype(np.int64) * gain + (2048 if gain != 4096 else 0)) >> 12


def ear(heard: Wide) -> Samples:
    return heard.clip(-32768, 32767).astype(np.int16)


def player(engine: Engine, path: Path) -> int:
    return engine.open_player(path, loop=True)


parties = st.tuples(st.integers(-300, 180), st.sampled_from([0, 0, -60, 60]), st.booleans())


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(parties, min_size=1, max_size=CLIPS), st.randoms())
def test_everybody_hears_all_the_others_whatever_the_order(
    tmp_path: Path, clips: list[Path], seats: list[tuple[int, int, bool]], order: random.Random
) -> None:
    with Engine(threaded=False, timeslots=64) as engine:
        room = engine.open_conference()
        ports = [player(engine, clips[n]) for n in range(len(seats))]
        places = list(range(len(seats)))
        order.shuffle(places)
        for n in places:
            into, out, muted = seats[n]
            engine.join(room, ports[n], gain_in_db=into / 10, gain_out_db=out / 10, muted=muted)
        taps = [engine.open_tap(tmp_path / f"{n}.wav", port) for n, port in enumerate(ports)]
        ticks(engine, 6)
        for tap in taps:
            engine.close_port(tap)
        total, said = np.zeros(200, np.int64), []
        for n, (into, _, muted) in enumerate(seats):
            said.append(part(noise(n, 800)[SLIDE:240], into / 10) * (not muted))
            total += said[-1]
        for n, (_, out, _) in enumerate(seats):
            heard = _right(tmp_path / f"{n}.wav")[SLIDE:]
            exact = (total - said[n]) * 10 ** (out / 200)
            wrong = heard.astype(int) - exact.clip(-32768, 32767)
            assert np.abs(wrong).max() <= (0 if out == 0 else 1)


def _right(path: Path) -> Samples:
    """What a tapped port heard."""
    raw = path.read_bytes()[44:]
    return np.frombuffer(raw, "<i2").reshape(-1, 2)[:, 1]


def test_all_gains_at_once_are_loud_and_do_not_turn_over(engine: Engine, tmp_path: Path) -> None:
    full = write_clip(tmp_path / "full.wav", np.full(800, 32767, np.int16))
    room, recorder = engine.open_conference(), engine.open_recorder(tmp_path / "ear.wav")
    for _ in range(12):
        engine.join(room, player(engine, full), gain_in_db=18)
    engine.join(room, recorder, gain_out_db=30)
    engine.gain(recorder, send_db=30)
    ticks(engine, 6)
    engine.close_port(recorder)
    assert np.all(read_clip(tmp_path / "ear.wav")[2 * SLIDE : 240] == 32767)


def test_a_room_of_all_timeslots_forgets_nobody(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.wav", noise(1, 800))
    with Engine(threaded=False, timeslots=4096, echo_channels=0) as engine:
        room, first = engine.open_conference(), engine.open_recorder(tmp_path / "first.wav")
        engine.join(room, first)
        for port in engine.open_board_ports(4093):
            engine.join(room, port)
        engine.join(room, player(engine, clip))
        ticks(engine, 4)
        engine.close_port(first)
    assert np.array_equal(read_clip(tmp_path / "first.wav")[SLIDE:160], noise(1, 800)[SLIDE:160])


def test_three_hundred_parties_hear_each_other_bit_for_bit(
    engine: Engine, tmp_path: Path, clips: list[Path]
) -> None:
    room = engine.open_conference()
    ports = [player(engine, clips[n % CLIPS]) for n in range(300)]
    for port in ports:
        engine.gain(port, receive_db=-30)
        engine.join(room, port)
    tap = engine.open_tap(tmp_path / "299.wav", ports[299])
    whole = engine.open_recorder(tmp_path / "whole.wav")
    engine.listen(whole, room)
    ticks(engine, 4)
    engine.close_port(tap)
    engine.close_port(whole)
    quiet = [_scaled(noise(n, 800)[SLIDE:160]) for n in range(CLIPS)]
    total = sum((quiet[n % CLIPS] for n in range(300)), np.zeros(120, np.int64))
    assert np.array_equal(_right(tmp_path / "299.wav")[SLIDE:], ear(total - quiet[299 % CLIPS]))
    assert np.array_equal(read_clip(tmp_path / "whole.wav")[SLIDE:], ear(total))
    assert engine.conference(room) == Conference(capacity=1024, loudest=0, parties=300)


def _scaled(pcm: Samples) -> Wide:
    scaled = pcm.astype(np.float32) * np.float32(10 ** (-30 / 20))
    rounded: Wide = np.trunc(scaled + np.where(scaled < 0, -0.5, 0.5)).astype(np.int64)
    return rounded


def _steps(pcm: Samples) -> int:
    return int(np.abs(np.diff(pcm.astype(int))).max())


def test_parties_come_and_go_and_are_muted_without_a_click(engine: Engine, tmp_path: Path) -> None:
    time = np.arange(8000)
    low = (8000 * np.sin(2 * np.pi * 100 * time / 8000)).astype(np.int16)
    talker = player(engine, write_clip(tmp_path / "low.wav", low))
    visitor = player(engine, tmp_path / "low.wav")
    room, ear_ = engine.open_conference(), engine.open_recorder(tmp_path / "out.wav")
    engine.join(room, talker)
    engine.join(room, ear_)
    ticks(engine, 7)
    for _ in range(5):
        engine.join(room, visitor)
        ticks(engine, 7)
        engine.set_party(room, visitor, muted=True)
        ticks(engine, 3)
        engine.set_party(room, visitor, gain_in_db=3)
        ticks(engine, 7)
        engine.leave(room, visitor)
        ticks(engine, 3)
    engine.join(room, visitor)
    ticks(engine, 8)
    engine.close_port(visitor)
    ticks(engine, 5)
    engine.close_port(ear_)
    heard = read_clip(tmp_path / "out.wav")[SLIDE:]
    steepest = _steps(low) * (1 + 10 ** (3 / 20))
    assert _steps(heard) < steepest + 8000 * 1.41 / SLIDE + 2
    assert np.abs(heard).max() > 15_000


def test_only_the_loudest_of_speech_and_thirty_noises_are_heard(
    engine: Engine, tmp_path: Path
) -> None:
    speech = pieces(2, 4.0)
    voices = [player(engine, write_clip(tmp_path / f"s{n}.wav", s)) for n, s in enumerate(speech)]
    rng = np.random.default_rng(5)
    hiss = [(rng.normal(0, 60, 8000)).astype(np.int16) for _ in range(30)]
    rooms = {}
    for loudest in (0, 2):
        room = rooms[loudest] = engine.open_conference(loudest=loudest)
        ear_ = engine.open_recorder(tmp_path / f"ear{loudest}.wav")
        engine.join(room, ear_)
        hisses = [player(engine, write_clip(tmp_path / f"h{n}.wav", h)) for n, h in enumerate(hiss)]
        who = voices if loudest else [player(engine, tmp_path / f"s{n}.wav") for n in range(2)]
        for port in (*who, *hisses):
            engine.join(room, port)
        spoken: set[int] = set()
        for _ in range(800):
            engine.tick()
            spoken |= {p for p in who if (s := engine.seated(p)) and s.speaking}
        engine.close_port(ear_)
        assert spoken == (set(who) if loudest else set())
    clean = (speech[0].astype(float) + speech[1])[SLIDE : 800 * 40]
    noises = {}
    for loudest in rooms:
        noises[loudest] = np.std(read_clip(tmp_path / f"ear{loudest}.wav")[SLIDE:] - clean)
    assert noises[0] > 60 * 5
    assert noises[2] < noises[0] / 2


def test_a_whisper_is_heard_by_one_and_an_entry_tone_by_all_once(
    engine: Engine, tmp_path: Path, clips: list[Path]
) -> None:
    room = engine.open_conference()
    agent, caller = (engine.open_recorder(tmp_path / f"{who}.wav") for who in ("agent", "caller"))
    coach = player(engine, clips[0])
    talker = player(engine, clips[1])
    for port in (agent, caller, talker):
        engine.join(room, port)
    engine.join(room, coach, muted=True)
    engine.listen(agent, coach)
    supervised = engine.open_tap(tmp_path / "coach.wav", coach)
    ticks(engine, 5)
    beep = engine.open_digits("5", on_ms=20, off_ms=20)
    engine.listen(room, beep)
    ticks(engine, 10)
    assert beep in [e.port for e in engine.events() if isinstance(e, PortDone)]
    for port in (agent, caller, supervised):
        engine.close_port(port)
    said = [noise(n, 800)[SLIDE:200] for n in range(2)]
    assert np.array_equal(read_clip(tmp_path / "caller.wav")[SLIDE:200], said[1])
    assert np.array_equal(_right(tmp_path / "coach.wav")[SLIDE:200], said[1])
    both = said[0].astype(np.int64) + said[1]
    assert np.array_equal(read_clip(tmp_path / "agent.wav")[SLIDE:200], ear(both))
    after = read_clip(tmp_path / "caller.wav")[200:]
    plain = noise(1, 800)[200:600]
    differs = np.flatnonzero(after != plain)
    assert differs.size > 100
    assert differs.max() < 160  # 20 ms, and never again


def test_a_party_is_read_back_as_it_was_seated(engine: Engine) -> None:
    room = engine.open_conference(8, loudest=3)
    port, other = engine.open_board_ports(2)
    engine.join(room, port, gain_in_db=6, gain_out_db=-12, muted=True)
    assert engine.seated(port) == Seated(room, 6.0, -12.0, muted=True, speaking=False)
    engine.set_party(room, port)
    assert engine.seated(port) == Seated(room, 0.0, 0.0, muted=False, speaking=False)
    assert engine.conference(room) == Conference(8, 3, 1)
    assert engine.joined(room) == [port]
    assert (engine.seated(other), engine.conference(other)) == (None, None)
    engine.set_party(room, other)
    assert engine.counters().refused == 1


def test_impossible_conferences_are_refused(engine: Engine) -> None:
    (port,) = engine.open_board_ports(1)
    room = engine.open_conference(1)
    with pytest.raises(EngineArgumentError, match="allowed are 0"):
        engine.open_conference(loudest=33)
    with pytest.raises(EngineArgumentError, match="allowed are -30 to 18 dB"):
        engine.join(room, port, gain_in_db=19)
    engine.join(room, port)
    engine.join(room, engine.open_board_ports(1)[0])
    assert engine.counters().refused == 1


def test_rooms_open_and_close_at_random_and_nothing_is_left(
    engine: Engine, clips: list[Path]
) -> None:
    rng = np.random.default_rng(9)
    rooms: list[int] = []
    ports: Sequence[int] = [player(engine, clips[n % CLIPS]) for n in range(60)]
    for _ in range(300):
        what = rng.integers(4)
        if what == 0 and len(rooms) < 8:
            rooms.append(engine.open_conference(loudest=int(rng.integers(3))))
        elif what == 1 and rooms and rng.random() < 0.3:
            engine.close_port(rooms.pop(int(rng.integers(len(rooms)))))
        elif rooms:
            room, port = rooms[int(rng.integers(len(rooms)))], ports[int(rng.integers(60))]
            (engine.join if what == 2 else engine.leave)(room, port)
        engine.tick()
    for room in rooms:
        engine.close_port(room)
    ticks(engine, 2)
    assert all(engine.sources(port) == [] for port in ports)
    assert set(engine.open_ports()) == set(ports)
