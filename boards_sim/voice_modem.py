# SPDX-License-Identifier: MIT
"""A simulated voice modem on an office line: AT commands, then a shielded stream of samples.

    stage = Stage((MODEM,), firmware=modem_maker(KINDS["CX93001"]))

It stands where a board's firmware stands, so that its line, its office and its link are those of
every other simulation.  Kinds follow the makers' dialogues; each ends streams in its own way.
"""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.board import Board
from boards_sim.clock import FRAME, FRAME_MS, BoardClock
from boards_sim.firmware.interface import Firmware
from boards_sim.fsk import BELL_202
from boards_sim.fxo import FxoPort
from boards_sim.identity import Identity
from boards_sim.loop import Loop
from boards_sim.phone import Display
from boards_sim.playout import Playout
from boards_sim.profiles import Profile
from drivers.actors import Caller
from drivers.base import PortKind
from drivers.qhi.numbers import BootReason, PortEventCode
from dsp.g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode
from dsp.line import LinePath, Lines

__all__ = ["KINDS", "MODEM", "ModemKind", "VoiceModem", "beside", "modem_maker"]

Samples = npt.NDArray[np.int16]
Maker = Callable[[Profile, Sequence[Loop], Lines, str], Firmware]
"""As boards_sim.stage.FirmwareMaker."""

MODEM: Final = Profile("V253", 0, (PortKind.FXO,))
DLE: Final = 0x10
ETX: Final = 0x03
SUB: Final = 0x1A
LEAD_MS: Final = 10
BREAK_MS: Final = 100
"""Loop current away for longer than this is told as a break."""
SILENCE_MS: Final = 7000
"""Nothing said for so long ends the stream, unless the silence detector was turned off."""
QUIET: Final = 60
FULL: Final = LinePath.TO_FAR | LinePath.TO_BOARD | LinePath.HYBRID
CX_CODINGS: Final = (
    '1,"UNSIGNED PCM",8,0,8000,0,0\n129,"IMA ADPCM",4,0,8000,0,0\n131,"ULAW",8,0,8000,0,0\n'
    '132,"ALAW",8,0,8000,0,0\n133,"LINEAR",16,0,8000,0,0'
)
USR_CODINGS: Final = '128,"8-BIT LINEAR",8,0,(8000)\n129,"16-BIT LINEAR",16,0,(8000)'


@dataclass(frozen=True, slots=True)
class ModemKind:
    """How a maker's modem behaves."""

    model: str
    "Answer to ATI0."
    firmware: str
    "Answer to ATI3."
    codings: str
    "Answer to AT+VSM=?."
    stop: bytes
    "What ends a duplex stream."
    duplex: bool = True
    begins: str = "CONNECT"
    names_caller: bool = True
    spaced: bool = False
    "Writes NMBR = 123, not NMBR=123."
    delay_frames: int = 6
    "Frames of 5 ms that it keeps in each direction."


KINDS: Final = {
    "USR5637": ModemKind("5601", "U.S. Robotics 56K FAX USB V1.2.23", USR_CODINGS, b"\x10\x03"),
    "CX93001": ModemKind("56000", "CX93001-EIS_V0.2002-V92", CX_CODINGS, b"\x10^", spaced=True),
    "Zoom3095": ModemKind(
        "56000", "Zoom 3095 V1.800", CX_CODINGS, b"\x10\x10\x10\x03", names_caller=False
    ),
    "V253": ModemKind("33600", "Some V.253 modem", '4,"u-law",8,0,8000', b"\x10^", begins="VCON"),
    "MT2834": ModemKind("28800", "MT2834ZDX Multi-Tech", "", b"\x10\x03", duplex=False),
}


