# SPDX-License-Identifier: MIT
"""What the firmware does on request: one function per verb of docs/reference/qhi.md.

``perform`` checks class, verb, port and arguments, and answers with a status; it never raises
for what a host has sent.
"""

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from boards_sim.fxo import FxoPort
from boards_sim.fxs import FxsPort
from boards_sim.hybrid import IMPEDANCES
from boards_sim.refused import RefusedError, within
from boards_sim.service_verbs import BOARD_VERBS as SERVICE_VERBS
from boards_sim.service_verbs import PORT_VERBS, SIM_VERBS
from drivers.base import Linefeed
from drivers.qhi import arguments
from drivers.qhi.frame import Frame
from drivers.qhi.layout import MessageError, unpack
from drivers.qhi.messages import Request, Response
from drivers.qhi.numbers import (
    BOARD_PORT,
    BootReason,
    ClockVerb,
    Counter,
    MessageClass,
    PcmFormat,
    PortVerb,
    Status,
    SysVerb,
)

if TYPE_CHECKING:
    from boards_sim.board import Board

__all__ = ["perform"]

MOST_COUNTERS: Final = 64
RING_STEP_MS: Final = range(50, 10001)
OPEN_LOOP_MS: Final = range(50, 1501)
FLASH_MS: Final = range(90, 1001)
PULSE_PART_MS: Final = range(5, 201)
BETWEEN_DIGITS_MS: Final = range(200, 2001)
GAIN_TENTHS: Final = range(-120, 121)
METER_TENTHS: Final = 10
UNDISTURBING: Final = frozenset({PortVerb.STATE, PortVerb.METER})
"""What a port does while its line is being tested."""


def _flag(given: bytes) -> bool:
    (value,) = unpack(arguments.BYTE, given, "flag")
    if value not in {0, 1}:
        raise RefusedError(Status.BAD_ARG)
    return bool(value)


# The board as a whole.  Each takes the board and the arguments, and returns the results.


def _nothing(board: "Board", given: bytes) -> bytes:
    return b""


def _identify(board: "Board", given: bytes) -> bytes:
    (seconds,) = unpack(arguments.WORD, given, "IDENTIFY")
    board.lamp_until_ms = board.clock.ms + seconds * 1000
    return b""


def _time(board: "Board", given: bytes) -> bytes:
    return arguments.TIME.pack(board.clock.tick, board.clock.samples * 125)


def _reset(board: "Board", given: bytes) -> bytes:
    (mode,) = unpack(arguments.BYTE, given, "RESET")
    within(mode, range(1))
    board.reboot_after_answer(BootReason.ORDER)
    return b""


def _watchdog(board: "Board", given: bytes) -> bytes:
    (timeout_ms,) = unpack(arguments.WORD, given, "WATCHDOG")
    board.arm_watchdog(timeout_ms)
    return b""


def _kick(board: "Board", given: bytes) -> bytes:
    board.kick_watchdog()
    return b""


def _log_level(board: "Board", given: bytes) -> bytes:
    (level,) = unpack(arguments.BYTE, given, "LOG_LEVEL")
    board.log_level = within(level, range(4))
    return b""


def _counters(board: "Board", given: bytes) -> bytes:
    (first,) = unpack(arguments.BYTE, given, "COUNTERS")
    values = board.counters()[within(first, range(len(Counter))) :][:MOST_COUNTERS]
    return struct.pack(f"<BB{len(values)}I", first, len(values), *values)


def _clear_counters(board: "Board", given: bytes) -> bytes:
    board.clear_counters()
    return b""


def _quiet(board: "Board", given: bytes) -> bytes:
    board.rest()
    return b""


def _state_of_all(board: "Board", given: bytes) -> bytes:
    board.report_states()
    return b""


def _start(board: "Board", given: bytes) -> bytes:
    start = arguments.StreamStart.decode(given)
    if start.ms != board.FRAME_MS:
        raise RefusedError(Status.RANGE, 0)
    if not board.FORMATS >> start.format & 1:
        raise RefusedError(Status.RANGE, 1)
    within(start.lead_ms, range(board.FRAME_MS * 4 + 1), 2)
    if start.ports >> len(board.ports):
        raise RefusedError(Status.RANGE, 4)
    board.start_stream(start)
    return b""


def _stop(board: "Board", given: bytes) -> bytes:
    board.timeslots.stop()
    return b""


