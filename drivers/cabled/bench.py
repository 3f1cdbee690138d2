# SPDX-License-Identifier: MIT
"""A bench: a board under test, a peer, and the cables from the one's ports to the other's.

    with open_session("quantum+tcp://10.0.0.8:5400") as peer:
        peer.wait_until_up(5.0)
        bench = Bench(peer, parse_cables("4=0,5=1,0=4"), country="us")
        bench.pumps.append(serve_the_board_under_test)
        alice = bench.telephone(4)
        alice.lifts(); alice.hears("dial")

It implements drivers.actors.Stage.  Who is at a port of the board under test follows from the
peer's port at the other end: an office port is a telephone, a telephone port an office.  It owns
neither the peer's session nor the board under test, and needs two engines where both boards are
real: one for each.
"""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeVar

from drivers.base import BoardLost, BoardState, Capability, PortInfo, PortKind
from drivers.base import PortEvent as BoardPortEvent
from drivers.cabled.actor import CabledActor
from drivers.cabled.office import CabledOffice, OfficeHabits
from drivers.cabled.telephone import CabledTelephone
from drivers.diagnostics.session import Session
from drivers.errors import AddressError, BoardOperationError, NotAvailableError
from dsp.events import PortEvent
from dsp.tones import country as country_of

__all__ = ["Bench", "parse_cables"]

STEP_S: Final = 0.005
A = TypeVar("A", bound=CabledActor)


def parse_cables(text: str) -> dict[int, int]:
    """Read "4=0,5=1": port under test = port of the peer.

    Raises:
        AddressError: it isn't that, or names a port twice.
    """
    cables: dict[int, int] = {}
    for word in text.replace(" ", "").split(","):
        near, equals, far = word.partition("=")
        if not (equals and near.isdecimal() and far.isdecimal()):
            raise AddressError(
                f"cables {text!r}: write 4=0,5=1 (port under test = port of the peer)"
            )
        if int(near) in cables or int(far) in cables.values():
            raise AddressError(f"cables {text!r}: {word} uses a port that has a cable already")
        cables[int(near)] = int(far)
    return cables


class Bench:
    """Telephones and office lines at the far ends of cables.

    Raises:
        BoardOperationError: the peer has no such port.
    """

    def __init__(
        self,
        peer: Session,
        cables: Mapping[int, int],
        *,
        country: str = "us",
        habits: OfficeHabits | None = None,
    ) -> None:
        """Take a peer that is up; ``habits``: what its offices do at an answer and a hang-up."""
        self.peer = peer
        self.country = country_of(country)
        self.pumps: list[Callable[[], object]] = []
        "Called in each step: serve the board under test here, unless the peer's session does."
        self._actors: dict[int, CabledActor] = {}
        for near, far in cables.items():
            port = self._port(far)
            if port.kind is PortKind.FXO:
                self._actors[near] = CabledTelephone(self, near, port)
            else:
                self._actors[near] = CabledOffice(self, near, port, habits or OfficeHabits())
        self._files = tempfile.TemporaryDirectory(prefix="altiware-bench-")
        self._by_port = {actor.port: actor for actor in self._actors.values()}

    def _port(self, number: int) -> PortInfo:
        info = self.peer.board.info
        if info is None or not 0 <= number < len(info.ports):
            raise BoardOperationError(f"{self.peer.board.address} has no port {number} to cable")
        return info.ports[number]

    # drivers.actors.Stage

    @property
    def now(self) -> float:
        """Seconds of the peer's engine."""
        return self.peer.engine.now

    def telephone(self, port: int, board: int = 0) -> CabledTelephone:
        """Return the telephone that is cabled to an FXS port.

        Raises:
            NotAvailableError: none is.
        """
        return self._actor(CabledTelephone, port, board, "an office port of the peer")

    def office(self, port: int, board: int = 0) -> CabledOffice:
        """Return the office line that is cabled to an FXO port.

        Raises:
            NotAvailableError: none is.
        """
        return self._actor(CabledOffice, port, board, "a telephone port of the peer")

    def _actor(self, kind: type[A], port: int, board: int, what: str) -> A:
        actor = self._actors.get(port) if board == 0 else None
        if not isinstance(actor, kind):
            raise NotAvailableError(
                f"port {board}:{port} of the board under test: no cable to {what}"
            )
        return actor

    @property
    def at_rest(self) -> bool:
        """Whether every line is as nobody uses it."""
        return all(actor.at_rest for actor in self._actors.values())

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while self.now < until - STEP_S / 2:
            self.step()

    def close(self) -> None:
        """Hang everything up as far as the peer is still there, and throw the recordings away."""
        if self.peer.board.state is BoardState.UP:
            for actor in self._actors.values():
                actor.rests()
        self._files.cleanup()

    # For the actors

    def step(self) -> None:
        """Let a moment pass, and everybody take what has happened in it.

        Raises:
            NotAvailableError: the peer is gone.
        """
        for happening in self.peer.happenings(STEP_S):
            if isinstance(happening, BoardLost):
                why = f"{happening.reason.value} {happening.detail}".strip()
                raise NotAvailableError(f"{self.peer.board.address}, the peer, is gone: {why}")
            if isinstance(happening, BoardPortEvent):
                if happening.port in self._by_port:
                    self._by_port[happening.port].takes(happening)
            elif isinstance(happening, PortEvent):
                for actor in self._actors.values():
                    actor.hears_of(happening)
        for actor in self._actors.values():
            actor.tick()
        for pump in self.pumps:
            pump()

    def until(
        self, happened: Callable[[], bool], within_s: float, instead: Callable[[], str]
    ) -> None:
        """Let time pass until something has happened.

        Raises:
            AssertionError: it hasn't in time; ``instead`` says what has.
        """
        until = self.now + within_s
        while not happened():
            if self.now >= until:
                raise AssertionError(instead())
            self.step()

    def file(self, name: str) -> Path:
        """Return where an actor may keep a file while the bench is there."""
        return Path(self._files.name) / name

    def check(self, port: PortInfo, needed: Capability, what: str) -> None:
        """See that the peer can do what is asked of it.

        Raises:
            BoardOperationError: it can't.
        """
        if needed not in port.capabilities:
            raise BoardOperationError(
                f"{self.peer.board.address} port {port.number}: the peer can't {what}"
                f" (no {str(needed.name).lower().replace('_', ' ')})"
            )
