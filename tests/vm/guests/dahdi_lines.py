# SPDX-License-Identifier: MIT
"""Calls between two spans of a real DAHDI, through the driver that a PBX uses."""

import sys
import traceback
from dataclasses import asdict

from drivers.base import (
    BatteryChanged,
    BoardEvent,
    Capability,
    Flashed,
    HookChanged,
    OrderFailed,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
)
from drivers.dahdi.link import DahdiLink
from drivers.diagnostics.session import Session
from drivers.quantum.addresses import linked_board
from dsp.engine import Detect, Engine
from dsp.events import DigitHeard
from dsp.tones import ToneSpec, ToneStep
from tests.vm.guests.console import assert_silent, check, say
from tests.vm.guests.dahdi_spans import set_up_spans

STATION, TRUNK = 0, 4
BURST = RingCadence((1000, 1500))
QUIET_DBM0 = -70.0


def comes_up(session: Session) -> None:
    """The board says what it is, and every channel has come to rest."""
    with check("comes up") as measured:
        info = session.wait_until_up(10.0)
        kinds = [port.kind for port in info.ports]
        assert kinds == [PortKind.FXS] * 4 + [PortKind.FXO] * 4, kinds
        assert Capability.POLARITY_TX not in info.ports[STATION].capabilities
        measured.update(model=info.model, firmware=info.firmware)
        session.passes(1.0)


def rings(session: Session) -> None:
    """A burst and its pause by our cadence; the kernel needs a tone zone, which we have loaded."""
    with check("rings, by our cadence"):
        session.board.ring(STATION, BURST)
        assert session.expect(RingingChanged, TRUNK, within_s=3.0).ringing
        assert not session.expect(RingingChanged, TRUNK, within_s=3.0).ringing
        assert session.expect(RingingChanged, TRUNK, within_s=3.0).ringing


def is_answered(session: Session) -> None:
    """Answered while it rings, and it doesn't ring again."""
    with check("is answered, and rings no more"):
        session.board.seize(TRUNK)
        assert session.expect(HookChanged, STATION, within_s=2.0).off_hook
        after = session.passes(4.0)
        rung = [each for each in after if isinstance(each, RingingChanged) and each.ringing]
        assert not rung, rung


def carries(session: Session, source: int, target: int, hertz: float) -> None:
    """A tone into one port comes out of the other, and not back out of its own."""
    with check(f"carries sound from port {source} to port {target}") as measured:
        board, engine = session.board, session.engine
        tone = engine.open_tone(ToneSpec((ToneStep((hertz,), -10.0, 0),)))
        engine.listen(board.timeslot(source), tone)
        for port in (source, target):
            engine.detect(board.timeslot(port), Detect.LEVEL)
        session.passes(1.5)
        there = engine.levels(board.timeslot(target)).receive_dbm0
        here = engine.levels(board.timeslot(source)).receive_dbm0
        engine.close_port(tone)
        measured.update(dbm0=round(there, 2), back_dbm0=round(here, 1))
        assert abs(there + 10.0) < 0.5, there
        assert here < QUIET_DBM0, here


def hears_digits(session: Session, digits: str) -> None:
    """DTMF of our engine, heard by our engine, through both directions of the driver."""
    with check("hears DTMF") as measured:
        board, engine = session.board, session.engine
        engine.detect(board.timeslot(STATION), Detect.DIGITS)
        sender = engine.open_digits(digits)
        engine.listen(board.timeslot(TRUNK), sender)
        keys = "".join(session.expect(DigitHeard, within_s=3.0).key for _ in range(len(digits)))
        measured.update(digits=keys)
        assert keys == digits, keys
        engine.detect(board.timeslot(STATION), Detect.NONE)
        engine.close_port(sender)


def flashes(session: Session) -> None:
    """A flash through the kernel's own timing, told as a flash and no hang-up."""
    with check("flashes"):
        session.board.flash(TRUNK, 500)
        session.expect(Flashed, STATION, within_s=3.0)
        assert_silent(session.passes(2.0), HookChanged, PulseDigit, OrderFailed)


def pulses(session: Session, digits: str) -> None:
    """Pulses dialled by one kernel channel and counted by another, while our samples are held."""
    with check("dials by pulses") as measured:
        ticket = session.board.pulse(TRUNK, digits)
        found: list[BoardEvent] = []
        while not any(isinstance(each, PulsesSent | OrderFailed) for each in found):
            found += [e for e in session.happenings(15.0) if isinstance(e, BoardEvent)]
        found += [e for e in session.passes(1.0) if isinstance(e, BoardEvent)]
        keys = "".join(each.key for each in found if isinstance(each, PulseDigit))
        measured.update(digits=keys)
        assert keys == digits, found
        sent = [each for each in found if isinstance(each, PulsesSent)]
        assert [each.ticket for each in sent] == [ticket], found


def drops_battery(session: Session) -> None:
    """The disconnect signal of an FXS port, as an office line sees it."""
    with check("sees the disconnect signal") as measured:
        session.board.open_loop(STATION, 500)
        assert not session.expect(BatteryChanged, TRUNK, within_s=3.0).present
        back = session.expect(BatteryChanged, TRUNK, within_s=3.0)
        assert back.present
        measured.update(ms=back.duration_ms)
        assert 200 <= back.duration_ms <= 900, back  # 500 by the kernel; emulated time stutters
        assert_silent(session.passes(2.0), HookChanged)


def hangs_up(session: Session) -> None:
    """On-hook is told once a flash can be excluded; then it can be rung again."""
    with check("hangs up") as measured:
        session.passes(0.5)
        began = session.engine.now
        session.board.release(TRUNK)
        assert not session.expect(HookChanged, STATION, within_s=3.0).off_hook
        measured.update(after_s=round(session.engine.now - began, 2))
    with check("rings again, and stops when told"):
        session.board.ring(STATION, BURST)
        assert session.expect(RingingChanged, TRUNK, within_s=3.0).ringing
        session.board.stop_ringing(STATION)
        assert not session.expect(RingingChanged, TRUNK, within_s=2.0).ringing
        assert_silent(session.passes(3.0), RingingChanged, OrderFailed)


def main() -> None:
    """Make a call, and end it."""
    set_up_spans()
    link = DahdiLink(range(1, 9))
    board = linked_board("dahdi://1-8", link)
    with Engine() as engine:
        board.start(engine, engine.now)
        session = Session(board, engine)
        comes_up(session)
        rings(session)
        is_answered(session)
        carries(session, STATION, TRUNK, 1000.0)
        carries(session, TRUNK, STATION, 1600.0)
        hears_digits(session, "18005551234#")
        flashes(session)
        pulses(session, "312")
        drops_battery(session)
        hangs_up(session)
        board.stop(engine.now)
    assert link.gateway
    say(end=True, **asdict(link.gateway.counts()))
    link.close()


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()
        sys.exit(1)
