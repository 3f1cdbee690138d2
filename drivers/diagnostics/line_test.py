# SPDX-License-Identifier: MIT
"""The line test: what is wrong with the copper, the telephone or the office behind a port.

    report = line_test(session, 4)
    report.is_good, [verdict.sentence for verdict in report.faults]

A telephone's line goes through the five metallic loop tests in their order, hazard first and
nothing after it; an office's line through ringing, battery, loop current, dial tone and noise.
``tell`` is told what is being done and found.  It takes the line out of service and refuses one
in use; that no call is on it only the caller knows who has the board for himself.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from drivers.base import Capability, PortInfo, PortKind
from drivers.diagnostics import station_limits, trunk_limits
from drivers.diagnostics.line_under_test import LineUnderTest, noise_of
from drivers.diagnostics.note import Note, NoteKind
from drivers.diagnostics.session import Session
from drivers.diagnostics.verdict import Check, Fault, LineReport, Skipped, Verdict
from drivers.errors import BoardOperationError, LineInUseError

__all__ = ["CLOSED_MA", "QUIETING_DIGIT", "SETTLES_S", "Tell", "line_test", "port_of"]

Tell = Callable[[Note], object]
Found = Verdict | Skipped

CLOSED_MA: Final = 10.0
"""More loop current, and something holds the loop."""
REPEAT_S: Final = 30.0
REPEATS: Final = 2
"""Foreign voltage may come and go with a neighbour's ringing: it is looked at again."""
RECEIVER_OHMS: Final = 20_000.0
"""More can't be a lifted telephone, and can't be measured behind the 1 kohm of that test."""
SETTLES_S: Final = 0.6
DIAL_TONE_S: Final = 10.0
QUIETING_DIGIT: Final = "1"
"""Any digit ends dial tone; no office completes a call by this one alone."""
NOISE_S: Final = 1.0

_LATER: Final = (Check.RECEIVER, Check.RINGERS)
_SEIZED: Final = (Check.CURRENT, Check.DIAL_TONE, Check.NOISE)
"""What the loop must be closed for."""


def line_test(
    session: Session,
    port: int,
    *,
    lifted: bool = False,
    loop_ohms: float | None = None,
    tell: Tell = lambda _: None,
) -> LineReport:
    """Test the line on a port of a board that is up.

    ``lifted``: test it though a telephone is off the hook, which is a fault then.  ``loop_ohms``:
    of the cable to the telephone, both wires, where that is known: it makes bells look fewer.

    Raises:
        LineInUseError: a telephone on it is lifted, or it rings.
        BoardOperationError: the board has no such port, can't test it, or failed to.
    """
    found_port = port_of(
        session, port, Capability.LINE_TEST, "this board has no instruments for line tests"
    )
    line = LineUnderTest(session, found_port)
    line.loop_ohms = loop_ohms
    checks = _station if line.port.kind is PortKind.FXS else _trunk
    found: list[Found] = []
    for each in checks(line, lifted=lifted, say=_teller(session, tell)):
        found.append(each)
        if isinstance(each, Verdict):
            kind = NoteKind.FAULT if each.fault else NoteKind.FOUND
            tell(Note(session.engine.now, kind, each.sentence))
    verdicts = tuple(each for each in found if isinstance(each, Verdict))
    skipped = tuple(each for each in found if isinstance(each, Skipped))
    return LineReport(verdicts, skipped, line.calibrated)


def port_of(session: Session, number: int, needs: Capability, without: str) -> PortInfo:
    """Return a port of the session's board.

    Raises:
        BoardOperationError: there is none, or it hasn't the capability.
    """
    ports = session.board.info.ports if session.board.info else ()
    port = next((each for each in ports if each.number == number), None)
    where = f"{session.board.address} port {number}"
    if port is None:
        raise BoardOperationError(f"{where}: there is no such port")
    if needs not in port.capabilities:
        raise BoardOperationError(f"{where}: {without}")
    return port


def _teller(session: Session, tell: Tell) -> Callable[[str], object]:
    return lambda text: tell(Note(session.engine.now, NoteKind.DOING, text))


# A telephone's line


def _station(line: LineUnderTest, *, lifted: bool, say: Callable[[str], object]) -> Iterator[Found]:
    is_closed = line.loop_ma() >= CLOSED_MA
    say("Looking for voltage that isn't ours")
    volts = line.volts()
    hazard = station_limits.hazard(volts)
    yield hazard
    if hazard.fault:
        yield from _skip("the voltage is dangerous", Check.FOREIGN, Check.LEAKS, *_LATER)
        return
    foreign = station_limits.foreign(volts)
    if foreign.fault:
        foreign = _again(line, foreign, say)
    yield foreign
    if foreign.fault:
        yield from _skip("foreign voltage would be measured with it", Check.LEAKS, *_LATER)
    elif is_closed:
        yield from _closed_loop(line, lifted=lifted, say=say)
    else:
        yield from _open_loop(line, lifted=lifted, say=say)


