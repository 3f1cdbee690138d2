# SPDX-License-Identifier: MIT
"""Two slots for firmware: one runs, the other can be written, tried, and left again.

The rules are docs/reference/qhi.md's class FW: an activated image is on trial until a session
has lasted 30 s; a reset before that, or a minute without a session, and the board boots the
other slot.  An image here is a head and words: it makes the simulated board say another version,
and crash or fall silent where the words say so (``simulated_image``).
"""

import enum
import hashlib
from dataclasses import dataclass, field
from typing import Final

from boards_sim.refused import RefusedError, within
from drivers.qhi.firmware import DIGEST_BYTES, IMAGE_BYTES, PIECE_BYTES, Begun, ImageHead
from drivers.qhi.layout import MessageError
from drivers.qhi.numbers import BootReason, Status
from drivers.service import BootInfo, Slot, SlotState

__all__ = ["SLOT_BYTES", "Behaviour", "FirmwareSlots", "behaviour_of", "simulated_image"]

SLOT_BYTES: Final = 1 << 20
TRIAL_MS: Final = 60_000
"""From a boot on trial to the session that must be there."""
PROOF_MS: Final = 30_000
"""What a session must last to confirm an image."""
LAST: Final = 0xFFFF
HEAD_BYTES: Final = 16


class Behaviour(enum.Enum):
    """What a simulated image does when it runs."""

    GOOD = "good"
    CRASHES = "crashes"
    "Its watchdog resets the board a second after boot."
    MUTE = "mute"
    "It never says a word."


WORDS: Final = "simulated firmware: "
WORDS_END: Final = HEAD_BYTES + 64
_BEHAVIOURS: Final = {f"{WORDS}{each.value}".encode(): each for each in Behaviour}
"""By the first line of an image."""


def simulated_image(
    vendor: int, kind: int, version: int, does: Behaviour = Behaviour.GOOD, *, size: int = 6000
) -> bytes:
    """Return an image for the simulated board of a type; ``size`` is in bytes."""
    words = f"{WORDS}{does.value}\n".encode()
    filling = hashlib.shake_128(words + version.to_bytes(4, "little"))
    body = words + filling.digest(max(0, size - HEAD_BYTES - len(words)))
    return ImageHead(vendor, kind, version, HEAD_BYTES + len(body)).encode() + body


def behaviour_of(image: bytes | bytearray) -> Behaviour:
    """Return what an image does when it runs."""
    words = bytes(image[HEAD_BYTES:WORDS_END]).split(b"\n", 1)[0]
    return _BEHAVIOURS.get(words, Behaviour.GOOD)


@dataclass(slots=True)
class _Slot:
    state: SlotState = SlotState.EMPTY
    boots: int = 0
    size: int = 0
    sha256: bytes = bytes(DIGEST_BYTES)
    flash: bytearray = field(default_factory=bytearray)

    @property
    def version(self) -> int:
        """The version in the head, as soon as that is there."""
        if len(self.flash) < HEAD_BYTES:
            return 0
        return int.from_bytes(self.flash[8:12], "little")

    def told(self) -> Slot:
        """Return what BOOT_INFO tells."""
        return Slot(self.state, self.boots, self.version, self.size, self.sha256)


