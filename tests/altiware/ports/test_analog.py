# SPDX-License-Identifier: MIT
import pytest

from altiware.core.decision import Decision, NumberClass, Verdict
from altiware.core.effects import (
    AnswerLoop,
    FeedActive,
    FeedOnHook,
    PulseDigits,
    ReleaseLoop,
    Ring,
    SeizeLoop,
    StopRinging,
    ToBoard,
)
from altiware.core.events import (
    BusyHeard,
    Digit,
    DigitsSent,
    Event,
    Flash,
    InService,
    LoopBroken,
    NumberTaken,
    OffHook,
    OnHook,
    OrderRefused,
    OutOfService,
    Restored,
    Reversed,
    RingbackHeard,
    RingBegan,
    RingEnded,
)
from altiware.core.ids import PortAddress, station, trunk
from altiware.core.office import OfficePlan
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.ports.analog import AnalogPorts
from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    Board,
    BoardEvent,
    BoardInfo,
    BoardLost,
    BoardUp,
    CallProgress,
    CallProgressed,
    Capability,
    Flashed,
    HookChanged,
    Linefeed,
    LossReason,
    OrderFailed,
    PolarityChanged,
    PortEvent,
    PortInfo,
    PortKind,
    PulseDigit,
    PulsesSent,
    RingCadence,
    RingingChanged,
    Ticket,
)
from drivers.errors import BoardOperationError
from dsp.engine import Engine
from dsp.events import LinkEvent

ALICE, LINE_1, ELSEWHERE = station("101"), trunk(PortAddress(1, 2)), station("102")
PLAN = Plan(
    stations=(StationPlan("101", PortAddress(1, 3)), StationPlan("102", PortAddress(0, 0))),
    trunks=(TrunkPlan(PortAddress(1, 2), office=OfficePlan(impedance=3)),),
)
ALLOWED = Decision(Verdict.ALLOW, "test", "it is a test", NumberClass.LOCAL, "5550123")


class Notebook(Board):
    """A board that writes its orders down."""

    def __init__(self) -> None:
        super().__init__("notebook://")
        self.orders: list[tuple[object, ...]] = []

    def start(self, engine: Engine, now: float) -> None: ...

    def stop(self, now: float) -> None: ...

    @property
    def wants_link(self) -> bool:
        return False

    def open_link(self) -> int:
        raise NotImplementedError

    def link_opened(self, descriptor: int, now: float) -> None: ...

    def link_failed(self, detail: str, now: float) -> list[BoardEvent]:
        return []

    def receive(self, event: LinkEvent, now: float) -> list[BoardEvent]:
        return []

    def expire(self, now: float) -> list[BoardEvent]:
        return []

    def owns_link(self, link: int) -> bool:
        return False

    def timeslot(self, port: int) -> int:
        return 100 + port

    def ring(self, port: int, cadence: RingCadence) -> Ticket:
        return self._note("ring", port, cadence.steps_ms)

    def stop_ringing(self, port: int) -> Ticket:
        return self._note("stop ringing", port)

    def feed(self, port: int, linefeed: Linefeed) -> Ticket:
        return self._note("feed", port, linefeed)

    def seize(self, port: int) -> Ticket:
        return self._note("seize", port)

    def dial(self, port: int, number: str) -> Ticket:
        return self._note("dial", port, number)

    def release(self, port: int) -> Ticket:
        return self._note("release", port)

    def impedance(self, port: int, index: int) -> Ticket:
        return self._note("impedance", port, index)

    def _note(self, *order: object) -> Ticket:
        self.orders.append(order)
        return Ticket(len(self.orders))


@pytest.fixture
def board() -> Notebook:
    return Notebook()


@pytest.fixture
def ports(board: Notebook) -> AnalogPorts:
    return AnalogPorts(PLAN, [Notebook(), board])


@pytest.mark.parametrize(
    ("happened", "meaning"),
    [
        (HookChanged(1.0, 3, off_hook=True), OffHook(1.0)),
        (HookChanged(1.0, 3, off_hook=False), OnHook(1.0)),
        (Flashed(1.0, 3), Flash(1.0)),
        (PulseDigit(1.0, 3, "7"), Digit(1.0, "7")),
        (RingingChanged(1.0, 2, ringing=True), RingBegan(1.0)),
        (RingingChanged(1.0, 2, ringing=False), RingEnded(1.0)),
        (PolarityChanged(1.0, 2, reversed=True), Reversed(1.0)),
        (PolarityChanged(1.0, 2, reversed=False), Restored(1.0)),
        (BatteryChanged(1.0, 2, present=True, duration_ms=300), LoopBroken(1.0)),
        (BatteryChanged(1.0, 2, present=True, duration_ms=199), None),
        (BatteryChanged(1.0, 2, present=False), None),
        (PulsesSent(1.0, 2, Ticket(1)), DigitsSent(1.0)),
        (CallProgressed(1.0, 2, CallProgress.TAKEN), NumberTaken(1.0)),
        (CallProgressed(1.0, 2, CallProgress.ALERTING), RingbackHeard(1.0)),
        (CallProgressed(1.0, 2, CallProgress.ANSWERED), Reversed(1.0)),
        (CallProgressed(1.0, 2, CallProgress.BUSY), BusyHeard(1.0)),
        (CallProgressed(1.0, 2, CallProgress.ENDED), LoopBroken(1.0)),
        (AlarmRaised(1.0, 2, "heat"), None),
        (HookChanged(1.0, 7, off_hook=True), None),
    ],
)
def test_what_a_board_reports(
    ports: AnalogPorts, happened: BoardEvent, meaning: Event | None
) -> None:
    party = LINE_1 if isinstance(happened, PortEvent) and happened.port == 2 else ALICE
    told = list(ports.events(1, happened))
    assert told == ([] if meaning is None else [(party, meaning)])


