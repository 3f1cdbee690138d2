# SPDX-License-Identifier: MIT
"""Line tests of a simulated board, over its link: measurements of real wires, and refusals."""

from collections.abc import Iterator

import numpy as np
import pytest

from boards_sim.pair import Source, Trouble
from boards_sim.stage import Stage
from drivers.qhi.arguments import BYTE, STATE, RingSteps
from drivers.qhi.measures import LineResult, TestEnd, decode_line_current
from drivers.qhi.messages import Response
from drivers.qhi.numbers import MessageClass, PortAlarm, PortEventCode, PortVerb, Status
from drivers.qhi.service import Page, SwitchVerb, TestFlag, TestVerb
from drivers.service import (
    BEYOND_OHMS,
    LineTest,
    Loopback,
    Measurement,
    OfficeFeed,
    ReceiverOhms,
    RingerLoad,
    TerminalOhms,
    TerminalVolts,
)
from tests.boards_sim.host import Host, inside, streaming

PHONE, TRUNK = 4, 0
HAZARD = Trouble(ring_foreign=Source(ac=120.0, hz=50.0, ohms=20_000.0))
LEAK = Trouble(ring_ground_ohms=62_000.0)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12",), seed=3)
    yield stage
    stage.close()


def suffers(stage: Stage, trouble: Trouble, port: int = PHONE) -> None:
    inside(stage).ports[port].loop.suffer(trouble)


def starts(host: Host, test: LineTest, port: int = PHONE, tag: int = 9) -> Response:
    return host.asks((MessageClass.TEST, TestVerb.START), port, BYTE.pack(test), tag=tag)


def ends(host: Host) -> list[TestEnd]:
    return [TestEnd.decode(e.arguments) for e in host.events if e.class_ == MessageClass.TEST]


def end_of(host: Host, test: LineTest, port: int = PHONE) -> TestEnd:
    before = len(ends(host))
    response = starts(host, test, port)
    assert response.status == Status.OK, response
    host.stage.passes(1.5)
    assert len(ends(host)) == before + 1
    return ends(host)[-1]


def measured(host: Host, test: LineTest, port: int = PHONE) -> Measurement:
    end = end_of(host, test, port)
    assert end.status == Status.OK
    assert end.result is not None
    assert end.result.test is test
    return end.result.measurement


def test_a_healthy_line_has_a_telephone_and_nothing_else(stage: Stage) -> None:
    host = streaming(stage)
    volts = measured(host, LineTest.VOLTS)
    assert isinstance(volts, TerminalVolts)
    shown = (volts.tip_ground_dc, volts.ring_ground_dc, volts.tip_ground_ac, volts.ring_ground_ac)
    assert all(value is not None and abs(value) < 1.0 for value in shown)
    ohms = measured(host, LineTest.RESISTANCE)
    assert isinstance(ohms, TerminalOhms)
    assert (ohms.tip_ring, ohms.tip_ground, ohms.ring_ground) == (BEYOND_OHMS,) * 3
    bells = measured(host, LineTest.RINGER)
    assert isinstance(bells, RingerLoad)
    assert bells.ren == pytest.approx(1.0, abs=0.1)


def test_a_leak_is_measured_where_it_is(stage: Stage) -> None:
    suffers(stage, LEAK)
    ohms = measured(streaming(stage), LineTest.RESISTANCE)
    assert isinstance(ohms, TerminalOhms)
    assert ohms.ring_ground == pytest.approx(62_000.0, rel=0.05)
    assert ohms.tip_ground == BEYOND_OHMS


def test_foreign_voltage_is_measured_with_the_feed_taken_away(stage: Stage) -> None:
    suffers(stage, Trouble(tip_foreign=Source(dc=-20.0, ohms=10_000.0)))
    volts = measured(streaming(stage), LineTest.VOLTS)
    assert isinstance(volts, TerminalVolts)
    assert volts.tip_ground_dc == pytest.approx(-20.0, rel=0.05)


def test_a_lifted_telephone_is_told_from_a_leak_by_two_voltages(stage: Stage) -> None:
    host = streaming(stage)
    suffers(stage, Trouble(tip_ring_ohms=1500.0))
    leak = measured(host, LineTest.RECEIVER)
    suffers(stage, Trouble())
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    phone = measured(host, LineTest.RECEIVER)
    assert isinstance(leak, ReceiverOhms)
    assert isinstance(phone, ReceiverOhms)
    assert leak.low_ohms == pytest.approx(leak.high_ohms, rel=0.1)
    assert phone.low_ohms > 1.5 * phone.high_ohms
    assert (phone.low_volts, phone.high_volts) == (6.0, 48.0)


