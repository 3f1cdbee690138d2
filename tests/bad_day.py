# SPDX-License-Identifier: MIT
"""A bad day in an office: people call all the time, and the link of its board fails all the time.

    with BadDay("terminal", seed=1) as day:
        day.passes(minutes=60)
        seen = day.ends()           # all hang up, the link is healed, nothing may be left

Time is virtual, the seed decides what people and faults do.  People are those of the simulator:
what they dial is heard as sound, and what they hear is left to other tests.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.notices import BoardChanged, CallClosed, CallOpened, Notice, OrderMissed
from altiware.core.plan import Plan, TrunkPlan
from boards_sim.actor import Script, pause
from boards_sim.board import Board as SimulatedFirmware
from boards_sim.ear import Ear
from boards_sim.firmware.reference import ReferenceFirmware
from boards_sim.office import OfficeSet, OfficeState
from boards_sim.phone import TelephoneSet
from boards_sim.stage import FirmwareMaker, Stage
from boards_sim.voice_modem import KINDS
from drivers.base import BoardState
from dsp.pcm import Samples
from tests.cables import Cable, TcpCable, TerminalCable, UsbCable
from tests.ledger import Ledger
from tests.ledger_modem import ModemLedger
from tests.rig import Rig, quantum_plan

__all__ = ["LINKS", "BadDay", "Seen"]

MODEM_KIND: Final = "CX93001"
MINUTE_S: Final = 60.0
HEALING_S: Final = 30.0
"""How long the office has at the end of the day; modems look again every 10 s."""
EVENING_S: Final = 120.0
"""No call goes on for longer once people want to go home."""
NUMBERS: Final = ("101", "102", "103", "104", "105", "106", "107", "108", "0", "199")
OUTSIDE: Final = ("95550123#", "95550199#", "918005550123#")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of link, and what stands at its far end; the modem's is a socket pair, too."""

    cable: type[Cable] = Cable
    firmware: FirmwareMaker = ReferenceFirmware
    modem: bool = False


LINKS: Final = {
    "firmware": _Kind(),
    "terminal": _Kind(TerminalCable),
    "tcp": _Kind(TcpCable),
    "modem": _Kind(modem=True),
    "usb": _Kind(UsbCable),
    "socket": _Kind(firmware=SimulatedFirmware),
}
"""Firmware in Python is slow, so it has one of them; the others have that in C."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a day has brought."""

    calls: int
    cut: int
    "Calls that ended with the board."
    losses: int
    "How often the board was lost."
    longest_away_s: float
    "From a loss to the board's return."
    missed: int
    "Orders that failed or found no board."
    stuck: tuple[str, ...]
    "What was not at rest at the end: lines, trunks, offices, boards, calls."
    faults: Mapping[str, int]
    "What was done to the link, by kind: frames both ways, and how often it stalled and so on."


class Deaf(Ear):
    """Hears nothing, which is quick."""

    def hear(self, samples: Samples) -> None:
        """Take nothing in."""


