# SPDX-License-Identifier: MIT
"""Caller-ID receivers that one core runs, beside spandsp's in the same run.

``dsp_callerid_*`` is all sixteen lanes in the middle of messages, ``_idle_`` lines that are quiet,
as they are nearly always; both in the best instruction set.  ``_single_`` is one receiver by
itself, ``dsp_cas_ns`` the receiver of call waiting's signal.  spandsp takes its messages in one
piece of half a second, so that what it costs to call it from here does not count.
"""

import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dsp.callerid import CallerId, FskSender, mdmf
from tests.accuracy.adsi import Adsi
from tests.figure import Figure

ROOT: Final = Path(__file__).resolve().parents[2]
ROUNDS: Final = 5
NS_OF_A_SAMPLE: Final = 125_000
BEST_LAST: Final = ("base", "neon", "avx2", "avx512")


def _ours() -> dict[str, float]:
    """Return ns by "NAME SET"."""
    program = "../build/native/bench_callerid"
    subprocess.run(
        ["make", "-s", "-C", str(ROOT / "native"), program], capture_output=True, check=True
    )
    ran = subprocess.run(
        [str(ROOT / "native" / program)], capture_output=True, text=True, check=True
    )
    rows = [line.rsplit(" ", 1) for line in ran.stdout.splitlines()]
    return {name: float(ns) for name, ns in rows}


def _spandsp(peer: Adsi) -> float:
    pcm = FskSender(mdmf(CallerId("5551234567", "ALICE LIDDELL")), mark_bits=80).read(4000)
    took = []
    for _ in range(20):
        before = time.thread_time_ns()
        peer.receive(pcm, block=len(pcm))
        took.append(time.thread_time_ns() - before)
    return statistics.median(took) / (len(pcm) + 800)


def measure() -> Iterator[Figure]:
    """Measure all; ours and the peer's take turns."""
    peer, ours, theirs = Adsi.load(), [], []
    for _ in range(ROUNDS):
        ours.append(_ours())
        if peer:
            theirs.append(_spandsp(peer))
    ns = {name: statistics.median(one[name] for one in ours) for name in ours[0]}
    best = next(name for name in reversed(BEST_LAST) if f"busy {name}" in ns)
    named, value = ("spandsp", statistics.median(theirs)) if theirs else (None, None)
    for figure, row in (
        ("callerid", f"busy {best}"),
        ("callerid_idle", f"idle {best}"),
        ("callerid_single", "single scalar"),
    ):
        yield Figure(f"dsp_{figure}_ns", ns[row], "ns", named, value)
        channels = NS_OF_A_SAMPLE / value if value else None
        yield Figure(
            f"dsp_{figure}_channels", NS_OF_A_SAMPLE / ns[row], "channels", named, channels
        )
    yield Figure("dsp_cas_ns", ns["cas scalar"], "ns")
