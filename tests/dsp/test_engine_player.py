# SPDX-License-Identifier: MIT
"""Players of several clips: joins, loops, places, moves and speeds.

In virtual time, but for those that say so: a threaded engine, and one that is a process.
"""

import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dsp import Engine, EngineArgumentError, PortKind
from dsp.events import PortDone
from tests.child import end
from tests.dsp.process_rig import engine_process
from tests.dsp.test_engine import Samples, heard_by, noise, read_clip, ticks, write_clip

LENGTHS = (1000, 77, 1, 40, 0, 2501)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(threaded=False, timeslots=1024) as engine:
        yield engine


def write_clips(folder: Path, lengths: tuple[int, ...] = LENGTHS) -> tuple[list[Path], Samples]:
    """Write clips of noise; return them, and all their samples in a row."""
    said = [noise(seed, length) for seed, length in enumerate(lengths)]
    paths = [write_clip(folder / f"clip{i}.wav", clip) for i, clip in enumerate(said)]
    return paths, np.concatenate(said)


def done(engine: Engine) -> list[tuple[int, str, float]]:
    return [(e.port, e.reason, e.at) for e in engine.events() if isinstance(e, PortDone)]


def test_clips_follow_each_other_without_a_sample_between(engine: Engine, tmp_path: Path) -> None:
    paths, whole = write_clips(tmp_path)
    player = engine.open_player(paths)
    heard = heard_by(engine, player, tmp_path / "out.wav", 100)
    assert np.array_equal(heard[: len(whole)], whole)
    assert not heard[len(whole) :].any()
    last_tick = -(-len(whole) // 40) + 1
    assert done(engine)[0] == (player, "ended", last_tick * 0.005)


def test_a_list_of_clips_is_repeated_as_a_whole(engine: Engine, tmp_path: Path) -> None:
    paths, whole = write_clips(tmp_path)
    player = engine.open_player(paths, loop=True)
    heard = heard_by(engine, player, tmp_path / "out.wav", 500)
    assert np.array_equal(heard, np.tile(whole, 6)[: len(heard)])
    assert not [event for event in done(engine) if event[0] == player]


@pytest.mark.parametrize("at", [0, 1, 999, 1000, 1077, 1118, 3000])
def test_a_player_begins_at_a_place_in_the_whole_list(
    engine: Engine, tmp_path: Path, at: int
) -> None:
    paths, whole = write_clips(tmp_path)
    player = engine.open_player(paths, at_s=at / 8000)
    heard = heard_by(engine, player, tmp_path / "out.wav", 100)
    assert np.array_equal(heard[: len(whole) - at], whole[at:])
    assert not heard[len(whole) - at :].any()


@pytest.mark.parametrize(("loop", "ends"), [(False, True), (True, False)])
def test_beyond_the_end_is_the_end_or_in_a_loop_what_comes_there(
    engine: Engine, tmp_path: Path, *, loop: bool, ends: bool
) -> None:
    paths, whole = write_clips(tmp_path)
    player = engine.open_player(paths, loop=loop, at_s=(2 * len(whole) + 100) / 8000)
    heard = heard_by(engine, player, tmp_path / "out.wav", 10)
    assert not heard.any() if ends else np.array_equal(heard, whole[100:500])
    assert ((player, "ended", 0.005) in done(engine)) == ends


def test_clips_without_samples_end_at_once_also_in_a_loop(engine: Engine, tmp_path: Path) -> None:
    paths, _ = write_clips(tmp_path, (0, 0))
    player = engine.open_player(paths, loop=True)
    ticks(engine, 2)
    assert done(engine) == [(player, "ended", 0.005)]


@pytest.mark.parametrize("broken", [b"", b"RIFF", None])
def test_all_before_an_unreadable_clip_is_heard_and_nothing_behind_it(
    engine: Engine, tmp_path: Path, broken: bytes | None
) -> None:
    paths, whole = write_clips(tmp_path, (4000, 100, 4000))
    if broken is None:
        paths[1].unlink()
    else:
        paths[1].write_bytes(broken)
    player = engine.open_player(paths)
    heard = heard_by(engine, player, tmp_path / "out.wav", 250)
    assert np.array_equal(heard[:4000], whole[:4000])
    assert not heard[4000:].any()
    assert done(engine)[0] == (player, "unreadable", 0.505)


def test_a_player_can_be_closed_in_the_middle(engine: Engine, tmp_path: Path) -> None:
    paths, whole = write_clips(tmp_path, (400, 400))
    player = engine.open_player(paths)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, player)
    ticks(engine, 13)
    engine.close_port(player)
    ticks(engine, 10)
    engine.close_port(recorder)
    heard = read_clip(tmp_path / "out.wav")
    assert np.array_equal(heard[:520], whole[:520])
    assert not heard[520:].any()
    assert done(engine) == [(recorder, "recorded", 0.115)]


