# SPDX-License-Identifier: MIT
"""Two slots: what is tried and doesn't prove itself is left again."""

import hashlib
from collections.abc import Callable

import pytest

from boards_sim.firmware_slots import Behaviour, FirmwareSlots, simulated_image
from boards_sim.refused import RefusedError
from drivers.qhi.numbers import BootReason, Status
from drivers.service import SlotState

VENDOR, KIND = 0x5141, 1
OLD, NEW = 0x0100_0000, 0x0102_0000
IMAGE = simulated_image(VENDOR, KIND, NEW, size=3000)


@pytest.fixture
def slots() -> FirmwareSlots:
    return FirmwareSlots(VENDOR, KIND, simulated_image(VENDOR, KIND, OLD))


def loaded(slots: FirmwareSlots, image: bytes = IMAGE) -> None:
    at = slots.begin(len(image), hashlib.sha256(image).digest()).offset
    while at < len(image):
        at = slots.write(at, image[at : at + 1024])


def tried(slots: FirmwareSlots, image: bytes = IMAGE) -> None:
    loaded(slots, image)
    assert slots.verify() == hashlib.sha256(image).digest()
    slots.activate()
    slots.boot(1000)


def states(slots: FirmwareSlots) -> list[SlotState]:
    return [slot.state for slot in slots.told(BootReason.POWER, 1000).slots]


def refused(order: Callable[[], object]) -> Status:
    with pytest.raises(RefusedError) as caught:
        order()
    return caught.value.status


def test_a_new_board_runs_what_the_factory_flashed(slots: FirmwareSlots) -> None:
    told = slots.told(BootReason.POWER, 0)
    assert (told.running, told.trial_s, told.boots, slots.version) == (0, 0, 1, OLD)
    assert states(slots) == [SlotState.CONFIRMED, SlotState.EMPTY]


def test_an_image_is_written_verified_and_tried(slots: FirmwareSlots) -> None:
    loaded(slots)
    assert states(slots)[1] is SlotState.PARTIAL
    slots.verify()
    assert states(slots)[1] is SlotState.VERIFIED
    assert slots.version == OLD
    slots.activate()
    slots.boot(1000)
    assert slots.version == NEW
    told = slots.told(BootReason.FIRMWARE_UPDATE, 1000)
    assert (told.running, told.trial_s, told.boots) == (1, 60, 2)
    assert told.slots[1].sha256 == hashlib.sha256(IMAGE).digest()
    assert states(slots)[1] is SlotState.TRIAL


def test_a_session_of_half_a_minute_confirms_it(slots: FirmwareSlots) -> None:
    tried(slots)
    assert not slots.watch(31_000, 29_995)
    assert states(slots)[1] is SlotState.TRIAL
    assert not slots.watch(31_005, 30_000)
    assert states(slots)[1] is SlotState.CONFIRMED
    slots.boot(40_000)
    assert slots.version == NEW


def test_a_reset_before_that_goes_back(slots: FirmwareSlots) -> None:
    tried(slots)
    slots.boot(20_000)
    assert slots.version == OLD
    assert states(slots) == [SlotState.CONFIRMED, SlotState.FAILED]
    slots.boot(30_000)
    assert slots.version == OLD
    assert refused(slots.roll_back) is Status.BAD_STATE


def test_a_minute_without_a_session_is_a_failed_trial(slots: FirmwareSlots) -> None:
    tried(slots)
    assert not slots.watch(60_995, None)
    assert not slots.watch(61_000, 1_000)
    assert slots.watch(61_000, None)


def test_the_image_before_comes_back_on_order(slots: FirmwareSlots) -> None:
    tried(slots)
    slots.watch(40_000, 30_000)
    slots.roll_back()
    slots.boot(50_000)
    assert slots.version == OLD
    assert states(slots) == [SlotState.CONFIRMED, SlotState.CONFIRMED]


def test_an_order_to_go_back_during_a_trial_is_its_failure(slots: FirmwareSlots) -> None:
    tried(slots)
    slots.roll_back()
    slots.boot(5_000)
    assert states(slots) == [SlotState.CONFIRMED, SlotState.FAILED]


def test_writing_goes_on_where_it_was_cut_off(slots: FirmwareSlots) -> None:
    digest = hashlib.sha256(IMAGE).digest()
    assert slots.begin(len(IMAGE), digest).offset == 0
    slots.write(0, IMAGE[:1024])
    slots.boot(9_000)
    assert slots.begin(len(IMAGE), digest).offset == 1024
    other = simulated_image(VENDOR, KIND, NEW + 1, size=3000)
    assert slots.begin(len(other), hashlib.sha256(other).digest()).offset == 0


def test_pieces_out_of_order_are_refused(slots: FirmwareSlots) -> None:
    assert refused(lambda: slots.write(0, b"x")) is Status.BAD_STATE
    slots.begin(len(IMAGE), hashlib.sha256(IMAGE).digest())
    assert refused(lambda: slots.write(1, IMAGE[1:9])) is Status.BAD_STATE
    slots.write(0, IMAGE[:1024])
    assert refused(lambda: slots.write(0, IMAGE[:1024])) is Status.BAD_STATE
    assert refused(lambda: slots.write(1024, bytes(1025))) is Status.RANGE
    assert refused(slots.verify) is Status.BAD_STATE
    assert refused(slots.activate) is Status.BAD_STATE
    slots.write(1024, IMAGE[1024:2048])
    assert refused(lambda: slots.write(2048, IMAGE[2048:] + b"x")) is Status.RANGE


@pytest.mark.parametrize(
    "image",
    [
        simulated_image(VENDOR, KIND + 1, NEW),
        simulated_image(VENDOR + 1, KIND, NEW),
        bytes(5000),
        IMAGE + b"x",
    ],
)
def test_an_image_of_another_board_does_not_verify(slots: FirmwareSlots, image: bytes) -> None:
    loaded(slots, image)
    assert refused(slots.verify) is Status.VERIFY
    assert states(slots)[1] is SlotState.EMPTY


def test_an_image_that_is_not_what_was_announced_does_not_verify(slots: FirmwareSlots) -> None:
    slots.begin(len(IMAGE), hashlib.sha256(IMAGE).digest())
    damaged = IMAGE[:100] + b"?" + IMAGE[101:]
    for at in range(0, len(IMAGE), 1000):
        slots.write(at, damaged[at : at + 1000])
    assert refused(slots.verify) is Status.VERIFY


@pytest.mark.parametrize("size", [0, 15, (1 << 20) + 1])
def test_an_image_that_does_not_fit_is_refused_at_once(slots: FirmwareSlots, size: int) -> None:
    assert refused(lambda: slots.begin(size, bytes(32))) is Status.RANGE


def test_an_image_does_what_its_words_say(slots: FirmwareSlots) -> None:
    seen = [slots.behaviour]
    tried(slots, simulated_image(VENDOR, KIND, NEW, Behaviour.MUTE))
    seen.append(slots.behaviour)
    assert seen == [Behaviour.GOOD, Behaviour.MUTE]


def test_rot_in_the_running_image_is_found(slots: FirmwareSlots) -> None:
    assert not slots.is_damaged
    slots.rot(12_345)
    assert slots.is_damaged
