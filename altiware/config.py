# SPDX-License-Identifier: MIT
"""The configuration file: read, checked and turned into the office's plan.

``read(path)`` gives a :class:`Config` or a :class:`ConfigError` that lists every fault with file,
line, setting, value and what is allowed.  ``write_default(path)`` writes a commented file for a
simulated office.  The file is read once; nothing watches it.
"""

import dataclasses
import json
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path as FilePath
from typing import Annotated, Final, Literal

from pydantic import Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from altiware.attendant_table import AttendantTable
from altiware.blackbox.settings import BlackBoxSettings, KeptPorts
from altiware.config_stations import (
    SECONDS_LIMIT,
    AccountsTable,
    NumberingTable,
    Port,
    StationTable,
    SystemSpeedDial,
    Table,
    port_address,
)
from altiware.core.decision import DialPolicy, NumberClass
from altiware.core.errors import PlanError
from altiware.core.ids import PortAddress
from altiware.core.plan import Dialling, Numbering, Plan, Service, Timers, TrunkDirection, TrunkPlan
from altiware.core.routes import Routing
from altiware.emergency_table import ADDRESS, EmergencyTable
from altiware.errors import ConfigError
from altiware.find_me_table import FindMeTable
from altiware.mail_table import MailboxTable, MailTable, mail_faults, mail_plan
from altiware.mailer import SmtpTarget
from altiware.office_table import OfficeTable
from altiware.ports.media import ECHO_TAIL_MS
from altiware.prompts.music import BuiltInMusic, MusicSource, parse_music
from altiware.room_table import RoomTable
from altiware.routing_table import InRuleTable, PatternTable, RouteTable, ScheduleTable
from altiware.store.smdr_port import SmdrTarget, TargetError, parse_target
from altiware.tables import MASK, is_secret, settings_beside
from altiware.toml_lines import Lines, Path, shown
from altiware.workgroup_table import WorkgroupTable
from altiware.zone_table import ZoneTable
from drivers.errors import AddressError
from drivers.registry import schemes
from dsp.seat import MAX_THREADS
from dsp.tones import COUNTRIES

__all__ = ["FILE_NAME", "Config", "EngineConfig", "parse", "read", "write_default"]

FILE_NAME: Final = "altiware.toml"
ALLOWED: Final = ": allowed: "
"""Stands in a refusal between the value and what it should be."""
QUANTUM_CHANNELS: Final = 12
"""A Quantum board has twelve ports at most: channels 00 to 11."""
MIN_TAIL_MS: Final = 5
BLACKBOX: Final = BlackBoxSettings()
BUILT_IN_MUSIC: Final = BuiltInMusic()
MAX_TAIL_MS: Final = 128
MAX_KEEP_DAYS: Final = 36_500


@dataclasses.dataclass(frozen=True, slots=True)
class EngineConfig:
    """How the engine runs."""

    process: bool = True
    "As a process of its own; else in ours."
    threads: int | None = None
    "That share its work; None: as many as are of use."


@dataclasses.dataclass(frozen=True, slots=True)
class Config:
    """A configuration that is right."""

    plan: Plan
    boards: tuple[str, ...]
    "Addresses; the index is the number of the board in port addresses."
    smdr: SmdrTarget | None = None
    "A relative path is meant in the data directory."
    echo_tail_ms: int = ECHO_TAIL_MS
    "Of the echo that is taken out of every line in use; 0: none is."
    engine: EngineConfig = EngineConfig()
    blackbox: BlackBoxSettings = BLACKBOX
    music: MusicSource = BUILT_IN_MUSIC
    "What parties on hold hear."
    keep_days: int = 0
    "For how long records of calls are kept; 0: for ever."
    smtp: SmtpTarget | None = None
    "Where messages go that are sent by e-mail."
    emergency_mail: tuple[str, ...] = ()
    "Addresses that are told of emergency calls."


DEFAULT_TIMERS: Final = Timers()
Seconds = Annotated[float, Field(gt=0.0, le=SECONDS_LIMIT, allow_inf_nan=False)]
Milliseconds = Annotated[int, Field(gt=0, le=60_000)]


