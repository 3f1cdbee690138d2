# SPDX-License-Identifier: MIT
"""Pages, firmware, meters and faults of a simulated board, over its link."""

import hashlib
import zlib
from collections.abc import Iterator

import pytest

from boards_sim.firmware_slots import Behaviour, simulated_image
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.stage import Stage
from boards_sim.wirepair import HEALTHY
from drivers.qhi.arguments import BYTE, COUNT, ID_READ, STATE, TIME, WORD
from drivers.qhi.firmware import Begun, ImageOffer, ImagePiece, decode_boot_info
from drivers.qhi.frame import FrameKind
from drivers.qhi.measures import ADJUST, ALL_FAULTS, ROLE, decode_board_meter, encode_words
from drivers.qhi.messages import Hello, Response
from drivers.qhi.numbers import (
    BOARD_PORT,
    AlarmKind,
    BootReason,
    ClockVerb,
    Feature,
    IdVerb,
    MessageClass,
    Status,
    SysVerb,
)
from drivers.qhi.pages import (
    ID_LOCK,
    CalibrationPage,
    FactoryPage,
    OemPage,
    PageTable,
    PageWrite,
)
from drivers.qhi.service import ClockRole, FirmwareVerb, Page, SelfTest, SimVerb
from drivers.service import BoardMeter, BootInfo, SlotState
from tests.boards_sim.host import Host, inside

NEW = 0x0102_0003
C = MessageClass


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage(("Q12",))
    yield stage
    stage.close()


@pytest.fixture
def host(stage: Stage) -> Host:
    host = Host(stage)
    host.greet()
    return host


def done(host: Host, verb: tuple[int, int], arguments: bytes = b"") -> bytes:
    response = host.asks(verb, arguments=arguments)
    assert response.status == Status.OK, response
    return response.results


def image(version: int = NEW, does: Behaviour = Behaviour.GOOD, kind: int = 1) -> bytes:
    return simulated_image(SIMULATED_VENDOR, kind, version, does)


def loads(host: Host, whole: bytes) -> None:
    offer = ImageOffer(len(whole), hashlib.sha256(whole).digest()).encode()
    begun = Begun.decode(done(host, (C.FW, FirmwareVerb.BEGIN), offer))
    at = begun.offset
    while at < len(whole):
        piece = ImagePiece(at, whole[at : at + begun.piece]).encode()
        (at,) = COUNT.unpack(done(host, (C.FW, FirmwareVerb.WRITE), piece))


def activates(host: Host, whole: bytes) -> None:
    loads(host, whole)
    assert done(host, (C.FW, FirmwareVerb.VERIFY)) == hashlib.sha256(whole).digest()
    done(host, (C.FW, FirmwareVerb.ACTIVATE))


def greets_again(host: Host) -> tuple[Host, Hello]:
    host.stage.pumps.remove(host.pump)
    again = Host(host.stage, host.session + 1)
    return again, again.greet()


def boot_info(host: Host) -> BootInfo:
    return decode_boot_info(done(host, (C.FW, FirmwareVerb.BOOT_INFO)))


def hellos(host: Host) -> list[Hello]:
    return [Hello.decode(f.payload) for f in host.frames if f.kind == FrameKind.HELLO]


# Who it is


def test_a_board_says_what_it_can_do(host: Host) -> None:
    features = Feature(hellos(host)[-1].features)
    wanted = Feature.EEPROM_WRITE | Feature.FIRMWARE | Feature.LINE_TEST | Feature.PATTERNS
    assert wanted | Feature.SIM | Feature.CLOCK_ADJUST in features


def test_pages_are_written_read_back_and_locked(host: Host) -> None:
    whole = OemPage("Acme", "Office One", serial="AC-00042").encode()
    for at in (0, 128):
        piece = whole[at : at + 128]
        results = done(host, (C.ID, IdVerb.WRITE), PageWrite(1, at, piece).encode())
        assert COUNT.unpack(results) == (zlib.crc32(piece),)
    assert done(host, (C.ID, IdVerb.READ), ID_READ.pack(1, 128, 128)) == whole[128:]
    done(host, (C.ID, IdVerb.LOCK), ID_LOCK.pack(1, zlib.crc32(whole[:252])))
    write = PageWrite(1, 0, b"x").encode()
    assert host.asks((C.ID, IdVerb.WRITE), arguments=write).status == Status.LOCKED
    table = PageTable.decode(done(host, (C.ID, IdVerb.INFO)))
    assert (table.locked, table.sound) == (0b0011, 0b1111)


def test_the_oems_serial_number_is_the_boards_from_the_next_boot_on(
    stage: Stage, host: Host
) -> None:
    whole = OemPage("Acme", "Office One", serial="AC-00042").encode()
    for at in (0, 128):
        done(host, (C.ID, IdVerb.WRITE), PageWrite(1, at, whole[at : at + 128]).encode())
    host, hello = greets_again(host)
    assert hello.serial == "SIM-Q12-0000-0"
    stage.faults().reboots()
    stage.passes(0.5)
    assert greets_again(host)[1].serial == "AC-00042"


