# SPDX-License-Identifier: MIT
"""Channels that one core listens to: our groups of lanes, and the engine, beside spandsp.

``dsp_*_channels`` are kernels in a loop (native/bench/bench_lanes.c), in the best instruction set
and, with a suffix, in others.  ``engine_no_ec_channels`` is the same channel in the engine's tick,
of 1,024 ports that are connected in pairs: decoded, switched, heard, encoded, its events told;
``engine_linked_channels`` includes reading and writing its frames on 32 links.  spandsp (Debian's
libspandsp-dev, if it is there) does the same work a channel at a time, in the same run.  What
channels say is in native/bench/bench_signal.h: three in eight send digits all the time.

``dsp_all_on_channels`` adds a canceller of 20 ms to decoding, DTMF, call progress and encoding
(spandsp: one of 16 ms, its printing silenced), and ``engine_all_on_channels`` the same in the tick;
far ends and lines speak in turns of 250 ms, so that all cancellers work and have settled.
"""

import statistics
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.qhi.frame import Frame, FrameKind, encode
from dsp import Detect, Engine, SampleFormat
from dsp.g711 import ulaw_decode, ulaw_encode
from dsp.progress import plan_of
from dsp.tones import COUNTRIES
from tests.dsp.wire import Wire
from tests.figure import Figure

ROOT: Final = Path(__file__).resolve().parents[2]
BUILT: Final = ROOT / "build" / "native"
ROUNDS: Final = 3
"Ours and the peer's take turns, so that a busy machine is unfair to both."
NS_OF_A_SAMPLE: Final = 125_000
BEST_LAST: Final = ("base", "neon", "avx2", "avx512")
LINKS: Final = 32
PORTS: Final = 32
TICKS: Final = 200
CHANNELS: Final = LINKS * PORTS
EACH: Final = 40 * CHANNELS


def _make(target: str) -> bool:
    made = subprocess.run(
        ["make", "-s", "-C", str(ROOT / "native"), target], capture_output=True, check=False
    )
    return made.returncode == 0


def _run(program: str) -> dict[str, float]:
    """Return ns by name, "NAME" or "NAME SET"."""
    ran = subprocess.run([str(BUILT / program)], capture_output=True, text=True, check=True)
    rows = [line.rsplit(" ", 1) for line in ran.stdout.splitlines()]
    return {name: float(ns) for name, ns in rows}


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}


def _spoken() -> list[list[npt.NDArray[np.uint8]]]:
    """What the ports of a link say, tick by tick: digits, dial tone or a murmur."""
    rng, t = np.random.default_rng(1), np.arange(TICKS * 40) / 8000
    rows = []
    for port in range(PORTS):
        wave = rng.normal(0, 1500 if port % 8 > 4 else 8, len(t))
        if port % 8 < 3:
            low, high = rng.choice([697, 770, 852, 941]), rng.choice([1209, 1336, 1477, 1633])
            on = (t + port / 50) % 0.1 < 0.05
            wave += 4000 * on * (np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t))
        elif port % 8 < 5:
            wave += 1500 * (np.sin(2 * np.pi * 350 * t) + np.sin(2 * np.pi * 440 * t))
        coded = ulaw_encode(np.rint(wave).astype(np.int16))
        rows.append(np.frombuffer(coded, np.uint8))
    return [[row[i * 40 : i * 40 + 40] for row in rows] for i in range(TICKS)]


def _frame(seq: int, ports: list[npt.NDArray[np.uint8]]) -> bytes:
    """Return a PCM frame as every link brings it in its tick `seq`."""
    head = struct.pack("<4B3I", 5, SampleFormat.ULAW, 0, 0, (1 << PORTS) - 1, 0, 0)
    payload = head + b"".join(port.tobytes() for port in ports)
    return encode(Frame(FrameKind.PCM, seq=seq, tick=40 * seq, payload=payload))


def _echoing() -> list[list[npt.NDArray[np.uint8]]]:
    """The same in turns of a quarter of a second, with the echo of what each port is told.

    That is its neighbour's words, 12 dB below them, spread over 3 ms, one frame and 2 ms late.
    """
    rng, now = np.random.default_rng(2), np.arange(TICKS * 40) // 2000 % 2
    coded = np.array([np.concatenate(row) for row in zip(*_spoken(), strict=True)])
    said = [ulaw_decode(row.tobytes()) * (now == i % 2) for i, row in enumerate(coded)]
    rows = []
    for port in range(PORTS):
        path = rng.normal(size=24) * np.exp(-np.arange(24) / 6)
        path *= 0.25 / np.sqrt(np.sum(path**2))
        late = np.concatenate([np.zeros(56), np.convolve(said[port ^ 1], path)])[: len(now)]
        whole = np.rint(said[port] + late).clip(-32768, 32767).astype(np.int16)
        rows.append(np.frombuffer(ulaw_encode(whole), np.uint8))
    return [[row[i * 40 : i * 40 + 40] for row in rows] for i in range(TICKS)]