class FirmwareSlots:
    """The flash of one board and its boot loader."""

    def __init__(self, vendor: int, kind: int, factory: bytes) -> None:
        self._made_for = (vendor, kind)
        digest = hashlib.sha256(factory).digest()
        made = _Slot(SlotState.CONFIRMED, 1, len(factory), digest, bytearray(factory))
        self._slots = [made, _Slot()]
        self.running = 0
        self._boots = 1
        self._booted_ms = 0
        self._next: int | None = None

    # What runs

    @property
    def version(self) -> int:
        """The version that runs."""
        return self._slots[self.running].version

    @property
    def behaviour(self) -> Behaviour:
        """What the running image does."""
        return behaviour_of(self._slots[self.running].flash)

    @property
    def is_damaged(self) -> bool:
        """Whether the running image isn't what it was."""
        slot = self._slots[self.running]
        return hashlib.sha256(slot.flash).digest() != slot.sha256

    def told(self, reason: BootReason, now_ms: int) -> BootInfo:
        """Return what BOOT_INFO tells."""
        left_ms = 0
        if self._slots[self.running].state is SlotState.TRIAL:
            left_ms = max(1, self._booted_ms + TRIAL_MS - now_ms)
        slots = tuple(slot.told() for slot in self._slots)
        return BootInfo(self.running, -(-left_ms // 1000), reason, self._boots, slots)

    # What the host can ask for

    def begin(self, size: int, sha256: bytes) -> Begun:
        """Make the other slot ready for an image, or tell how much of it is there."""
        within(size, range(IMAGE_BYTES.start, SLOT_BYTES + 1))
        if self._slots[self.running].state is SlotState.TRIAL:
            raise RefusedError(Status.BAD_STATE)  # the other one is the way back
        number = 1 - self.running
        slot = self._slots[number]
        resumed = slot.state in {SlotState.PARTIAL, SlotState.VERIFIED}
        if not resumed or (slot.size, slot.sha256) != (size, sha256):
            self._slots[number] = slot = _Slot(SlotState.PARTIAL, size=size, sha256=sha256)
        return Begun(number, PIECE_BYTES, len(slot.flash))

    def write(self, offset: int, piece: bytes) -> int:
        """Add a piece; return where the next one goes."""
        slot = self._slots[1 - self.running]
        within(len(piece), range(1, PIECE_BYTES + 1), 4)
        if slot.state is not SlotState.PARTIAL or offset != len(slot.flash):
            raise RefusedError(Status.BAD_STATE)
        within(offset + len(piece), range(slot.size + 1))
        slot.flash += piece
        return len(slot.flash)

    def verify(self) -> bytes:
        """Compute the digest of what was written."""
        number = 1 - self.running
        slot = self._slots[number]
        whole = slot.state in {SlotState.PARTIAL, SlotState.VERIFIED}
        if not whole or len(slot.flash) != slot.size:
            raise RefusedError(Status.BAD_STATE)
        digest = hashlib.sha256(slot.flash).digest()
        if digest != slot.sha256 or not self._fits(bytes(slot.flash)):
            self._slots[number] = _Slot()
            raise RefusedError(Status.VERIFY)
        slot.state = SlotState.VERIFIED
        return digest

    def activate(self) -> None:
        """Let the next boot try the verified image."""
        self._boot_next(SlotState.VERIFIED)

    def roll_back(self) -> None:
        """Let the next boot take the image before."""
        self._boot_next(SlotState.CONFIRMED)

    def _boot_next(self, needed: SlotState) -> None:
        if self._slots[1 - self.running].state is not needed:
            raise RefusedError(Status.BAD_STATE)
        self._next = 1 - self.running

    def _fits(self, image: bytes) -> bool:
        try:
            head = ImageHead.decode(image)
        except MessageError:
            return False
        return (head.vendor, head.type) == self._made_for

    # The boot loader

    def boot(self, now_ms: int) -> None:
        """Boot: what was ordered, else what ran, unless that was on trial."""
        slot = self._slots[self.running]
        if self._next is not None:
            if slot.state is SlotState.TRIAL:
                slot.state = SlotState.FAILED
            self.running = self._next
        elif slot.state is SlotState.TRIAL:
            slot.state = SlotState.FAILED
            self.running = 1 - self.running
        self._next = None
        slot = self._slots[self.running]
        if slot.state is SlotState.VERIFIED:
            slot.state = SlotState.TRIAL
        slot.boots = min(slot.boots + 1, LAST)
        self._boots += 1
        self._booted_ms = now_ms

    def watch(self, now_ms: int, session_ms: int | None) -> bool:
        """Judge a trial by the age of the session (None: there is none); True: it has failed."""
        slot = self._slots[self.running]
        if slot.state is not SlotState.TRIAL:
            return False
        if session_ms is not None and session_ms >= PROOF_MS:
            slot.state = SlotState.CONFIRMED
        return session_ms is None and now_ms - self._booted_ms >= TRIAL_MS

    def rot(self, bit: int) -> None:
        """Turn one bit of the running image over."""
        flash = self._slots[self.running].flash
        flash[bit // 8 % len(flash)] ^= 1 << bit % 8
