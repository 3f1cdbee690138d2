# SPDX-License-Identifier: MIT
"""Run the measuring modules of a folder and keep their figures in one JSON file.

Each module ``PREFIX_*.py`` of the folder has a function ``measure`` that yields figures.  What was
measured before and not now stays in the file.
"""

import dataclasses
import importlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from tests.figure import Figure

__all__ = ["BUILD", "run"]

TESTS: Final = Path(__file__).parent
BUILD: Final = TESTS.parent / "build"


def modules(kind: str, wanted: Sequence[str]) -> list[str]:
    """Return the modules of a kind whose name contains one of ``wanted`` (all, if empty)."""
    names = sorted(path.stem for path in (TESTS / kind).glob(f"{kind}_*.py"))
    return [name for name in names if not wanted or any(word in name for word in wanted)]


def show(figure: Figure) -> str:
    """Return one line for people."""
    line = f"{figure.name:28} {figure.value:12.4g} {figure.unit:10}"
    if figure.peer is None or figure.peer_value is None:
        return line
    ratio = "" if figure.ratio is None else f" (ratio {figure.ratio:.3g})"
    return f"{line} {figure.peer}: {figure.peer_value:.4g}{ratio}"


def merged(out: Path, fresh: Iterable[Figure]) -> list[dict[str, object]]:
    """Return the figures of the file with the fresh ones in place of their predecessors."""
    kept: dict[str, dict[str, object]] = {}
    if out.exists():
        kept = {row["name"]: row for row in json.loads(out.read_text())}
    for figure in fresh:
        kept[figure.name] = {**dataclasses.asdict(figure), "ratio": figure.ratio}
    return sorted(kept.values(), key=lambda row: str(row["name"]))


def run(kind: str, wanted: Sequence[str]) -> int:
    """Run ``tests/KIND/KIND_*.py``, print a line for each figure, write build/KIND.json.

    The file is written after each module.  Returns the exit status: 2 when nothing was measured.
    """
    out, count = BUILD / f"{kind}.json", 0
    BUILD.mkdir(exist_ok=True)
    for name in modules(kind, wanted):
        figures: list[Figure] = []
        for figure in importlib.import_module(f"tests.{kind}.{name}").measure():
            print(show(figure), flush=True)  # noqa: T201
            figures.append(figure)
        out.write_text(json.dumps(merged(out, figures), indent=1) + "\n")
        count += len(figures)
    return 0 if count else 2
