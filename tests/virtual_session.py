# SPDX-License-Identifier: MIT
"""A board session (``drivers.diagnostics.session``) on a simulated stage, in virtual time."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from altiware.cli.line import examine
from boards_sim.loop import CLEAN, LineNature
from boards_sim.office import OfficeEvent, OfficeSet, OfficeState
from boards_sim.stage import Stage
from drivers.base import BoardState
from drivers.diagnostics.detect import Detection
from drivers.diagnostics.findings import OfficeFindings
from drivers.diagnostics.note import Note, NoteKind
from drivers.diagnostics.session import Happening, Session
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from dsp.engine import Engine

__all__ = ["BUSY_NUMBER", "OUTSIDE", "Technician", "VirtualSession"]

UP_STEPS = 400


class VirtualSession(Session):
    """One simulated Q12; time passes while somebody waits for happenings."""

    def __init__(self, country: str, line: LineNature = CLEAN) -> None:
        self.stage = Stage(("Q12",), country=country, line=line)
        board = linked_board("quantum+sim://Q12", InProcessLink(self.stage.descriptor))
        super().__init__(board, Engine(threaded=False))
        self.meanwhile: Callable[[], object] = lambda: None
        "Called in each step: what people do."
        self._found: list[Happening] = []
        self.stage.pumps.append(self._serve)
        board.start(self.engine, 0.0)
        for _ in range(UP_STEPS):
            if board.state is BoardState.UP:
                break
            self.stage.step()

    def office(self, port: int = 0) -> OfficeSet:
        """Return the office behind a port."""
        return self.stage.office_set(port)

    def happenings(self, timeout_s: float) -> list[Happening]:
        """Let time pass until something happens, or that time is over."""
        until = self.engine.now + timeout_s
        while not self._found and self.engine.now < until:
            self.stage.step()
            self.meanwhile()
        found, self._found = self._found, []
        return found

    def _serve(self) -> None:
        self.engine.poll()
        if self.board.state is not BoardState.UP:
            self.engine.tick()
        if self.board.wants_link:
            self.board.link_opened(self.board.open_link(), self.engine.now)
        for event in self.engine.events():
            self._found += self._sort(event)
        now = self.engine.now
        if self.board.deadline is not None and now >= self.board.deadline:
            self._found += self.board.expire(now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.board.stop(self.engine.now)
        self.stage.close()
        self.engine.close()


BUSY_NUMBER = "5550100"
OUTSIDE = "2125550123"
HANGS_UP_AFTER_S = 2.0


class Technician:
    """Examines the office line on port 0, and calls it when asked to."""

    def __init__(self, session: VirtualSession) -> None:
        self.session = session
        self.notes: list[Note] = []
        self.calls = True
        self.office = session.office()
        session.meanwhile = self._is_busy

    def examines(
        self, *, busy_number: str = BUSY_NUMBER, answer_number: str = "", call_s: float = 60.0
    ) -> OfficeFindings:
        """Examine the line to the end."""
        session = self.session
        detection = Detection(
            session.board,
            session.engine,
            0,
            busy_number=busy_number,
            answer_number=answer_number,
            call_s=call_s,
        )
        return examine(session, detection, self.reads)

    def reads(self, note: Note) -> None:
        """Do what the note asks for."""
        self.notes.append(note)
        if note.kind is not NoteKind.ASKING or not self.calls:
            return
        if note.text.startswith("Answer the call"):
            self.session.stage.perform(self.office.answers())
        elif self.office.state is OfficeState.IDLE:
            self.session.stage.perform(self.office.calls_in(OUTSIDE, "SMITH JOHN"))
        else:
            self.session.stage.passes(HANGS_UP_AFTER_S)
            self.session.stage.perform(self.office.hangs_up())

    def _is_busy(self) -> None:
        if self.office.state is OfficeState.COLLECTING and self.office.dialled == BUSY_NUMBER:
            self.office.happen(OfficeEvent.FOUND_BUSY)
