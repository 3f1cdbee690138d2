# SPDX-License-Identifier: MIT
"""What a technician can order of a Quantum board; what its HELLO doesn't promise is refused."""

import abc
from typing import Final

from drivers.base import BOARD_ITSELF, Capability, PortInfo, PortKind, Ticket
from drivers.errors import BoardOperationError
from drivers.qhi.firmware import DIGEST_BYTES, IMAGE_BYTES
from drivers.qhi.firmware import PIECE_BYTES as IMAGE_PIECE_BYTES
from drivers.qhi.layout import MessageError
from drivers.qhi.measures import PatternWish, PrbsStart
from drivers.qhi.pages import PAGE_BYTES
from drivers.quantum import procedures
from drivers.quantum.calls import CallBoard
from drivers.quantum.procedures import Procedure
from drivers.service import Ability, LineTest, Loopback, Pattern, Prbs, PrbsWay, Toward
from drivers.technician import BOTH_WAYS

__all__ = ["ServicedBoard"]

MOST_PAGES: Final = 16
MOST_GAIN_DB: Final = 12.0
MOST_PPM: Final = 200.0
LEVELS_DBM0: Final = (-60.0, 3.0)
HERTZ: Final = range(1, 4000)
SAMPLES: Final = range(-32768, 32768)
IMPEDANCES: Final = range(256)
FAULT_NUMBERS: Final = range(65535)
TESTS: Final = {
    PortKind.FXS: frozenset(LineTest) - {LineTest.OFFICE},
    PortKind.FXO: frozenset({LineTest.VOLTS, LineTest.OFFICE}),
}


