# SPDX-License-Identifier: MIT
"""The configuration of an office, as far as call control needs it.  Plain, frozen, checked.

It says nothing about files: whoever reads one builds a :class:`Plan` of it.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from altiware.core.attendants import AttendantAct, AttendantPlan
from altiware.core.decision import DialPolicy
from altiware.core.emergency import EmergencyPlan
from altiware.core.errors import PlanError
from altiware.core.find_me import FindMePlan
from altiware.core.ids import Party, PortAddress, station, trunk
from altiware.core.mail import MailPlan
from altiware.core.office import USUAL_OFFICE, OfficePlan
from altiware.core.rooms import RoomPlan
from altiware.core.routes import Routing
from altiware.core.schedules import Schedule
from altiware.core.workgroups import MOST_GROUPS, WorkgroupPlan
from altiware.core.zones import ZonePlan

__all__ = [
    "DEFAULT_FIRST_DIGITS",
    "EMERGENCY_NUMBERS",
    "EMERGENCY_TESTS",
    "KEYS",
    "OUTWARD",
    "Dialling",
    "FeatureCode",
    "FirstDigit",
    "Numbering",
    "Plan",
    "Service",
    "StationPlan",
    "Timers",
    "TrunkDirection",
    "TrunkPlan",
    "paging",
]

KEYS: Final = "0123456789*#"
"""What a telephone can dial."""


class FirstDigit(enum.Enum):
    """What the first digit of a number means."""

    EXTENSION = "extension"
    TRUNK = "trunk"
    FEATURE = "feature"
    OPERATOR = "operator"
    ROUTE = "route"
    "As a trunk: the number outside follows; which trunks, the routes say."
    INVALID = "invalid"


OUTWARD: Final = frozenset({FirstDigit.TRUNK, FirstDigit.ROUTE})
"""Access digits: what follows is a number outside."""


DEFAULT_FIRST_DIGITS: Final[Mapping[str, FirstDigit]] = MappingProxyType(
    dict.fromkeys("12345678", FirstDigit.EXTENSION)
    | {"9": FirstDigit.TRUNK, "0": FirstDigit.OPERATOR}
    | {"#": FirstDigit.FEATURE, "*": FirstDigit.INVALID}
)

EMERGENCY_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"us": ("911",), "uk": ("999", "112"), "de": ("112", "110"), "jp": ("110", "118", "119")}
)
"""What a plan that names none gets for its country; others get 112, the number of GSM."""

EMERGENCY_TESTS: Final[Mapping[str, str]] = MappingProxyType({"us": "933"})
"""Where one is usual, the number that tests emergency calls."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that an application does, and that can be called."""

    kind: str
    "Which application: a key of :data:`altiware.features.catalog.FACTORIES`."
    argument: str = ""
    "Which of them: an attendant's name, a mailbox, a workgroup."
    name: str = ""
    "For displays and records."

    @property
    def words(self) -> str:
        """Kind and argument: what its conversations are named by, each with a number of its own."""
        return " ".join(filter(None, (self.kind, self.argument)))


@dataclass(frozen=True, slots=True)
class FeatureCode:
    """What a feature code does."""

    service: Service
    follows: int | None = 0
    "How many digits follow; None: any number, until # or silence."
    is_number: bool = False
    "What follows is a number that can be dialled, or nothing: it ends where that does."


@dataclass(frozen=True, slots=True)
class Numbering:
    """How numbers are read inside the office."""

    extension_length: int = 3
    "Digits of every extension, 3 to 6."
    first_digits: Mapping[str, FirstDigit] = field(default_factory=lambda: DEFAULT_FIRST_DIGITS)
    "A key that is not here is invalid."
    emergency: tuple[str, ...] = ()
    "Dialled directly, or after the trunk access digit; empty: those of the country."
    area_codes: tuple[str, ...] = ()
    "Area codes that are a local call, the own one first."
    services: Mapping[str, Service] = field(default_factory=lambda: MappingProxyType({}))
    "By the number, as long as an extension, under which it is called."
    codes: Mapping[str, FeatureCode] = field(default_factory=lambda: MappingProxyType({}))
    "By what is dialled, with the first digit."


class Dialling(enum.Enum):
    """How a trunk tells the office the number."""

    DTMF = "dtmf"
    PULSE = "pulse"


