# SPDX-License-Identifier: MIT
"""Channels that one core listens to: our groups of lanes, and the engine, beside spandsp.

``dsp_*_channels`` are kernels in a loop (native/bench/bench_lanes.c), in the best instruction set
and, with a suffix, in others.  ``engine_no_ec_channels`` is the same channel in the engine's tick,
of 1,024 ports that are connected in pairs: decoded, switched, heard, encoded, its events told;
``engine_linked_channels`` includes reading and writing its frames on 32 links.  spandsp (Debian's
libspandsp-dev, if it is there) does the same work a channel at a time, in the same run.  What
channels say is in native/bench/bench_signal.h: three in eight send digits all the time.
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
from dsp.g711 import ulaw_encode
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


def _engine_ns() -> dict[str, float]:
    """CPU time of the engine per sample and channel: its ticks, and with links all it does."""
    plan, wires = plan_of(COUNTRIES["us"]), [Wire() for _ in range(LINKS)]
    frames = [_frame(i, tick) for i, tick in enumerate(_spoken())]
    whole, ticks = [], []
    with Engine(threaded=False, timeslots=LINKS * PORTS) as engine:
        ports = engine.open_board_ports(LINKS * PORTS)
        for i, wire in enumerate(wires):
            mine = ports[i * PORTS : (i + 1) * PORTS]
            engine.open_link(
                wire.descriptor, mine, sample_format=SampleFormat.ULAW, clock=i == LINKS - 1
            )
        for port, other in zip(ports[0::2], ports[1::2], strict=True):
            engine.connect(port, other)
        for port in ports:
            engine.detect(port, Detect.DIGITS | Detect.PROGRESS, plan)
        for tick in frames:
            for wire in wires:
                wire.near.sendall(tick)
            before, busy = time.thread_time_ns(), engine.counters().busy_s
            engine.poll()
            whole.append(time.thread_time_ns() - before)
            ticks.append((engine.counters().busy_s - busy) * 1e9)
            for wire in wires:
                wire.near.recv(65536)
            engine.events()
        assert engine.counters().ticks >= TICKS
    each = 40 * LINKS * PORTS
    return {
        "engine_no_ec_channels": statistics.median(ticks[20:]) / each,
        "engine_linked_channels": statistics.median(whole[20:]) / each,
    }


def _figures(ours: dict[str, float], peer: dict[str, float]) -> Iterator[Figure]:
    sets = [name for name in BEST_LAST if f"dtmf {name}" in ours]
    for block in ("dtmf", "no_ec", "progress", "codec", "meter"):
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
    ours, peers, engine = [], [], []
    for _ in range(ROUNDS):
        ours.append(_run("bench_lanes"))
        if has_peer:
            peers.append(_run("peer_spandsp"))
        engine.append(_engine_ns())
    peer = _medians(peers) if peers else {}
    yield from _figures(_medians(ours), peer)
    for name, ns in _medians(engine).items():
        theirs = NS_OF_A_SAMPLE / peer["no_ec"] if peer else None
        yield Figure(name, NS_OF_A_SAMPLE / ns, "channels", "spandsp" if peer else None, theirs)
