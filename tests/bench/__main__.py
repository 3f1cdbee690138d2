# SPDX-License-Identifier: MIT
"""Measure: ``python -m tests.bench [NAME...]`` runs the benchmarks and writes build/bench.json.

Each module ``bench_*.py`` beside this one has a function ``measure`` that yields figures.  A
figure stands beside a peer's or a reference's where there is one; quote ratios, as absolute
times of shared machines drift.
"""

import dataclasses
import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.bench.figure import Figure

HERE = Path(__file__).parent
OUT = HERE.parent.parent / "build" / "bench.json"


def modules(wanted: list[str]) -> list[str]:
    """Return the benchmark modules whose name contains one of ``wanted`` (all, if empty)."""
    names = sorted(path.stem for path in HERE.glob("bench_*.py"))
    return [name for name in names if not wanted or any(word in name for word in wanted)]


def show(figure: Figure) -> str:
    """Return one line for people."""
    line = f"{figure.name:28} {figure.value:12.4g} {figure.unit:10}"
    if figure.peer is None or figure.peer_value is None:
        return line
    return f"{line} {figure.peer}: {figure.peer_value:.4g} (ratio {figure.ratio:.3g})"


def merged(fresh: Iterable[Figure]) -> list[dict[str, object]]:
    """Return the figures of the file with the fresh ones in place of their predecessors."""
    kept: dict[str, dict[str, object]] = {}
    if OUT.exists():
        kept = {row["name"]: row for row in json.loads(OUT.read_text())}
    for figure in fresh:
        kept[figure.name] = {**dataclasses.asdict(figure), "ratio": figure.ratio}
    return sorted(kept.values(), key=lambda row: str(row["name"]))


def main(wanted: list[str]) -> int:
    """Run the benchmarks, print a line for each figure, write the file."""
    figures: list[Figure] = []
    for name in modules(wanted):
        for figure in importlib.import_module(f"tests.bench.{name}").measure():
            print(show(figure), flush=True)  # noqa: T201
            figures.append(figure)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(merged(figures), indent=1) + "\n")
    return 0 if figures else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