class TrunkDirection(enum.Enum):
    """Which calls a trunk carries."""

    BOTH = "both"
    IN = "in"
    OUT = "out"
    PAGING = "paging"
    "None: there is a loudspeaker behind it."


@dataclass(frozen=True, slots=True)
class StationPlan:
    """An analog telephone."""

    extension: str
    port: PortAddress
    name: str = ""
    shows_caller: bool = True
    "Whether the telephone is sent caller ID."
    busy: str = ""
    "Where callers are led when it is busy, as dialled; empty: they are told."
    no_answer: str = ""
    "The same when nobody answers."
    tenant: str = ""
    "Of several firms in one house; empty: may use every trunk."
    pickup_group: str = ""
    "Telephones of one group may take each other's calls; empty: of none."
    ring_s: float | None = None
    "How long it rings for a caller; None: as the timers say."
    call_waiting: bool = False
    "Whether others may call while it talks, and wait."
    speed_dial: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    "Its numbers, as dialled, by 00 to 19."
    manager: bool = False
    "Whether it may change what concerns the whole office, as the operator's may."
    needs_account: bool = False
    "Whether it must give an account code for calls outside, save for help."
    forwards_outside: bool = False
    "Whether calls for it may be forwarded to numbers outside, at its charge."
    location: str = ""
    "Where the telephone at the port stands, for whoever is to help."
    call_back: str = ""
    "The number under which help calls it back; empty: the office's."

    @property
    def party(self) -> Party:
        """The station as a party of calls."""
        return station(self.extension)


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """An analog line of the central office."""

    port: PortAddress
    name: str = ""
    number: str = ""
    "Its own number, for people."
    direction: TrunkDirection = TrunkDirection.BOTH
    dialling: Dialling = Dialling.DTMF
    answer_after_s: float | None = 20.0
    "Take an outgoing call as answered so long after the last digit; None: the office reverses."
    office: OfficePlan = USUAL_OFFICE
    "What its office sends."
    tenant: str = ""
    "Whose stations may call out over it; empty: all."
    tie: bool = False
    "Another exchange is at its other end, which dials numbers of this office."
    hop_off: str = ""
    "The extension for which the policy is asked when that one dials out again; empty: it may not."

    @property
    def party(self) -> Party:
        """The trunk as a party of calls."""
        return trunk(self.port)


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds.  The defaults are those of a North American office."""

    first_digit_s: float = 10.0
    "How long dial tone is given."
    next_digit_s: float = 4.0
    "After which silence a number is taken as complete."
    no_answer_s: float = 60.0
    "How long an extension rings for another."
    return_s: float = 60.0
    "How long a station rings for the party that it left on hold."
    transfer_s: float = 30.0
    "How long a call rings that was transferred before an answer, until it comes back."
    park_s: float = 120.0
    "How long a caller is parked before he rings where he was parked."
    tone_s: float = 20.0
    "How long busy or reorder is given before the howler."
    howler_s: float = 40.0
    "How long the howler is given before the line falls silent."
    dial_tone_wait_s: float = 5.0
    "How long the office's dial tone is waited for."
    sending_s: float = 40.0
    "In what time the digits must have been sent; a fault else."
    ring_join_ms: int = 600
    "Bursts of ringing that are closer belong to one ring (double ringing: 200 ms)."
    ring_gap_s: float = 6.5
    "Silence after which a caller outside has given up (the longest pause is 4 s)."
    reoffer_s: float = 2.0
    "How often a waiting outside call is offered again to a busy operator."
    loop_break_s: float = 0.2
    "An open loop that lasts so long is the office's hang-up; shorter is switching noise."
    ringback_over_s: float = 2.0
    "So long after the last ringback an outgoing call is taken as answered."
    guard_s: float = 1.5
    "Rest of a trunk between two calls, for the office to see that the loop was opened."


@dataclass(frozen=True, slots=True)
class Plan:
    """An office.

    Raises:
        PlanError: it contradicts itself.
    """

    stations: tuple[StationPlan, ...]
    trunks: tuple[TrunkPlan, ...] = ()
    operator: str = ""
    "The extension that ``0`` and calls from outside ring; empty: the first station."
    operator_away: str = ""
    "Where calls for the operator lead while he is off-line, as dialled; empty: as ``incoming``."
    incoming: str = ""
    "Where calls from outside lead, as dialled; empty: to the operator, for whom they wait."
    country: str = "us"
    numbering: Numbering = field(default_factory=Numbering)
    timers: Timers = field(default_factory=Timers)
    policy: DialPolicy = field(default_factory=DialPolicy)
    speed_dial: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    "The office's numbers, as dialled, by 00 to 59."
    accounts: frozenset[str] = frozenset()
    "Valid account codes; none: any is taken."
    attendants: tuple[AttendantPlan, ...] = ()
    rooms: tuple[RoomPlan, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    routing: Routing = field(default_factory=Routing)
    mail: MailPlan = field(default_factory=MailPlan)
    zones: tuple[ZonePlan, ...] = ()
    find_me: tuple[FindMePlan, ...] = ()
    emergency_plan: EmergencyPlan = field(default_factory=EmergencyPlan)
    workgroups: tuple[WorkgroupPlan, ...] = ()

    def __post_init__(self) -> None:
        faults = list(_contradictions(self))
        if faults:
            raise PlanError(*faults[0], *faults[1:])

    @property
    def emergency(self) -> tuple[str, ...]:
        """The emergency numbers, given or the country's."""
        return self.numbering.emergency or EMERGENCY_NUMBERS.get(self.country, ("112",))

    @property
    def emergency_test(self) -> str:
        """The number that tests emergency calls, given or the country's; empty: there is none."""
        return self.emergency_plan.test or EMERGENCY_TESTS.get(self.country, "")

    @property
    def operator_party(self) -> Party:
        """Who answers for the office."""
        return station(self.operator or self.stations[0].extension)


