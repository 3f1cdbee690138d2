# SPDX-License-Identifier: MIT
"""A whole office in virtual time: simulated board, telephones, central office, engine, exchange.

    with Rig() as rig:
        alice, bob = rig.telephone("101"), rig.telephone("102")
        alice.lifts(); alice.hears("dial"); alice.dials("102"); bob.rings()

Telephones and offices are drivers.actors; what they hear has gone through lines, board, link
and bus, and is recognised by the simulator's own ears.  Leaving the ``with`` asserts that no
port, path, call or open record is left.
"""

from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self

from altiware.core.ids import PortAddress
from altiware.core.notices import CallClosed, CallOpened, Notice, OrderMissed
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.core.record import CallRecord
from altiware.exchange import Exchange
from drivers.actors import OfficeLine, SimulatedStage, Telephone
from drivers.base import Board, BoardState
from drivers.links import InProcessLink
from drivers.quantum.addresses import linked_board
from drivers.registry import stage
from dsp.engine import Engine

__all__ = ["NAMES", "Rig", "quantum_plan"]

NAMES: Final = ("Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi")
MORNING: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
UP_S: Final = 5.0


def quantum_plan(country: str = "us", **trunk: Any) -> Plan:
    """Return an office on one Q12: trunks on ports 0-3, 101 to 108 on ports 4-11."""
    return Plan(
        country=country,
        trunks=tuple(TrunkPlan(PortAddress(0, port), **trunk) for port in range(4)),
        stations=tuple(
            StationPlan(str(101 + index), PortAddress(0, 4 + index), name)
            for index, name in enumerate(NAMES)
        ),
    )


class Rig:
    """An office on one simulated Q12."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.plan = plan or quantum_plan()
        self.stage: SimulatedStage = stage("Q12", country=self.plan.country)
        self.engine = Engine(threaded=False)
        link = InProcessLink(self.stage.descriptor)
        self.board: Board = linked_board("quantum+sim://Q12", link)
        self.exchange = Exchange(
            self.plan,
            self.engine,
            [self.board],
            wall=lambda: MORNING + timedelta(seconds=self.engine.now),
        )
        self.notices: list[Notice] = []
        self.exchange.subscribe(self.notices.append)
        self.exchange.start()
        self.stage.pumps.append(self._pump)
        self._come_up()

    def _pump(self) -> None:
        self.engine.poll()
        self.exchange.pump()
        if self.board.wants_link:
            self.exchange.link_opened(self.board, self.board.open_link())

    def _come_up(self) -> None:
        until = self.stage.now + UP_S
        while self.board.state is not BoardState.UP and self.stage.now < until:
            self.passes(0.005)
        assert self.board.state is BoardState.UP

    def telephone(self, extension: str) -> Telephone:
        """Return a telephone by its extension."""
        (port,) = (each.port for each in self.plan.stations if each.extension == extension)
        return self.stage.telephone(port.port)

    def office(self, index: int = 0) -> OfficeLine:
        """Return an office line: 0 is the first trunk of the plan."""
        return self.stage.office(self.plan.trunks[index].port.port)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.stage.passes(seconds)

    @property
    def records(self) -> list[CallRecord]:
        """The records of the closed calls."""
        return [each.record for each in self.notices if isinstance(each, CallClosed)]

    def is_clean(self) -> None:
        """Assert that nothing is left of any call, and that no order failed."""
        missed = [each for each in self.notices if isinstance(each, OrderMissed)]
        assert not missed, missed
        opened = [each.record.id for each in self.notices if isinstance(each, CallOpened)]
        assert sorted(opened) == sorted(each.id for each in self.records)
        assert self.exchange.calls() == ()
        ports = self.engine.open_ports()
        assert len(ports) == len(self.plan.trunks) + len(self.plan.stations), "no port is left"
        assert not any(self.engine.sources(port) for port in ports), "nobody hears anything"

    def close(self) -> None:
        """Switch everything off."""
        self.exchange.stop()
        self.engine.close()
        self.stage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.passes(2.5)
                self.is_clean()
        finally:
            self.close()
