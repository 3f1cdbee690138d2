# SPDX-License-Identifier: MIT
"""A simulated board whose firmware is the reference core in C (native/include/aw/board.h).

    stage = Stage(("Q12",), firmware=ReferenceFirmware)

has the same telephones, offices, lines and links as one whose boards are ``boards_sim.board``,
so that all that is proved of the one can be proved of the other.
"""

import zlib
from collections.abc import Sequence
from typing import Final

from boards_sim.firmware.bootloader import SLOT_BYTES
from boards_sim.firmware.hardware import AS_MADE, HAL, PAGES, Hardware
from boards_sim.firmware_slots import Behaviour
from boards_sim.identity import HARDWARE, SERVICE, Identity
from boards_sim.loop import Loop
from boards_sim.profiles import SERVICED, Profile
from drivers.base import PortKind
from drivers.qhi.numbers import BootReason, Counter, PcmFormat
from drivers.qhi.pages import FactoryPage
from drivers.qhi.service import Page
from dsp.line import Lines
from dsp.native import check, ffi, lib

__all__ = ["ReferenceFirmware", "ReferencePort"]

ALL_FORMATS: Final = sum(1 << number for number in PcmFormat)
OUTPUT_BYTES: Final = 16384
SAMPLES_PER_MS: Final = 8
CRASH_MS: Final = 1000
"""After a boot, where the firmware is such."""
KINDS: Final = {PortKind.FXS: lib.AW_BOARD_FXS, PortKind.FXO: lib.AW_BOARD_FXO}


class ReferencePort:
    """One port, for whoever looks on."""

    def __init__(self, board: "ReferenceFirmware", number: int) -> None:
        self.number = number
        self._board = board

    @property
    def off_hook(self) -> bool:
        """The hook as last reported; FXO: whether the loop is closed."""
        return bool(self._board.look().off_hook >> self.number & 1)


class ReferenceFirmware:
    """One board from its line terminals to its link (implements interface.Firmware)."""

    def __init__(self, profile: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> None:
        self.identity = Identity(
            profile, serial, ALL_FORMATS, features=SERVICE, capabilities=SERVICED
        )
        seed = zlib.crc32(serial.encode()) * 64
        self.hardware = Hardware(profile.ports, loops, lines, board_type=profile.type, seed=seed)
        factory = FactoryPage(profile.name, serial, HARDWARE)
        self.hardware.write(Page.FACTORY, 0, factory.encode())
        self.hardware.manufacture()
        self._boots = 0
        self._booted = 0
        self._does = Behaviour.GOOD
        self.ports: Final = tuple(ReferencePort(self, n) for n in range(len(loops)))
        self._setup()
        self._output = ffi.new("uint8_t[]", OUTPUT_BYTES)
        self._sent = ffi.cast("int16_t *", ffi.from_buffer(lines.sent))
        self._received = ffi.cast("int16_t *", ffi.from_buffer(lines.received))
        self._lines = lines

    def _setup(self) -> None:
        hello = self.identity.hello(0, BootReason.POWER)
        profile = self.identity.profile
        self._handle = ffi.new_handle(self.hardware)
        self._texts = [ffi.new("char[]", each.encode()) for each in (profile.name, hello.serial)]
        self._notes = ffi.new("char[]", b'"simulated":true,')
        self._ports = ffi.new(
            "aw_board_port[]",
            [(KINDS[kind], 0, int(SERVICED[kind])) for kind in profile.ports],
        )
        setup = ffi.new(
            "aw_board_setup *",
            {
                "hal": HAL,
                "hw": self._handle,
                "model": self._texts[0],
                "serial": self._texts[1],
                "notes": self._notes,
                "vendor": hello.vendor,
                "type": hello.type,
                "hardware": hello.hardware,
                "firmware": hello.firmware,
                "pages": PAGES,
                "locked": 1,
                "impedance": AS_MADE,
                "slot_bytes": SLOT_BYTES,
                "boot": int(BootReason.POWER),
                "ports": len(profile.ports),
                "port": self._ports,
            },
        )
        size = lib.aw_board_bytes()
        self._memory = ffi.new("uint64_t[]", size // 8 + 1)
        board = ffi.new("aw_board **")
        check(lib.aw_board_init(board, self._memory, size, setup), profile.name)
        self._board = board[0]

    # The link

    def link_opened(self) -> None:
        """Somebody has opened the link: greet."""
        lib.aw_board_link_opened(self._board)

    def link_closed(self) -> None:
        """Note that the link is gone."""
        lib.aw_board_link_closed(self._board)

    def receive(self, data: bytes) -> None:
        """Take bytes from the link."""
        if self._does is not Behaviour.MUTE:
            lib.aw_board_receive(self._board, data, len(data))

    def take_output(self) -> bytes:
        """Return what is to be sent over the link now."""
        length = lib.aw_board_output(self._board, self._output, OUTPUT_BYTES)
        return b"" if self._does is Behaviour.MUTE else bytes(ffi.buffer(self._output, length))

    # Time

    def play(self) -> None:
        """Begin a frame: do what is due on the ports, give the lines their samples."""
        lib.aw_board_play(self._board, self._sent)

    def capture(self) -> None:
        """End a frame: send what the lines brought."""
        lib.aw_board_capture(self._board, self._received)
        flash = self.hardware.flash
        if flash.slots.boots != self._boots:
            self._boots, self._booted = flash.slots.boots, self.look().samples
            self._does = flash.behaviour
            self.identity.boot(flash.version, self.identity.serial)
        if self._does is Behaviour.CRASHES:
            self._crash()

    def _crash(self) -> None:
        """Let a bad image do what it does, when it is time."""
        now = self.look().samples
        if now - self._booted >= CRASH_MS * SAMPLES_PER_MS:
            self._booted = now
            self.reboot(BootReason.WATCHDOG)

    def reboot(self, reason: BootReason) -> None:
        """Restart: every line dead for a moment, everything forgotten."""
        lib.aw_board_restart(self._board, int(reason))

    @property
    def ppm(self) -> float:
        """How fast the board's time runs: its trimmer."""
        return self.hardware.clock.trim_ppm

    # For whoever looks on

    def look(self) -> "ffi.CData":
        """Return the ``aw_board_view`` of this moment."""
        view = ffi.new("aw_board_view *")
        lib.aw_board_look(self._board, view)
        return view

    def counters(self) -> list[int]:
        """Return the counters in the order of their numbers."""
        return [int(lib.aw_board_count(self._board, counter)) for counter in Counter]

    @property
    def stream(self) -> object | None:
        """What is streamed; None: no samples flow."""
        view = self.look()
        return view if view.streaming else None

    @property
    def in_session(self) -> bool:
        """Whether a host is there."""
        return bool(self.look().session)

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still owes the answer to the newest PCM frame."""
        return bool(self.look().owed)
