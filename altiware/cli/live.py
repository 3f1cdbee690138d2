# SPDX-License-Identifier: MIT
"""All ports of a board on a terminal: what ``altiware board monitor`` shows to people.

``BoardView`` is the state, ``note`` takes what happens, and rich shows it; nothing here touches
a board or a terminal.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from altiware.cli.graphics import meter, spectrum, waveform
from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    BoardInfo,
    BoardLost,
    BoardUp,
    CallerReported,
    Flashed,
    HookChanged,
    OrderDone,
    PolarityChanged,
    PortKind,
    PulseDigit,
    RingingChanged,
)
from drivers.diagnostics.session import Happening
from drivers.service import BoardMeter, LineCurrent
from dsp.callerid import CallerIdError, parse
from dsp.events import CallerIdHeard, DigitHeard
from dsp.tables import LinkCounters

__all__ = ["KEYS", "BoardView", "PortView"]

KEYS: Final = "0123456789abcdefghijklmnoprstuvw"
"""A key for each port; q quits."""
METER_CELLS: Final = 12
GRAPH_COLUMNS: Final = 72
GRAPH_ROWS: Final = 7
MOST_DIGITS: Final = 12
SILENCE_DBM0: Final = -99.0

Samples = npt.NDArray[np.int16]


@dataclass(slots=True)
class PortView:
    """What is known of one port."""

    kind: PortKind
    state: str = "idle"
    volts: float | None = None
    milliamperes: float | None = None
    says_dbm0: float = SILENCE_DBM0
    hears_dbm0: float = SILENCE_DBM0
    digits: str = ""
    caller: str = ""


@dataclass(slots=True)
class BoardView:
    """What is known of a board."""

    info: BoardInfo
    ports: dict[int, PortView] = field(default_factory=dict)
    meter: BoardMeter | None = None
    link: LinkCounters | None = None
    answer_ms: tuple[float, float] | None = None
    "Of the last answers the usual one and the longest: the link's jitter."
    shown: int | None = None
    "The port whose sound is drawn."
    sound: Samples = field(default_factory=lambda: np.zeros(0, np.int16))
    "What that port has said last."
    said: str = ""
    "The newest thing that is no port's."

    def __post_init__(self) -> None:
        """Begin with ports of which nothing is known."""
        for port in self.info.ports:
            self.ports.setdefault(port.number, PortView(port.kind))

    def press(self, key: str) -> bool:
        """Take a key; return whether to go on."""
        if key == "q":
            return False
        port = KEYS.find(key) if key else -1
        if port in self.ports:
            self.shown = None if self.shown == port else port
            self.sound = self.sound[:0]
        return True

    def note(self, happening: Happening) -> None:
        """Take what happened; engine events with their ports numbered as the board's."""
        if isinstance(happening, BoardLost):
            self.said = f"lost: {happening.reason.value} {happening.detail}".rstrip()
        elif isinstance(happening, BoardUp):
            self.said = "up again"
        elif isinstance(happening, AlarmRaised):
            self.said = f"alarm: {happening.alarm} {happening.detail}".rstrip()
        port = self.ports.get(getattr(happening, "port", -1))
        if port is not None:
            _note_port(port, happening)
        elif isinstance(happening, OrderDone) and isinstance(happening.result, BoardMeter):
            self.meter = happening.result

    def __rich__(self) -> RenderableType:
        """Return what is shown."""
        parts: list[RenderableType] = [Text(self._heading(), "bold"), self._table()]
        if self.shown is not None:
            parts += self._graphs(self.shown)
        parts.append(Text(f"keys: a port's letter shows its sound, q quits   {self.said}", "dim"))
        return Group(*parts)

    def _heading(self) -> str:
        words = [f"{self.info.model} {self.info.serial}", f"firmware {self.info.firmware}"]
        if self.meter is not None and self.meter.celsius is not None:
            words.append(f"{self.meter.celsius:.1f} °C")
        if self.link is not None:
            link = self.link
            words.append(f"slips {link.slips_in + link.slips_out}")
            words.append(f"lost {link.gaps + link.bad_frames + link.dropped_out}")
            words.append(f"clock {link.ppm:+.1f} ppm")
        if self.answer_ms is not None:
            words.append(f"answers {self.answer_ms[0]:.1f}, up to {self.answer_ms[1]:.1f} ms")
        return "   ".join(words)

    def _table(self) -> Table:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in ("key", "port", "kind", "state"):
            table.add_column(heading)
        for heading in ("volts", "mA"):
            table.add_column(heading, justify="right")
        for heading in ("says", "hears", "digits", "caller"):
            table.add_column(heading)
        for number, port in self.ports.items():
            style = "reverse" if number == self.shown else ""
            table.add_row(*_cells(number, port), style=style)
        return table

    def _graphs(self, port: int) -> list[RenderableType]:
        wave = "\n".join(waveform(self.sound, GRAPH_COLUMNS, GRAPH_ROWS))
        bands = "\n".join(spectrum(self.sound, GRAPH_COLUMNS, GRAPH_ROWS))
        return [
            Text(f"port {port} says, 20 ms", "bold"),
            Text(wave, "green"),
            Text("0 to 4 kHz, -70 to +3 dBm0", "bold"),
            Text(bands, "cyan"),
        ]


def _note_port(port: PortView, happening: Happening) -> None:
    match happening:
        case HookChanged(off_hook=off_hook):
            port.state = "off-hook" if off_hook else "idle"
            port.digits = "" if off_hook else port.digits
        case RingingChanged(ringing=ringing):
            port.state = "ringing" if ringing else "idle"
        case BatteryChanged(present=present):
            port.state = "idle" if present else "no battery"
        case PolarityChanged(reversed=is_reversed):
            port.state = "reversed" if is_reversed else "idle"
        case Flashed():
            port.digits = (port.digits + "!")[-MOST_DIGITS:]
        case DigitHeard(key=key) | PulseDigit(key=key):
            port.digits = (port.digits + key)[-MOST_DIGITS:]
        case CallerReported(number=number, name=name, absent=absent):
            port.caller = " ".join(word for word in (number, name, absent) if word)
        case CallerIdHeard(message=message):
            port.caller = _caller(message)
        case OrderDone(result=LineCurrent(volts=volts, loop_ma=loop_ma)):
            port.volts, port.milliamperes = volts.tip_ring_dc, loop_ma


def _caller(message: bytes) -> str:
    try:
        caller = parse(message)
    except CallerIdError:
        return "unreadable"
    return f"{caller.number} {caller.name}".strip() or "withheld"


def _cells(number: int, port: PortView) -> tuple[Text, ...]:
    volts = "" if port.volts is None else f"{port.volts:.1f}"
    current = "" if port.milliamperes is None else f"{port.milliamperes:.1f}"
    return tuple(
        Text(word)
        for word in (
            KEYS[number : number + 1],
            str(number),
            port.kind.value.upper(),
            port.state,
            volts,
            current,
            _level(port.says_dbm0),
            _level(port.hears_dbm0),
            port.digits,
            port.caller,
        )
    )


def _level(dbm0: float) -> str:
    shown = f"{dbm0:5.0f}" if dbm0 > SILENCE_DBM0 else "     "
    return f"{meter(dbm0, METER_CELLS)} {shown}"
