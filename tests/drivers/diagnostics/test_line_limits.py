# SPDX-License-Identifier: MIT
"""The limits of the line tests, on either side of each."""

import math

import pytest

from drivers.diagnostics import station_limits, trunk_limits
from drivers.diagnostics.trunk_limits import LineNoise
from drivers.diagnostics.verdict import Fault, Reading
from drivers.service import OfficeFeed, ReceiverOhms, RingerLoad, TerminalOhms, TerminalVolts
from dsp.learn import LearnedTone
from dsp.progress import TonePattern


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


@pytest.mark.parametrize(("ren", "ohms"), [(1.0, 500.0), (5.0, 1294.0), (9.0, 1063.0)])
def test_bells_are_counted_through_their_cable(ren: float, ohms: float) -> None:
    """By complex numbers: 6930 ohm and 8 uF each (the usual test load), at 20 Hz."""
    bells = (6930 - 1j / (2 * math.pi * 20 * 8e-6)) / ren
    seen = 7000 / abs(bells + ohms)
    verdict = station_limits.ringers(RingerLoad(seen, 20.0, 20.0), ohms)
    assert verdict.readings[0].value == pytest.approx(ren, rel=0.03)
    assert (verdict.fault is Fault.TOO_MANY_RINGERS) is (ren > 5)


def test_no_bells_stay_none_and_a_short_behind_the_cable_is_too_many() -> None:
    assert station_limits.bells_behind(0.0, 1000.0) == 0.0
    assert station_limits.bells_behind(7.0, 1000.0) == 50.0


def test_without_the_cables_ohms_it_is_said_from_when_on_bells_are_too_many() -> None:
    """3.8 REN: 1842 ohm, of which 5.5 REN leave 569 to the cable."""
    verdict = station_limits.ringers(RingerLoad(3.8, 20.0, 20.0))
    assert "behind more than 569 Ω of it (both wires)" in verdict.sentence
    assert station_limits.ringers(RingerLoad(1.0, 20.0, 20.0)).sentence == "Bells of 1.0 REN."
    known = station_limits.ringers(RingerLoad(2.0, 20.0, 20.0), 200.0)
    assert known.sentence == "Bells of 2.1 REN behind 200 Ω of cable."


def trunk_volts(*alternating: float | None) -> TerminalVolts:
    return TerminalVolts(48.0, None, None, *alternating)


@pytest.mark.parametrize(
    ("volts", "fault", "says"),
    [
        (trunk_volts(10.0, None, None), None, "can't measure to ground"),
        (trunk_volts(10.1, None, None), Fault.FOREIGN_AC, "between the wires"),
        (trunk_volts(0.0, 10.0, 10.0), None, "No voltage from elsewhere."),
        (trunk_volts(0.0, 30.0, 29.0), Fault.FOREIGN_AC, "30 V ac from tip to ground"),
        (trunk_volts(0.0, 2.0, 11.0), Fault.FOREIGN_AC, "11 V ac from ring to ground"),
        (trunk_volts(None, None, None), None, "measures no alternating voltage"),
    ],
)
def test_foreign_voltage_of_an_office_line_is_judged_as_far_as_it_is_measured(
    volts: TerminalVolts, fault: Fault | None, says: str
) -> None:
    verdict = trunk_limits.foreign(volts)
    assert verdict.fault is fault
    assert says in verdict.sentence


@pytest.mark.parametrize(
    ("dbm0", "fault"), [(-13.0, None), (-30.0, None), (-30.1, Fault.WEAK_DIAL_TONE)]
)
def test_dial_tone(dbm0: float, fault: Fault | None) -> None:
    tone = LearnedTone(TonePattern("dial", (350.0, 440.0), ()), dbm0, 1000, 1.0, 0.0, 0)
    verdict = trunk_limits.dial_tone(tone)
    assert verdict.fault is fault
    assert [reading.value for reading in verdict.readings] == [dbm0, 350.0, 440.0]
    assert trunk_limits.dial_tone(None).fault is Fault.NO_DIAL_TONE


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
