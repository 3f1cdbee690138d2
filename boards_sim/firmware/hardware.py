# SPDX-License-Identifier: MIT
"""Simulated hardware under the reference firmware: its HAL on loops and lines.

What a maker writes in C for line circuits and codecs (``aw_board_hal``) is here in Python for
``boards_sim.loop`` and ``dsp.line``: comparators for the C core to debounce, switches for it to
throw; instruments, an EEPROM of four pages, two slots of flash, a trimmer.  Not here: message
lamps, a loopback in the codec.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from boards_sim.clock import BoardClock
from boards_sim.firmware.bootloader import Flash
from boards_sim.firmware.instruments import Instruments
from boards_sim.fxo import HOOK_SWITCH, OPEN_SWITCH, RING_VOLTS
from boards_sim.fxs import OFF_HOOK_MA, ON_HOOK_MA, feed_of
from boards_sim.hybrid import IMPEDANCES, Network
from boards_sim.identity import SIMULATED_VENDOR
from boards_sim.loop import Loop
from boards_sim.measuring import calibrated
from drivers.base import Linefeed, PortKind
from drivers.qhi.layout import MessageError
from drivers.qhi.pages import CalibrationPage, PortCalibration
from drivers.qhi.service import Page
from dsp.line import LinePath, Lines
from dsp.native import ffi, lib

__all__ = ["HAL", "Circuit", "Hardware"]

FULL: Final = LinePath.TO_FAR | LinePath.TO_BOARD | LinePath.HYBRID
TENTHS: Final = 10
PAGES: Final = 4
PAGE_BYTES: Final[int] = lib.AW_BOARD_PAGE
ANALOG: Final = 3
"""The loopback that goes as far as the terminals."""
AS_MADE: Final = 0xFFFF
"""The impedance of a line whose host has set none."""
PERFECT: Final = PortCalibration()
BALANCES: Final = tuple(IMPEDANCES.values())


class Circuit:
    """The line circuit and codec of one port."""

    def __init__(self, number: int, kind: PortKind, loop: Loop, lines: Lines, seed: int) -> None:
        self.loop_closed = False
        "FXS: the loop current comparator, with its hysteresis."
        self.instruments = Instruments(kind, loop, seed + number)
        self._number = number
        self._kind = kind
        self._loop = loop
        self._lines = lines
        self._monitor = True
        self._away = False
        self._balance: Network | None = None
        self._correction = PERFECT
        self.gain(0.0, 0.0)
        loop.watch(self._follow)
        self._follow()

    @property
    def has_battery(self) -> bool:
        """FXO: whether the office feeds the line."""
        return self._kind is PortKind.FXO and self._loop.reading.has_battery

    @property
    def is_rung(self) -> bool:
        """FXO: the ringing detector."""
        return self._kind is PortKind.FXO and self._loop.reading.ring_volts >= RING_VOLTS

    @property
    def is_reversed(self) -> bool:
        """FXO: the polarity comparator."""
        return self._kind is PortKind.FXO and self._loop.reading.volts < 0

    def feed(self, linefeed: Linefeed) -> None:
        """FXS: feed the line so."""
        self._loop.feed_from(feed_of(linefeed))

    def hook(self, *, closed: bool) -> None:
        """FXO: close or open the loop."""
        self._loop.load_with(HOOK_SWITCH if closed else OPEN_SWITCH)

    def monitor(self, *, on: bool) -> None:
        """FXO: hear the line while it is on-hook, or don't."""
        self._monitor = on
        self._follow()

    def switch_away(self, *, away: bool) -> None:
        """Take the line off the terminals, or put it back."""
        self._away = away
        self._follow()

    def gain(self, receive_db: float, send_db: float) -> None:
        """Amplify between codec and line, after the hybrid and before it."""
        self._gains = (receive_db, send_db)
        self._nature = self._loop.nature
        settings = self._nature.settings(self._balance)
        receive_db += self._correction.receive_db
        send_db += self._correction.send_db
        echo_gain = 10 ** ((receive_db + send_db) / 20)
        gained = replace(
            settings,
            to_far_db=settings.to_far_db + send_db,
            to_board_db=settings.to_board_db + receive_db,
            echo=tuple(tap * echo_gain for tap in settings.echo),
        )
        self._lines.set(self._number, gained)

    def impedance(self, index: int) -> bool:
        """Balance the hybrid; False: there is no such impedance."""
        if index != AS_MADE and index >= len(BALANCES):
            return False
        self._balance = None if index == AS_MADE else BALANCES[index]
        self.gain(*self._gains)
        return True

    def calibrate(self, found: PortCalibration) -> None:
        """Correct codec and voltmeter by what the factory has found."""
        self._correction = found
        self.instruments.meter.correct(found.volts_percent)
        self.gain(*self._gains)

    def meter(self) -> tuple[float, float]:
        """Return volts at the board's terminals, and milliamps."""
        reading = self._loop.reading
        if self._kind is PortKind.FXS:
            return reading.feed_volts, reading.milliamps
        return reading.volts, reading.load_milliamps

    def _follow(self) -> None:
        least = ON_HOOK_MA if self.loop_closed else OFF_HOOK_MA
        self.loop_closed = abs(self._loop.reading.milliamps) >= least
        self._lines.path(self._number, self._path())
        if self._loop.nature is not self._nature:
            self.gain(*self._gains)

    def _path(self) -> LinePath:
        """Return what passes between codec and far end: that is for feed and switch to say."""
        feed = self._loop.feed
        if self._away:
            return LinePath.REFLECT
        if not feed.volts or feed.ring_volts or not (feed.tip and feed.ring):
            return LinePath.OPEN
        if self._kind is PortKind.FXS:
            closed = self._loop.is_closed
            return FULL if closed else LinePath.TO_FAR | LinePath.REFLECT
        if self._loop.load.closed:
            return FULL
        return LinePath.TO_BOARD if self._monitor else LinePath.OPEN