def _engine_all_on(threads: int = 1) -> tuple[float, float]:
    """Time of a tick, a sample and channel, and how many cancellers have settled, percent."""
    with Engine(
        threaded=False,
        timeslots=CHANNELS,
        threads=threads,
        echo_channels=CHANNELS,
        echo_tail_ms=20,
    ) as bus:
        ports, wires = _connected(bus)
        for port in ports:
            bus.echo(port, 20)
        run = list(_runs(bus, wires, _echoing() * 5))
        settled = sum(bus.echo_view(port).converged for port in ports)
    return statistics.median(tick for _, tick in run[TICKS:]) / EACH, 100 * settled / CHANNELS


def _engine_ns() -> dict[str, float]:
    """CPU time of the engine per sample and channel: its ticks, and with links all it does."""
    with Engine(threaded=False, timeslots=CHANNELS) as bus:
        run = list(_runs(bus, _connected(bus)[1], _spoken()))
    return {
        "engine_no_ec_channels": statistics.median(tick for _, tick in run[20:]) / EACH,
        "engine_linked_channels": statistics.median(whole for whole, _ in run[20:]) / EACH,
    }


def _connected(bus: Engine) -> tuple[list[int], list[Wire]]:
    """Open the links, connect their ports in pairs, listen to all."""
    plan, wires = plan_of(COUNTRIES["us"]), [Wire() for _ in range(LINKS)]
    ports = bus.open_board_ports(CHANNELS)
    for i, wire in enumerate(wires):
        mine, last = ports[i * PORTS : (i + 1) * PORTS], i == LINKS - 1
        bus.open_link(wire.descriptor, mine, sample_format=SampleFormat.ULAW, clock=last)
    for port, other in zip(ports[0::2], ports[1::2], strict=True):
        bus.connect(port, other)
    for port in ports:
        bus.detect(port, Detect.DIGITS | Detect.PROGRESS, plan)
    return ports, wires


def _runs(
    bus: Engine, wires: list[Wire], ticks: list[list[npt.NDArray[np.uint8]]]
) -> Iterator[tuple[float, float]]:
    """Let the boards say it tick by tick; yield ns of all that the engine did, and of the tick."""
    for frame in [_frame(i, tick) for i, tick in enumerate(ticks)]:
        for wire in wires:
            wire.near.sendall(frame)
        before, busy = time.thread_time_ns(), bus.counters().busy_s
        bus.poll()
        whole = time.thread_time_ns() - before
        yield whole, (bus.counters().busy_s - busy) * 1e9
        for wire in wires:
            wire.near.recv(65536)
        bus.events()
    assert bus.counters().ticks >= len(ticks)


def _figures(ours: dict[str, float], peer: dict[str, float]) -> Iterator[Figure]:
    sets = [name for name in BEST_LAST if f"dtmf {name}" in ours]
    for block in ("dtmf", "no_ec", "all_on", "progress", "codec", "meter"):
        theirs = NS_OF_A_SAMPLE / peer[block] if block in peer else None
        for suffix, name in [("", sets[-1]), *((f"_{name}", name) for name in sets)]:
            yield Figure(
                f"dsp_{block}_channels{suffix}",
                NS_OF_A_SAMPLE / ours[f"{block} {name}"],
                "channels",
                "spandsp" if theirs else None,
                theirs,
            )


def measure() -> Iterator[Figure]:
    """Measure all."""
    if not _make("bench"):
        raise RuntimeError("native/bench/bench_lanes.c does not compile")
    has_peer = _make("peer")
    ours, peers, engine, all_on, shared = [], [], [], [], []
    for _ in range(ROUNDS):
        ours.append(_run("bench_lanes"))
        if has_peer:
            peers.append(_run("peer_spandsp"))
        engine.append(_engine_ns())
        all_on.append(_engine_all_on())
        shared.append(_engine_all_on(threads=2)[0])
    peer = _medians(peers) if peers else {}
    yield from _figures(_medians(ours), peer)
    for name, ns in _medians(engine).items():
        theirs = NS_OF_A_SAMPLE / peer["no_ec"] if peer else None
        yield Figure(name, NS_OF_A_SAMPLE / ns, "channels", "spandsp" if peer else None, theirs)
    ns, settled = (statistics.median(values) for values in zip(*all_on, strict=True))
    theirs = NS_OF_A_SAMPLE / peer["all_on"] if peer else None
    yield Figure(
        "engine_all_on_channels",
        NS_OF_A_SAMPLE / ns,
        "channels",
        "spandsp" if peer else None,
        theirs,
    )
    yield Figure("engine_all_on_settled", settled, "percent")
    ns = statistics.median(shared)
    yield Figure("engine_all_on_channels_2_threads", NS_OF_A_SAMPLE / ns, "channels")
