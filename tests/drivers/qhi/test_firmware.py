# SPDX-License-Identifier: MIT
"""What is said of firmware over the link survives its own encoding."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.qhi.firmware import (
    Begun,
    ImageHead,
    ImageOffer,
    ImagePiece,
    decode_boot_info,
    encode_boot_info,
)
from drivers.qhi.layout import MessageError
from drivers.service import BootInfo, Slot, SlotState

u8 = st.integers(0, 0xFF)
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)
digest = st.binary(min_size=32, max_size=32)
slots = st.builds(Slot, st.sampled_from(SlotState), u16, u32, u32, digest)
boots = st.builds(
    BootInfo, st.integers(0, 1), u8, u8, u32, st.lists(slots, min_size=2, max_size=2).map(tuple)
)
MESSAGES: dict[type[Any], st.SearchStrategy[Any]] = {
    ImageOffer: st.builds(ImageOffer, u32, digest),
    Begun: st.builds(Begun, u8, st.integers(1, 1024), u32),
    ImagePiece: st.builds(ImagePiece, u32, st.binary(min_size=1, max_size=1024)),
}


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_is_encoded_decodes_to_the_same(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(MESSAGES[kind])
    whole = message.encode()
    assert kind.decode(whole) == message
    with pytest.raises(MessageError):
        kind.decode(whole[:-1])


@given(boots)
def test_boot_information_arrives_as_it_was_given(info: BootInfo) -> None:
    whole = encode_boot_info(info)
    assert len(whole) == 8 + 2 * 44
    assert decode_boot_info(whole) == info


@pytest.mark.parametrize(
    "decode",
    [ImageOffer.decode, Begun.decode, ImagePiece.decode, ImageHead.decode, decode_boot_info],
)
@given(noise=st.binary(max_size=200))
def test_hostile_payloads_are_refused_with_one_error(
    decode: Callable[[bytes], object], noise: bytes
) -> None:
    with contextlib.suppress(MessageError):
        decode(noise)


def test_a_board_without_its_running_slot_means_nothing() -> None:
    with pytest.raises(MessageError, match="slot 2 runs, of 0"):
        decode_boot_info(bytes([0, 2, 0, 0, 0, 0, 0, 0]))


def test_an_image_says_for_which_board_it_is() -> None:
    head = ImageHead(0x5141, 1, 0x0102_0003, 20)
    assert head.encode() == b"AWFW" + bytes.fromhex("4151 0100 03000201 14000000")
    assert ImageHead.decode(head.encode() + b"code") == head


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (b"AWFW", "at least 16"),
        (b"ELF!" + bytes(12), "begins with"),
        (ImageHead(1, 1, 1, 17).encode(), "17 by its head"),
    ],
)
def test_what_is_no_image_is_refused_with_the_reason(image: bytes, why: str) -> None:
    with pytest.raises(MessageError, match=why):
        ImageHead.decode(image)