class BoardTable(Table):
    """``[[boards]]``."""

    address: str


class TrunkTable(Table):
    """``[[trunks]]``."""

    port: Port
    name: str = ""
    number: str = Field(default="", pattern=r"^[0-9]*$")
    direction: TrunkDirection = Field(default=TrunkDirection.BOTH, strict=False)
    dialling: Dialling = Field(default=Dialling.DTMF, strict=False)
    answer_after_s: float = Field(default=20.0, ge=0.0, le=SECONDS_LIMIT, allow_inf_nan=False)
    office: OfficeTable = OfficeTable()
    tenant: str = ""
    tie: bool = False
    hop_off: str = Field(default="", pattern=r"^[0-9]*$")


class PolicyTable(Table):
    """``[policy]``."""

    allowed: list[Annotated[NumberClass, Field(strict=False)]] = Field(
        default_factory=lambda: list(DialPolicy().allowed)
    )


class SmdrTable(Table):
    """``[smdr]``."""

    to: str = ""


class RecordsTable(Table):
    """``[records]``."""

    keep_days: int = Field(default=0, ge=0, le=MAX_KEEP_DAYS)


class MusicTable(Table):
    """``[music]``."""

    source: str = "built-in"


class EchoTable(Table):
    """``[echo]``."""

    tail_ms: int = Field(default=ECHO_TAIL_MS, ge=0, le=MAX_TAIL_MS)


def _thread_count(value: object) -> int | None:
    """Read a number, or "auto" (None)."""
    if value == "auto":
        return None
    if type(value) is int and 1 <= value <= MAX_THREADS:
        return value
    raise PydanticCustomError("threads", f'"auto", or 1 to {MAX_THREADS}')


class EngineTable(Table):
    """``[engine]``."""

    process: bool = True
    threads: Annotated[int | None, PlainValidator(_thread_count)] = None


class BlackBoxTable(Table):
    """``[blackbox]``."""

    ports: KeptPorts = Field(default=KeptPorts.TRUNKS, strict=False)
    seconds: int = Field(default=BLACKBOX.seconds, ge=1, le=60)
    keep_mb: int = Field(default=BLACKBOX.keep_mb, ge=1, le=1_000_000)

    def settings(self) -> BlackBoxSettings:
        """Return what it says."""
        return BlackBoxSettings(self.ports, self.seconds, self.keep_mb)


class TimersTable(Table):
    """``[timers]``: the fields and defaults of :class:`Timers`."""

    first_digit_s: Seconds = DEFAULT_TIMERS.first_digit_s
    next_digit_s: Seconds = DEFAULT_TIMERS.next_digit_s
    no_answer_s: Seconds = DEFAULT_TIMERS.no_answer_s
    return_s: Seconds = DEFAULT_TIMERS.return_s
    transfer_s: Seconds = DEFAULT_TIMERS.transfer_s
    park_s: Seconds = DEFAULT_TIMERS.park_s
    tone_s: Seconds = DEFAULT_TIMERS.tone_s
    howler_s: Seconds = DEFAULT_TIMERS.howler_s
    dial_tone_wait_s: Seconds = DEFAULT_TIMERS.dial_tone_wait_s
    sending_s: Seconds = DEFAULT_TIMERS.sending_s
    ring_join_ms: Milliseconds = DEFAULT_TIMERS.ring_join_ms
    ring_gap_s: Seconds = DEFAULT_TIMERS.ring_gap_s
    reoffer_s: Seconds = DEFAULT_TIMERS.reoffer_s
    loop_break_s: Seconds = DEFAULT_TIMERS.loop_break_s
    ringback_over_s: Seconds = DEFAULT_TIMERS.ringback_over_s
    guard_s: Seconds = DEFAULT_TIMERS.guard_s