class VoiceModem:
    """A modem from its line to its serial port (implements firmware.interface.Firmware)."""

    def __init__(self, kind: ModemKind, loop: Loop, lines: Lines, serial: str) -> None:
        self.kind = kind
        self.identity = Identity(MODEM, serial, 0)
        self.clock = BoardClock()
        self.heard_commands: list[str] = []
        self.stream: object | None = None
        self.frames_taken = 0
        "Of 5 ms, from the host."
        self._lines = lines
        self._display = Display(BELL_202)
        self._shown: Caller | None = None
        self._port = FxoPort(0, loop, self.clock, self._noticed)
        self.ports = (self._port,)
        self._playout = Playout(1)
        self._delayed: deque[Samples] = deque()
        self._late: deque[Samples] = deque()
        self._output = bytearray()
        self._text = bytearray()
        self._pending = bytearray()
        self._shielded = False
        self._tail = b""
        self._linked = False
        self._power_up()
        lines.set(0, loop.nature.settings())
        loop.watch(self._follow)
        self._port.monitor_changed = self._follow
        self._follow()

    def _power_up(self) -> None:
        self._echoes, self._voice, self._reports_caller = True, False, False
        self._coding = 0
        self._detects_silence = True
        self._silent_ms = 0
        self.stream = None

    def _follow(self) -> None:
        """Let pass on the line what its feed and our hook switch let pass."""
        feed, load = self._port.loop.feed, self._port.loop.load
        if not feed.volts or feed.ring_volts:
            path = LinePath.OPEN
        else:
            path = FULL if load.closed else LinePath.TO_BOARD
        self._lines.path(0, path)

    # The link

    @property
    def in_session(self) -> bool:
        """Whether somebody uses it."""
        return self._linked

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still owes samples: it sends as many as it gets."""
        return self.stream is not None

    def link_opened(self) -> None:
        """Somebody has opened the serial port: nothing shows."""
        self._linked = True
        self._output.clear()

    def link_closed(self) -> None:
        """Nobody is there any more (DTR is off): hang up, as modems do."""
        self._linked = False
        self._port.set_hook(off_hook=False)
        self._power_up()

    def reboot(self, reason: BootReason) -> None:
        """Restart."""
        self.link_closed()

    def receive(self, data: bytes) -> None:
        """Take bytes from the serial port."""
        for byte in data:
            if self.stream is not None:
                self._unshield(byte)
            elif byte == 0x0D:
                self._obey(self._text.decode("latin-1"))
                self._text.clear()
            elif byte >= 0x20 and len(self._text) < 100:
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
        command = text.strip().upper()
        if not command.startswith("AT"):
            if command:
                self._say("ERROR")
            return
        self.heard_commands.append(command)
        for pattern, act in _COMMANDS:
            match = pattern.fullmatch(command)
            if match is not None:
                self._say(act(self, *match.groups()))
                return
        self._say("ERROR")

    def _reset(self) -> str:
        self._port.set_hook(off_hook=False)
        self._power_up()
        return "OK"

    def _echo(self, on: str) -> str:
        self._echoes = on == "1"
        return "OK"

    def _who(self, which: str) -> str:
        self._say(self.kind.model if which == "0" else self.kind.firmware)
        return "OK"

    def _class(self, number: str) -> str:
        self._voice = number == "8"
        return "OK"

    def _offer(self) -> str:
        if not self._voice:
            return "ERROR"
        self._output += ("\r\n" + self.kind.codings.replace("\n", "\r\n") + "\r\n").encode()
        return "OK"

    def _choose(self, number: str) -> str:
        if not self._voice or not re.search(rf"^{number},", self.kind.codings, re.MULTILINE):
            return "ERROR"
        self._coding = int(number)
        return "OK"

    def _detect_silence(self, sensitivity: str, after: str) -> str:
        self._detects_silence = after != "0"
        return "OK"

    def _select_line(self, number: str) -> str:
        if not self._voice and number != "0":
            return "ERROR"
        self._port.set_hook(off_hook=number == "1")
        return "OK"

    def _hang_up(self) -> str:
        self._port.set_hook(off_hook=False)
        return "OK"

    def _caller_id(self, on: str) -> str:
        self._reports_caller = on == "1"
        return "OK"

    def _duplex(self) -> str:
        able = self.kind.duplex and self._voice and self._coding and self._port.off_hook
        if not able:
            return "ERROR"
        self.stream = self
        self._silent_ms = 0
        self._pending.clear()
        self._shielded = False
        self._playout.begin(LEAD_MS)
        silence: Samples = np.zeros(FRAME, np.int16)
        self._delayed = deque([silence] * self.kind.delay_frames)
        self._late = deque([silence] * (self.kind.delay_frames - LEAD_MS // FRAME_MS))
        return self.kind.begins

    # The stream

    def _unshield(self, byte: int) -> None:
        """Take a byte of the host's stream, or of what ends it."""
        self._tail = (self._tail + bytes((byte,)))[-len(self.kind.stop) :]
        if not self._shielded:
            self._shielded = byte == DLE
            if byte != DLE:
                self._take(byte)
            return
        self._shielded = False
        if self._tail == self.kind.stop:
            self._end_stream()
        elif byte in {DLE, SUB}:
            for _ in range(1 + (byte == SUB)):
                self._take(DLE)

    def _take(self, byte: int) -> None:
        self._pending.append(byte)
        width = 2 if self._coding == 133 else 1
        if len(self._pending) == FRAME * width:
            self._late.append(self._decoded(bytes(self._pending)))
            self._playout.add(self._late.popleft()[None, :])
            self._pending.clear()
            self.frames_taken += 1

    def _end_stream(self) -> None:
        self.stream = None
        self._shielded = False
        self._output += bytes((DLE, ETX))
        self._say("OK")

    def _decoded(self, data: bytes) -> Samples:
        if self._coding in {131, 4}:
            return ulaw_decode(data)
        if self._coding == 132:
            return alaw_decode(data)
        if self._coding == 133:
            return np.frombuffer(data, "<i2").astype(np.int16)
        return ((np.frombuffer(data, np.uint8).astype(np.int16) - 128) << 8).astype(np.int16)

    def _coded(self, samples: Samples) -> bytes:
        if self._coding in {131, 4}:
            return ulaw_encode(samples)
        if self._coding == 132:
            return alaw_encode(samples)
        if self._coding == 133:
            return samples.astype("<i2").tobytes()
        rounded = np.clip((samples.astype(int) + 128) >> 8, -128, 127) + 128
        return bytes(rounded.astype(np.uint8))

    # Time

    def play(self) -> None:
        """Begin a frame: give the line its samples."""
        if self._port.due_ms <= self.clock.ms:
            self._port.tick()
        if self.stream is None:
            self._lines.sent[:] = 0
        elif self._playout.play(self._lines.sent):
            self._output += bytes((DLE, ord("u")))

    def capture(self) -> None:
        """End a frame: send what the line brought."""
        received = self._lines.received[0]
        if self.stream is not None:
            self._delayed.append(received.copy())
            coded = self._coded(self._delayed.popleft())
            self._output += coded.replace(bytes((DLE,)), bytes((DLE, DLE)))
            self._watch_silence(received)
        elif not self._port.off_hook:
            self._show_caller(received)
        self.clock.advance()

    def _watch_silence(self, received: Samples) -> None:
        quiet = int(np.max(np.abs(received.astype(int)))) < QUIET
        self._silent_ms = self._silent_ms + 5 if quiet else 0
        if self._detects_silence and self._silent_ms >= SILENCE_MS:
            self._output += bytes((DLE, ord("s")))
            self._end_stream()

    def _show_caller(self, received: Samples) -> None:
        loud = int(np.max(np.abs(received.astype(int)))) >= QUIET
        self._display.hear(received, loud)
        caller = self._display.caller
        if caller is None or caller is self._shown or not self._reports_caller:
            return
        self._shown = caller
        gap = " = " if self.kind.spaced else "="
        lines = [f"DATE{gap}0801", f"TIME{gap}1801", f"NMBR{gap}{caller.number or caller.absent}"]
        if self.kind.names_caller:
            lines.append(f"NAME{gap}{caller.name or caller.absent}")
        self._say(*lines)

    def _noticed(self, port: int, event: PortEventCode, args: bytes) -> None:
        """Tell the host what the line circuit has seen."""
        if event is PortEventCode.RINGING and args[0]:
            self._display.clear()
            self._shown = None
            if not self._port.off_hook and self.stream is None:
                self._say("RING")
        elif event is PortEventCode.BATTERY and args[0] and self.stream is not None:
            if int.from_bytes(args[2:4], "little") >= BREAK_MS:
                self._output += bytes((DLE, ord("l")))
        elif event is PortEventCode.POLARITY and self.stream is not None:
            self._output += bytes((DLE, ord("L")))


