# SPDX-License-Identifier: MIT
"""Channels in an address: numbers and ranges, each channel once, in the order they are written."""

import pytest

from drivers.dahdi.address import channels_of
from drivers.errors import AddressError
from drivers.registry import board


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("1", (1,)),
        ("1-4", (1, 2, 3, 4)),
        ("9-12,1,3-3", (9, 10, 11, 12, 1, 3)),
        ("1023", (1023,)),
    ],
)
def test_a_list_of_channels(text: str, channels: tuple[int, ...]) -> None:
    assert channels_of(f"dahdi://{text}", text) == channels


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("dahdi://", "write dahdi://1-8 or dahdi://1-4,9-12"),
        ("dahdi:///dev/dahdi/1", "write dahdi://1-8"),
        ("dahdi://1-4/2", "write dahdi://1-8"),
        ("dahdi://0-4", "channel '0'; a number from 1 to 1023"),
        ("dahdi://1024", "channel '1024'"),
        ("dahdi://1,,2", "channel ''"),
        ("dahdi://-3", "channel ''"),
        ("dahdi://a-b", "channel 'a'"),
        ("dahdi://1-4,3", "a channel is there twice"),
        ("dahdi://4-1", "0 channels; a board has 1 to 32"),
        ("dahdi://1-33", "33 channels; a board has 1 to 32"),
        ("dahdi://1-4?format=mp3", "format 'mp3'"),
        ("dahdi://1-4?baud=3", "option 'baud' is unknown"),
    ],
)
def test_a_wrong_address_says_what_is_allowed(address: str, message: str) -> None:
    with pytest.raises(AddressError, match=message.replace("?", r"\?")):
        board(address)
