# SPDX-License-Identifier: MIT
"""The pytest plugin: fixtures for a board, and whoever is at its lines.

    pytest                                                    # the simulator, in virtual time
    pytest --board quantum+tcp://10.0.0.7 --board-peer quantum+tcp://10.0.0.8 --board-cable 4=0,5=1

    def test_a_call(exchange, phone):
        alice, bob = phone(4), phone(5)
        alice.lifts(); alice.hears("dial"); alice.dials("102"); bob.rings()

It does nothing until a test asks for one of its fixtures.  What can't be had where the test runs
(nobody at a port, faults on real hardware) skips the test and says why.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from altiware.core.plan import Plan
    from altiware.exchange import Exchange
    from altiware.hil.lab import Lab
    from drivers.actors import Misfortune, OfficeLine, Telephone
    from drivers.base import Board

SIMULATOR = "quantum+sim://Q12"
T = TypeVar("T")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what says where the board is."""
    group = parser.getgroup("altiware", "a telephony board under test (altiware.hil)")
    group.addoption(
        "--board", metavar="ADDRESS", default=SIMULATOR, help=f"the board (default: {SIMULATOR})"
    )
    group.addoption(
        "--board-peer", metavar="ADDRESS", default="", help="a second board, cabled to the first"
    )
    group.addoption(
        "--board-cable",
        metavar="CABLES",
        default="",
        help="ports of the board and of the peer that are joined, as 4=0,5=1",
    )
    group.addoption(
        "--board-country", metavar="CODE", default="us", help="whose tones and bells (default: us)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse cables without a peer, and a peer without cables."""
    if bool(config.getoption("--board-peer")) != bool(config.getoption("--board-cable")):
        raise pytest.UsageError("--board-peer and --board-cable need each other")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what is under test, where that isn't the simulator."""
    board, peer = config.getoption("--board"), config.getoption("--board-peer")
    if board == SIMULATOR and not peer:
        return []
    cabled = f", cabled to {peer} ({config.getoption('--board-cable')})" if peer else ""
    return [f"board under test: {board}{cabled}"]


class Clock:
    """The time of the laboratory: virtual on the simulator, real on hardware."""

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab

    @property
    def now(self) -> float:
        """Seconds."""
        return self._lab.now

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self._lab.passes(seconds)


@pytest.fixture
def lab(pytestconfig: pytest.Config) -> Iterator["Lab"]:
    """Set the table: the other fixtures are parts of this one."""
    from altiware.hil.lab import LabSetup, open_lab
    from drivers.cabled import parse_cables

    cables = pytestconfig.getoption("--board-cable")
    setup = LabSetup(
        pytestconfig.getoption("--board"),
        pytestconfig.getoption("--board-peer"),
        parse_cables(cables) if cables else {},
        pytestconfig.getoption("--board-country"),
    )
    with open_lab(setup) as lab:
        yield lab


@pytest.fixture
def board(lab: "Lab") -> "Board":
    """Give the board, which is up: order it about, and read ``board.info``."""
    return lab.board


@pytest.fixture
def reports(lab: "Lab") -> Callable[..., object]:
    """Wait for what the board reports: ``reports(HookChanged, port=4).off_hook``.

    Where an exchange runs on the board, it is the one who reads that.
    """

    def wait(kind: type[T], port: int | None = None, within_s: float = 3.0) -> T:
        from drivers.errors import BoardTimeoutError

        assert lab.host.exchange is None, "the exchange reads what the board reports"
        try:
            return lab.session.expect(kind, port, within_s=within_s)  # type: ignore[type-var]
        except BoardTimeoutError as error:
            raise AssertionError(str(error)) from error

    return wait


@pytest.fixture
def office_plan() -> "Plan | None":
    """Override this to run another office than one with 101 on the first telephone port."""
    return None


@pytest.fixture
def exchange(lab: "Lab", office_plan: "Plan | None") -> "Exchange":
    """Run the exchange of an office on the board."""
    return lab.run_exchange(office_plan)


@pytest.fixture
def phone(lab: "Lab") -> Callable[[int], "Telephone"]:
    """Return the telephone at a port: ``phone(4)``."""
    return _or_skip(lab.telephone)


@pytest.fixture
def office(lab: "Lab") -> Callable[[int], "OfficeLine"]:
    """Return the office line at a port: ``office(0)``."""
    return _or_skip(lab.office)


@pytest.fixture
def faults(lab: "Lab") -> "Misfortune":
    """Make something go wrong: ``faults.run("at 1s drop 2% for 5s")``."""
    return _or_skip(lambda _: lab.faults())(0)


@pytest.fixture
def clock(lab: "Lab") -> Clock:
    """Give the laboratory's clock: ``clock.passes(1.5)``."""
    return Clock(lab)


def _or_skip(find: Callable[[int], T]) -> Callable[[int], T]:
    """Skip the test where something isn't there to be had."""

    def found(port: int) -> T:
        from drivers.errors import NotAvailableError

        try:
            return find(port)
        except NotAvailableError as error:
            pytest.skip(str(error))

    return found
