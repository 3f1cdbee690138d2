# SPDX-License-Identifier: MIT
"""The page of figures says of each bound whether it was met, by the number beside it."""

from typing import Any

from tests.figures_page import BOUNDS, PAGE, Bound, page


def row(name: str, value: float, peer_value: float | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "channels",
        "peer": None if peer_value is None else "spandsp",
        "peer_value": peer_value,
        "ratio": None if peer_value is None else value / peer_value,
    }


def line(of: dict[str, Any]) -> str:
    return page({"bench": [of]}, "a processor").splitlines()[-1]


def test_a_figure_within_its_bounds_is_met() -> None:
    assert line(row("dsp_all_on_channels", 15_000, 700)).endswith("| met |")


def test_a_figure_that_misses_one_of_its_bounds_is_missed() -> None:
    assert line(row("dsp_all_on_channels", 15_000, 1_100)).endswith("| **missed** |")
    assert line(row("dsp_all_on_channels", 11_999, 700)).endswith("| **missed** |")


def test_a_figure_without_a_bound_is_not_judged() -> None:
    assert line(row("some_other", 1.0)) == "| `some_other` | 1 channels |  |  |  |  |"


def test_a_ratio_that_has_no_peer_is_not_judged() -> None:
    assert Bound("≥", 15, "ratio").holds(row("x", 1.0))


def test_bounds_name_relations_that_exist() -> None:
    assert all(b.holds(row("x", b.limit, 1.0)) for bounds in BOUNDS.values() for b in bounds)


def test_every_bound_is_of_a_figure_on_the_page() -> None:
    shown = PAGE.read_text()
    assert [name for name in BOUNDS if f"`{name}`" not in shown] == []