class Hardware:
    """The line circuits of a board, its lamp, EEPROM, flash and crystal."""

    def __init__(
        self,
        kinds: Sequence[PortKind],
        loops: Sequence[Loop],
        lines: Lines,
        *,
        board_type: int = 0,
        seed: int = 0,
    ) -> None:
        """Make them; the flash is that of a board type, and ``seed`` makes what isn't perfect."""
        self.lamp = False
        self.clock = BoardClock()
        self.flash = Flash(SIMULATED_VENDOR, board_type)
        self.eeprom = bytearray(b"\xff" * (PAGES * PAGE_BYTES))
        self.circuits: tuple[Circuit, ...] = tuple(
            Circuit(number, kind, loop, lines, seed)
            for number, (kind, loop) in enumerate(zip(kinds, loops, strict=True))
        )

    def sense(self, out: Any) -> None:
        """Fill ``aw_board_senses`` with what the terminals show."""
        circuits = self.circuits
        out.loop = sum(c.loop_closed << n for n, c in enumerate(circuits))
        out.battery = sum(c.has_battery << n for n, c in enumerate(circuits))
        out.ring = sum(c.is_rung << n for n, c in enumerate(circuits))
        out.reversed = sum(c.is_reversed << n for n, c in enumerate(circuits))

    def manufacture(self) -> None:
        """Measure what each circuit is off by and write it down, as the factory does."""
        found = tuple(calibrated(each.instruments.meter) for each in self.circuits)
        self.write(Page.CALIBRATION, 0, CalibrationPage(ports=found).encode())
        self.calibrate()

    def calibrate(self) -> None:
        """Correct for what the calibration page says, if it can be read."""
        at = Page.CALIBRATION * PAGE_BYTES
        try:
            page = CalibrationPage.decode(bytes(self.eeprom[at : at + PAGE_BYTES]))
        except MessageError:
            page = CalibrationPage()
        for number, circuit in enumerate(self.circuits):
            circuit.calibrate(page.ports[number] if number < len(page.ports) else PERFECT)

    def write(self, page: int, offset: int, piece: bytes) -> None:
        """Write a piece of a page of the EEPROM."""
        at = page * PAGE_BYTES + offset
        self.eeprom[at : at + len(piece)] = piece