def test_a_unit_leaves_the_factory_with_its_pages(stage: Stage) -> None:
    eeprom = inside(stage).eeprom
    page = FactoryPage.decode(eeprom.page(Page.FACTORY))
    assert (page.model, page.serial) == ("Q12", "SIM-Q12-0000-0")
    assert (eeprom.table().locked, eeprom.table().sound) == (0b0001, 0b1101)


# What it runs


def test_a_new_firmware_runs_on_trial_and_is_confirmed_by_a_session(
    stage: Stage, host: Host
) -> None:
    activates(host, image())
    stage.passes(0.5)
    host, hello = greets_again(host)
    assert (hello.firmware, hello.boot_reason) == (NEW, BootReason.FIRMWARE_UPDATE)
    info = boot_info(host)
    assert info.slots[info.running].state is SlotState.TRIAL
    keeps_alive(host, 31.0)
    info = boot_info(host)
    assert info.slots[info.running].state is SlotState.CONFIRMED
    assert info.trial_s == 0


def keeps_alive(host: Host, seconds: float) -> None:
    for _ in range(round(seconds)):
        host.send(FrameKind.PING)
        host.stage.passes(1.0)


def test_a_firmware_that_crashes_is_left_again(stage: Stage, host: Host) -> None:
    activates(host, image(does=Behaviour.CRASHES))
    stage.passes(2.5)
    host, hello = greets_again(host)
    assert hello.firmware == 0x0100_0000
    info = boot_info(host)
    assert [slot.state for slot in info.slots] == [SlotState.CONFIRMED, SlotState.FAILED]
    assert info.boot_reason == BootReason.WATCHDOG


def test_a_firmware_that_never_says_a_word_is_left_after_a_minute(stage: Stage, host: Host) -> None:
    activates(host, image(does=Behaviour.MUTE))
    stage.passes(55.0)
    before = len(hellos(host))
    stage.passes(8.0)
    assert len(hellos(host)) > before
    assert hellos(host)[-1].firmware == 0x0100_0000


def test_the_firmware_before_comes_back_on_order(stage: Stage, host: Host) -> None:
    activates(host, image())
    stage.passes(0.5)
    host, _ = greets_again(host)
    done(host, (C.FW, FirmwareVerb.ROLLBACK))
    stage.passes(0.5)
    assert greets_again(host)[1].firmware == 0x0100_0000


def test_an_image_of_another_board_is_refused(host: Host) -> None:
    loads(host, image(kind=2))
    assert host.asks((C.FW, FirmwareVerb.VERIFY)).status == Status.VERIFY


def test_lines_work_while_an_image_is_written(stage: Stage, host: Host) -> None:
    host.streams()
    loads(host, image())
    stage.telephone(4).lifts()
    stage.passes(0.2)
    assert host.port_events(4) != []


# How it is


def test_a_board_tells_its_temperature_and_its_supplies(stage: Stage, host: Host) -> None:
    health = inside(stage).health
    health.celsius = 61.5
    found = decode_board_meter(done(host, (C.SYS, SysVerb.METER)))
    assert found == BoardMeter(61.5, 12.0, 48.0)


def selftest(host: Host, what: int = 0) -> int:
    (found,) = COUNT.unpack(done(host, (C.SYS, SysVerb.SELFTEST), BYTE.pack(what)))
    return int(found)


def test_a_healthy_board_finds_nothing(host: Host) -> None:
    assert selftest(host) == 0


def test_a_self_test_finds_what_is_wrong_and_only_that(stage: Stage, host: Host) -> None:
    firmware = inside(stage)
    firmware.eeprom.rot(Page.TRACE, 5)
    assert selftest(host) == SelfTest.EEPROM
    firmware.slots.rot(5)
    firmware.health.supply_volts = 10.0
    firmware.health.battery_volts = 30.0
    firmware.health.clock_ppm = -150.0
    firmware.health.broken = SelfTest.REGISTERS
    wrong = SelfTest.EEPROM | SelfTest.FIRMWARE | SelfTest.SUPPLY | SelfTest.BATTERY
    assert selftest(host) == wrong | SelfTest.CLOCK | SelfTest.REGISTERS
    assert selftest(host, 2) == SelfTest.EEPROM
    assert selftest(host, 1) == 0


def test_a_board_is_its_own_clock_and_no_other_role(host: Host) -> None:
    role = (C.CLK, ClockVerb.ROLE)
    assert ROLE.unpack(done(host, role, BYTE.pack(0xFF))) == (ClockRole.FREE, 1)
    assert host.asks(role, arguments=BYTE.pack(ClockRole.FOLLOWER)).status == Status.RANGE