def test_a_failed_order_is_told_to_the_call_that_gave_it(ports: AnalogPorts) -> None:
    ports.perform(LINE_1, SeizeLoop(ALLOWED))
    failed = OrderFailed(1.0, 2, Ticket(1), "seize", "busy")
    assert list(ports.events(1, failed)) == [(LINE_1, OrderRefused(1.0))]
    assert ports.concerned(1, failed) == [LINE_1]


def test_a_failed_order_of_a_technician_is_no_calls(ports: AnalogPorts) -> None:
    ports.perform(LINE_1, SeizeLoop(ALLOWED))
    failed = OrderFailed(1.0, 2, Ticket(7), "measure", "the line is in use")
    assert list(ports.events(1, failed)) == []
    assert ports.concerned(1, failed) == []


def test_a_telephone_has_nothing_to_do_about_a_refused_order(ports: AnalogPorts) -> None:
    ports.perform(ALICE, StopRinging())
    failed = OrderFailed(1.0, 3, Ticket(1), "ring", "busy")
    assert list(ports.events(1, failed)) == []
    assert ports.concerned(1, failed) == [ALICE]


def up(*kinds: PortKind) -> BoardUp:
    infos = tuple(PortInfo(i, kind, Capability(0)) for i, kind in enumerate(kinds))
    return BoardUp(1.0, BoardInfo("N", "1", "0", "0", "0", infos))


def test_a_board_puts_its_parties_in_service_and_out(ports: AnalogPorts) -> None:
    fxs, fxo = PortKind.FXS, PortKind.FXO
    came = list(ports.events(1, up(fxs, fxs, fxo, fxs)))
    assert came == [(ALICE, InService(1.0)), (LINE_1, InService(1.0))]
    gone = list(ports.events(1, BoardLost(2.0, LossReason.STALLED)))
    assert gone == [(ALICE, OutOfService(2.0)), (LINE_1, OutOfService(2.0))]
    assert list(ports.events(0, up(fxs))) == [(ELSEWHERE, InService(1.0))]


@pytest.mark.parametrize(
    ("can", "orders"),
    [(Capability(0), []), (Capability.IMPEDANCE, [("impedance", 2, 3)])],
)
def test_a_line_is_terminated_as_the_plan_says_where_the_board_can(
    ports: AnalogPorts, board: Notebook, can: Capability, orders: list[tuple[object, ...]]
) -> None:
    kinds = (PortKind.FXS, PortKind.FXS, PortKind.FXO, PortKind.FXS)
    infos = tuple(PortInfo(i, kind, can) for i, kind in enumerate(kinds))
    board.info = BoardInfo("N", "1", "0", "0", "0", infos)
    for party in (ALICE, LINE_1):
        ports.terminate(party)
    assert board.orders == orders


def test_a_port_of_the_wrong_kind_stays_out_of_service_and_is_told(ports: AnalogPorts) -> None:
    wrong = up(PortKind.FXS, PortKind.FXS, PortKind.FXS)
    assert list(ports.events(1, wrong)) == []
    assert list(ports.miswired(1, wrong.info)) == [
        (ALICE, "01:03 does not exist on this board; a station needs fxs"),
        (LINE_1, "01:02 is fxs; a trunk needs fxo"),
    ]


@pytest.mark.parametrize(
    ("effect", "order"),
    [
        (Ring((400, 200)), ("ring", 3, (400, 200))),
        (StopRinging(), ("stop ringing", 3)),
        (FeedOnHook(), ("feed", 3, Linefeed.ON_HOOK_TRANSMISSION)),
        (FeedActive(), ("feed", 3, Linefeed.ACTIVE)),
    ],
)
def test_orders_to_a_telephone(
    ports: AnalogPorts, board: Notebook, effect: ToBoard, order: tuple[object, ...]
) -> None:
    ports.perform(ALICE, effect)
    assert board.orders == [order]


@pytest.mark.parametrize(
    ("effect", "order"),
    [
        (SeizeLoop(ALLOWED), ("seize", 2)),
        (AnswerLoop(), ("seize", 2)),
        (ReleaseLoop(), ("release", 2)),
    ],
)
def test_orders_to_an_office_line(
    ports: AnalogPorts, board: Notebook, effect: ToBoard, order: tuple[object, ...]
) -> None:
    ports.perform(LINE_1, effect)
    assert board.orders == [order]


def test_a_port_that_dials_is_given_the_number_and_seized_only_to_answer(
    ports: AnalogPorts, board: Notebook
) -> None:
    dials = PortInfo(2, PortKind.FXO, Capability.DIALS)
    board.info = BoardInfo("N", "1", "0", "0", "0", (dials,))
    ports.perform(LINE_1, SeizeLoop(ALLOWED))
    ports.perform(LINE_1, AnswerLoop())
    assert board.orders == [("dial", 2, "5550123"), ("seize", 2)]


def test_what_a_board_cannot_do_is_refused(ports: AnalogPorts) -> None:
    with pytest.raises(BoardOperationError, match="pulse"):
        ports.perform(LINE_1, PulseDigits("1"))


def test_places(ports: AnalogPorts) -> None:
    assert ports.timeslot(ALICE) == 103
    assert ports.at(1, 2) == [LINE_1]
    assert ports.at(1, 9) == []
