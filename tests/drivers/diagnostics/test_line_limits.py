# SPDX-License-Identifier: MIT
"""The limits of the line tests, on either side of each."""

import math

import pytest

from drivers.diagnostics import station_limits, trunk_limits
from drivers.diagnostics.trunk_limits import LineNoise
from drivers.diagnostics.verdict import Fault, Reading
from drivers.service import OfficeFeed, ReceiverOhms, RingerLoad, TerminalOhms, TerminalVolts


def volts(*, dc: float = 0.0, ac: float = 0.0) -> TerminalVolts:
    return TerminalVolts(0.0, dc, 0.0, 0.0, 0.0, ac)


def feed(battery: float = 48.0, milliamps: float = 25.0, ringing: float = 0.0) -> OfficeFeed:
    return OfficeFeed(battery, milliamps, ringing, 20.0)


@pytest.mark.parametrize(
    ("measured", "fault"),
    [
        (volts(ac=50.0), None),
        (volts(ac=50.1), Fault.HAZARD),
        (volts(dc=-135.0), None),
        (volts(dc=-135.1), Fault.HAZARD),
    ],
)
def test_hazard(measured: TerminalVolts, fault: Fault | None) -> None:
    assert station_limits.hazard(measured).fault is fault


@pytest.mark.parametrize(
    ("measured", "fault"),
    [
        (volts(ac=10.0, dc=6.0), None),
        (volts(ac=10.1), Fault.FOREIGN_AC),
        (volts(dc=-6.1), Fault.FOREIGN_DC),
        (volts(dc=9.0, ac=30.0), Fault.FOREIGN_AC),
    ],
)
def test_foreign_voltage(measured: TerminalVolts, fault: Fault | None) -> None:
    assert station_limits.foreign(measured).fault is fault


def test_leaks() -> None:
    (sound,) = station_limits.leaks(TerminalOhms(150e3, math.inf, math.inf, 48.0))
    leaking = station_limits.leaks(TerminalOhms(149e3, 100.0, None, 48.0))
    assert sound.fault is None
    assert [each.fault for each in leaking] == [Fault.LEAK_TIP_RING, Fault.LEAK_TIP_GROUND]
    assert "touches earth" in leaking[1].sentence


@pytest.mark.parametrize(("low", "off_hook"), [(2040.0, True), (530.0, False), (353.0, False)])
def test_a_telephone_differs_by_half_at_two_voltages(low: float, off_hook: bool) -> None:
    verdict = station_limits.receiver(ReceiverOhms(low, 355.0, 6.0, 48.0))
    assert (verdict.fault is Fault.OFF_HOOK) is off_hook


def test_a_receiver_on_the_hook_is_open() -> None:
    assert not station_limits.is_telephone(ReceiverOhms(math.inf, math.inf, 6.0, 48.0))


@pytest.mark.parametrize(
    ("ren", "fault"),
    [
        (0.17, Fault.NO_TELEPHONE),
        (0.175, None),
        (5.5, None),
        (5.6, Fault.TOO_MANY_RINGERS),
    ],
)
def test_ringers(ren: float, fault: Fault | None) -> None:
    assert station_limits.ringers(RingerLoad(ren, 20.0, 20.0)).fault is fault


@pytest.mark.parametrize(
    ("battery", "fault"),
    [
        (2.0, Fault.NO_BATTERY),
        (7.0, Fault.PARALLEL),
        (-7.0, Fault.PARALLEL),
        (24.0, Fault.LOW_BATTERY),
        (38.0, None),
        (58.0, None),
        (59.0, Fault.HIGH_BATTERY),
        (-48.0, Fault.REVERSED),
    ],
)
def test_battery(battery: float, fault: Fault | None) -> None:
    assert trunk_limits.battery(feed(battery)).fault is fault


@pytest.mark.parametrize(
    ("milliamps", "fault"),
    [(17.0, Fault.LOW_CURRENT), (18.0, None), (-25.0, None), (128.0, Fault.HIGH_CURRENT)],
)
def test_loop_current(milliamps: float, fault: Fault | None) -> None:
    assert trunk_limits.loop_current(feed(milliamps=milliamps)).fault is fault


def test_ringing() -> None:
    assert trunk_limits.ringing(feed(ringing=40.0)).fault is None
    assert trunk_limits.ringing(feed(ringing=39.0)).fault is Fault.WEAK_RINGING
    assert trunk_limits.foreign(10.1).fault is Fault.FOREIGN_AC


def test_noise() -> None:
    assert trunk_limits.noise(LineNoise(20.0, 0.9, 50.0)).fault is None
    assert trunk_limits.noise(LineNoise(21.0, 0.9, 50.0)).fault is Fault.HUM
    assert trunk_limits.noise(LineNoise(21.0, 0.1, 50.0)).fault is Fault.NOISE


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (62_200.0, "ohm", "62.2 kΩ"),
        (930.4, "ohm", "930 Ω"),
        (1.5e6, "ohm", "1.50 MΩ"),
        (0.0, "ohm", "0.00 Ω"),
        (math.inf, "ohm", "open"),
        (-48.04, "V dc", "-48.0 V dc"),
    ],
)
def test_readings_are_written_as_on_a_meter(value: float, unit: str, shown: str) -> None:
    assert str(Reading("", value, unit)) == shown
