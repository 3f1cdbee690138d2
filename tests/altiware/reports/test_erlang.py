# SPDX-License-Identifier: MIT
"""Erlang's formulas, against printed tables and against their definitions, summed exactly."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.reports.erlang import (
    agents_needed,
    average_wait_s,
    blocking,
    service_level,
    trunks_needed,
    waiting,
)

ONE_PERCENT = {1: 0.0101, 2: 0.153, 3: 0.455, 4: 0.869, 5: 1.36, 10: 4.46, 20: 12.0, 50: 37.9}
"""Erlangs that trunks carry with 1 % lost: the table in every handbook of traffic."""


def exact_b(trunks: int, erlangs: Fraction) -> Fraction:
    """Return A^N/N! over the sum of A^k/k!: Erlang's loss formula as he wrote it."""
    terms = [erlangs**k / math.factorial(k) for k in range(trunks + 1)]
    return terms[-1] / sum(terms)


def exact_c(agents: int, erlangs: Fraction) -> Fraction:
    """Return Erlang's delay formula, from the probabilities of its states."""
    last = erlangs**agents / math.factorial(agents) * agents / (agents - erlangs)
    return last / (sum(erlangs**k / math.factorial(k) for k in range(agents)) + last)


@pytest.mark.parametrize(("trunks", "erlangs"), ONE_PERCENT.items())
def test_the_table_of_one_percent(trunks: int, erlangs: float) -> None:
    # Three figures are printed: the true value lies half a unit of the last beside it at most.
    unit = 10.0 ** (math.floor(math.log10(erlangs)) - 2)
    assert blocking(trunks, erlangs - unit / 2) < 0.01 < blocking(trunks, erlangs + unit / 2)


def test_eight_erlangs_at_ten_servers() -> None:
    assert blocking(10, 8.0) == pytest.approx(0.1217, abs=5e-5)
    assert waiting(10, 8.0) == pytest.approx(0.4092, abs=5e-5)


@given(st.integers(0, 60), st.fractions(0, 60, max_denominator=100))
def test_loss_is_its_definition(trunks: int, erlangs: Fraction) -> None:
    exact = float(exact_b(trunks, erlangs))
    assert blocking(trunks, float(erlangs)) == pytest.approx(exact, rel=1e-12)


@given(st.integers(1, 60), st.fractions(0, 1, max_denominator=100))
def test_delay_is_its_definition(agents: int, load: Fraction) -> None:
    if load < 1:
        exact = float(exact_c(agents, load * agents))
        assert waiting(agents, float(load * agents)) == pytest.approx(exact, rel=1e-9)


@given(st.floats(1e-6, 500), st.floats(0.0001, 0.5))
def test_the_trunks_needed_are_enough_and_one_less_is_not(erlangs: float, lost: float) -> None:
    trunks = trunks_needed(erlangs, lost)
    assert blocking(trunks, erlangs) <= lost
    assert trunks == 0 or blocking(trunks - 1, erlangs) > lost


@given(st.floats(0.01, 200), st.floats(1, 600), st.floats(0, 120), st.floats(0, 0.99))
def test_the_agents_needed_are_enough_and_one_less_is_not(
    erlangs: float, hold_s: float, within_s: float, level: float
) -> None:
    agents = agents_needed(erlangs, hold_s, within_s, level)
    assert service_level(agents, erlangs, hold_s, within_s) >= level
    fewer = service_level(agents - 1, erlangs, hold_s, within_s)
    assert fewer < level or agents - 1 <= erlangs


def test_agents_for_eighty_percent_within_twenty_seconds() -> None:
    # 100 calls of 3 minutes in an hour: 5 erlangs.  exp(-(N-5)/9) of those that wait, wait longer.
    assert agents_needed(5.0, 180.0, 20.0, 0.8) == 8
    expected = 1 - exact_c(8, Fraction(5)) * Fraction(math.exp(-3 * 20 / 180))
    assert service_level(8, 5.0, 180.0, 20.0) == pytest.approx(float(expected), rel=1e-12)
    assert average_wait_s(8, 5.0, 180.0) == pytest.approx(float(exact_c(8, Fraction(5))) * 60)


def test_agents_who_cannot_keep_up() -> None:
    assert waiting(5, 5.0) == 1.0
    assert service_level(5, 6.0, 180.0, 20.0) == 0.0
    assert average_wait_s(5, 5.0, 180.0) == math.inf


def test_an_office_without_calls_needs_nobody() -> None:
    assert (trunks_needed(0.0), agents_needed(0.0, 180.0, 20.0, 0.8)) == (0, 0)
    assert (blocking(0, 0.0), waiting(1, 0.0), average_wait_s(0, 0.0, 180.0)) == (1.0, 0.0, 0.0)
    assert service_level(0, 0.0, 180.0, 20.0) == 1.0


@pytest.mark.parametrize(
    "senseless",
    [
        lambda: blocking(-1, 1.0),
        lambda: blocking(3, -0.1),
        lambda: blocking(3, math.inf),
        lambda: blocking(3, math.nan),
        lambda: trunks_needed(1.0, 0.0),
        lambda: trunks_needed(1e6),
        lambda: agents_needed(1.0, 180.0, 20.0, 1.0),
        lambda: agents_needed(9_999.9, 180.0, 20.0, 0.999_999),
    ],
)
def test_what_makes_no_sense_is_said(senseless: object) -> None:
    assert callable(senseless)
    with pytest.raises(ValueError, match=r"\d"):
        senseless()