def test_sixty_four_clips_are_played_and_one_more_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    paths, whole = write_clips(tmp_path, tuple(range(1, 65)))
    player = engine.open_player(paths)
    assert np.array_equal(heard_by(engine, player, tmp_path / "out.wav", 52), whole)
    for clips in ([], [*paths, paths[0]]):
        with pytest.raises(EngineArgumentError, match="clips: allowed are 1 to 64"):
            engine.open_player(clips)


def test_names_may_be_long_but_not_without_end(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / ("f" * 200) / ("g" * 200)
    folder.mkdir(parents=True)
    paths, whole = write_clips(folder, (50,) * 64)
    assert sum(len(str(path)) for path in paths) > 4096
    player = engine.open_player(paths)
    assert np.array_equal(heard_by(engine, player, tmp_path / "out.wav", 80), whole)
    with pytest.raises(EngineArgumentError, match="allowed are 4096"):
        engine.open_player([Path(f"/{i}" + "x" * 100) for i in range(64)])
    assert len(engine.open_ports()) == 1


def test_the_same_file_twice_and_a_name_that_begins_another(engine: Engine, tmp_path: Path) -> None:
    one = write_clip(tmp_path / "a", noise(1, 90))
    two = write_clip(tmp_path / "ab", noise(2, 90))
    for clips in ([one, two, one, one], [two, one], [one, one]):
        player = engine.open_player(clips)
        heard = heard_by(engine, player, tmp_path / "out.wav", 10)
        whole = np.concatenate([noise(1 if clip == one else 2, 90) for clip in clips])
        assert np.array_equal(heard[: len(whole)], whole)
        engine.close_port(player)


def test_a_file_that_is_replaced_while_it_plays_goes_on_as_it_was(
    engine: Engine, tmp_path: Path
) -> None:
    (path,), whole = write_clips(tmp_path, (40_000,))
    player = engine.open_player(path)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, player)
    ticks(engine, 10)
    path.write_bytes(b"gone")
    ticks(engine, 990)
    engine.close_port(recorder)
    assert np.array_equal(read_clip(tmp_path / "out.wav"), whole)


@pytest.mark.parametrize("move", [{"at_s": 0.25}, {"by_s": 0.2}, {"by_s": -1.0}, {"at_s": 99.0}])
def test_a_player_goes_on_elsewhere_within_two_ticks(
    engine: Engine, tmp_path: Path, move: dict[str, float]
) -> None:
    (path,), whole = write_clips(tmp_path, (8000,))
    player = engine.open_player(path)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, player)
    ticks(engine, 10)
    assert engine.player_at(player) == 0.05
    engine.set_player(player, **move)
    ticks(engine, 20)
    goal = round(8000 * move.get("at_s", max(0.0, 0.05 + move.get("by_s", 0.0))))
    engine.close_port(recorder)
    heard = read_clip(tmp_path / "out.wav")
    assert np.array_equal(heard[:400], whole[:400])
    assert np.array_equal(heard[480:1200], np.pad(whole[goal:], (0, 800))[80:800])
    assert engine.player_at(player) == min(goal + 800, 8000) / 8000


def test_moves_add_up_however_fast_they_come(engine: Engine, tmp_path: Path) -> None:
    (path,), _ = write_clips(tmp_path, (80_000,))
    player = engine.open_player(path)
    for _ in range(5):
        engine.set_player(player, by_s=1.0)
    ticks(engine, 1)
    for _ in range(3):
        engine.set_player(player, by_s=1.0)
    engine.set_player(player, by_s=-2.0)
    ticks(engine, 10)
    assert engine.player_at(player) == pytest.approx(6.0, abs=0.06)