def _skip(why: str, *checks: Check) -> Iterator[Skipped]:
    for check in checks:
        yield Skipped(check, why)


def _again(line: LineUnderTest, first: Verdict, say: Callable[[str], object]) -> Verdict:
    """Look again at foreign voltage; return the last verdict, or the first if it has gone."""
    for _ in range(REPEATS):
        say(f"Foreign voltage: looking again in {REPEAT_S:.0f} s")
        line.wait(REPEAT_S)
        verdict = station_limits.foreign(line.volts())
        if not verdict.fault:
            gone = f"{first.sentence} It was gone {REPEAT_S:.0f} s later: it comes and goes."
            return replace(first, sentence=gone)
    return verdict


def _closed_loop(
    line: LineUnderTest, *, lifted: bool, say: Callable[[str], object]
) -> Iterator[Found]:
    """Find out what draws current; a lifted telephone spares the tests that it would falsify."""
    say("Current flows: a telephone, or a fault?")
    receiver = _receiver(line, lifted=lifted)
    if receiver.fault:
        yield from _skip("a telephone is off the hook", Check.LEAKS)
        yield receiver
        yield from _skip("a telephone is off the hook", Check.RINGERS)
        return
    say("Measuring the insulation")
    yield from station_limits.leaks(line.ohms())
    yield receiver
    yield from _skip("the leak would be counted as bells", Check.RINGERS)


def _open_loop(
    line: LineUnderTest, *, lifted: bool, say: Callable[[str], object]
) -> Iterator[Found]:
    say("Measuring the insulation")
    ohms = line.ohms()
    across = ohms.tip_ring if ohms.tip_ring is not None else station_limits.LEAK_OHMS
    if across < RECEIVER_OHMS:
        receiver = _receiver(line, lifted=lifted)
        if not receiver.fault:
            yield from station_limits.leaks(ohms)
        yield receiver
    else:
        yield from station_limits.leaks(ohms)
        yield from _skip("nothing draws current", Check.RECEIVER)
    if across < station_limits.LEAK_OHMS:
        yield from _skip("the leak would be counted as bells", Check.RINGERS)
        return
    say("Counting the bells")
    yield station_limits.ringers(line.ringers(), line.loop_ohms)


def _receiver(line: LineUnderTest, *, lifted: bool) -> Verdict:
    verdict = station_limits.receiver(line.receiver())
    if verdict.fault and not lifted:
        raise LineInUseError(
            f"port {line.port.number}: the telephone on it is lifted, so the line is in use; hang"
            " up, or have it tested as it is if nobody uses it"
        )
    return verdict


# An office's line


def _trunk(line: LineUnderTest, *, lifted: bool, say: Callable[[str], object]) -> Iterator[Found]:
    say("Watching whether the office rings")
    if line.rings():
        yield trunk_limits.ringing(line.office())
        yield from _skip("it rings: a closed loop would answer", Check.BATTERY, *_SEIZED)
        return
    yield from _skip("nobody calls", Check.RINGING)
    feed = line.office()
    battery = trunk_limits.battery(feed)
    if battery.fault is Fault.PARALLEL and not lifted:
        raise LineInUseError(
            f"port {line.port.number}: {trunk_limits.in_use(feed)}; hang up, or have it tested as"
            " it is if nobody uses it"
        )
    yield battery
    yield trunk_limits.foreign(line.volts())
    if battery.fault in {Fault.NO_BATTERY, Fault.PARALLEL}:
        yield from _skip(battery.fault.value, *_SEIZED)
        return
    with line.seized():
        yield from _seized_trunk(line, say)


def _seized_trunk(line: LineUnderTest, say: Callable[[str], object]) -> Iterator[Found]:
    say("Closing the loop")
    line.wait(SETTLES_S)
    yield trunk_limits.loop_current(line.office())
    say("Listening for dial tone")
    dial_tone = trunk_limits.dial_tone(line.hear_dial_tone(DIAL_TONE_S))
    yield dial_tone
    if dial_tone.fault is Fault.NO_DIAL_TONE:
        yield from _skip("an office without dial tone can't be made quiet", Check.NOISE)
        return
    say("Listening to the quiet line")
    line.dial(QUIETING_DIGIT)
    line.wait(SETTLES_S)
    yield trunk_limits.noise(noise_of(line.record(NOISE_S)))
