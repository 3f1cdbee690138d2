# SPDX-License-Identifier: MIT
"""Keeps what the last seconds of each line were, and saves it when a call ends badly.

The exchange tells it where parties are (``placed``), what engine and boards report about its own
orders (``took``), all notices (``note``), and lets it work when it is ``due``.  Sound is kept and
written by the engine; facts are written, and old boxes removed, by a thread of its own: nothing
here waits.
"""

import wave
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from altiware.blackbox.box import RATE, Facts, Moment, Reading, boxes_in, open_box, write_facts
from altiware.blackbox.decode import decode
from altiware.blackbox.reasons import SIGNALS, reason_of, sign_of
from altiware.blackbox.settings import BlackBoxSettings
from altiware.core.ids import Party, PortAddress, station, trunk
from altiware.core.notices import (
    CallClosed,
    EngineLost,
    LineChanged,
    Notice,
    OrderMissed,
    Traced,
    TrunkChanged,
)
from altiware.core.record import CallRecord
from altiware.errors import AltiwareError
from drivers.base import AlarmRaised, Board, BoardEvent, Capability, OrderDone, OrderFailed
from drivers.errors import DriverError
from drivers.service import LineCurrent
from dsp.engine import Engine
from dsp.errors import EngineError
from dsp.events import PortDone
from dsp.levels import dbm0_of

__all__ = ["Keeper"]

READ_S: Final = 0.25
"""Between two readings of a line in use."""
SAME_END_S: Final = 2.0
"""An order that failed and the call that it ended are one end."""
AFTER_S: Final = 1.0
"""What comes after the end is in the box too: what was about to be heard, and the release."""
LONGEST_TRACE: Final = 4096
"""Lines of all calls together: a busy hour's last minute."""
LOST: Final = "the engine was lost, and the sound with it"
FILES: Final = (".svg", ".json", ".wav")
"""Of a box, in the order in which they go: a sound without facts is still one."""
RESTING: Final = frozenset({"idle", "out of service", "guard time"})


@dataclass(slots=True)
class _Kept:
    """A party that is kept."""

    timeslot: int
    board: int
    port: int
    measures: bool
    in_use: bool = False
    asked: bool = False
    "A reading is on its way."
    readings: deque[Reading] = field(default_factory=deque)
    "Their times are the engine's."
    saved_at: float = -SAME_END_S


@dataclass(frozen=True, slots=True)
class _Ended:
    """A bad end whose box is to be saved soon."""

    due: float
    party: Party
    kept: _Kept
    "As it was then."
    call: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Saving:
    """A box whose sound is being written."""

    path: Path
    at: float
    "Engine time of its end."
    facts: Facts