def test_a_move_is_heard_without_a_click(engine: Engine, tmp_path: Path) -> None:
    time = np.arange(80_000)
    tone = np.round(8000 * np.sin(2 * np.pi * 200 * time / 8000)).astype(np.int16)
    player = engine.open_player(write_clip(tmp_path / "in.wav", tone), loop=True)
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, player)
    for seed in range(40):
        engine.set_player(player, by_s=float(np.random.default_rng(seed).uniform(-5, 5)))
        ticks(engine, 5)
    engine.close_port(recorder)
    steps = np.abs(np.diff(read_clip(tmp_path / "out.wav").astype(int)))[80:]
    largest = 8000 * 2 * np.pi * 200 / 8000  # of the tone itself
    assert steps.max() <= largest + 2 * 8000 / 40  # and of fading from one phase to the opposite


def test_who_has_heard_the_end_may_have_asked_for_more_just_before(
    engine: Engine, tmp_path: Path
) -> None:
    (path,), whole = write_clips(tmp_path, (400,))
    player = engine.open_player(path)
    ticks(engine, 10)
    engine.set_player(player, at_s=0.0)
    ticks(engine, 10)
    assert done(engine) == []
    ticks(engine, 1)
    assert [reason for _, reason, _ in done(engine)] == ["ended"]
    engine.set_player(player, at_s=0.0)
    assert not heard_by(engine, player, tmp_path / "out.wav", 5).any()
    assert engine.player_at(player) == len(whole) / 8000


def test_what_cannot_be_wished_of_a_player_is_refused(engine: Engine, tmp_path: Path) -> None:
    player = engine.open_player(write_clips(tmp_path)[0])
    (board,) = engine.open_board_ports(1)
    for bad in (-0.1, float("nan"), float("inf")):
        with pytest.raises(EngineArgumentError, match="a place at"):
            engine.set_player(player, at_s=bad)
        with pytest.raises(EngineArgumentError, match="a place at"):
            engine.open_player(tmp_path / "clip0.wav", at_s=bad)
    with pytest.raises(EngineArgumentError, match="to move by"):
        engine.set_player(player, by_s=float("-inf"))
    for bad in (0.49, 2.01, float("nan")):
        with pytest.raises(EngineArgumentError, match=r"allowed are 0\.5 to 2"):
            engine.set_player(player, speed=bad)
        with pytest.raises(EngineArgumentError, match=r"allowed are 0\.5 to 2"):
            engine.open_player(tmp_path / "clip0.wav", speed=bad)
    with pytest.raises(EngineArgumentError, match="give one"):
        engine.set_player(player, at_s=1.0, by_s=1.0)
    engine.set_player(board, by_s=1.0)
    assert engine.counters().refused == 1


def test_five_hundred_and_twelve_players_of_lists_at_once(engine: Engine, tmp_path: Path) -> None:
    paths, whole = write_clips(tmp_path)
    players = [engine.open_player(paths) for _ in range(512)]
    ears = [engine.open_recorder(tmp_path / f"ear{i}.wav") for i in range(0, 512, 73)]
    for ear, player in zip(ears, players[::73], strict=True):
        engine.listen(ear, player)
    ticks(engine, 100)
    assert {port for port, reason, _ in done(engine) if reason == "ended"} == set(players)
    assert engine.counters().late_files == 0
    for i, ear in zip(range(0, 512, 73), ears, strict=True):
        engine.close_port(ear)
        assert np.array_equal(read_clip(tmp_path / f"ear{i}.wav")[: len(whole)], whole)


def sine(hz: float, count: int = 80_000) -> Samples:
    return np.round(8000 * np.sin(2 * np.pi * hz * np.arange(count) / 8000)).astype(np.int16)


def pitch(heard: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), 1 << 17))
    return float(spectrum.argmax() * 8000 / (1 << 17))


@pytest.mark.parametrize("speed", [0.5, 1.5, 2.0])
def test_a_list_is_played_at_another_speed_and_the_same_pitch(
    engine: Engine, tmp_path: Path, speed: float
) -> None:
    tone = sine(200, 12_000)
    paths = [write_clip(tmp_path / f"{i}.wav", tone[i * 4000 :][:4000]) for i in range(3)]
    player = engine.open_player(paths, speed=speed)
    heard = heard_by(engine, player, tmp_path / "out.wav", 700)
    (_, reason, at), *_ = done(engine)
    assert reason == "ended"
    assert at == pytest.approx(1.5 / speed, abs=0.011)
    assert pitch(heard[: int(12_000 / speed)]) == pytest.approx(200, rel=0.005)
    assert engine.player_at(player) == 1.5


