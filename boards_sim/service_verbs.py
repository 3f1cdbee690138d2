# SPDX-License-Identifier: MIT
"""What the firmware does for technicians and makers: the verbs of QHI 1.1's classes.

EEPROM pages, firmware, patterns, loopbacks, bit errors, line tests, meters, faults; each as
docs/reference/qhi.md has it.  ``verbs.perform`` calls them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.refused import RefusedError, within
from drivers.qhi import arguments, measures
from drivers.qhi.firmware import ImageOffer, ImagePiece, encode_boot_info
from drivers.qhi.frame import Frame
from drivers.qhi.layout import named, unpack
from drivers.qhi.messages import Request
from drivers.qhi.numbers import BOARD_PORT, BootReason, ClockVerb, IdVerb, MessageClass, Status
from drivers.qhi.numbers import SysVerb as Sys
from drivers.qhi.pages import ID_LOCK, PageWrite
from drivers.qhi.service import ClockRole, FirmwareVerb, SimVerb, SwitchVerb, TestVerb
from drivers.service import LineTest, Loopback

if TYPE_CHECKING:
    from boards_sim.board import Board

__all__ = ["BOARD_VERBS", "PORT_VERBS", "SIM_VERBS", "Injector"]

ONLY_TELL: Final = 0xFF
ADJUST_HUNDREDTHS: Final = range(-20000, 20001)
MOST_BITS: Final = 32
"""Of SYS.SELFTEST."""


class Injector(Protocol):
    """Whoever can make a board suffer (SIM.INJECT)."""

    def inject(self, words: str, port: int | None) -> int:
        """Begin a fault and return its number.

        Raises:
            ValueError: the words aren't understood.
        """

    def clear(self, number: int | None) -> None:
        """End a fault; None: all."""


Port = FxsPort | FxoPort

# The board as a whole


def _meter(board: "Board", given: bytes) -> bytes:
    return measures.encode_board_meter(board.health.meter())


def _selftest(board: "Board", given: bytes) -> bytes:
    (what,) = unpack(arguments.BYTE, given, "SELFTEST")
    within(what, range(MOST_BITS + 1))
    found = int(board.failures())
    return arguments.COUNT.pack(found & 1 << what - 1 if what else found)


def _id_read(board: "Board", given: bytes) -> bytes:
    return board.eeprom.read(*unpack(arguments.ID_READ, given, "READ"))


def _id_info(board: "Board", given: bytes) -> bytes:
    return board.eeprom.table().encode()


def _id_write(board: "Board", given: bytes) -> bytes:
    write = PageWrite.decode(given)
    return arguments.COUNT.pack(board.eeprom.write(write.page, write.offset, write.piece))


def _id_lock(board: "Board", given: bytes) -> bytes:
    board.eeprom.lock(*unpack(ID_LOCK, given, "LOCK"))
    return b""


def _begin(board: "Board", given: bytes) -> bytes:
    offer = ImageOffer.decode(given)
    return board.slots.begin(offer.size, offer.sha256).encode()


def _write(board: "Board", given: bytes) -> bytes:
    piece = ImagePiece.decode(given)
    return arguments.COUNT.pack(board.slots.write(piece.offset, piece.piece))


def _verify(board: "Board", given: bytes) -> bytes:
    return board.slots.verify()


def _activate(board: "Board", given: bytes) -> bytes:
    board.slots.activate()
    board.reboot_after_answer(BootReason.FIRMWARE_UPDATE)
    return b""


def _roll_back(board: "Board", given: bytes) -> bytes:
    board.slots.roll_back()
    board.reboot_after_answer(BootReason.FIRMWARE_UPDATE)
    return b""


def _boot_info(board: "Board", given: bytes) -> bytes:
    return encode_boot_info(board.slots.told(board.boot_reason, board.clock.ms))


def _role(board: "Board", given: bytes) -> bytes:
    (role,) = unpack(arguments.BYTE, given, "ROLE")
    if role not in {ClockRole.FREE, ONLY_TELL}:
        raise RefusedError(Status.RANGE)
    return measures.ROLE.pack(ClockRole.FREE, 1)


def _adjust(board: "Board", given: bytes) -> bytes:
    (hundredths,) = unpack(measures.ADJUST, given, "ADJUST")
    within(hundredths, ADJUST_HUNDREDTHS)
    return measures.ADJUST.pack(round(board.clock.trim(hundredths / 100) * 100))


BoardVerb = Callable[["Board", bytes], bytes]
BOARD_VERBS: Final[dict[tuple[int, int], BoardVerb]] = {
    (MessageClass.SYS, Sys.SELFTEST): _selftest,
    (MessageClass.SYS, Sys.METER): _meter,
    (MessageClass.ID, IdVerb.READ): _id_read,
    (MessageClass.ID, IdVerb.INFO): _id_info,
    (MessageClass.ID, IdVerb.WRITE): _id_write,
    (MessageClass.ID, IdVerb.LOCK): _id_lock,
    (MessageClass.FW, FirmwareVerb.BEGIN): _begin,
    (MessageClass.FW, FirmwareVerb.WRITE): _write,
    (MessageClass.FW, FirmwareVerb.VERIFY): _verify,
    (MessageClass.FW, FirmwareVerb.ACTIVATE): _activate,
    (MessageClass.FW, FirmwareVerb.ROLLBACK): _roll_back,
    (MessageClass.FW, FirmwareVerb.BOOT_INFO): _boot_info,
    (MessageClass.CLK, ClockVerb.ROLE): _role,
    (MessageClass.CLK, ClockVerb.ADJUST): _adjust,
}

# One port.  Each takes the board, the port, the arguments and the frame.


def _pattern(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    board.timeslots.pattern(port.number, measures.PatternWish.decode(given))
    return b""


def _loopback(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    (number,) = unpack(arguments.BYTE, given, "LOOPBACK")
    where = named(Loopback, number, "loopback")
    busy = port.off_hook or port.ringing or board.tests.is_testing(port.number)
    if where is not Loopback.NONE and busy:
        raise RefusedError(Status.BUSY)
    board.timeslots.loop(port.number, where)
    return b""


def _prbs_start(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    board.timeslots.start_prbs(port.number, measures.PrbsStart.decode(given))
    return b""


def _prbs_stop(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    board.timeslots.stop_prbs(port.number)
    return b""


def _prbs_result(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    return measures.encode_bit_errors(board.timeslots.bit_errors(port.number))


def _line_test(given: bytes) -> LineTest:
    (number,) = unpack(arguments.BYTE, given, "line test")
    return named(LineTest, number, "line test")


def _test_start(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    test = _line_test(given)
    if board.timeslots.loopback(port.number) is not Loopback.NONE:
        raise RefusedError(Status.BUSY)
    tag = Request.decode(frame.payload).tag
    board.tests.start(port.number, test, frame.seq, tag, board.clock.ms)
    board.timeslots.mute(port.number, on=True)
    return b""


def _test_result(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    return board.tests.result(port.number, _line_test(given)).encode()


def _test_stop(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    board.tests.stop(port.number)
    return b""


def _test_meter(board: "Board", port: Port, given: bytes, frame: Frame) -> bytes:
    return measures.encode_line_current(board.tests.meter(port.number))


PortVerb = Callable[["Board", Port, bytes, Frame], bytes]
PORT_VERBS: Final[dict[tuple[int, int], PortVerb]] = {
    (MessageClass.TDM, SwitchVerb.PATTERN): _pattern,
    (MessageClass.TDM, SwitchVerb.LOOPBACK): _loopback,
    (MessageClass.TDM, SwitchVerb.PRBS_START): _prbs_start,
    (MessageClass.TDM, SwitchVerb.PRBS_STOP): _prbs_stop,
    (MessageClass.TDM, SwitchVerb.PRBS_RESULT): _prbs_result,
    (MessageClass.TEST, TestVerb.START): _test_start,
    (MessageClass.TEST, TestVerb.RESULT): _test_result,
    (MessageClass.TEST, TestVerb.STOP): _test_stop,
    (MessageClass.TEST, TestVerb.METER): _test_meter,
}

# Faults.  Each takes whoever makes the board suffer, the port number, and the arguments.


def _inject(injector: Injector, port: int, given: bytes) -> bytes:
    words = measures.decode_words(given)
    try:
        number = injector.inject(words, None if port == BOARD_PORT else port)
    except ValueError as error:
        raise RefusedError(Status.BAD_ARG, 1) from error
    return arguments.WORD.pack(number)


def _clear(injector: Injector, port: int, given: bytes) -> bytes:
    (number,) = unpack(arguments.WORD, given, "CLEAR")
    injector.clear(None if number == measures.ALL_FAULTS else number)
    return b""


SIM_VERBS: Final[dict[int, Callable[[Injector, int, bytes], bytes]]] = {
    SimVerb.INJECT: _inject,
    SimVerb.CLEAR: _clear,
}