_Act = Callable[..., str]


def _done(_modem: VoiceModem, *_arguments: str) -> str:
    return "OK"


_COMMANDS: Final[tuple[tuple[re.Pattern[str], _Act], ...]] = tuple(
    (re.compile(pattern), act)
    for pattern, act in (
        (r"AT", _done),
        (r"AT&F0?|ATZ", VoiceModem._reset),
        (r"ATE([01])", VoiceModem._echo),
        (r"ATV1", _done),
        (r"ATI([03])", VoiceModem._who),
        (r"AT\+GCI=([0-9A-F]{2})", _done),
        (r"AT\+FCLASS=([08])", VoiceModem._class),
        (r"AT\+VSM=\?", VoiceModem._offer),
        (r"AT\+VSM=(\d+),8000(?:,0,0)?", VoiceModem._choose),
        (r"AT\+VSD=(\d+),(\d+)", VoiceModem._detect_silence),
        (r"AT\+V(?:IT|GR|GT)=\d+", _done),
        (r"AT\+VLS=([01])", VoiceModem._select_line),
        (r"ATH", VoiceModem._hang_up),
        (r"AT\+VCID=([01])", VoiceModem._caller_id),
        (r"AT\+VTR", VoiceModem._duplex),
    )
)


def modem_maker(kind: ModemKind) -> Callable[[Profile, Sequence[Loop], Lines, str], VoiceModem]:
    """Return what makes such a modem of a stage's line."""

    def make(_profile: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> VoiceModem:
        (loop,) = loops
        return VoiceModem(kind, loop, lines, serial)

    return make


def beside(kind: ModemKind, board: Maker = Board) -> Maker:
    """Return what makes such a modem where a stage wants one, and boards where it wants boards."""

    def make(what: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> Firmware:
        maker: Maker = modem_maker(kind) if what is MODEM else board
        return maker(what, loops, lines, serial)

    return make
