# SPDX-License-Identifier: MIT
"""Orders to the engine, one method for each command of native/include/aw/arena.h.

Values are written as given: ranges are checked by ``Engine``, and again by the engine itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dsp.arena import Arena
from dsp.errors import EngineArgumentError
from dsp.native import ffi, lib

__all__ = ["Orders"]


def _path(path: Path) -> bytes:
    name = str(path.absolute()).encode(errors="surrogateescape")
    if len(name) >= lib.AW_PATH_MAX or b"\0" in name:
        raise EngineArgumentError(f"{path}: a file name has under {lib.AW_PATH_MAX} bytes")
    return name


def _shared(*names: bytes) -> int:
    """Return how many bytes names share at their beginning: as many as the outermost two."""
    low, high = min(names), max(names)
    return next((i for i, byte in enumerate(low) if byte != high[i]), len(low))


def _names(paths: Sequence[Path]) -> tuple[bytes, int]:
    """Return names as aw_cmd_file has them, and how many bytes all share at their beginning."""
    first, *others = (_path(path) for path in paths)
    shared = _shared(first, *others) if others else 0
    names = b"".join(name + b"\0" for name in (first, *(other[shared:] for other in others)))
    if len(names) > lib.AW_NAMES_MAX:
        raise EngineArgumentError(
            f"names of {len(names)} bytes, less what they share at their beginning: "
            f"allowed are {lib.AW_NAMES_MAX}"
        )
    return names, shared


class Orders:
    """Writes commands from buffers made once, so that an order costs about a microsecond.

    Those that end in an array are sent only as far as it is filled.
    """

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._port = self._buffer("aw_cmd_port")
        self._file = self._buffer("aw_cmd_file")
        self._play = self._buffer("aw_cmd_file")
        self._player = self._buffer("aw_cmd_player")
        self._listen = self._buffer("aw_cmd_listen")
        self._party = self._buffer("aw_cmd_party")
        self._gain = self._buffer("aw_cmd_gain")
        self._echo = self._buffer("aw_cmd_echo")
        self._clean = self._buffer("aw_cmd_clean")
        self._link = self._buffer("aw_cmd_link")
        self._frame = self._buffer("aw_cmd_frame")
        self._ack = self._buffer("aw_cmd_ack")
        self._digits = self._buffer("aw_cmd_digits")
        self._detect = self._buffer("aw_cmd_detect")
        self._tone = self._buffer("aw_cmd_tone")
        self._caller_id = self._buffer("aw_cmd_caller_id")
        self._mf = self._buffer("aw_cmd_mf")

    @staticmethod
    def _buffer(struct: str) -> Any:
        buffer = ffi.new(f"{struct} *")
        buffer.record.size = ffi.sizeof(struct)
        return buffer

    def open_port(self, port: int, kind: int, option: int = 0, loudest: int = 0) -> None:
        """Open a board port, a conference of ``option`` parties or a pattern."""
        c = self._port
        c.handle, c.kind, c.option, c.loudest = port, kind, option, loudest
        self._arena.put(lib.AW_CMD_OPEN_PORT, self._port)

    def open_tone(self, port: int, spec: Any) -> None:
        """Open a tone that an ``aw_tone_spec *`` describes."""
        c = self._tone
        c.handle, c.spec = port, spec[0]
        c.record.size = ffi.offsetof("aw_cmd_tone", "spec", "step", spec.steps)
        self._arena.put(lib.AW_CMD_OPEN_TONE, c)

    def open_caller_id(
        self, port: int, message: bytes, standard: int, level: float, *, in_call: bool
    ) -> None:
        """Open a sender of a caller-ID message."""
        c = self._caller_id
        c.handle, c.standard, c.level_dbm0, c.length = port, standard, level, len(message)
        c.in_call = in_call
        ffi.memmove(c.message, message, len(message))
        c.record.size = ffi.offsetof("aw_cmd_caller_id", "message") + len(message)
        self._arena.put(lib.AW_CMD_OPEN_CALLER_ID, c)

    def open_digits(
        self, port: int, digits: bytes, *, on_ms: int, off_ms: int, level: float, twist: float
    ) -> None:
        """Open a sender of DTMF digits."""
        c = self._digits
        c.handle, c.digits, c.on_ms, c.off_ms = port, digits, on_ms, off_ms
        c.level_dbm0, c.twist_db = level, twist
        c.record.size = ffi.offsetof("aw_cmd_digits", "digits") + len(digits) + 1
        self._arena.put(lib.AW_CMD_OPEN_DIGITS, c)

    def open_mf(
        self, port: int, standard: int, keys: bytes, *, on_ms: int, off_ms: int, level: float
    ) -> None:
        """Open a sender of MF signals."""
        c = self._mf
        c.handle, c.standard, c.keys = port, standard, keys
        c.on_ms, c.off_ms, c.level_dbm0 = on_ms, off_ms, level
        c.record.size = ffi.offsetof("aw_cmd_mf", "keys") + len(keys) + 1
        self._arena.put(lib.AW_CMD_OPEN_MF, c)

    def open_player(
        self, port: int, clips: Sequence[Path], *, loop: bool, at: int, speed: float
    ) -> None:
        """Open a player of some files, beginning at a sample of them all."""
        c, (names, shared) = self._play, _names(clips)
        c.handle, c.kind, c.loop, c.at, c.speed = port, lib.AW_PORT_PLAYER, loop, at, speed
        c.clips, c.shared, c.path = len(clips), shared, names
        c.record.size = ffi.offsetof("aw_cmd_file", "path") + len(names)
        self._arena.put(lib.AW_CMD_OPEN_FILE, c)

    def set_player(self, port: int, what: int, samples: int, speed: float) -> None:
        """Change what ``what`` says of a player."""
        c = self._player
        c.handle, c.what, c.samples, c.speed = port, what, samples, speed
        self._arena.put(lib.AW_CMD_SET_PLAYER, c)

    def open_recorder(
        self,
        port: int,
        path: Path,
        silence_ms: int,
        most_samples: int,
        trim: int,
        *,
        append: bool,
    ) -> None:
        """Open a recorder with its rules, zeros being none."""
        c = self._file
        c.kind = lib.AW_PORT_RECORDER
        self._put_file(port, path, silence_ms, most_samples, trim, append=append)

    def pause(self, port: int, *, paused: bool) -> None:
        """Let a recorder or tap write nothing, or go on."""
        self._port.handle, self._port.option = port, paused
        self._arena.put(lib.AW_CMD_PAUSE, self._port)

    def open_tap(self, port: int, path: Path, tapped: int) -> None:
        """Open a tap of a port."""
        c = self._file
        c.kind, c.tapped = lib.AW_PORT_TAP, tapped
        self._put_file(port, path)

    def keep(self, port: int, *, wanted: bool) -> None:
        """Keep what is said and heard on a port lately, or no longer."""
        self._port.handle, self._port.option = port, wanted
        self._arena.put(lib.AW_CMD_KEEP, self._port)

    def open_saver(self, saver: int, path: Path, port: int, most_samples: int) -> None:
        """Open a saver of what was kept of a port."""
        c = self._file
        c.kind, c.tapped = lib.AW_PORT_SAVER, port
        self._put_file(saver, path, most_samples=most_samples)

    def close_port(self, port: int) -> None:
        """Close a port of any kind."""
        self._port.handle = port
        self._arena.put(lib.AW_CMD_CLOSE_PORT, self._port)

    def listen(self, listener: int, source: int, gain: float, *, both: bool = False) -> None:
        """Let ``listener`` hear ``source``, by a factor."""
        self._pair(lib.AW_CMD_LISTEN, listener, source, both=both, gain=gain)

    def unlisten(self, listener: int, source: int, *, both: bool = False) -> None:
        """Let ``listener`` no longer hear ``source``."""
        self._pair(lib.AW_CMD_UNLISTEN, listener, source, both=both)

    def silence(self, listener: int) -> None:
        """Let ``listener`` hear nothing."""
        self._port.handle = listener
        self._arena.put(lib.AW_CMD_SILENCE, self._port)

    def join(
        self, conference: int, party: int, gives: float, gets: float, *, muted: bool, anew: bool
    ) -> None:
        """Add a party to a conference; or, not ``anew``, change how it is one."""
        c = self._party
        c.party, c.conference, c.gives, c.gets, c.muted = party, conference, gives, gets, muted
        self._arena.put(lib.AW_CMD_JOIN if anew else lib.AW_CMD_SET_PARTY, c)

    def leave(self, conference: int, party: int) -> None:
        """Take a party out of a conference."""
        self._pair(lib.AW_CMD_LEAVE, party, conference)

    def gain(self, port: int, receive: float, send: float) -> None:
        """Set the factors of a port."""
        self._gain.handle, self._gain.receive, self._gain.send = port, receive, send
        self._arena.put(lib.AW_CMD_GAIN, self._gain)

    def echo(self, port: int, tail_ms: int, wants: int) -> None:
        """Begin an echo canceller anew, or end it with a tail of 0."""
        c = self._echo
        c.handle, c.tail_ms, c.wants = port, tail_ms, wants
        self._arena.put(lib.AW_CMD_ECHO, c)

    def clean(self, port: int, wants: int, target: float, most: float, ceiling: float) -> None:
        """Clean what a port says; ``wants`` of 0: no longer."""
        c = self._clean
        c.handle, c.wants = port, wants
        c.target_dbm0, c.most_db, c.ceiling_dbm0 = target, most, ceiling
        self._arena.put(lib.AW_CMD_CLEAN, c)

    def detect(
        self, port: int, what: int, standard: int, silence_ms: int, plan: Any = None
    ) -> None:
        """Listen for ``what`` in what the port says, and for nothing else."""
        c = self._detect
        c.handle, c.what, c.standard, c.silence_ms = port, what, standard, silence_ms
        count = 0
        if plan is not None:
            count, c.plan = plan.count, plan[0]
        c.record.size = ffi.offsetof("aw_cmd_detect", "plan", "templates", count)
        self._arena.put(lib.AW_CMD_DETECT, c)

    def open_link(
        self,
        link: int,
        descriptor: int,
        ports: Sequence[int],
        sample_format: int,
        clock: bool,
        framing: int,
    ) -> None:
        """Open a link on a descriptor, which is the engine's from here."""
        self._link.descriptor, self._link.clock = descriptor, clock
        self._link.framing = framing
        self._put_link(lib.AW_CMD_OPEN_LINK, link, ports, sample_format)

    def set_link(self, link: int, ports: Sequence[int], sample_format: int) -> None:
        """Change a link's ports and format."""
        self._put_link(lib.AW_CMD_SET_LINK, link, ports, sample_format)

    def close_link(self, link: int) -> None:
        """Close a link and its descriptor."""
        self._port.handle = link
        self._arena.put(lib.AW_CMD_CLOSE_LINK, self._port)

    def send_frame(
        self, link: int, kind: int, payload: bytes, *, flags: int, seq: int, tick: int, ack: int
    ) -> None:
        """Send one frame of any kind but PCM."""
        c = self._frame
        c.handle, c.kind, c.flags = link, kind, flags
        c.seq, c.tick, c.ack, c.length = seq, tick, ack, len(payload)
        self._arena.put(lib.AW_CMD_SEND_FRAME, c, payload)

    def set_ack(self, link: int, ack: int) -> None:
        """Set the acknowledgement that PCM frames carry."""
        self._ack.handle, self._ack.ack = link, ack
        self._arena.put(lib.AW_CMD_SET_ACK, self._ack)

    def _pair(
        self, order: int, listener: int, source: int, *, both: bool = False, gain: float = 1.0
    ) -> None:
        c = self._listen
        c.listener, c.source, c.both, c.gain = listener, source, both, gain
        self._arena.put(order, c)

    def _put_file(
        self,
        port: int,
        path: Path,
        silence_ms: int = 0,
        most_samples: int = 0,
        trim: int = 0,
        *,
        append: bool = False,
    ) -> None:
        c, name = self._file, _path(path)
        c.handle, c.path = port, name
        c.silence_ms, c.most_samples, c.trim, c.append = silence_ms, most_samples, trim, append
        c.record.size = ffi.offsetof("aw_cmd_file", "path") + len(name) + 1
        self._arena.put(lib.AW_CMD_OPEN_FILE, c)

    def _put_link(self, order: int, link: int, ports: Sequence[int], sample_format: int) -> None:
        c = self._link
        c.handle, c.format, c.count = link, sample_format, len(ports)
        for place, port in enumerate(ports):
            c.port[place] = port
        c.record.size = ffi.offsetof("aw_cmd_link", "port", len(ports))
        self._arena.put(order, c)
