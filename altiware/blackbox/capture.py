# SPDX-License-Identifier: MIT
"""Capture a line on purpose: what a black box would have of it, for as long as wanted.

``capture(session, port, 10.0, path, country="us")`` on a board that is up; it orders nothing from
the line, and so can be done while a call goes on that something else has set up.
"""

import dataclasses
import enum
from datetime import datetime
from pathlib import Path
from typing import Final

from altiware.blackbox.box import Box, Facts, Moment, Reading, open_box, write_facts
from altiware.blackbox.decode import decode
from altiware.errors import UnavailableError
from drivers.base import Capability, OrderDone, OrderFailed
from drivers.base import PortEvent as BoardPortEvent
from drivers.diagnostics.session import Happening, Session
from drivers.errors import DriverError
from drivers.service import LineCurrent
from dsp.events import PortDone
from dsp.levels import dbm0_of

__all__ = ["capture", "with_decoded"]

READ_S: Final = 0.25
WRITTEN_S: Final = 5.0
"""How long a disk may take to have it all."""


def capture(
    session: Session, port: int, seconds: float, path: Path, *, country: str, began: datetime
) -> Box:
    """Record both directions of a port, with what its board tells and measures meanwhile.

    Raises:
        UnavailableError: the file can't be written.
        BoardOperationError: the board is not up.
    """
    engine = session.engine
    tap = engine.open_tap(path.with_suffix(".wav"), session.board.timeslot(port))
    begin = engine.now
    watch = _Watch(session, port, begin)
    while engine.now < begin + seconds:
        watch.read_line()
        left = begin + seconds - engine.now
        for happening in session.passes(min(READ_S, left)):
            if isinstance(happening, PortDone) and happening.port == tap:
                raise UnavailableError(f"{path.with_suffix('.wav')}: {happening.reason}")
            watch.take(happening)
    engine.close_port(tap)
    reason = session.expect(PortDone, tap, within_s=WRITTEN_S).reason
    if reason != "recorded":
        raise UnavailableError(f"{path.with_suffix('.wav')}: {reason}")
    facts = Facts(
        party=session.board.address,
        port=str(port),
        began=began.isoformat(),
        country=country,
        moments=tuple(watch.moments),
        readings=tuple(watch.readings),
    )
    box = with_decoded(dataclasses.replace(open_box(path), facts=facts))
    write_facts(path, box.facts)
    return box


def with_decoded(box: Box) -> Box:
    """Return a box with what its sound tells among its facts."""
    facts = dataclasses.replace(
        box.facts,
        seconds=len(box.said) / 8000,
        decoded=tuple(decode(box)),
        said_dbm0=round(dbm0_of(box.said), 1),
        heard_dbm0=round(dbm0_of(box.heard), 1),
    )
    return dataclasses.replace(box, facts=facts)


class _Watch:
    """Collects what happens on a port."""

    def __init__(self, session: Session, port: int, begin: float) -> None:
        self.moments: list[Moment] = []
        self.readings: list[Reading] = []
        self._session = session
        self._port = port
        self._begin = begin
        self._asked = False
        ports = session.board.info.ports if session.board.info else ()
        self._measures = any(
            each.number == port and Capability.LINE_TEST in each.capabilities for each in ports
        )

    def read_line(self) -> None:
        """Ask for volts and current, unless an answer is still to come."""
        if not self._measures or self._asked:
            return
        try:
            self._session.board.read_line(self._port)
            self._asked = True
        except DriverError:  # it is not up just now
            return

    def take(self, happening: Happening) -> None:
        """Note a board's event at the port."""
        if not isinstance(happening, BoardPortEvent) or happening.port != self._port:
            return
        at = round(happening.at - self._begin, 3)
        if isinstance(happening, OrderDone | OrderFailed):
            self._asked = False
            result = happening.result if isinstance(happening, OrderDone) else None
            if isinstance(result, LineCurrent):
                self.readings.append(Reading(at, result.volts.tip_ring_dc, result.loop_ma))
            return
        names = [each.name for each in dataclasses.fields(happening)]
        fields = tuple(
            (name, _text(getattr(happening, name))) for name in names if name not in {"at", "port"}
        )
        self.moments.append(Moment(at, "line", "board", type(happening).__name__, fields))


def _text(value: object) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else str(value)