class Office(Table):
    """The whole file."""

    version: Literal[1] = 1
    country: str = "us"
    operator: str = ""
    operator_away: str = Field(default="", pattern=r"^[0-9*#]*$")
    incoming: str = Field(default="", pattern=r"^[0-9]*$")
    boards: list[BoardTable] = Field(min_length=1, max_length=32)
    stations: list[StationTable] = Field(min_length=1)
    trunks: list[TrunkTable] = Field(default_factory=list)
    attendants: list[AttendantTable] = Field(default_factory=list)
    rooms: list[RoomTable] = Field(default_factory=list)
    schedules: list[ScheduleTable] = Field(default_factory=list)
    incoming_rules: list[InRuleTable] = Field(default_factory=list)
    routes: list[RouteTable] = Field(default_factory=list)
    patterns: list[PatternTable] = Field(default_factory=list)
    workgroups: list[WorkgroupTable] = Field(default_factory=list)
    numbering: NumberingTable = NumberingTable()
    accounts: AccountsTable = AccountsTable()
    speed_dial: SystemSpeedDial = Field(default_factory=dict)
    emergency: EmergencyTable = EmergencyTable()
    zones: list[ZoneTable] = Field(default_factory=list)
    find_me: list[FindMeTable] = Field(default_factory=list)
    policy: PolicyTable = PolicyTable()
    smdr: SmdrTable = SmdrTable()
    records: RecordsTable = RecordsTable()
    music: MusicTable = MusicTable()
    echo: EchoTable = EchoTable()
    engine: EngineTable = EngineTable()
    blackbox: BlackBoxTable = BlackBoxTable()
    timers: TimersTable = TimersTable()
    mail: MailTable = MailTable()
    mailboxes: list[MailboxTable] = Field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing to correct."""

    path: Path
    what: str
    "The value and what is allowed."


def write_default(path: FilePath) -> None:
    """Write the commented configuration of a simulated office, unless there is a file.

    Raises:
        ConfigError: it can't be written.
    """
    text = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from error


def read(path: FilePath) -> Config:
    """Read a configuration file.

    Raises:
        ConfigError: it can't be read, or is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: not UTF-8 text: {error.reason}"]) from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Config:
    """Turn the text of a configuration into a :class:`Config`; ``name`` is for messages.

    Raises:
        ConfigError: it is wrong.
    """
    try:
        document = tomllib.loads(text)
    except ValueError as error:  # no TOML, or a number of more digits than Python reads
        raise ConfigError([f"{name}: {error}"]) from error
    except RecursionError as error:
        raise ConfigError([f"{name}: tables or lists in more levels than can be read"]) from error
    try:
        return _config(document)
    except _FaultsError as error:
        lines = Lines(text)
        raise ConfigError([_sentence(name, lines, fault) for fault in error.faults]) from None