class Keeper:
    """The black box of an office."""

    def __init__(
        self,
        settings: BlackBoxSettings,
        directory: Path,
        *,
        country: str,
        wall: Callable[[], datetime],
        complain: Callable[[str], None] = lambda _: None,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._directory = directory
        self._country = country
        self._wall = wall
        self._complain = complain
        self._engine: Engine | None = None
        self._boards: Sequence[Board] = ()
        self._kept: dict[Party, _Kept] = {}
        self._trace: deque[Traced] = deque(maxlen=LONGEST_TRACE)
        self._savings: dict[int, _Saving] = {}
        self._tickets: dict[tuple[int, int], Party] = {}
        self._ends: deque[_Ended] = deque()
        self._signalling: set[PortAddress] = set()
        "Trunks whose office has told of a hang-up by a signal on the wires."
        self._due: float | None = None
        "When lines are to be read again."
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="blackbox")

    def close(self) -> None:
        """Finish what is being written."""
        self._pool.shutdown()

    # What the exchange tells

    def attend(self, engine: Engine, boards: Sequence[Board]) -> None:
        """Say where everything happens."""
        self._engine, self._boards = engine, tuple(boards)

    def placed(self, party: Party, timeslot: int, place: PortAddress) -> None:
        """Keep a party from now on, if it is of those that are kept."""
        if not self._settings.ports.has(party.kind) or self._engine is None:
            return
        info = self._boards[place.board].info
        ports = info.ports if info else ()
        measures = any(
            Capability.LINE_TEST in each.capabilities for each in ports if each.number == place.port
        )
        self._kept[party] = _Kept(timeslot, place.board, place.port, measures)
        self._engine.keep(timeslot)

    @property
    def deadline(self) -> float | None:
        """Engine seconds at which ``expire`` is due; None: never."""
        waiting = [self._due, self._ends[0].due if self._ends else None]
        return min((each for each in waiting if each is not None), default=None)

    def expire(self, now: float) -> None:
        """Save what is due, and read the lines in use."""
        while self._ends and self._ends[0].due <= now:
            self._save(self._ends.popleft())
        if self._due is not None and self._due <= now:
            self._read_lines(now)

    def _read_lines(self, now: float) -> None:
        used = [(party, kept) for party, kept in self._kept.items() if kept.in_use]
        self._due = now + READ_S if used else None
        for party, kept in used:
            if kept.measures and not kept.asked:
                self._ask(party, kept)

    def _ask(self, party: Party, kept: _Kept) -> None:
        try:
            ticket = self._boards[kept.board].read_line(kept.port)
        except DriverError:  # it is not up, or can't any more: no reading
            return
        kept.asked = True
        self._tickets[kept.board, ticket] = party

    def took(self, index: int, event: BoardEvent) -> bool:
        """Take a board's event; whether it was about an order of ours, and nobody else's matter."""
        if isinstance(event, AlarmRaised):
            for party, kept in tuple(self._kept.items()):
                if (kept.board, kept.port) == (index, event.port) and kept.in_use:
                    self._end(party, "", f"alarm: {event.alarm}")
            return False
        if not isinstance(event, OrderDone | OrderFailed):
            return False
        party_asked = self._tickets.pop((index, event.ticket), None)
        if party_asked is None:
            return False
        kept_ = self._kept.get(party_asked)
        if kept_:
            kept_.asked = False
            self._note_reading(kept_, event)
        return True

    def _note_reading(self, kept: _Kept, event: OrderDone | OrderFailed) -> None:
        if isinstance(event, OrderDone) and isinstance(event.result, LineCurrent):
            result = event.result
            kept.readings.append(Reading(event.at, result.volts.tip_ring_dc, result.loop_ma))
            while kept.readings[0].at < event.at - self._settings.seconds - 2:
                kept.readings.popleft()

    def done(self, event: PortDone) -> bool:
        """Take the end of a port; whether it was one of ours."""
        saving = self._savings.pop(event.port, None)
        if saving is None or self._engine is None:
            return False
        self._engine.close_port(event.port)
        if event.reason == "recorded":
            moments = tuple(self._moments(saving))
            self._submit(partial(self._finish, saving, moments))
        else:
            self._complain(f"black box {saving.path}: {event.reason}")
        return True

    def note(self, notice: Notice) -> None:
        """Take a notice of the exchange."""
        match notice:
            case Traced():
                self._trace.append(notice)
            case LineChanged(at, extension, state):
                self._use(station(extension), at, in_use=state not in RESTING)
            case TrunkChanged(at, port, state):
                self._use(trunk(port), at, in_use=state not in RESTING)
            case OrderMissed(_, party, order, reason):
                self._end(party, "", f"order missed: {order}: {reason}")
            case CallClosed(_, record):
                self._ended(record)
            case EngineLost(at):
                self._lose(at)
                self._kept.clear()
                self._savings.clear()
                self._ends.clear()
                self._tickets.clear()

    def _use(self, party: Party, at: float, *, in_use: bool) -> None:
        kept = self._kept.get(party)
        if kept is None:
            return
        kept.in_use = in_use
        if in_use and kept.measures and self._due is None:
            self._due = at

    def _ended(self, record: CallRecord) -> None:
        sign = sign_of(record, self._trace)
        reason = reason_of(record, sign, signals=record.trunk in self._signalling)
        if sign in SIGNALS and record.trunk is not None:
            self._signalling.add(record.trunk)
        if reason:
            for party in record.parties:
                self._end(party, record.id, reason)

    # Saving

    def _end(self, party: Party, call: str, reason: str) -> None:
        kept, engine = self._kept.get(party), self._engine
        if kept is None or engine is None or engine.now < kept.saved_at + SAME_END_S:
            return
        kept.saved_at = engine.now
        call = call or self._last_call(party)
        self._ends.append(_Ended(engine.now + AFTER_S, party, kept, call, reason))

    def _save(self, end: _Ended) -> None:
        engine = self._engine
        if engine is None:
            return
        saving = self._saving(end, engine.now)
        try:
            saver = engine.open_saver(saving.path, end.kept.timeslot)
        except EngineError as error:
            self._complain(f"black box {saving.path}: {error}")
            return
        self._savings[saver] = saving

    def _saving(self, end: _Ended, now: float) -> _Saving:
        wall, kept, name = self._wall(), end.kept, end.party.name
        milliseconds = wall.microsecond // 1000
        file = f"{wall:%Y%m%d-%H%M%S}-{milliseconds:03}-{name.replace(':', '-')}.wav"
        facts = Facts(
            reason=end.reason,
            call=end.call,
            party=name,
            port=str(PortAddress(kept.board, kept.port)),
            began=wall.isoformat(),
            country=self._country,
            readings=tuple(kept.readings),
        )
        return _Saving(self._directory / file, now, facts)

    def _lose(self, at: float) -> None:
        """Save what is known of the lines in use, on silence: the sound was in the engine."""
        used = [(party, kept) for party, kept in self._kept.items() if kept.in_use]
        ends = [_Ended(at, *each, self._last_call(each[0]), LOST) for each in used]
        ends += [replace(end, reason=f"{end.reason}; {LOST}") for end in self._ends]
        for end in ends:
            saving = self._saving(end, at)
            moments = tuple(self._moments(saving))
            self._submit(partial(self._finish_mute, saving, moments))
        for saving in self._savings.values():
            self._complain(f"black box {saving.path}: {LOST}")

    def _last_call(self, party: Party) -> str:
        """Return the call that a party's last line of the trace belongs to."""
        for line in reversed(self._trace):
            if party.name in {line.source, line.target}:
                return line.call
        return ""

    def _moments(self, saving: _Saving) -> list[Moment]:
        """Return the call's trace, its times the engine's."""
        return [
            Moment(line.at, line.source, line.target, line.what, line.fields)
            for line in self._trace
            if line.call and line.call == saving.facts.call
        ]

    def _submit(self, work: Callable[[], None]) -> None:
        self._pool.submit(work).add_done_callback(self._check)

    def _check(self, done: "Future[None]") -> None:
        error = done.exception()
        if isinstance(error, OSError | AltiwareError):
            self._complain(f"black box: {error}")

    # In the thread

    def _finish_mute(self, saving: _Saving, moments: tuple[Moment, ...]) -> None:
        with wave.open(str(saving.path), "wb") as file:
            file.setparams((2, 2, RATE, 0, "NONE", ""))
            file.writeframes(bytes(4 * RATE * self._settings.seconds))
        self._finish(saving, moments)

    def _finish(self, saving: _Saving, moments: tuple[Moment, ...]) -> None:
        with wave.open(str(saving.path), "rb") as file:
            seconds = file.getnframes() / RATE
        begin = saving.at - seconds
        began = datetime.fromisoformat(saving.facts.began) - timedelta(seconds=seconds)
        box = open_box(saving.path)
        box = replace(box, facts=saving.facts)
        facts = replace(
            saving.facts,
            began=began.isoformat(),
            seconds=seconds,
            moments=tuple(replace(each, at=round(each.at - begin, 3)) for each in moments),
            readings=tuple(
                replace(each, at=round(each.at - begin, 3))
                for each in saving.facts.readings
                if each.at >= begin
            ),
            decoded=tuple(decode(box)),
            said_dbm0=round(dbm0_of(box.said), 1),
            heard_dbm0=round(dbm0_of(box.heard), 1),
        )
        write_facts(saving.path, facts)
        remove_oldest(self._directory, self._settings.keep_mb * 1_000_000)


def remove_oldest(directory: Path, most_bytes: int) -> None:
    """Remove the oldest boxes until all together are no more than that; the last one stays."""
    boxes = boxes_in(directory)
    sizes = {box: sum(_size(box.with_suffix(end)) for end in FILES) for box in boxes}
    total = sum(sizes.values())
    for box in boxes[:-1]:
        if total <= most_bytes:
            return
        for end in FILES:
            box.with_suffix(end).unlink(missing_ok=True)
        total -= sizes[box]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
