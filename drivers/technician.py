# SPDX-License-Identifier: MIT
"""What a technician may order of a board: the *Opt* part of the Board contract beyond calls.

Each order returns a ticket at once and ends in exactly one event: ``OrderDone`` (with a result
from drivers.service where there is one), ``LineMeasured`` for a line test, or ``OrderFailed``.
What a board can't do raises :class:`BoardOperationError`: nothing is pretended.  A board says
what it can do in ``BoardInfo.abilities`` and in each port's capabilities.
"""

from typing import NewType

from drivers.errors import BoardOperationError
from drivers.service import LineTest, Loopback, Pattern, Prbs, PrbsWay, Toward

__all__ = ["BOTH_WAYS", "Technician", "Ticket"]

Ticket = NewType("Ticket", int)
"""Names one order, so that its end can be told from another's."""

BOTH_WAYS = PrbsWay.SEND | PrbsWay.CHECK
_BOARD = -1


class Technician:
    """The optional orders; a driver overrides those that its boards can do."""

    address: str

    def _refused(self, order: str, port: int) -> BoardOperationError:
        return BoardOperationError(f"{self.address} port {port}: cannot {order}")

    # The board as a whole

    def read_page(self, page: int) -> Ticket:
        """Opt: read a page of the EEPROM; PageContent."""
        raise self._refused("read EEPROM pages", _BOARD)

    def page_states(self) -> Ticket:
        """Opt: ask which pages are locked and sound; PageStates."""
        raise self._refused("tell of EEPROM pages", _BOARD)

    def write_page(self, page: int, content: bytes) -> Ticket:
        """Opt: write a whole page and read it back; fails where it reads back otherwise."""
        raise self._refused("write EEPROM pages", _BOARD)

    def lock_page(self, page: int, content: bytes) -> Ticket:
        """Opt: lock a page for ever; fails unless it holds this content."""
        raise self._refused("lock EEPROM pages", _BOARD)

    def begin_firmware(self, size: int, sha256: bytes) -> Ticket:
        """Opt: announce an image (see drivers.firmware for all of an update); FirmwareBegun."""
        raise self._refused("take firmware", _BOARD)

    def write_firmware(self, offset: int, piece: bytes) -> Ticket:
        """Opt: write a piece of the image; FirmwareWritten."""
        raise self._refused("take firmware", _BOARD)

    def verify_firmware(self) -> Ticket:
        """Opt: let the board check the image; FirmwareVerified."""
        raise self._refused("verify firmware", _BOARD)

    def activate_firmware(self) -> Ticket:
        """Opt: boot the verified image on trial; the board is lost and comes back."""
        raise self._refused("activate firmware", _BOARD)

    def roll_back_firmware(self) -> Ticket:
        """Opt: boot the image before; the board is lost and comes back."""
        raise self._refused("roll firmware back", _BOARD)

    def boot_info(self) -> Ticket:
        """Opt: ask what runs and what could; BootInfo."""
        raise self._refused("tell of its firmware", _BOARD)

    def self_test(self) -> Ticket:
        """Opt: let the board test itself, disturbing no line; SelfTestDone."""
        raise self._refused("test itself", _BOARD)

    def meter(self) -> Ticket:
        """Opt: read the board's own instruments; BoardMeter."""
        raise self._refused("measure itself", _BOARD)

    def counters(self) -> Ticket:
        """Opt: read what the board has counted; Counters."""
        raise self._refused("tell its counters", _BOARD)

    def clear_counters(self) -> Ticket:
        """Opt: begin counting at 0."""
        raise self._refused("clear its counters", _BOARD)

    def time(self) -> Ticket:
        """Opt: read the board's clocks; BoardTime."""
        raise self._refused("tell its time", _BOARD)

    def reset(self) -> Ticket:
        """Opt: restart the board; it is lost and comes back."""
        raise self._refused("be reset", _BOARD)

    def adjust_clock(self, ppm: float) -> Ticket:
        """Opt: move the sample clock against its calibrated rate (-200..200); ClockAdjusted."""
        raise self._refused("adjust its clock", _BOARD)

    def inject_fault(self, words: str, port: int = _BOARD) -> Ticket:
        """Opt: let the board suffer something, in its simulator's words; FaultInjected."""
        raise self._refused("be made to suffer", port)

    def clear_faults(self, number: int | None = None) -> Ticket:
        """Opt: end one fault, or all."""
        raise self._refused("be made to suffer", _BOARD)

    # One port

    def gain(self, port: int, receive_db: float, send_db: float) -> Ticket:
        """Opt: amplify between line and bus, -12..12 dB each way."""
        raise self._refused("set gains", port)

    def impedance(self, port: int, index: int) -> Ticket:
        """Opt: terminate and balance the line with one of docs/reference/qhi.md's impedances."""
        raise self._refused("set its impedance", port)

    def pattern(
        self,
        port: int,
        kind: Pattern,
        toward: Toward,
        *,
        value: int = 0,
        hertz: int = 0,
        level_dbm0: float = 0.0,
    ) -> Ticket:
        """Opt: put a pattern in the place of samples; OFF ends it."""
        raise self._refused("send patterns", port)

    def loop_back(self, port: int, where: Loopback) -> Ticket:
        """Opt: turn the host's samples round; NONE ends it.  Fails on a line in use."""
        raise self._refused("loop samples back", port)

    def start_prbs(
        self, port: int, sequence: Prbs, bits: int = 16, way: PrbsWay = BOTH_WAYS
    ) -> Ticket:
        """Opt: send a pseudo-random sequence toward the host, check what it returns, or both."""
        raise self._refused("count bit errors", port)

    def stop_prbs(self, port: int) -> Ticket:
        """Opt: send and check no more; the count stays."""
        raise self._refused("count bit errors", port)

    def bit_errors(self, port: int) -> Ticket:
        """Opt: read what was counted; BitErrors."""
        raise self._refused("count bit errors", port)

    def measure(self, port: int, test: LineTest) -> Ticket:
        """Opt: take the port out of service for a line test; LineMeasured."""
        raise self._refused("measure its line", port)

    def stop_measuring(self, port: int) -> Ticket:
        """Opt: end a line test before its time; that order fails."""
        raise self._refused("measure its line", port)

    def read_line(self, port: int) -> Ticket:
        """Opt: read volts and current as they are, disturbing nothing; LineCurrent."""
        raise self._refused("measure its line", port)