class _FaultsError(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


def _config(document: dict[str, object]) -> Config:
    try:
        office = Office.model_validate(document)
    except ValidationError as error:
        raise _FaultsError([_fault(each) for each in error.errors()]) from None
    unreadable = list(_attendant_faults(office))
    faults = [*_setting_faults(office), *unreadable]
    if unreadable:
        raise _FaultsError(faults)
    try:
        plan = _plan(office)
    except PlanError as error:
        faults += [Fault(_path(setting), _refusal(value, allowed)) for setting, value, allowed in
                   error.faults]  # fmt: skip
    else:
        length = plan.numbering.extension_length
        faults += [Fault(path, _refusal(value, allowed)) for path, value, allowed in
                   mail_faults(office.mail, plan.mail, length)]  # fmt: skip
    if faults:
        raise _FaultsError(faults)
    smdr = parse_target(office.smdr.to) if office.smdr.to else None
    addresses = tuple(board.address for board in office.boards)
    engine = EngineConfig(office.engine.process, office.engine.threads)
    blackbox = office.blackbox.settings()
    music = parse_music(office.music.source)
    smtp = office.mail.target()
    return Config(
        plan,
        addresses,
        smdr,
        office.echo.tail_ms,
        engine,
        blackbox,
        music,
        office.records.keep_days,
        smtp,
        tuple(office.emergency.mail),
    )


def _plan(office: Office) -> Plan:
    stations = tuple(each.plan() for each in office.stations)
    return Plan(
        stations=stations,
        trunks=tuple(map(_trunk, office.trunks)),
        operator=office.operator,
        operator_away=office.operator_away,
        incoming=office.incoming,
        country=office.country,
        accounts=frozenset(office.accounts.valid),
        speed_dial=dict(office.speed_dial),
        numbering=_numbering(office),
        timers=Timers(**office.timers.model_dump()),
        policy=DialPolicy(frozenset(office.policy.allowed)),
        attendants=tuple(each.plan() for each in office.attendants),
        rooms=tuple(each.plan() for each in office.rooms),
        schedules=tuple(each.plan() for each in office.schedules),
        routing=Routing(
            tuple(each.plan() for each in office.incoming_rules),
            tuple(each.plan() for each in office.routes),
            tuple(each.plan() for each in office.patterns),
        ),
        mail=mail_plan(office.mail, office.mailboxes, stations),
        zones=tuple(each.plan() for each in office.zones),
        find_me=tuple(each.plan() for each in office.find_me),
        emergency_plan=office.emergency.plan(),
        workgroups=tuple(each.plan() for each in office.workgroups),
    )


def _numbering(office: Office) -> Numbering:
    """Return how numbers are read; a code for an attendant is for the first, if there is one."""
    numbering = office.numbering.plan()
    codes = dict(numbering.codes)
    for code, feature in numbering.codes.items():
        if feature.service.kind != "attendant" or feature.service.argument:
            continue
        if office.attendants:
            named = dataclasses.replace(feature.service, argument=office.attendants[0].name)
            codes[code] = dataclasses.replace(feature, service=named)
        else:
            del codes[code]
    return dataclasses.replace(numbering, services=dict(_services(office)), codes=codes)


def _services(office: Office) -> Iterator[tuple[str, Service]]:
    """Yield what can be called beside stations, by its number."""
    for attendant in office.attendants:
        yield attendant.number, Service("attendant", attendant.name, f"Attendant {attendant.name}")
    for room in office.rooms:
        yield room.number, Service("room", room.name, f"Room {room.name}")
    for zone in office.zones:
        yield zone.number, Service("zone", zone.name, f"Zone {zone.name}")
    stations = {each.extension for each in office.stations}
    for mailbox in office.mailboxes:
        if mailbox.extension not in stations:
            yield mailbox.extension, Service("message", mailbox.extension, mailbox.name)
    for group in office.workgroups:
        yield from group.services()


def _trunk(table: TrunkTable) -> TrunkPlan:
    return TrunkPlan(
        port=port_address(table.port),
        name=table.name,
        number=table.number,
        direction=table.direction,
        dialling=table.dialling,
        answer_after_s=table.answer_after_s or None,
        office=table.office.plan(),
        tenant=table.tenant,
        tie=table.tie,
        hop_off=table.hop_off,
    )


def _setting_faults(office: Office) -> Iterator[Fault]:
    """Yield what is wrong about the country, boards and the ports that are said to be on them."""
    if office.country not in COUNTRIES:
        yield Fault(("country",), _refusal(office.country, ", ".join(COUNTRIES)))
    for index, trunk in enumerate(office.trunks):
        yield from _table_faults(("trunks", index, "office"), trunk.office)
    yield from _table_faults(("numbering",), office.numbering)
    for index, board in enumerate(office.boards):
        try:
            _check_address(board.address)
        except AddressError as error:
            yield Fault(("boards", index, "address"), str(error))
    yield from _port_faults(office)
    yield from _text_faults(office)
    if 0 < office.echo.tail_ms < MIN_TAIL_MS:
        allowed = f"0 for none, or {MIN_TAIL_MS} to {MAX_TAIL_MS}"
        yield Fault(("echo", "tail_ms"), _refusal(office.echo.tail_ms, allowed))


def _port_faults(office: Office) -> Iterator[Fault]:
    used: list[tuple[Path, str]] = [
        *((("stations", i, "port"), each.port) for i, each in enumerate(office.stations)),
        *((("trunks", i, "port"), each.port) for i, each in enumerate(office.trunks)),
    ]
    for path, text in used:
        port = port_address(text)
        if port.board >= len(office.boards):
            allowed = f"boards 00 to {len(office.boards) - 1:02d}, as many as [[boards]] there are"
            yield Fault(path, _refusal(text, allowed))
        elif _is_quantum(office, port) and port.port >= QUANTUM_CHANNELS:
            yield Fault(path, _refusal(text, "channels 00 to 11 of a Quantum board"))


def _text_faults(office: Office) -> Iterator[Fault]:
    """Yield what is wrong about settings that are read by whoever uses them."""
    try:
        parse_music(office.music.source)
    except ValueError as error:
        yield Fault(("music", "source"), _refusal(office.music.source, str(error)))
    try:
        parse_target(office.smdr.to or "none")
    except TargetError as error:
        yield Fault(("smdr", "to"), _refusal(office.smdr.to, str(error)))


def _attendant_faults(office: Office) -> Iterator[Fault]:
    for index, attendant in enumerate(office.attendants):
        for setting, value, allowed in attendant.faults():
            yield Fault(("attendants", index, *setting), _refusal(value, allowed))


def _table_faults(path: Path, table: OfficeTable | NumberingTable) -> Iterator[Fault]:
    for setting, value, allowed in table.faults():
        yield Fault((*path, *setting), _refusal(value, allowed))


def _check_address(address: str) -> None:
    """Refuse what no driver knows; what follows the scheme, its driver checks."""
    scheme, separator, _ = address.partition("://")
    known = schemes()
    if not separator or scheme not in known:
        allowed = ", ".join(f"{name}://..." for name in sorted(known))
        raise AddressError(_refusal(address, allowed))


def _is_quantum(office: Office, port: PortAddress) -> bool:
    return office.boards[port.board].address.startswith("quantum")


# What is said about a fault

PLAIN: Final[dict[str, str]] = {
    "missing": "is missing",
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list in square brackets",
    "model_type": "a table",
    "dict_type": "a table",
    "too_short": "at least one",
}
PATTERNS: Final[dict[str, str]] = {
    r"^[0-9]+$": "digits 0-9",
    r"^[0-9]*$": "digits 0-9, or nothing",
    r"^[0-9]{2}:[0-9]{2}$": 'BOARD:CHANNEL, as "00:04"',
    ADDRESS: "an address, as warden@example.org",
    r"^[0-9*#]$": "one of 0123456789*#",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": 'a time of day, as "17:00"',
    r"^[0-9]{1,2}$": "one or two digits",
    r"^([^@\s]+@[^@\s]+)?$": 'an address, as "bob@example.org"',
    r"^[0-9*#]+$": "keys 0-9 * #",
    r"^[0-9*#]*$": "a number as dialled, or nothing",
    r"^[0-9]{1,10}$": "1 to 10 digits",
    r"^[01][0-9]$": "00 to 19",
    r"^[0-5][0-9]$": "00 to 59",
}


def _fault(error: ErrorDetails) -> Fault:
    """Say in our words what pydantic found."""
    path: Path = tuple(part for part in error["loc"] if part != "[key]")
    kind = error["type"]
    context = error.get("ctx", {})
    value = error["input"]
    if kind == "missing":
        return Fault(path, "is missing")
    if kind == "extra_forbidden":
        return Fault(path, f"is no setting; allowed: {', '.join(settings_beside(Office, path))}")
    if kind == "string_pattern_mismatch":
        return Fault(path, _refusal(value, PATTERNS[context["pattern"]]))
    allowed = PLAIN.get(kind) or error["msg"].removeprefix("Input should be ")
    return Fault(path, _refusal(value, allowed))


def _refusal(value: object, allowed: str) -> str:
    if isinstance(value, list | tuple | dict):
        return f"allowed: {allowed}"
    return f"{json.dumps(value, default=str, ensure_ascii=False)}{ALLOWED}{allowed}"


def _path(setting: str) -> Path:
    """Read a path as people write it."""
    parts = setting.replace("[", ".").replace("]", "").split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _sentence(name: str, lines: Lines, fault: Fault) -> str:
    line = lines.of(fault.path)
    place = f"{name}:{line}" if line else name
    what = fault.what
    if ALLOWED in what and is_secret(Office, fault.path):
        what = MASK + ALLOWED + what.rpartition(ALLOWED)[2]
    verb = " " if what.startswith("is ") else " = "
    return f"{place}: {shown(fault.path)}{verb}{what}"