def _query(board: "Board", given: bytes) -> bytes:
    stream = board.stream
    ms, form, lead = (stream.ms, stream.format, stream.lead_ms) if stream else (0, PcmFormat(0), 0)
    playout = board.timeslots.playout
    counts = (board.clock.tick, playout.underruns, playout.slips)
    return arguments.QUERY.pack(stream is not None, ms, form, lead, *counts)


BoardVerb = Callable[["Board", bytes], bytes]
BOARD_VERBS: Final[dict[tuple[int, int], BoardVerb]] = {
    (MessageClass.SYS, SysVerb.NOP): _nothing,
    (MessageClass.SYS, SysVerb.IDENTIFY): _identify,
    (MessageClass.SYS, SysVerb.TIME): _time,
    (MessageClass.SYS, SysVerb.RESET): _reset,
    (MessageClass.SYS, SysVerb.WATCHDOG): _watchdog,
    (MessageClass.SYS, SysVerb.KICK): _kick,
    (MessageClass.SYS, SysVerb.LOG_LEVEL): _log_level,
    (MessageClass.SYS, SysVerb.COUNTERS): _counters,
    (MessageClass.SYS, SysVerb.CLEAR_COUNTERS): _clear_counters,
    (MessageClass.SYS, SysVerb.QUIET): _quiet,
    (MessageClass.SYS, SysVerb.STATE): _state_of_all,
    (MessageClass.CLK, ClockVerb.START): _start,
    (MessageClass.CLK, ClockVerb.STOP): _stop,
    (MessageClass.CLK, ClockVerb.QUERY): _query,
    **SERVICE_VERBS,
}

# Telephones.  Each takes the port, the arguments and the frame.


def _linefeed(port: FxsPort, given: bytes, frame: Frame) -> bytes:
    (number,) = unpack(arguments.BYTE, given, "LINEFEED")
    if number not in [state.value for state in Linefeed] or number == Linefeed.RINGING.value:
        raise RefusedError(Status.BAD_ARG)
    port.set_linefeed(Linefeed(number))
    return b""


def _ring(port: FxsPort, given: bytes, frame: Frame) -> bytes:
    steps = arguments.RingSteps.decode(given).steps_ms
    for i, step in enumerate(steps):
        within(step, RING_STEP_MS, 1 + 2 * i)
    if port.off_hook:
        raise RefusedError(Status.BAD_STATE)
    port.ring(steps)
    return b""


def _ring_stop(port: FxsPort, given: bytes, frame: Frame) -> bytes:
    if port.ringing:
        port.stop_ringing()
    return b""


def _open_loop(port: FxsPort, given: bytes, frame: Frame) -> bytes:
    (duration_ms,) = unpack(arguments.WORD, given, "OPEN_LOOP")
    port.open_loop(within(duration_ms, OPEN_LOOP_MS))
    return b""


def _flash_window(port: FxsPort, given: bytes, frame: Frame) -> bytes:
    shortest, longest = unpack(arguments.FLASH_WINDOW, given, "FLASH_WINDOW")
    if not 100 < shortest <= longest <= 3000:
        raise RefusedError(Status.RANGE)
    port.flash_window_ms = (shortest, longest)
    return b""


# Office lines.


def _hook(port: FxoPort, given: bytes, frame: Frame) -> bytes:
    port.set_hook(off_hook=_flag(given))
    return b""


def _flash(port: FxoPort, given: bytes, frame: Frame) -> bytes:
    (duration_ms,) = unpack(arguments.WORD, given, "FLASH")
    within(duration_ms, FLASH_MS)
    if not port.off_hook:
        raise RefusedError(Status.BAD_STATE)
    port.flash(duration_ms)
    return b""


def _pulse(port: FxoPort, given: bytes, frame: Frame) -> bytes:
    pulses = arguments.Pulses.decode(given)
    within(pulses.break_ms, PULSE_PART_MS, 0)
    within(pulses.make_ms, PULSE_PART_MS, 2)
    within(pulses.between_ms, BETWEEN_DIGITS_MS, 4)
    if port.pulsing:
        raise RefusedError(Status.BUSY)
    if not port.off_hook:
        raise RefusedError(Status.BAD_STATE)
    port.pulse(pulses, frame.seq, Request.decode(frame.payload).tag)
    return b""


def _monitor(port: FxoPort, given: bytes, frame: Frame) -> bytes:
    port.listen(on=_flag(given))
    return b""


