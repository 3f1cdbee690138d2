# SPDX-License-Identifier: MIT
"""What a stage needs of the firmware of its boards, in whatever language that is written."""

from collections.abc import Sequence
from typing import Protocol

from boards_sim.identity import Identity
from drivers.qhi.numbers import BootReason

__all__ = ["Firmware", "FirmwarePort"]


class FirmwarePort(Protocol):
    """One port of a board, for whoever looks on."""

    @property
    def off_hook(self) -> bool:
        """The hook as last reported; FXO: whether the loop is closed."""


class Firmware(Protocol):
    """One board from its line terminals to its link."""

    @property
    def identity(self) -> Identity:
        """What was written into it when it was made."""

    @property
    def ports(self) -> Sequence[FirmwarePort]:
        """Its lines."""

    @property
    def stream(self) -> object | None:
        """What is streamed; None: no samples flow."""

    @property
    def in_session(self) -> bool:
        """Whether a host is there."""

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still owes the answer to the newest PCM frame."""

    def link_opened(self) -> None:
        """Somebody has opened the link: greet."""

    def link_closed(self) -> None:
        """Note that the link is gone."""

    def receive(self, data: bytes) -> None:
        """Take bytes from the link."""

    def take_output(self) -> bytes:
        """Return what is to be sent over the link now."""

    def play(self) -> None:
        """Begin a frame: do what is due on the ports, give the lines their samples."""

    def capture(self) -> None:
        """End a frame: send what the lines brought."""

    def reboot(self, reason: BootReason) -> None:
        """Restart: every line dead for a moment, everything forgotten."""
