# SPDX-License-Identifier: MIT
"""A laboratory: a board under test, its host, and whoever is at its lines.

    with open_lab(LabSetup("quantum+sim://Q12")) as lab:
        exchange = lab.run_exchange()
        alice, bob = lab.telephone(4), lab.telephone(5)
        alice.lifts(); alice.hears("dial"); alice.dials("102"); bob.rings()

A simulated board, alone or cabled to a simulated peer, runs in virtual time; one of silicon in
real time, and has people at its lines only where ports are cabled to a peer's.  The host reads
what the board reports (``lab.session``), or is an exchange.  One thread does it all.
"""

import select
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from altiware.core.ids import PortAddress
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.exchange import Exchange
from drivers.actors import Misfortune, OfficeLine, SimulatedStage, Stage, Telephone
from drivers.base import (
    Board,
    BoardInfo,
    BoardLost,
    BoardState,
    BoardUp,
    HookChanged,
    PortKind,
)
from drivers.cabled import Bench
from drivers.diagnostics.session import Happening, Session
from drivers.errors import BoardTimeoutError, NotAvailableError
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from drivers.registry import SIMULATED, stage_at
from drivers.registry import board as board_at
from drivers.service import Ability
from dsp.engine import Engine
from dsp.events import EngineEvent

__all__ = ["Lab", "LabSetup", "open_lab", "plan_for"]

UP_S: Final = 10.0
STEP_S: Final = 0.005
FOUND_S: Final = 0.2
"""So long after a board is up it has told which telephones it found lifted."""
SETTLED_S: Final = 2.0
"""An open loop is a hang-up after 1.12 s at the latest: till then it may be a flash."""
FIRST_EXTENSION: Final = 101


@dataclass(frozen=True, slots=True)
class LabSetup:
    """What is on the table."""

    board: str = "quantum+sim://Q12"
    "The address of the board under test."
    peer: str = ""
    "The address of a second board, cabled to the first."
    cables: Mapping[int, int] = field(default_factory=dict)
    "Ports of the board under test, each with that of the peer at the other end."
    country: str = "us"

    @property
    def is_simulated(self) -> bool:
        """Whether nothing on the table is real, so that time may be virtual."""
        return all(not each or each.startswith(SIMULATED) for each in (self.board, self.peer))


def plan_for(info: BoardInfo, country: str = "us") -> Plan:
    """Return an office on one board: telephones from 101 on, every office port a trunk."""
    ports = {kind: [p.number for p in info.ports if p.kind is kind] for kind in PortKind}
    return Plan(
        country=country,
        stations=tuple(
            StationPlan(str(FIRST_EXTENSION + index), PortAddress(0, port))
            for index, port in enumerate(ports[PortKind.FXS])
        ),
        trunks=tuple(TrunkPlan(PortAddress(0, port)) for port in ports[PortKind.FXO]),
    )


class _Session(Session):
    """A session whose waiting lets everybody in the laboratory live."""

    step: Callable[[], None] | None = None
    "Lets a moment pass; None: the board alone is there, in real time."

    def __init__(self, board: Board, engine: Engine) -> None:
        super().__init__(board, engine)
        self.lifted: set[int] = set()
        "The telephone ports that the board has told to be off-hook."

    def _sort(self, event: EngineEvent) -> list[Happening]:
        told = super()._sort(event)
        for each in told:
            if isinstance(each, BoardUp | BoardLost):
                self.lifted.clear()
            elif isinstance(each, HookChanged):
                (self.lifted.add if each.off_hook else self.lifted.discard)(each.port)
        return told

    def _sleep(self, timeout_s: float) -> None:
        if self.step is None:
            super()._sleep(timeout_s)
            return
        until = self.engine.now + timeout_s
        self.step()
        while self.engine.now < until and not self._unread:
            self.step()


class Host:
    """Whoever serves the board under test: a session that a test reads, or an exchange."""

    def __init__(self, session: _Session) -> None:
        self.session = session
        self.exchange: Exchange | None = None

    def pump(self) -> None:
        """Do the host's part of a moment."""
        if self.exchange is None:
            self.session.serve()
            return
        self.exchange.pump()
        board = self.session.board
        if board.wants_link:
            try:
                self.exchange.link_opened(board, board.open_link())
            except NotAvailableError as error:
                self.exchange.link_failed(board, str(error))

    def run_exchange(self, plan: Plan) -> Exchange:
        """Hand the board over to an exchange."""
        session = self.session
        session.board.stop(session.engine.now)
        begun = datetime.now().astimezone() - timedelta(seconds=session.engine.now)
        self.exchange = Exchange(
            plan,
            session.engine,
            [session.board],
            wall=lambda: begun + timedelta(seconds=session.engine.now),
        )
        self.exchange.start()
        return self.exchange

    def stop(self) -> None:
        """Quiet the board."""
        if self.exchange is not None:
            self.exchange.stop()
        else:
            self.session.board.stop(self.session.engine.now)