FxsVerb = Callable[[FxsPort, bytes, Frame], bytes]
FxoVerb = Callable[[FxoPort, bytes, Frame], bytes]
FXS_VERBS: Final[dict[int, FxsVerb]] = {
    PortVerb.LINEFEED: _linefeed,
    PortVerb.RING: _ring,
    PortVerb.RING_STOP: _ring_stop,
    PortVerb.OPEN_LOOP: _open_loop,
    PortVerb.FLASH_WINDOW: _flash_window,
}
FXO_VERBS: Final[dict[int, FxoVerb]] = {
    PortVerb.HOOK: _hook,
    PortVerb.FLASH: _flash,
    PortVerb.PULSE: _pulse,
    PortVerb.MONITOR: _monitor,
}

# Any port.


def _state(board: "Board", port: FxsPort | FxoPort, given: bytes) -> bytes:
    return board.state_of(port)


def _gain(board: "Board", port: FxsPort | FxoPort, given: bytes) -> bytes:
    receive, send = unpack(arguments.GAIN, given, "GAIN")
    within(receive, GAIN_TENTHS, 0)
    within(send, GAIN_TENTHS, 2)
    board.codecs.set_gain(port.number, receive / 10.0, send / 10.0)
    return b""


def _impedance(board: "Board", port: FxsPort | FxoPort, given: bytes) -> bytes:
    (index,) = unpack(arguments.BYTE, given, "IMPEDANCE")
    board.codecs.set_impedance(port.number, within(index, range(len(IMPEDANCES))))
    return b""


def _meter(board: "Board", port: FxsPort | FxoPort, given: bytes) -> bytes:
    volts = round(port.terminal_volts * METER_TENTHS)
    reading = port.loop.reading
    at_board = reading.milliamps if isinstance(port, FxsPort) else reading.load_milliamps
    return arguments.METER.pack(volts, round(at_board * METER_TENTHS))


AnyVerb = Callable[["Board", FxsPort | FxoPort, bytes], bytes]
ANY_PORT_VERBS: Final[dict[int, AnyVerb]] = {
    PortVerb.STATE: _state,
    PortVerb.GAIN: _gain,
    PortVerb.IMPEDANCE: _impedance,
    PortVerb.METER: _meter,
}


def perform(board: "Board", request: Request, frame: Frame) -> Response:
    """Do what a request asks for, and return the response."""
    try:
        return request.answer(Status.OK, _results(board, request, frame))
    except RefusedError as refused:
        return request.answer(refused.status, detail=refused.detail)
    except MessageError:
        return request.answer(Status.BAD_ARG)


def _results(board: "Board", request: Request, frame: Frame) -> bytes:
    given = request.arguments
    if request.class_ == MessageClass.PORT:
        return _port_results(board, request, frame)
    if (request.class_, request.verb) in PORT_VERBS:
        port = _port(board, request)
        return PORT_VERBS[request.class_, request.verb](board, port, given, frame)
    if request.class_ == MessageClass.SIM:
        return _sim_results(board, request)
    verb = BOARD_VERBS.get((request.class_, request.verb))
    if verb is None:
        raise RefusedError(Status.UNSUPPORTED)
    if request.port != BOARD_PORT:
        raise RefusedError(Status.NO_PORT)
    return verb(board, given)


def _port(board: "Board", request: Request) -> FxsPort | FxoPort:
    if request.port >= len(board.ports):
        raise RefusedError(Status.NO_PORT)
    if request.port in board.ailments.dead:
        raise RefusedError(Status.HW_FAULT)
    return board.ports[request.port]


def _port_results(board: "Board", request: Request, frame: Frame) -> bytes:
    given = request.arguments
    port = _port(board, request)
    if board.tests.is_testing(port.number) and request.verb not in UNDISTURBING:
        raise RefusedError(Status.BUSY)
    if request.verb in ANY_PORT_VERBS:
        return ANY_PORT_VERBS[request.verb](board, port, given)
    if isinstance(port, FxsPort) and request.verb in FXS_VERBS:
        return FXS_VERBS[request.verb](port, given, frame)
    if isinstance(port, FxoPort) and request.verb in FXO_VERBS:
        return FXO_VERBS[request.verb](port, given, frame)
    raise RefusedError(Status.UNSUPPORTED)


def _sim_results(board: "Board", request: Request) -> bytes:
    verb = SIM_VERBS.get(request.verb)
    if board.injector is None or verb is None:
        raise RefusedError(Status.UNSUPPORTED)
    if request.port != BOARD_PORT:
        _port(board, request)
    return verb(board.injector, request.port, request.arguments)