def test_the_offices_feed_is_measured_as_it_is(stage: Stage) -> None:
    host = streaming(stage)
    feed = measured(host, LineTest.OFFICE, TRUNK)
    assert isinstance(feed, OfficeFeed)
    assert abs(feed.battery_volts) == pytest.approx(48.0, abs=2.0)
    assert (feed.loop_ma, feed.ringing_volts, feed.ringing_hertz) == (None, 0.0, 0.0)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    stage.office(TRUNK).is_seized()
    feed = measured(host, LineTest.OFFICE, TRUNK)
    assert isinstance(feed, OfficeFeed)
    assert feed.loop_ma is not None
    assert 18.0 < abs(feed.loop_ma) < 60.0
    assert abs(feed.battery_volts) < 20.0


def test_ringing_of_the_office_is_measured(stage: Stage) -> None:
    host = streaming(stage)
    stage.office(TRUNK).calls_in("5551234")
    for _ in range(100):
        if inside(stage).ports[TRUNK].ringing:
            break
        stage.passes(0.05)
    assert starts(host, LineTest.OFFICE, TRUNK).status == Status.OK
    stage.passes(0.3)
    result = ends(host)[-1].result
    assert result is not None
    assert isinstance(result.measurement, OfficeFeed)
    assert 40.0 < result.measurement.ringing_volts < 95.0
    assert result.measurement.ringing_hertz == 20.0


def test_a_trunk_sees_its_voltage_and_not_that_to_ground(stage: Stage) -> None:
    volts = measured(streaming(stage), LineTest.VOLTS, TRUNK)
    assert isinstance(volts, TerminalVolts)
    assert volts.tip_ring_dc is not None
    assert volts.tip_ground_dc is None


# Hazard


@pytest.mark.parametrize("test", [LineTest.RESISTANCE, LineTest.RECEIVER, LineTest.RINGER])
def test_nothing_is_applied_to_a_hazardous_line(stage: Stage, test: LineTest) -> None:
    suffers(stage, HAZARD)
    host = streaming(stage)
    assert end_of(host, test).status == Status.LINE_HAZARD
    alarm = (PortEventCode.ALARM, STATE.pack(PortAlarm.LINE_HAZARD, 1))
    assert alarm in host.port_events(PHONE)
    assert starts(host, test).status == Status.LINE_HAZARD


def test_a_hazard_is_over_when_a_measurement_says_so(stage: Stage) -> None:
    suffers(stage, HAZARD)
    host = streaming(stage)
    end_of(host, LineTest.RESISTANCE)
    suffers(stage, Trouble())
    measured(host, LineTest.VOLTS)
    over = (PortEventCode.ALARM, STATE.pack(PortAlarm.LINE_HAZARD, 0))
    assert over in host.port_events(PHONE)
    measured(host, LineTest.RESISTANCE)


def test_the_volts_of_a_hazardous_line_are_measured(stage: Stage) -> None:
    suffers(stage, HAZARD)
    volts = measured(streaming(stage), LineTest.VOLTS)
    assert isinstance(volts, TerminalVolts)
    assert volts.ring_ground_ac is not None
    assert volts.ring_ground_ac > 50.0


# Out of service, and back


def test_a_port_under_test_is_silent_busy_and_reports_nothing(stage: Stage) -> None:
    host = streaming(stage)
    host.sends = lambda count: np.full((12, 40), 5000, np.int16)
    assert starts(host, LineTest.RESISTANCE).status == Status.OK
    stage.passes(0.2)
    width = 80
    row = host.ups[-1].samples[PHONE * width : (PHONE + 1) * width]
    assert not any(row)
    stage.telephone_set(PHONE)
    ring = RingSteps((2000, 4000)).encode()
    assert host.asks((3, PortVerb.RING), PHONE, ring).status == Status.BUSY
    assert host.asks((3, PortVerb.STATE), PHONE).status == Status.OK
    assert starts(host, LineTest.VOLTS).status == Status.BUSY
    stage.passes(1.5)
    assert host.port_events(PHONE) == []
    host.orders(PortVerb.RING, PHONE, ring)
    stage.telephone(PHONE).rings()


def test_who_lifts_during_a_test_is_found_afterwards(stage: Stage) -> None:
    host = streaming(stage)
    starts(host, LineTest.RESISTANCE)
    stage.telephone(PHONE).lifts()
    stage.passes(0.3)
    assert host.port_events(PHONE) == []
    stage.passes(1.5)
    assert host.port_events(PHONE) == [(PortEventCode.HOOK, b"\1")]