class BadDay:
    """One office, its people, and the faults of its link."""

    def __init__(self, link: str, seed: int) -> None:
        kind = LINKS[link]
        self._random = random.Random(seed)
        self.rig = Rig(
            _plan(modem=kind.modem),
            cable=kind.cable,
            firmware=kind.firmware,
            modem=KINDS[MODEM_KIND] if kind.modem else None,
        )
        assert isinstance(self.rig.stage, Stage)
        number = 1 if kind.modem else 0
        self._board = self.rig.boards[number]
        simulated = self.rig.stage.boards[number]
        self._faults = simulated.faults
        self.spoiled = (simulated.wire.to_host.counts, simulated.wire.to_board.counts)
        "What the cable has done to frames on their way to the host, and to the board."
        ends = (self.rig.engine, self._board, simulated)
        copies = kind.cable is UsbCable
        self.ledger = ModemLedger(*ends) if kind.modem else Ledger(*ends, copies=copies)
        self.rig.served.append(self.ledger.look)
        self.rig.ordered.append(self.ledger.note_sent)
        self.rig.exchange.subscribe(self._note)
        self.board_says: dict[str, int] = {}
        "Its counters, at the end; a modem has none."
        self._closing = False
        self._lives = [self._life(actor) for actor in _actors(self.rig)]
        for actor in _actors(self.rig):
            actor.ear = Deaf(())
        self.rig.stage.pumps.append(self._step)
        self._open: set[str] = set()
        self._cut = self._calls = self._losses = self._missed = self._minutes = 0
        self._lost_at: float | None = None
        self._longest_s = 0.0

    def __enter__(self) -> "BadDay":
        return self

    def __exit__(self, *_: object) -> None:
        self.rig.close()

    # The day

    def passes(self, minutes: int) -> None:
        """Let bad minutes pass."""
        for _ in range(minutes):
            self._faults.run("; ".join(self._bad_minute()))
            self.rig.passes(MINUTE_S)
            self._minutes += 1

    def ends(self) -> Seen:
        """Let all go home and the link heal, see that nothing is left, and tell of the day."""
        self._closing = True
        for _ in range(round(EVENING_S)):
            self.rig.passes(1.0)
            if not self._lives:
                break
        assert not self._lives, "people can't end their calls"
        self.rig.passes(HEALING_S)
        stuck = tuple(self._left())
        self.rig.notices[:] = [n for n in self.rig.notices if not isinstance(n, OrderMissed)]
        if not stuck:
            self.rig.is_clean()
        self._ask_board()
        self.ledger.close()
        seen = (self._calls, self._cut, self._losses, self._longest_s, self._missed)
        return Seen(*seen, stuck, self._happened())

    def _left(self) -> Iterator[str]:
        """Name what isn't at rest."""
        lines = {f"line {each.extension}": each.state for each in self.rig.exchange.lines()}
        trunks = {f"trunk {each.name}": each.state for each in self.rig.exchange.trunks()}
        yield from (f"{name} is {is_}" for name, is_ in (lines | trunks).items() if is_ != "idle")
        for actor in _actors(self.rig):
            if isinstance(actor, OfficeSet) and actor.state is not OfficeState.IDLE:
                yield f"{actor.name} is {actor.state.value}"
        for board in self.rig.boards:
            if board.state is not BoardState.UP:
                yield f"{board.address} is {board.state.value}"
        yield from (f"call {call}" for call in sorted(self._open))

    def _ask_board(self) -> None:
        """Let the board tell its counters over the link, as it would tell a technician."""
        if isinstance(self.ledger, Ledger):
            self._board.counters()
            self.rig.passes(0.1)
            self.board_says = self.ledger.told()

    def _happened(self) -> Mapping[str, int]:
        to_host, to_board = self.spoiled
        log = Counter(what.split()[0] for _, what in self._faults.log if not what.endswith("ends"))
        times = {verb: log[verb] for verb in ("stall", "unplug", "reboot")}
        return dict(to_host + to_board) | times

    def _bad_minute(self) -> Iterator[str]:
        """Spoil frames throughout, stall twice; now and then (and at first) unplug and crash."""

        def when(earliest: int) -> str:
            return f"at {earliest + self._random.randrange(800) / 100:.2f}s "

        for verb, share in {"drop": 1, "corrupt": 1, "duplicate": 0.5, "reorder": 0.5}.items():
            yield f"{verb} {share}% for 59s"
        yield when(5) + "stall for 300ms"
        yield when(15) + "stall for 1s"
        if self._minutes % 3 == 0:
            yield when(30) + "unplug for 2s"
        if self._minutes % 4 == 0:
            yield when(45) + "reboot"

    def _note(self, notice: Notice) -> None:
        if isinstance(notice, CallOpened):
            self._open.add(notice.record.id)
        elif isinstance(notice, CallClosed):
            self._open.remove(notice.record.id)
            self._calls += 1
            self._cut += notice.record.cause is Cause.BOARD_LOST
        elif isinstance(notice, OrderMissed):
            self._missed += 1
        elif isinstance(notice, BoardChanged) and notice.address == self._board.address:
            self._board_changed(notice)

    def _board_changed(self, notice: BoardChanged) -> None:
        if notice.state == "lost" and self._lost_at is None:
            self._losses += 1
            self._lost_at = notice.at
        elif notice.state == "up" and self._lost_at is not None:
            self._longest_s = max(self._longest_s, notice.at - self._lost_at)
            self._lost_at = None

    # People

    def _step(self) -> None:
        self._lives = [life for life in self._lives if next(life, self) is None]

    def _life(self, actor: TelephoneSet | OfficeSet) -> Script[None]:
        return self._at_home(actor) if isinstance(actor, TelephoneSet) else self._outside(actor)

    def _at_home(self, phone: TelephoneSet) -> Script[None]:
        """Answer what rings, call others, and hang up after a while, whatever became of it."""
        while not self._closing:
            yield from self._waits(self._between(2, 25), lambda: phone.is_ringing)
            was_called = phone.is_ringing
            if was_called:
                yield from pause(self._between(0.5, 4) * 1000)
            yield from phone.lifts()
            if not was_called:
                yield from pause(self._between(0.5, 2) * 1000)
                numbers = OUTSIDE if self._random.random() < 0.4 else NUMBERS
                yield from phone.dials(self._random.choice(numbers))
            yield from pause(self._between(2, 20) * 1000)
            if self._random.random() < 0.2:
                yield from phone.flashes()
                yield from pause(self._between(1, 4) * 1000)
            yield from phone.hangs_up()

    def _outside(self, office: OfficeSet) -> Script[None]:
        """Call in, and be called."""
        while not self._closing or office.state is not OfficeState.IDLE:
            yield from pause(self._between(1, 5) * 1000)
            if office.state is OfficeState.IDLE and not self._closing:
                if self._random.random() < 0.2:
                    yield from office.calls_in("2125550123", "SMITH JOHN")
            elif office.state is OfficeState.RINGING:
                yield from self._waits(15, lambda: office.state is not OfficeState.RINGING)
                if office.state is OfficeState.RINGING:
                    yield from office.stops_calling()
            elif office.state in {OfficeState.COLLECTING, OfficeState.RINGBACK}:
                is_there = self._random.random() < 0.7
                yield from office.answers() if is_there else office.is_busy()
            elif office.state is OfficeState.TALKING and self._random.random() < 0.2:
                yield from office.hangs_up()

    def _between(self, least_s: float, most_s: float) -> float:
        return self._random.uniform(least_s, most_s)

    def _waits(self, seconds: float, ended: Callable[[], bool]) -> Script[None]:
        for _ in range(round(seconds * 200)):
            if ended():
                return
            yield


def _plan(*, modem: bool) -> Plan:
    """Return an office on one board; its only trunk is the modem, if there is one."""
    plan = quantum_plan()
    if not modem:
        return plan
    return Plan(country="us", trunks=(TrunkPlan(PortAddress(1, 0)),), stations=plan.stations)


def _actors(rig: Rig) -> list[TelephoneSet | OfficeSet]:
    assert isinstance(rig.stage, Stage)
    stations = [rig.stage.telephone_set(each.port.port) for each in rig.plan.stations]
    places = [each.port for each in rig.plan.trunks]
    return [*stations, *(rig.stage.office_set(place.port, place.board) for place in places)]
