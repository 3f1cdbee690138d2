# SPDX-License-Identifier: MIT
"""A simulated cellular module: AT commands on one serial port, samples on another.

    stage = Stage((CELLULAR,), firmware=cellular_maker(MODULES["EC25"]))
    audio = module.audio_descriptor()       # beside stage.descriptor()

It stands where a board's firmware stands, with a Network in the place of an office.  Kinds follow
makers' dialogues and their quirks.  Not modelled: messages, data, GPS but for its noise.
"""

import re
import socket
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.board import Board
from boards_sim.clock import FRAME, FRAME_MS, BoardClock
from boards_sim.firmware.interface import Firmware, FirmwarePort
from boards_sim.identity import Identity
from boards_sim.loop import Loop
from boards_sim.network import Air, NetworkState, News
from boards_sim.profiles import Profile
from boards_sim.wire import Wire
from drivers.base import PortKind
from drivers.qhi.numbers import BootReason
from dsp.line import LinePath, Lines

__all__ = [
    "CELLULAR",
    "MODULES",
    "CellularModule",
    "ModuleKind",
    "beside_cellular",
    "cellular_maker",
]

Samples = npt.NDArray[np.int16]

CELLULAR: Final = Profile("CELLULAR", 0, (PortKind.FXO,), radio=True)
BATCH: Final = 320
"""Bytes of 20 ms, the piece in which these modules move samples."""
MOST_BATCHES: Final = 4
RING_FRAMES: Final = 5000 // FRAME_MS
NMEA: Final = b"$GPRMC,,V,,,,,,,,,,N*53\r\n"
"""What GPS says on its port until that is freed."""


@dataclass(frozen=True, slots=True)
class ModuleKind:
    """How a maker's module behaves."""

    maker: str
    model: str
    firmware: str
    dialect: str
    "quectel, huawei or simcom."
    echoes: bool = False
    "Its serial samples bring our own voice back."
    tells_end: bool = True
    "Says by itself when a call has ended."
    begins_when_connected: bool = False
    "No samples before a call is answered."
    calls_with_audio: int | None = None
    "So many calls have samples until it is restarted; None: all."
    noise: str = ""
    "A line that it says now and then."
    has_voice: bool = True


MODULES: Final = {
    "EC25": ModuleKind("Quectel", "EC25", "EC25EFAR06A08M4G", "quectel", echoes=True),
    "K3765": ModuleKind("huawei", "K3765", "11.126.03.09.00", "huawei", noise="^RSSI:19"),
    "SIM7600": ModuleKind(
        "SIMCOM INCORPORATED",
        "SIMCOM_SIM7600E-H",
        "LE20B03SIM7600M22",
        "simcom",
        tells_end=False,
        begins_when_connected=True,
    ),
}