def paging(plan: Plan) -> list[TrunkPlan]:
    """Return the ports behind which there are loudspeakers."""
    return [each for each in plan.trunks if each.direction is TrunkDirection.PAGING]


def _contradictions(plan: Plan) -> Iterator[tuple[str, object, str]]:
    """Yield what is wrong, as setting, value, and what is allowed."""
    if not plan.stations:
        yield "stations", (), "at least one station"
        return
    if not 3 <= plan.numbering.extension_length <= 6:
        yield "numbering.extension_length", plan.numbering.extension_length, "3 to 6"
    for key in plan.numbering.first_digits:
        if len(key) != 1 or key not in KEYS:
            yield "numbering.first_digits", key, f"one of {KEYS}"
    yield from _wrong_extensions(plan)
    yield from _wrong_codes(plan)
    yield from _wrong_ports(plan)
    yield from _wrong_services(plan)
    yield from _wrong_routing(plan)
    yield from _wrong_features(plan)
    extensions = {each.extension for each in plan.stations}
    if plan.operator and plan.operator not in extensions:
        yield "operator", plan.operator, f"one of {', '.join(sorted(extensions))}"


def _wrong_features(plan: Plan) -> Iterator[tuple[str, object, str]]:
    """Yield what features of stations are said of stations that aren't there, and the like."""
    extensions = {each.extension for each in plan.stations}
    for index, line in enumerate(plan.trunks):
        if line.hop_off and (not line.tie or line.hop_off not in extensions):
            yield f"trunks.{index}.hop_off", line.hop_off, "an extension, on a tie trunk"
    schedules = {each.name for each in plan.schedules}
    for index, zone in enumerate(plan.zones):
        for setting, value, allowed in zone.contradictions(extensions):
            yield f"zones.{index}.{setting}", value, allowed
    for index, sought in enumerate(plan.find_me):
        for setting, value, allowed in sought.contradictions(extensions, schedules):
            yield f"find_me.{index}.{setting}", value, allowed
    for setting, value, allowed in plan.emergency_plan.contradictions(extensions):
        yield f"emergency.{setting}", value, allowed


def _wrong_extensions(plan: Plan) -> Iterator[tuple[str, object, str]]:
    length = plan.numbering.extension_length
    seen: set[str] = set()
    for index, each in enumerate(plan.stations):
        setting = f"stations[{index}].extension"
        extension = each.extension
        if len(extension) != length or not (extension.isascii() and extension.isdigit()):
            yield setting, extension, f"{length} digits"
        elif plan.numbering.first_digits.get(extension[0]) is not FirstDigit.EXTENSION:
            yield setting, extension, "a first digit that means extension"
        elif any(extension.startswith(number) for number in plan.emergency):
            yield setting, extension, "not an emergency number"
        elif extension in seen:
            yield setting, extension, "an extension that no other station has"
        seen.add(extension)