class _InjectedFaults:
    """Faults of a board that can be asked to suffer (drivers.actors.Misfortune)."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def run(self, script: str, /) -> None:
        """Let the faults of a script happen."""
        self._board.inject_fault(script)


class Lab:
    """A board that is up, its host, and whoever is at its lines."""

    def __init__(
        self,
        setup: LabSetup,
        host: Host,
        stage: Stage | None,
        simulated: SimulatedStage | None = None,
    ) -> None:
        self.setup = setup
        self.host = host
        self.stage = stage
        "None: nobody is at the lines, for nothing is cabled to them."
        self._simulated = simulated
        if stage is not None:
            host.session.step = lambda: stage.passes(STEP_S)

    @property
    def board(self) -> Board:
        """The board under test."""
        return self.host.session.board

    @property
    def session(self) -> _Session:
        """What the board reports, while no exchange reads it."""
        return self.host.session

    @property
    def now(self) -> float:
        """Seconds of the board's engine."""
        return self.session.engine.now

    def passes(self, seconds: float) -> None:
        """Let time pass, real or virtual."""
        if self.stage is not None:
            self.stage.passes(seconds)
            return
        until = self.now + seconds
        while self.now < until:
            select.select([self.session.engine.fileno()], [], [], STEP_S)
            self.host.pump()

    def settle(self) -> None:
        """Wait until all lines are at rest: what was done before may still be a flash or not."""
        until = self.now + SETTLED_S
        self.passes(FOUND_S)
        while not self._is_at_rest() and self.now < until:
            self.passes(STEP_S)
        self.session.take()

    def _is_at_rest(self) -> bool:
        if self.session.lifted:
            return False
        return not isinstance(self.stage, Bench) or self.stage.at_rest

    def telephone(self, port: int) -> Telephone:
        """Return the telephone at a port.

        Raises:
            NotAvailableError: nobody can be there.
        """
        return self._stage().telephone(port)

    def office(self, port: int) -> OfficeLine:
        """Return the office line at a port.

        Raises:
            NotAvailableError: nobody can be there.
        """
        return self._stage().office(port)

    def _stage(self) -> Stage:
        if self.stage is None:
            raise NotAvailableError(
                f"{self.board.address}: nobody is at its lines; cable them to a second board and"
                " name it with --board-peer and --board-cable"
            )
        return self.stage

    def faults(self) -> Misfortune:
        """Return what can be made to go wrong.

        Raises:
            NotAvailableError: nothing can, by order.
        """
        if self._simulated is not None:
            return self._simulated.faults()
        if self.board.info is None or Ability.FAULTS not in self.board.info.abilities:
            raise NotAvailableError(f"{self.board.address} can't be made to suffer by order")
        return _InjectedFaults(self.board)

    def run_exchange(self, plan: Plan | None = None) -> Exchange:
        """Run an office on the board, by default that of ``plan_for``.

        Raises:
            BoardTimeoutError: the board doesn't come up again.
        """
        info = self.board.info
        assert info is not None
        exchange = self.host.run_exchange(plan or plan_for(info, self.setup.country))
        until = self.now + UP_S
        while self.board.state is not BoardState.UP:
            if self.now >= until:
                raise BoardTimeoutError(f"{self.board.address}: not up again in {UP_S:g} s")
            self.passes(STEP_S)
        return exchange


@contextmanager
def open_lab(setup: LabSetup) -> Iterator[Lab]:
    """Bring the board up, and everybody at its lines.

    Raises:
        AddressError: an address or a cable is wrong.
        NotAvailableError: nothing is at an address.
        BoardTimeoutError: what is there doesn't answer as a board.
    """
    with ExitStack() as stack:
        lab = (_virtual if setup.is_simulated else _real)(setup, stack)
        lab.settle()
        yield lab


# In virtual time


def _virtual(setup: LabSetup, stack: ExitStack) -> Lab:
    addresses = [each for each in (setup.board, setup.peer) if each]
    stage = stage_at(addresses, setup.cables if setup.peer else {}, country=setup.country)
    stack.callback(stage.close)
    host = Host(_virtual_session(stage, setup.board, 0, stack))
    stage.pumps.append(host.pump)
    stack.callback(host.stop)
    host.session.wait_until_up(UP_S)
    if not setup.peer:
        return Lab(setup, host, stage, stage)
    peer = _virtual_session(stage, setup.peer, 1, stack)
    stack.callback(lambda: peer.board.stop(peer.engine.now))
    peer.wait_until_up(UP_S)
    return Lab(setup, host, _bench(setup, peer, stack), stage)


def _virtual_session(
    stage: SimulatedStage, address: str, number: int, stack: ExitStack
) -> _Session:
    engine = stack.enter_context(Engine(threaded=False))
    board = linked_board(address, InProcessLink(lambda: stage.descriptor(number)))

    def serve() -> None:
        before = engine.now
        engine.poll()
        if engine.now == before:
            engine.tick()

    stage.pumps.append(serve)
    board.start(engine, engine.now)
    session = _Session(board, engine)
    session.step = lambda: stage.passes(STEP_S)
    return session


# In real time


def _real(setup: LabSetup, stack: ExitStack) -> Lab:
    host = Host(_real_session(setup.board, stack))
    stack.callback(host.stop)
    host.session.wait_until_up(UP_S)
    if not setup.peer:
        return Lab(setup, host, None)
    peer = _real_session(setup.peer, stack)
    stack.callback(lambda: peer.board.stop(peer.engine.now))
    peer.wait_until_up(UP_S)
    bench = _bench(setup, peer, stack)
    bench.pumps.append(host.pump)
    return Lab(setup, host, bench)


def _real_session(address: str, stack: ExitStack) -> _Session:
    engine = stack.enter_context(Engine())
    board = board_at(address)
    board.start(engine, engine.now)
    return _Session(board, engine)


def _bench(setup: LabSetup, peer: Session, stack: ExitStack) -> Bench:
    bench = Bench(peer, setup.cables, country=setup.country)
    stack.callback(bench.close)
    return bench