class CellularModule:
    """A module from the air to its serial ports (implements firmware.interface.Firmware)."""

    def __init__(self, kind: ModuleKind, air: Air, lines: Lines, serial: str) -> None:
        self.kind = kind
        self.sim = "READY"
        'Or "SIM PIN", or nothing: no SIM.'
        self.identity = Identity(CELLULAR, serial, 0)
        self.clock = BoardClock()
        self.audio = Wire(framed=False)
        self.heard_commands: list[str] = []
        self.ports: Sequence[FirmwarePort] = (self,)
        self._air = air
        self._lines = lines
        self._output = bytearray()
        self._text = bytearray()
        self._linked = False
        self._calls_heard = 0
        self._power_up()
        air.tell = self._told
        air.watch(self._follow)
        self._follow()

    def _power_up(self) -> None:
        self._echoes, self._words, self._shows_caller = True, False, False
        self._tells_calls, self._tells_network = self.kind.dialect == "huawei", False
        self._ours, self._incoming, self._opened = False, False, False
        self._gps = self.kind.dialect == "quectel"
        self._since_ring = 0
        self._cause = "Normal call clearing"
        self._captured = bytearray()
        self._coming = bytearray()
        self._playing: deque[bytes] = deque()
        self._plays = False

    def _follow(self) -> None:
        self._lines.set(0, self._air.nature.settings())
        path = LinePath.OPEN
        if self.stream is not None:
            path = LinePath.TO_FAR | LinePath.TO_BOARD
            path |= LinePath.HYBRID if self.kind.echoes else LinePath.OPEN
        self._lines.path(0, path)

    @property
    def _state(self) -> NetworkState:
        assert self._air.network is not None
        return self._air.network.state

    # What a stage asks

    @property
    def off_hook(self) -> bool:
        """Whether there is a call."""
        return self._ours

    @property
    def stream(self) -> object | None:
        """Whether samples flow."""
        return self if self._ours and self._opened else None

    @property
    def in_session(self) -> bool:
        """Whether somebody uses it."""
        return self._linked

    @property
    def awaits_answer(self) -> bool:
        """Nothing: it plays what comes."""
        return False

    def audio_descriptor(self) -> int:
        """Return a fresh host's end of the port of the samples."""
        host, ours = socket.socketpair()
        self.audio.open(ours.detach())
        return host.detach()

    def link_opened(self) -> None:
        """Somebody has opened the port of the commands: nothing shows."""
        self._linked = True
        self._output.clear()

    def link_closed(self) -> None:
        """Both ports are gone: they are one plug."""
        self._linked = False
        self.audio.close()
        self._clear()
        self._power_up()
        self._follow()

    def reboot(self, reason: BootReason) -> None:
        """Restart: the host sees a word where the ports stay."""
        self._clear()
        self._power_up()
        self._calls_heard = 0
        self._follow()
        self._say("RDY")

    def receive(self, data: bytes) -> None:
        """Take bytes from the port of the commands."""
        for byte in data:
            if byte == 0x0D:
                self._obey(self._text.decode("latin-1"))
                self._text.clear()
            elif byte >= 0x20 and len(self._text) < 200:
                self._text.append(byte)

    def take_output(self) -> bytes:
        """Return what is to be sent now."""
        data = bytes(self._output)
        self._output.clear()
        return data

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._output += f"\r\n{line}\r\n".encode()

    # Commands

    def _obey(self, text: str) -> None:
        if self._echoes:
            self._output += text.encode() + b"\r"
        command = text.strip()
        if command[:2].upper() != "AT":
            if command:
                self._say("ERROR")
            return
        self.heard_commands.append(command)
        results = [self._do(part) for part in _parts(command[2:])]
        failed = next((each for each in results if each != "OK"), "OK")
        self._say(failed)

    def _do(self, part: str) -> str:
        for pattern, act in (*_COMMON, *_DIALECTS[self.kind.dialect]):
            match = pattern.fullmatch(part)
            if match is not None:
                return act(self, *match.groups())
        return "ERROR"

    def _reset(self) -> str:
        self._echoes, self._shows_caller = True, False
        return "OK"

    def _echo(self, on: str) -> str:
        self._echoes = on == "1"
        return "OK"

    def _errors(self, how: str) -> str:
        self._words = how == "2"
        return "OK"

    def _who(self, which: str) -> str:
        told = {
            "I": self.kind.maker,
            "M": self.kind.model,
            "R": self.kind.firmware,
            "S": "867698041234567",
        }
        self._say(told[which])
        return "OK"

    def _ask_sim(self) -> str:
        if not self.sim:
            return "+CME ERROR: SIM not inserted" if self._words else "ERROR"
        self._say(f"+CPIN: {self.sim}")
        return "OK"

    def _ask_network(self, name: str) -> str:
        self._say(f"+{name}: 1,{self._registered}")
        return "OK"

    def _tell_network(self, _name: str, on: str) -> str:
        self._tells_network = on != "0"
        return "OK"

    @property
    def _registered(self) -> int:
        there = self._air.network is None or self._state is not NetworkState.AWAY
        return 1 if there and self.sim == "READY" else 2

    def _operator(self) -> str:
        self._say('+COPS: 0,0,"Simulated",7' if self._registered == 1 else "+COPS: 0")
        return "OK"

    def _signal(self) -> str:
        self._say("+CSQ: 21,99" if self._registered == 1 else "+CSQ: 99,99")
        return "OK"

    def _show_callers(self, on: str) -> str:
        self._shows_caller = on == "1"
        return "OK"

    def _list_calls(self) -> str:
        assert self._air.network is not None
        state = _CLCC.get(self._state)
        if state is not None and self.sim == "READY":
            coming = int(self._state is NetworkState.RINGING)
            self._say(f'+CLCC: 1,{coming},{state},0,0,"",129')
        self._say('+CLCC: 2,0,0,1,0,"",128')  # LTE's own data "call"
        return "OK"

    def _ask_cause(self) -> str:
        self._say(f"+CEER: {self._cause}")
        return "OK"

    def _dial(self, number: str, voice: str) -> str:
        assert self._air.network is not None
        if not voice or self.sim != "READY" or not self._air.network.dials(number):
            return "NO CARRIER"
        self._ours = True
        self._tell_call(2)
        self._follow()
        return "OK"

    def _answer(self) -> str:
        assert self._air.network is not None
        if not self._air.network.takes():
            return "NO CARRIER"
        self._ours, self._incoming = True, False
        self._tell_call(0)
        self._follow()
        return "OK"

    def _hang_up(self) -> str:
        if self._ours or self._incoming:
            self._clear()
            self._tell_call(-1)
        return "OK"

    def _clear(self) -> None:
        if self._air.network is not None:
            self._air.network.clears()
        self._end_call()

    def _end_call(self) -> None:
        self._ours = self._incoming = False
        if self.kind.dialect != "quectel":
            self._opened = False
        self._follow()

    # Makers' own

    def _open_quectel(self, on: str) -> str:
        self._open(on == "1")
        return "OK"

    def _open_simcom(self, on: str) -> str:
        if on != "1":
            self._open(on=False)
            return "OK"
        if not self._ours or self._is_worn:
            return "ERROR"
        self._calls_heard += 1
        self._open(on=True)
        return "OK"

    @property
    def _is_worn(self) -> bool:
        """Whether it has had as many calls with samples as it can have."""
        most = self.kind.calls_with_audio
        return most is not None and self._calls_heard >= most

    def _open_huawei(self) -> str:
        if not self._ours:
            return "ERROR"
        self._open(on=True)
        return "OK"

    def _open(self, on: bool) -> None:
        self._opened = on
        self._captured.clear()
        self._coming.clear()
        self._playing.clear()
        self._plays = False
        self._follow()

    def _voice(self) -> str:
        if not self.kind.has_voice:
            return "ERROR"
        answers = {
            "quectel": "+QPCMV: 0,0",
            "huawei": "^CVOICE:0,8000,16,20",
            "simcom": "+CPCMREG: 0",
        }
        self._say(answers[self.kind.dialect])
        return "OK"

    def _free_port(self) -> str:
        self._gps = False
        return "OK"

    def _tell_calls(self) -> str:
        self._tells_calls = True
        return "OK"

    def _restart(self) -> str:
        self._calls_heard = 0
        self._clear()
        return "OK"

    # The network's news

    def _told(self, news: News) -> None:
        if self.sim != "READY":
            return
        if news is News.INCOMING:
            self._incoming, self._since_ring = True, 0
            self._tell_call(4)
            self._ring()
        elif news is News.ALERTING:
            self._tell_call(3)
        elif news is News.CONNECTED:
            self._tell_call(0)
        elif news is News.SERVICE:
            self._tell_service()
        else:
            self._cause = "User busy" if news is News.BUSY else "Normal call clearing"
            self._lose_call(busy=news is News.BUSY)
        self._follow()

    def _tell_service(self) -> None:
        if self._ours or self._incoming:
            self._lose_call(busy=False)
        if self._tells_network:
            self._say(f"+CREG: {self._registered}", f"+CEREG: {self._registered}")

    def _lose_call(self, *, busy: bool) -> None:
        self._end_call()
        self._tell_call(-1, busy=busy)
        if self.kind.tells_end:
            self._say("BUSY" if busy and self.kind.dialect == "huawei" else "NO CARRIER")

    def _ring(self) -> None:
        assert self._air.network is not None
        caller = self._air.network.caller
        self._say("RING")
        if self._shows_caller:
            withheld = {"P": "1", "O": "2"}.get(caller.absent, "0")
            kind = "145" if caller.number.startswith("+") else "129"
            self._say(f'+CLIP: "{caller.number}",{kind},"",,"",{withheld}')

    def _tell_call(self, state: int, *, busy: bool = False) -> None:
        """Say it as the maker does; states are those of +CLCC, -1 is the end."""
        if self._tells_calls:
            self._say(*_TOLD[self.kind.dialect](state, busy))

    # Time

    def play(self) -> None:
        """Begin a frame: give the air the host's samples."""
        self._coming += self.audio.read()
        while len(self._coming) >= BATCH and self.stream is not None:
            if len(self._playing) < MOST_BATCHES * BATCH // (2 * FRAME):
                self._playing.extend(_frames(bytes(self._coming[:BATCH])))
            del self._coming[:BATCH]
        if self.stream is None:
            self._coming.clear()
        self._plays = len(self._playing) > (0 if self._plays else BATCH // (2 * FRAME))
        if self._plays:
            self._lines.sent[0, :] = np.frombuffer(self._playing.popleft(), "<i2")
        else:
            self._lines.sent[:] = 0

    def capture(self) -> None:
        """End a frame: send what the air brought."""
        if self.stream is not None and self._has_samples:
            self._captured += self._lines.received[0].astype("<i2").tobytes()
            if len(self._captured) >= BATCH:
                self.audio.write(bytes(self._captured))
                self._captured.clear()
        elif self._gps and self.clock.ms % 1000 == 0:
            self.audio.write(NMEA)
        if self.kind.noise and self.clock.ms % 400 == 0:
            self._say(self.kind.noise)
        if self._incoming:
            self._since_ring += 1
            if self._since_ring % RING_FRAMES == 0:
                self._ring()
        self.clock.advance()

    @property
    def _has_samples(self) -> bool:
        talking = self._state is NetworkState.TALKING
        if self.kind.dialect != "simcom" and self._is_worn:
            return False
        return talking or not self.kind.begins_when_connected


def _parts(body: str) -> Iterator[str]:
    """Take a line of commands apart; that of a number keeps the semicolon that makes it voice."""
    while True:
        part, semicolon, body = body.partition(";")
        yield part + (semicolon if part.startswith("D") else "")
        if not body:
            return


def _frames(batch: bytes) -> Iterator[bytes]:
    size = 2 * FRAME
    return (batch[at : at + size] for at in range(0, len(batch), size))


def _told_by_quectel(state: int, _busy: bool) -> tuple[str, ...]:
    number = {2: 2, 3: 7, 0: 3, 4: 4, -1: 6}[state]
    return (f"^DSCI: 1,{int(state == 4)},{number},0,,129",)


def _told_by_huawei(state: int, busy: bool) -> tuple[str, ...]:
    cause = 17 if busy else 16
    told = {2: "^ORIG:1,0", 3: "^CONF:1", 0: "^CONN:1,0", -1: f"^CEND:1,5,104,{cause}"}
    return (told[state],) if state in told else ()


def _told_by_simcom(state: int, _busy: bool) -> tuple[str, ...]:
    if state < 0:
        return ()  # it lists its calls when they change, and doesn't when none is left
    return (f'+CLCC: 1,{int(state == 4)},{state},0,0,"",129',)


_TOLD: Final[dict[str, Callable[[int, bool], tuple[str, ...]]]] = {
    "quectel": _told_by_quectel,
    "huawei": _told_by_huawei,
    "simcom": _told_by_simcom,
}
_CLCC: Final = {
    NetworkState.TALKING: 0,
    NetworkState.PAGING: 2,
    NetworkState.ALERTING: 3,
    NetworkState.RINGING: 4,
}

_Act = Callable[..., str]


def _done(_module: CellularModule, *_arguments: str) -> str:
    return "OK"


def _table(*rows: tuple[str, _Act]) -> tuple[tuple[re.Pattern[str], _Act], ...]:
    return tuple((re.compile(pattern), act) for pattern, act in rows)


M = CellularModule
_COMMON: Final = _table(
    (r"", _done),
    (r"Z|&F", M._reset),
    (r"E([01])", M._echo),
    (r"\+CMEE=([012])", M._errors),
    (r'\+CSCS="GSM"|\+COPS=3,0|\+CLVL=\d', _done),
    (r"\+CGM([IMR])|\+CG(S)N", lambda module, *which: module._who("".join(w or "" for w in which))),
    (r"\+CPIN\?", M._ask_sim),
    (r"\+(CE?REG)\?", M._ask_network),
    (r"\+(CE?REG)=([012])", M._tell_network),
    (r"\+COPS\?", M._operator),
    (r"\+CSQ", M._signal),
    (r"\+CLIP=([01])", M._show_callers),
    (r"\+CLCC", M._list_calls),
    (r"\+CEER", M._ask_cause),
    (r"D(\+?\d+)(;?)", M._dial),
    (r"A", M._answer),
    (r"\+CHUP", M._hang_up),
)
_DIALECTS: Final = {
    "quectel": _table(
        (r"\+QPCMV\?", M._voice),
        (r"\+QPCMV=([01])(?:,0)?", M._open_quectel),
        (r'\+QGPSCFG="outport","none"', M._free_port),
        (r"\^DSCI=1", M._tell_calls),
    ),
    "huawei": _table(
        (r"\^CVOICE\?", M._voice),
        (r"\^DDSETEX=2", M._open_huawei),
        (r"\^U2DIAG=0|\^CURC=1|\+CSSN=1,1", _done),
    ),
    "simcom": _table(
        (r"\+CPCMREG\?", M._voice),
        (r"\+CPCMREG=([01])(?:,0)?", M._open_simcom),
        (r"\+CPCMBANDWIDTH=1,1", _done),
        (r"\+CLCC=1", M._tell_calls),
        (r"\+CRESET", M._restart),
    ),
}


def cellular_maker(
    kind: ModuleKind,
) -> Callable[[Profile, Sequence[Loop], Lines, str], CellularModule]:
    """Return what makes such a module of a stage's air."""

    def make(_profile: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> CellularModule:
        (air,) = loops
        assert isinstance(air, Air)
        return CellularModule(kind, air, lines, serial)

    return make


def beside_cellular(kind: ModuleKind) -> Callable[[Profile, Sequence[Loop], Lines, str], Firmware]:
    """Return what makes such a module where a stage wants one, and boards where it wants boards."""

    def make(what: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> Firmware:
        maker = cellular_maker(kind) if what is CELLULAR else Board
        return maker(what, loops, lines, serial)

    return make