def test_a_damaged_page_is_an_alarm_of_every_session(stage: Stage, host: Host) -> None:
    damaged = STATE.pack(AlarmKind.CONFIGURATION, 1) + b"an EEPROM page is damaged"
    stage.passes(0.1)
    assert damaged not in [event.arguments for event in host.events]
    inside(stage).eeprom.rot(Page.TRACE, 5)
    host, _ = greets_again(host)
    stage.passes(0.1)
    assert damaged in [event.arguments for event in host.events]


# Faults


def injects(host: Host, words: str, port: int = BOARD_PORT) -> Response:
    return host.asks((C.SIM, SimVerb.INJECT), port, encode_words(words))


def number_of(response: Response) -> int:
    assert response.status == Status.OK, response
    return int(WORD.unpack(response.results)[0])


def test_faults_come_and_go_at_a_word(stage: Stage, host: Host) -> None:
    loop = inside(stage).ports[4].loop
    leak = number_of(injects(host, "leak ring-ground 62k", 4))
    clock = number_of(injects(host, "ppm +80"))
    stage.passes(0.01)
    assert loop.trouble.ring_ground_ohms == 62_000.0
    assert inside(stage).ports[5].loop.trouble == HEALTHY
    assert inside(stage).ppm == 80.0
    done(host, (C.SIM, SimVerb.CLEAR), WORD.pack(leak))
    assert loop.trouble == HEALTHY
    assert inside(stage).ppm == 80.0
    done(host, (C.SIM, SimVerb.CLEAR), WORD.pack(ALL_FAULTS))
    assert inside(stage).ppm == 0.0
    done(host, (C.SIM, SimVerb.CLEAR), WORD.pack(clock))


def test_a_fault_that_was_cleared_before_its_time_does_not_come(stage: Stage, host: Host) -> None:
    number = number_of(injects(host, "at 1s stuck", 4))
    done(host, (C.SIM, SimVerb.CLEAR), WORD.pack(number))
    stage.passes(1.5)
    assert inside(stage).ports[4].loop.trouble == HEALTHY


def test_a_fault_that_ends_by_itself_is_not_ended_twice(stage: Stage, host: Host) -> None:
    number = number_of(injects(host, "stuck for 200ms", 4))
    stage.passes(0.5)
    stage.faults().run("stuck port 4")
    done(host, (C.SIM, SimVerb.CLEAR), WORD.pack(number))
    assert inside(stage).ports[4].loop.trouble != HEALTHY


@pytest.mark.parametrize(
    ("words", "port", "status"),
    [
        ("", BOARD_PORT, Status.BAD_ARG),
        ("brew coffee", BOARD_PORT, Status.BAD_ARG),
        ("ppm +80", 4, Status.BAD_ARG),
        ("leak ring-ground 62k port 12", BOARD_PORT, Status.BAD_ARG),
        ("leak ring-ground 62k", 12, Status.NO_PORT),
    ],
)
def test_faults_that_cannot_be_are_refused(
    host: Host, words: str, port: int, status: Status
) -> None:
    assert injects(host, words, port).status == status


def test_a_board_that_nobody_torments_refuses_faults(stage: Stage, host: Host) -> None:
    inside(stage).injector = None
    assert injects(host, "stuck", 4).status == Status.UNSUPPORTED


# Its clock


def adjusts(host: Host, hundredths: int) -> Response:
    return host.asks((C.CLK, ClockVerb.ADJUST), arguments=ADJUST.pack(hundredths))


def ticks(host: Host) -> int:
    return int(TIME.unpack(done(host, (C.SYS, SysVerb.TIME)))[0])


@pytest.mark.parametrize(("hundredths", "frames"), [(20_000, 2), (-20_000, -2), (0, 0)])
def test_an_adjusted_clock_runs_faster_or_slower(
    stage: Stage, host: Host, hundredths: int, frames: int
) -> None:
    assert ADJUST.unpack(adjusts(host, hundredths).results) == (hundredths,)
    begun_s, begun = stage.now, ticks(host)
    keeps_alive(host, 50.0)
    passed = round((stage.now - begun_s) * 8000)
    assert ticks(host) - begun - passed == pytest.approx(frames * 40, abs=39)


def test_an_adjustment_is_as_near_as_the_steps_allow(host: Host) -> None:
    assert ADJUST.unpack(adjusts(host, 1233).results) == (1235,)
    assert adjusts(host, 20_001).status == Status.RANGE


def test_a_known_error_of_the_crystal_is_corrected_from_the_next_boot_on(
    stage: Stage, host: Host
) -> None:
    firmware = inside(stage)
    stage.faults().run("ppm +40")
    page = CalibrationPage(clock_ppm=40.0).encode()
    for at in (0, 128):
        done(host, (C.ID, IdVerb.WRITE), PageWrite(3, at, page[at : at + 128]).encode())
    assert firmware.ppm == 40.0
    adjusts(host, 500)
    stage.faults().reboots()
    stage.passes(0.5)
    assert firmware.ppm == 0.0
