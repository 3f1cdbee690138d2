# SPDX-License-Identifier: MIT
"""Cable against theory, the test loops against the table of known return losses."""

import numpy as np
import pytest

from boards_sim.cable import EIA, Cable, Coil, Route, Tap
from boards_sim.hybrid import (
    IMPEDANCES,
    RESISTOR_600,
    cable_filter,
    echo_filter,
    echo_return_loss_db,
    insertion_loss_db,
    line_impedance,
    reflection,
    report,
)

HZ = np.linspace(300.0, 3400.0, 32)
ONE_KHZ = np.array([1000.0])
COLUMNS = (
    "600",
    "900+2.16u",
    "270+750//150n",
    "370+620//310n",
    "220+820//120n",
    "800//(100+50n)",
)
# Loss at 1 kHz and echo return loss (mean power, 500-2500 Hz) computed from the loops'
# impedances in ITU-T V.56bis; far end 600 ohm.
KNOWN = {
    1: (1.2, (16.7, 18.5, 14.6, 14.2, 14.3, 20.5)),
    2: (3.2, (9.0, 10.7, 21.6, 14.1, 26.0, 17.0)),
    3: (3.8, (7.7, 8.9, 18.9, 13.3, 20.7, 14.2)),
    4: (6.1, (7.0, 8.5, 16.3, 12.2, 17.6, 12.5)),
    5: (7.0, (5.6, 5.9, 12.8, 11.6, 12.6, 9.7)),
    6: (6.6, (6.5, 7.8, 14.8, 11.5, 15.6, 11.9)),
}


@pytest.mark.parametrize("loop", KNOWN)
@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_the_test_loops_return_what_is_known_of_them(loop: int, column: int) -> None:
    known = KNOWN[loop][1][column]
    network = IMPEDANCES[COLUMNS[column]]
    hz = np.linspace(500.0, 2500.0, 200)
    echo = reflection(line_impedance(EIA[loop], RESISTOR_600, hz), network.at(hz))
    computed = -10 * np.log10(np.mean(np.abs(echo) ** 2))
    assert computed == pytest.approx(known, abs=0.4)
    taps = echo_filter(EIA[loop], RESISTOR_600, network)
    assert echo_return_loss_db(taps) == pytest.approx(known, abs=0.6)


@pytest.mark.parametrize("loop", KNOWN)
def test_the_test_loops_lose_what_is_known_of_them(loop: int) -> None:
    loss = float(insertion_loss_db(EIA[loop], ONE_KHZ)[0])
    assert loss == pytest.approx(KNOWN[loop][0], abs=0.15)


def test_two_pieces_are_one_cable() -> None:
    whole, halves = Cable(3.0).chain(HZ), Route((Cable(1.0), Cable(2.0))).chain(HZ)
    for one, other in zip(whole, halves, strict=True):
        assert one == pytest.approx(other, rel=1e-9)
    assert Route((Cable(1.0), Cable(2.0))).ohms == pytest.approx(Cable(3.0).ohms)


@pytest.mark.parametrize("route", EIA.values())
def test_a_passive_line_is_reciprocal(route: Route) -> None:
    a, b, c, d = route.chain(HZ)
    assert a * d - b * c == pytest.approx(np.ones(len(HZ)), rel=1e-6)


def test_a_tap_takes_no_direct_current_and_shunts_high_frequencies() -> None:
    tapped = Route((Tap(Cable(1.0)), Cable(2.0)))
    assert tapped.ohms == Cable(2.0).ohms
    more = insertion_loss_db(tapped, HZ) - insertion_loss_db(Cable(2.0), HZ)
    assert more[-1] > more[0]
    assert more[-1] > 0.5


def test_coils_flatten_the_loss_and_cut_above() -> None:
    plain = Route((Cable(0.9), Cable(1.8), Cable(1.8), Cable(0.9)))
    loaded = Route((Cable(0.9), Coil(), Cable(1.8), Coil(), Cable(1.8), Coil(), Cable(0.9)))
    ends = np.array([500.0, 2500.0])
    slope = [float(np.diff(insertion_loss_db(route, ends))[0]) for route in (plain, loaded)]
    assert slope[0] > 4
    assert slope[1] < slope[0] / 2
    above = float(insertion_loss_db(loaded, np.array([6000.0]))[0])
    assert above > float(insertion_loss_db(plain, np.array([6000.0]))[0]) + 6


@pytest.mark.parametrize("loop", EIA)
def test_the_filter_loses_what_the_cable_loses(loop: int) -> None:
    taps = cable_filter(EIA[loop])
    response = np.array(
        [sum(t * np.exp(-2j * np.pi * f * i / 8000) for i, t in enumerate(taps)) for f in HZ]
    )
    measured = -20 * np.log10(np.abs(response))
    assert measured == pytest.approx(insertion_loss_db(EIA[loop], HZ), abs=0.35)


def test_the_report_has_every_loop_and_impedance() -> None:
    rows = report().splitlines()
    assert len(rows) == 2 + len(EIA)
    assert all(name in rows[0] for name in IMPEDANCES)
    assert rows[2].startswith("| LL1 | 166 | 1.1 dB | 16.7 |")
