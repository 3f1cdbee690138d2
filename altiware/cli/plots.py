# SPDX-License-Identifier: MIT
"""A burn-in as pictures: response, noise and jitter, one PNG each.

matplotlib is an extra (``plots``); without it ``draw`` says what to install.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from altiware.errors import UnavailableError
from drivers.diagnostics.burnin import BurnIn
from drivers.diagnostics.readings import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw"]

INCHES: Final = (8.0, 4.5)
DPI: Final = 100
BINS: Final = 40


def draw(found: BurnIn, directory: Path, title: str) -> list[Path]:
    """Write response.png, noise.png and jitter.png; return their paths.

    Raises:
        UnavailableError: matplotlib isn't installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UnavailableError("plots need matplotlib: pip install 'altiware[plots]'") from error
    pictures = {"response": _response, "noise": _noise, "jitter": _jitter}
    paths = []
    for name, paint in pictures.items():
        figure = Figure(figsize=INCHES, layout="constrained")
        FigureCanvasAgg(figure)
        paths.append(_paint(figure, name, title, directory))
        paint(found, figure.axes[0])
        figure.savefig(paths[-1], dpi=DPI)
    return paths


def _paint(figure: "Figure", name: str, title: str, directory: Path) -> Path:
    axes = figure.add_subplot()
    axes.set_title(f"{title}: {name}")
    axes.grid(visible=True, alpha=0.3)
    return directory / f"{name}.png"


def _response(found: BurnIn, axes: "Axes") -> None:
    worst = [reading for reading in found.worst if reading.test == "response"]
    for port in sorted({reading.port for reading in worst}):
        points = [(_hertz(reading), reading) for reading in worst if reading.port == port]
        axes.plot([hz for hz, _ in points], [r.value for _, r in points], label=f"port {port}")
    first = [(_hertz(r), r) for r in worst if r.port == worst[0].port]
    for limit in ("low", "high"):
        edge = [getattr(reading, limit) for _, reading in first]
        axes.step([hz for hz, _ in first], edge, "k--", where="mid", linewidth=0.8)
    axes.set_xlabel("Hz")
    axes.set_ylabel("dB against 1004 Hz, worst of all cycles")
    axes.legend(ncols=4, fontsize="x-small")


def _noise(found: BurnIn, axes: "Axes") -> None:
    lines: dict[int, list[tuple[float, float]]] = {}
    limit = None
    for cycle in found.cycles:
        for reading in cycle.readings:
            if reading.test == "noise":
                point = (cycle.at_s / 60, reading.value)
                lines.setdefault(reading.port, []).append(point)
                limit = reading.high
    for port, points in lines.items():
        axes.plot(*zip(*points, strict=True), marker=".", label=f"port {port}")
    if limit is not None:
        axes.axhline(limit, color="k", linestyle="--", linewidth=0.8)
    axes.set_xlabel("minutes")
    axes.set_ylabel("idle noise, dBrnC")
    axes.legend(ncols=4, fontsize="x-small")


def _jitter(found: BurnIn, axes: "Axes") -> None:
    answers = [ms for cycle in found.cycles for ms in cycle.answers_ms]
    axes.hist(answers, bins=BINS)
    axes.set_xlabel("ms until the board answered")
    axes.set_ylabel("answers")


def _hertz(reading: Reading) -> float:
    return float(reading.what.split()[0])