def test_another_speed_is_soon_heard_without_a_click_and_nothing_is_lost(
    engine: Engine, tmp_path: Path
) -> None:
    player = engine.open_player(write_clip(tmp_path / "in.wav", sine(200)))
    recorder = engine.open_recorder(tmp_path / "out.wav")
    engine.listen(recorder, player)
    for speed in (2.0, 1.0, 0.5, 1.5, 1.0, 0.7):
        before = engine.player_at(player)
        engine.set_player(player, speed=speed)
        ticks(engine, 10)
        changed = engine.player_at(player)
        assert 0.02 <= changed - before <= 0.11
        ticks(engine, 90)
        assert engine.player_at(player) - changed == pytest.approx(0.45 * speed, abs=0.025)
    engine.close_port(recorder)
    heard = read_clip(tmp_path / "out.wav").astype(int)
    steepest = 8000 * 2 * np.pi * 200 / 8000
    assert np.abs(np.diff(heard)).max() <= 1.05 * steepest
    assert np.abs(heard).reshape(-1, 40).max(axis=1).min() > 7000  # no hole, either


def test_speed_and_place_change_together_in_a_loop(engine: Engine, tmp_path: Path) -> None:
    paths, whole = write_clips(tmp_path, (8000, 8000))
    player = engine.open_player(paths, loop=True, speed=2.0)
    ticks(engine, 300)
    assert engine.player_at(player) == pytest.approx(1.0, abs=0.03)  # 3 s of 2
    engine.set_player(player, at_s=1.0, speed=1.0)
    heard = heard_by(engine, player, tmp_path / "out.wav", 40)
    assert np.array_equal(heard[80:1600], whole[8080:9600])


def wait_until_done(engine: Engine, ports: set[int], within_s: float = 30.0) -> dict[int, str]:
    """Wait for the end of all these ports, in real time; the bell wakes us."""
    ended: dict[int, str] = {}
    while ports - ended.keys() and select.select([engine.fileno()], [], [], within_s)[0]:
        ended |= {port: reason for port, reason, _ in done(engine)}
    return ended


def test_players_of_a_threaded_engine_move_while_it_plays_and_all_end(tmp_path: Path) -> None:
    paths, _ = write_clips(tmp_path, (20_000, 0, 20_000))
    missing = [paths[0], tmp_path / "none.wav"]
    rng = np.random.default_rng(1)
    with Engine() as engine:
        players = [engine.open_player(paths, at_s=float(rng.uniform(0, 4))) for _ in range(96)]
        broken = [engine.open_player(missing, at_s=2.3) for _ in range(4)]
        for player in players:
            engine.set_player(player, by_s=float(rng.uniform(-2, 2)), speed=2.0)
            engine.set_player(player, speed=float(rng.uniform(0.5, 2.0)))
            engine.set_player(player, at_s=float(rng.uniform(4.5, 6)))
        ended = wait_until_done(engine, {*players, *broken})
        assert ended == dict.fromkeys(players, "ended") | dict.fromkeys(broken, "unreadable")
        assert all(engine.player_at(player) == 5.0 for player in players)


def test_a_player_plays_on_when_control_is_killed_and_its_successor_moves_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    _, whole = write_clips(folder, (400_000, 400_000))
    socket = tmp_path / "engine"
    with engine_process(socket):
        command = [sys.executable, "-m", "tests.dsp.control", str(socket), "play", str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as control:
            assert control.stdout is not None
            player, recorder = map(int, control.stdout.readline().split())
            control.kill()
            end(control)
        with Engine.attach(socket) as engine:
            assert engine.kind(player) is PortKind.PLAYER
            engine.set_player(player, at_s=99.9)
            assert wait_until_done(engine, {player}) == {player: "ended"}
            assert engine.player_at(player) == 100.0
            engine.close_port(recorder)
            assert wait_until_done(engine, {recorder}) == {recorder: "recorded"}
    heard = read_clip(folder / "heard")
    heard = heard[int(np.flatnonzero(heard)[0]) // 40 * 40 :]
    first = next(at for at in range(0, 8000, 40) if np.array_equal(whole[at:][:40], heard[:40]))
    played = int((heard != whole[first:][: len(heard)]).argmax())  # until it was moved
    assert played >= 40
    assert np.array_equal(heard[played:][80:760], whole[-800:][80:760])