class ServicedBoard(CallBoard):
    """A Quantum board with the technician's orders beside those of calls."""

    @abc.abstractmethod
    def _begin(self, name: str, procedure: Procedure, port: int) -> Ticket:
        """Begin a procedure."""

    @abc.abstractmethod
    def _begin_measuring(self, port: int, test: LineTest) -> Ticket:
        """Begin a line test."""

    @abc.abstractmethod
    def _check_up(self) -> None:
        """Refuse while the board isn't up."""

    # The board as a whole

    def read_page(self, page: int) -> Ticket:
        """Read a page of the EEPROM."""
        self._within(page, range(MOST_PAGES), "page")
        return self._ask(Ability.READ_PAGES, "read page", procedures.read_page(page))

    def page_states(self) -> Ticket:
        """Ask which pages are locked and sound."""
        return self._ask(Ability.READ_PAGES, "page states", procedures.page_states())

    def write_page(self, page: int, content: bytes) -> Ticket:
        """Write a whole page and read it back."""
        self._check_page(page, content)
        return self._ask(Ability.WRITE_PAGES, "write page", procedures.write_page(page, content))

    def lock_page(self, page: int, content: bytes) -> Ticket:
        """Lock a page for ever."""
        self._check_page(page, content)
        return self._ask(Ability.WRITE_PAGES, "lock page", procedures.lock_page(page, content))

    def begin_firmware(self, size: int, sha256: bytes) -> Ticket:
        """Announce an image."""
        self._within(size, IMAGE_BYTES, "firmware bytes")
        self._within(len(sha256), range(DIGEST_BYTES, DIGEST_BYTES + 1), "bytes of digest")
        begin = procedures.begin_firmware(size, sha256)
        return self._ask(Ability.FIRMWARE, "begin firmware", begin)

    def write_firmware(self, offset: int, piece: bytes) -> Ticket:
        """Write a piece of the image."""
        self._within(offset, range(IMAGE_BYTES.stop), "offset")
        self._within(len(piece), range(1, IMAGE_PIECE_BYTES + 1), "bytes at a time")
        write = procedures.write_firmware(offset, piece)
        return self._ask(Ability.FIRMWARE, "write firmware", write)

    def verify_firmware(self) -> Ticket:
        """Let the board check the image."""
        return self._ask(Ability.FIRMWARE, "verify firmware", procedures.verify_firmware())

    def activate_firmware(self) -> Ticket:
        """Boot the verified image on trial."""
        return self._ask(Ability.FIRMWARE, "activate firmware", procedures.activate_firmware())

    def roll_back_firmware(self) -> Ticket:
        """Boot the image before."""
        return self._ask(Ability.FIRMWARE, "roll back firmware", procedures.roll_back_firmware())

    def boot_info(self) -> Ticket:
        """Ask what runs and what could."""
        return self._ask(Ability.FIRMWARE, "boot info", procedures.boot_info())

    def self_test(self) -> Ticket:
        """Let the board test itself."""
        return self._ask(Ability.SELF_TEST, "self-test", procedures.self_test())

    def meter(self) -> Ticket:
        """Read the board's own instruments."""
        return self._ask(Ability.METER, "meter", procedures.meter())

    def counters(self) -> Ticket:
        """Read what the board has counted."""
        return self._ask(Ability.COUNTERS, "counters", procedures.counters())

    def clear_counters(self) -> Ticket:
        """Begin counting at 0."""
        return self._ask(Ability.COUNTERS, "clear counters", procedures.clear_counters())

    def time(self) -> Ticket:
        """Read the board's clocks."""
        return self._ask(Ability.TIME, "time", procedures.time())

    def reset(self) -> Ticket:
        """Restart the board."""
        return self._ask(Ability.RESET, "reset", procedures.reset())

    def adjust_clock(self, ppm: float) -> Ticket:
        """Move the sample clock."""
        self._between(ppm, -MOST_PPM, MOST_PPM, "ppm")
        return self._ask(Ability.ADJUST_CLOCK, "adjust clock", procedures.adjust_clock(ppm))

    def inject_fault(self, words: str, port: int = BOARD_ITSELF) -> Ticket:
        """Let the board suffer something."""
        if port != BOARD_ITSELF:
            self._port(port)
        try:
            procedure = procedures.inject_fault(words, None if port == BOARD_ITSELF else port)
        except MessageError as error:
            raise BoardOperationError(f"{self.address}: {error}") from error
        return self._ask(Ability.FAULTS, "inject fault", procedure, port)

    def clear_faults(self, number: int | None = None) -> Ticket:
        """End one fault, or all."""
        if number is not None:
            self._within(number, FAULT_NUMBERS, "fault")
        return self._ask(Ability.FAULTS, "clear faults", procedures.clear_faults(number))

    # One port

    def gain(self, port: int, receive_db: float, send_db: float) -> Ticket:
        """Amplify between line and bus."""
        self._need(port, Capability.GAIN, "set gains")
        for gain_db in (receive_db, send_db):
            self._between(gain_db, -MOST_GAIN_DB, MOST_GAIN_DB, "dB")
        return self._begin("gain", procedures.gain(port, receive_db, send_db), port)

    def impedance(self, port: int, index: int) -> Ticket:
        """Terminate and balance the line."""
        self._need(port, Capability.IMPEDANCE, "set its impedance")
        self._within(index, IMPEDANCES, "impedance")
        return self._begin("impedance", procedures.impedance(port, index), port)

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
        """Put a pattern in the place of samples."""
        self._port(port)
        if kind is Pattern.TONE:
            self._within(hertz, HERTZ, "Hz")
            self._between(level_dbm0, *LEVELS_DBM0, "dBm0")
        self._within(value, SAMPLES, "sample")
        tone = (hertz, level_dbm0) if kind is Pattern.TONE else (0, 0.0)
        wish = PatternWish(kind, toward, value, *tone)
        return self._ask(Ability.PATTERNS, "pattern", procedures.pattern(port, wish), port)

    def loop_back(self, port: int, where: Loopback) -> Ticket:
        """Turn the host's samples round."""
        self._port(port)
        loop = procedures.loop_back(port, where)
        return self._ask(Ability.PATTERNS, "loop back", loop, port)

    def start_prbs(
        self, port: int, sequence: Prbs, bits: int = 16, way: PrbsWay = BOTH_WAYS
    ) -> Ticket:
        """Send a pseudo-random sequence toward the host, check what it returns, or both."""
        self._port(port)
        if bits not in {8, 16} or not way:
            raise BoardOperationError(f"{self.address}: {bits} bits {way!r}; 8 or 16, any way")
        start = procedures.start_prbs(port, PrbsStart(sequence, bits, way))
        return self._ask(Ability.PATTERNS, "start prbs", start, port)

    def stop_prbs(self, port: int) -> Ticket:
        """Send and check no more."""
        self._port(port)
        return self._ask(Ability.PATTERNS, "stop prbs", procedures.stop_prbs(port), port)

    def bit_errors(self, port: int) -> Ticket:
        """Read what was counted."""
        self._port(port)
        return self._ask(Ability.PATTERNS, "bit errors", procedures.bit_errors(port), port)

    def measure(self, port: int, test: LineTest) -> Ticket:
        """Take the port out of service for a line test."""
        found = self._need(port, Capability.LINE_TEST, "measure its line")
        if test not in TESTS[found.kind]:
            raise self._refused(f"measure {test.name.lower()}", port)
        return self._begin_measuring(port, test)

    def stop_measuring(self, port: int) -> Ticket:
        """End a line test before its time."""
        self._need(port, Capability.LINE_TEST, "measure its line")
        return self._begin("stop measuring", procedures.stop_measuring(port), port)

    def read_line(self, port: int) -> Ticket:
        """Read volts and current as they are."""
        self._need(port, Capability.LINE_TEST, "measure its line")
        return self._begin("read line", procedures.read_line(port), port)

    # What can't be

    def _ask(
        self, ability: Ability, name: str, procedure: Procedure, port: int = BOARD_ITSELF
    ) -> Ticket:
        self._check_up()
        if self.info is None or ability not in self.info.abilities:
            raise self._refused(name, port)
        return self._begin(name, procedure, port)

    def _need(self, port: int, capability: Capability, order: str) -> PortInfo:
        found = self._port(port)
        if capability not in found.capabilities:
            raise self._refused(order, port)
        return found

    def _check_page(self, page: int, content: bytes) -> None:
        self._within(page, range(MOST_PAGES), "page")
        self._within(len(content), range(PAGE_BYTES, PAGE_BYTES + 1), "bytes of a page")

    def _within(self, value: int, allowed: range, what: str) -> None:
        if value not in allowed:
            most = allowed.stop - 1
            raise BoardOperationError(
                f"{self.address}: {what} {value}; {allowed.start} to {most} are allowed"
            )

    def _between(self, value: float, least: float, most: float, what: str) -> None:
        if not least <= value <= most:
            raise BoardOperationError(
                f"{self.address}: {value:g} {what}; {least:g} to {most:g} are allowed"
            )