def _wrong_codes(plan: Plan) -> Iterator[tuple[str, object, str]]:
    """Yield codes that nobody could dial.  Services stand where extensions do."""
    first = plan.numbering.first_digits
    for code in plan.numbering.codes:
        setting = f'numbering.codes."{code}"'
        if not code or not set(code) <= set(KEYS):
            yield setting, code, f"keys of {KEYS}"
        elif first.get(code[0]) is not FirstDigit.FEATURE:
            yield setting, code, "a first digit that means feature"


def _wrong_ports(plan: Plan) -> Iterator[tuple[str, object, str]]:
    seen: set[PortAddress] = set()
    stations = [(f"stations[{i}].port", each.port) for i, each in enumerate(plan.stations)]
    trunks = [(f"trunks[{i}].port", each.port) for i, each in enumerate(plan.trunks)]
    for setting, port in [*stations, *trunks]:
        if port in seen:
            yield setting, str(port), "a port that nothing else uses"
        if not (0 <= port.board <= 99 and 0 <= port.port <= 99):
            yield setting, str(port), "board and port 0 to 99"
        seen.add(port)


def _wrong_services(plan: Plan) -> Iterator[tuple[str, object, str]]:
    """Yield services whose number can't be dialled, and what leads to nobody."""
    extensions = {each.extension for each in plan.stations}
    length = plan.numbering.extension_length
    for number in plan.numbering.services:
        first = plan.numbering.first_digits.get(number[:1])
        if len(number) != length or first is not FirstDigit.EXTENSION or number in extensions:
            yield "numbering.services", number, f"{length} digits that are no station's extension"
    inside = extensions | plan.numbering.services.keys()
    numbers = ", ".join(sorted(inside))
    if plan.incoming and plan.incoming not in inside:
        yield "incoming", plan.incoming, f"one of {numbers}"
    for index, room in enumerate(plan.rooms):
        for setting, value, allowed in room.contradictions():
            yield f"rooms.{index}.{setting}", value, allowed
    yield from _wrong_workgroups(plan, extensions, inside)
    for index, attendant in enumerate(plan.attendants):
        at = f"attendants.{index}.items"
        for path, value, allowed in attendant.contradictions():
            yield f"{at}.{path or 'top'}", value, allowed
        for path, item in attendant.items.items():
            if item.act is AttendantAct.CALL and item.target not in inside:
                yield f"{at}.{path}", item.target, f"one of {numbers}"


def _wrong_routing(plan: Plan) -> Iterator[tuple[str, object, str]]:
    """Yield schedules that aren't any, and rules that lead nowhere."""
    for index, schedule in enumerate(plan.schedules):
        for setting, value, allowed in schedule.contradictions():
            yield f"schedules.{index}.{setting}", value, allowed
    trunks = {each.name for each in plan.trunks if each.name} | {str(t.port) for t in plan.trunks}
    schedules = frozenset(each.name for each in plan.schedules)
    yield from plan.routing.contradictions(frozenset(trunks), schedules)
    inside = {each.extension for each in plan.stations} | plan.numbering.services.keys()
    for index, rule in enumerate(plan.routing.incoming):
        for setting, number in rule.targets:
            if number not in inside:
                allowed = f"one of {', '.join(sorted(inside))}"
                yield f"incoming_rules.{index}.{setting}", number, allowed


def _wrong_workgroups(
    plan: Plan, extensions: set[str], inside: set[str]
) -> Iterator[tuple[str, object, str]]:
    if len(plan.workgroups) > MOST_GROUPS:
        yield "workgroups", len(plan.workgroups), f"up to {MOST_GROUPS}"
    names = [each.name for each in plan.workgroups]
    for index, group in enumerate(plan.workgroups):
        if names.count(group.name) > 1:
            yield f"workgroups.{index}.name", group.name, "a name that no other workgroup has"
        for setting, value, allowed in group.contradictions(extensions, inside):
            yield f"workgroups.{index}.{setting}", value, allowed