def _hardware(handle: object) -> Hardware:
    found = ffi.from_handle(handle)
    assert isinstance(found, Hardware)
    return found


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_sense(hw: object, out: object) -> None:
    """``aw_board_hal.sense``."""
    _hardware(hw).sense(out)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_linefeed(hw: object, port: int, feed: int) -> None:
    """``aw_board_hal.linefeed``."""
    _hardware(hw).circuits[port].feed(Linefeed(feed))


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_hook(hw: object, port: int, closed: int) -> None:
    """``aw_board_hal.hook``."""
    _hardware(hw).circuits[port].hook(closed=bool(closed))


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_monitor(hw: object, port: int, on: int) -> None:
    """``aw_board_hal.monitor``."""
    _hardware(hw).circuits[port].monitor(on=bool(on))


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_gain(hw: object, port: int, receive: int, send: int) -> None:
    """``aw_board_hal.gain``."""
    _hardware(hw).circuits[port].gain(receive / TENTHS, send / TENTHS)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_meter(hw: object, port: int, volts: Any, milliamps: Any) -> None:
    """``aw_board_hal.meter``."""
    volts[0], milliamps[0] = (round(r * TENTHS) for r in _hardware(hw).circuits[port].meter())


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_lamp(hw: object, on: int) -> None:
    """``aw_board_hal.lamp``."""
    _hardware(hw).lamp = bool(on)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_selftest(hw: object, what: int) -> int:
    """``aw_board_hal.selftest``: nothing here can fail."""
    return 0


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_loopback(hw: object, port: int, where: int) -> int:
    """``aw_board_hal.loopback``."""
    if where not in {0, ANALOG}:
        return int(lib.AW_BOARD_UNSUPPORTED)
    _hardware(hw).circuits[port].switch_away(away=where == ANALOG)
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_eeprom_read(hw: object, page: int, offset: int, out: Any, count: int) -> int:
    """``aw_board_hal.eeprom_read``."""
    at = page * PAGE_BYTES + offset
    ffi.memmove(out, _hardware(hw).eeprom[at : at + count], count)
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_eeprom_write(hw: object, page: int, offset: int, piece: Any, count: int) -> int:
    """``aw_board_hal.eeprom_write``."""
    _hardware(hw).write(page, offset, bytes(ffi.buffer(piece, count)))
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_eeprom_lock(hw: object, page: int) -> int:
    """``aw_board_hal.eeprom_lock``: the core remembers it, and this hardware is never off."""
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_impedance(hw: object, port: int, index: int) -> int:
    """``aw_board_hal.impedance``."""
    is_there = _hardware(hw).circuits[port].impedance(index)
    return int(lib.AW_BOARD_OK if is_there else lib.AW_BOARD_RANGE)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_adjust(hw: object, hundredths: int) -> int:
    """``aw_board_hal.adjust``."""
    return round(_hardware(hw).clock.trim(hundredths / 100) * 100)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_measure(hw: object, port: int, test: int, values: Any) -> int:
    """``aw_board_hal.measure``."""
    found = _hardware(hw).circuits[port].instruments.measure(test)
    for place, value in enumerate(found):
        values[place] = value & 0xFFFF_FFFF
    return int(lib.AW_BOARD_OK if found else lib.AW_BOARD_BUSY)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_measured(hw: object, port: int) -> None:
    """``aw_board_hal.measured``."""
    _hardware(hw).circuits[port].instruments.end()


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_slots_read(hw: object, out: Any) -> int:
    """``aw_board_hal.slots_read``."""
    out[0] = _hardware(hw).flash.slots[0]
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_slots_write(hw: object, slots: object) -> int:
    """``aw_board_hal.slots_write``."""
    _hardware(hw).flash.keep(slots)
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_flash_erase(hw: object, slot: int) -> int:
    """``aw_board_hal.flash_erase``."""
    _hardware(hw).flash.erase(slot)
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_flash_write(hw: object, slot: int, offset: int, piece: Any, count: int) -> int:
    """``aw_board_hal.flash_write``."""
    _hardware(hw).flash.write(slot, offset, bytes(ffi.buffer(piece, count)))
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_flash_read(hw: object, slot: int, offset: int, out: Any, count: int) -> int:
    """``aw_board_hal.flash_read``."""
    ffi.memmove(out, _hardware(hw).flash.read(slot, offset, count), count)
    return int(lib.AW_BOARD_OK)


@ffi.def_extern()  # type: ignore[untyped-decorator]
def aw_hal_restart(hw: object, reason: int) -> None:
    """``aw_board_hal.restart``: the boot loader, and what is read at each boot."""
    hardware = _hardware(hw)
    hardware.flash.boot()
    hardware.calibrate()


HAL: Final = ffi.new(
    "aw_board_hal *",
    {
        "sense": lib.aw_hal_sense,
        "linefeed": lib.aw_hal_linefeed,
        "hook": lib.aw_hal_hook,
        "monitor": lib.aw_hal_monitor,
        "gain": lib.aw_hal_gain,
        "meter": lib.aw_hal_meter,
        "lamp": lib.aw_hal_lamp,
        "selftest": lib.aw_hal_selftest,
        "loopback": lib.aw_hal_loopback,
        "eeprom_read": lib.aw_hal_eeprom_read,
        "eeprom_write": lib.aw_hal_eeprom_write,
        "eeprom_lock": lib.aw_hal_eeprom_lock,
        "impedance": lib.aw_hal_impedance,
        "adjust": lib.aw_hal_adjust,
        "measure": lib.aw_hal_measure,
        "measured": lib.aw_hal_measured,
        "slots_read": lib.aw_hal_slots_read,
        "slots_write": lib.aw_hal_slots_write,
        "flash_erase": lib.aw_hal_flash_erase,
        "flash_write": lib.aw_hal_flash_write,
        "flash_read": lib.aw_hal_flash_read,
        "restart": lib.aw_hal_restart,
    },
)
"""The table; ``hw`` is a handle of a ``Hardware``."""