def test_who_hangs_up_during_a_test_is_found_too(stage: Stage) -> None:
    stage.telephone(PHONE).lifts()
    host = streaming(stage)
    stage.passes(0.3)
    starts(host, LineTest.RECEIVER)
    stage.telephone(PHONE).hangs_up()
    stage.passes(3.0)
    assert host.port_events(PHONE)[-1] == (PortEventCode.HOOK, b"\0")


def test_a_test_can_be_stopped(stage: Stage) -> None:
    host = streaming(stage)
    starts(host, LineTest.RESISTANCE, tag=77)
    assert host.asks((MessageClass.TEST, TestVerb.STOP), PHONE).status == Status.OK
    stage.passes(0.1)
    assert [(end.tag, end.status) for end in ends(host)] == [(77, Status.BAD_STATE)]
    assert host.asks((MessageClass.TEST, TestVerb.STOP), PHONE).status == Status.OK
    assert starts(host, LineTest.VOLTS).status == Status.OK


def test_the_last_result_can_be_read_again(stage: Stage) -> None:
    host = streaming(stage)
    verb = (MessageClass.TEST, TestVerb.RESULT)
    assert host.asks(verb, PHONE, BYTE.pack(LineTest.RINGER)).status == Status.BAD_STATE
    end = end_of(host, LineTest.RINGER)
    response = host.asks(verb, PHONE, BYTE.pack(LineTest.RINGER))
    assert LineResult.decode(response.results) == end.result


def test_the_meter_shows_the_line_as_it_is(stage: Stage) -> None:
    host = streaming(stage)
    verb = (MessageClass.TEST, TestVerb.METER)
    found = decode_line_current(host.asks(verb, PHONE).results)
    assert found.volts.tip_ring_dc == pytest.approx(48.0, rel=0.05)
    stage.telephone(PHONE).lifts()
    stage.passes(0.2)
    found = decode_line_current(host.asks(verb, PHONE).results)
    assert found.loop_ma == pytest.approx(26.0, abs=3.0)
    found = decode_line_current(host.asks(verb, TRUNK).results)
    assert found.volts.tip_ground_dc is None


@pytest.mark.parametrize(
    ("port", "test", "status"),
    [
        (TRUNK, LineTest.RESISTANCE, Status.UNSUPPORTED),
        (TRUNK, LineTest.RINGER, Status.UNSUPPORTED),
        (PHONE, LineTest.OFFICE, Status.UNSUPPORTED),
    ],
)
def test_a_test_of_the_other_kind_of_port_is_refused(
    stage: Stage, port: int, test: LineTest, status: Status
) -> None:
    assert starts(streaming(stage), test, port).status == status


def test_lines_in_use_are_not_tested(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    assert starts(host, LineTest.VOLTS, TRUNK).status == Status.BUSY
    host.orders(PortVerb.RING, PHONE, RingSteps((2000, 4000)).encode())
    assert starts(host, LineTest.VOLTS).status == Status.BUSY
    loop = (MessageClass.TDM, SwitchVerb.LOOPBACK)
    assert host.asks(loop, PHONE + 1, BYTE.pack(Loopback.DIGITAL)).status == Status.OK
    assert starts(host, LineTest.VOLTS, PHONE + 1).status == Status.BUSY


def test_a_test_nobody_knows_is_refused(stage: Stage) -> None:
    verb = (MessageClass.TEST, TestVerb.START)
    assert streaming(stage).asks(verb, PHONE, BYTE.pack(0)).status == Status.BAD_ARG


def test_a_board_whose_calibration_has_rotted_says_so_after_its_next_boot(stage: Stage) -> None:
    firmware = inside(stage)
    firmware.eeprom.rot(Page.CALIBRATION, 100)
    host = streaming(stage)
    result = end_of(host, LineTest.VOLTS).result
    assert result is not None
    assert result.flags == TestFlag(0)
    stage.faults().reboots()
    stage.passes(1.0)
    host = Host(stage, session=8)
    host.greet()
    result = end_of(host, LineTest.VOLTS).result
    assert result is not None
    assert result.flags == TestFlag.UNCALIBRATED


def test_calibration_makes_the_voltmeter_right(stage: Stage) -> None:
    """Uncalibrated, a channel may be off by 1 %; calibrated by 0.1 % of 30 V."""
    suffers(stage, Trouble(tip_foreign=Source(dc=30.0, ohms=100.0)))
    volts = measured(streaming(stage), LineTest.VOLTS)
    assert isinstance(volts, TerminalVolts)
    assert volts.tip_ground_dc == pytest.approx(30.0, abs=0.1)
