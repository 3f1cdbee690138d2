# SPDX-License-Identifier: MIT
"""Ports that say or keep something of their own: the part of ``dsp.engine.Engine`` that opens them.

Tones, digits, MF signals, caller ID, players, recorders, taps, patterns.  Most of them end by
themselves, which PortDone says; all are closed with ``close_port``.
"""

from collections.abc import Sequence
from pathlib import Path

from dsp.arena import count_of, seconds
from dsp.callerid import LEVEL_DBM0 as CALLER_ID_DBM0
from dsp.callerid import CallerIdStandard
from dsp.engine_part import EnginePart
from dsp.errors import EngineArgumentError
from dsp.mf import MfStandard, check_mf
from dsp.native import lib
from dsp.ranges import (
    check_clips,
    check_digits,
    check_message,
    check_move,
    check_place,
    check_seconds_kept,
    check_speed,
)
from dsp.recorder import NO_RULES, RecordingRules
from dsp.tones import ToneSpec

__all__ = ["SoundPorts"]


class SoundPorts(EnginePart):
    """What an engine says, and writes down."""

    def open_tone(self, spec: ToneSpec) -> int:
        """Play a tone; PortDone("ended") comes if it has an end."""
        native = spec.native()
        return self._open_sound(lambda orders, port: orders.open_tone(port, native))

    def open_caller_id(
        self,
        message: bytes,
        standard: CallerIdStandard,
        *,
        level_dbm0: float = CALLER_ID_DBM0,
        in_call: bool = False,
    ) -> int:
        """Send a caller-ID message (1 to 258 bytes, checksum included) by FSK, once.

        ``in_call``: after a CAS and its answer, without seizure.
        """
        check_message(message, level_dbm0)
        return self._open_sound(
            lambda orders, port: orders.open_caller_id(
                port, message, standard, level_dbm0, in_call=in_call
            )
        )

    def open_digits(
        self,
        digits: str,
        *,
        on_ms: int = 80,
        off_ms: int = 80,
        level_dbm0: float = -8.0,
        twist_db: float = 2.0,
    ) -> int:
        """Send DTMF: 1 to 64 of 0-9 * # A-D; PortDone("ended") at the end.

        ``level_dbm0`` is the mean of both tones (each -60 to 3), ``twist_db`` the high over the
        low one, ``on_ms`` and ``off_ms`` 1 to 10,000.
        """
        check_digits(digits, on_ms=on_ms, off_ms=off_ms, level_dbm0=level_dbm0, twist_db=twist_db)
        return self._open_sound(
            lambda orders, port: orders.open_digits(
                port, digits.encode(), on_ms=on_ms, off_ms=off_ms, level=level_dbm0, twist=twist_db
            )
        )

    def open_mf(
        self,
        standard: MfStandard,
        keys: str,
        *,
        on_ms: int = 68,
        off_ms: int = 68,
        level_dbm0: float = -8.0,
    ) -> int:
        """Send 1 to 64 MF signals (see ``dsp.mf``); PortDone("ended") at the end.

        With ``on_ms`` 0 the first one sounds until the port is closed.
        """
        check_mf(standard, keys, on_ms=on_ms, off_ms=off_ms, level_dbm0=level_dbm0)
        return self._open_sound(
            lambda orders, port: orders.open_mf(
                port, standard, keys.encode(), on_ms=on_ms, off_ms=off_ms, level=level_dbm0
            )
        )

    def open_player(
        self,
        clips: Path | Sequence[Path],
        *,
        loop: bool = False,
        at_s: float = 0.0,
        speed: float = 1.0,
    ) -> int:
        """Play 1 to 64 clips, each an 8 kHz 16-bit mono WAV (``dsp.recording``), without a gap.

        ``loop`` begins again with the first, for ever; ``at_s`` leaves out so much of them all;
        ``speed`` is 0.5 to 2, at the same pitch (at 1 they are played bit for bit).  PortDone says
        "ended" at the end of the last; "unreadable" where one should have begun that can't be read,
        all before it having been heard.

        Raises:
            EngineArgumentError: other numbers, or names too long (4,096 bytes, less what they
                share at their beginning).
        """
        paths = check_clips([clips] if isinstance(clips, Path) else clips)
        at, pace = check_place(at_s), check_speed(speed)
        return self._open_sound(
            lambda orders, port: orders.open_player(port, paths, loop=loop, at=at, speed=pace)
        )

    def set_player(
        self,
        port: int,
        *,
        at_s: float | None = None,
        by_s: float | None = None,
        speed: float | None = None,
    ) -> None:
        """Let a player go on elsewhere in its clips, or at another speed, or both.

        ``at_s`` is a place in the whole list, ``by_s`` counts from where it is: before the
        beginning is the beginning, beyond the end the end (in a loop, what comes there).  Blended
        over 5 ms; moves are heard within about 10 ms, speeds within 50 ms.  A player that has ended
        stays so.

        Raises:
            EngineArgumentError: both a place and seconds, or values out of their range.
        """
        if at_s is not None and by_s is not None:
            raise EngineArgumentError("a player goes to a place or by seconds: give one of them")
        what = samples = 0
        if at_s is not None:
            what, samples = lib.AW_PLAYER_AT, check_place(at_s)
        elif by_s is not None:
            what, samples = lib.AW_PLAYER_BY, check_move(by_s)
        if speed is not None:
            what |= lib.AW_PLAYER_SPEED
        if what:
            pace = check_speed(1.0 if speed is None else speed)
            self._known(port).set_player(port, what, samples, pace)

    def player_at(self, port: int) -> float:
        """Return how many seconds of its clips a player has played, or left out, up to now."""
        return seconds(count_of(self._entry(port), "position"))

    def open_recorder(
        self, path: Path, rules: RecordingRules = NO_RULES, *, append: bool = False
    ) -> int:
        """Record what the port hears as 8 kHz 16-bit WAV; a file that exists is replaced.

        ``append``: what is recorded stands behind what that file has, if it is one of ours (or of
        ``dsp.recording``; else PortDone says "unwritable").  The rules are about what is added.

        After ``close_port``, PortDone says "recorded" when the file is whole; one that ends by its
        rules says "silence" or "length" instead, before; "unwritable" comes as soon as it cannot
        be written.
        """
        return self._open_sound(
            lambda orders, port: orders.open_recorder(
                port, path, rules.silence_ms, rules.most_samples, rules.trim, append=append
            )
        )

    def pause_recording(self, port: int, *, paused: bool = True) -> None:
        """Leave out what a recorder or tap hears from now on, or go on with it.

        A recorder's silence is counted anew from where it goes on.
        """
        self._known(port).pause(port, paused=paused)

    def open_tap(self, path: Path, port: int) -> int:
        """Record both directions of a port: stereo, left what it says, right what it hears.

        PortDone as for a recorder.  When the port is closed, the rest is silence.
        """
        self._known(port)
        return self._open_sound(lambda orders, tap: orders.open_tap(tap, path, port))

    def keep(self, port: int, *, wanted: bool = True) -> None:
        """Keep the last seconds (``EngineOptions.keep_s``) of both directions of a port.

        Counted as refused, and without effect: more ports than the engine was made for.  What was
        kept of a port that has closed can be saved until another port needs the room.
        """
        self._known(port).keep(port, wanted=wanted)

    def open_saver(self, path: Path, port: int, last_s: float | None = None) -> int:
        """Write what was kept of a port until now: stereo, left what it said, right what it heard.

        PortDone says "recorded" when the file is whole (10 s take about 1.3 s), "unwritable" when
        it can't be, "unkept" when nothing was kept.  Keeping goes on meanwhile.
        """
        self._known(port)
        samples = 0 if last_s is None else check_seconds_kept(last_s)
        return self._open_sound(lambda orders, saver: orders.open_saver(saver, path, port, samples))

    def open_pattern(self) -> int:
        """Open a port that says a pseudo-random pattern and checks what it hears against it."""
        return self._open_port(lib.AW_PORT_PATTERN)
