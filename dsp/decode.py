# SPDX-License-Identifier: MIT
"""Events of the engine's ring as the typed facts of ``dsp.events``."""

import os
from collections.abc import Callable
from typing import Any, Final

from dsp.arena import Arena, seconds
from dsp.events import (
    AnsweredBy,
    CallerIdHeard,
    CasHeard,
    DigitEnded,
    DigitHeard,
    EngineEvent,
    EventsLost,
    FrameReceived,
    LineSnapshot,
    LinkDown,
    LinkLoss,
    MfEnded,
    MfHeard,
    PortDone,
    SilenceHeard,
    SpecialHeard,
    ToneEnded,
    ToneHeard,
    ToneSegment,
    VoiceHeard,
)
from dsp.native import ffi, lib
from dsp.segments import segment_of
from dsp.special import Special
from dsp.vad import Greeting

__all__ = ["EventDecoder"]

_DONE: Final = {
    lib.AW_DONE_ENDED: "ended",
    lib.AW_DONE_UNREADABLE: "unreadable",
    lib.AW_DONE_UNWRITABLE: "unwritable",
    lib.AW_DONE_RECORDED: "recorded",
    lib.AW_DONE_SILENCE: "silence",
    lib.AW_DONE_LENGTH: "length",
    lib.AW_DONE_UNKEPT: "unkept",
}
_LOSS: Final = {
    lib.AW_LOSS_CLOSED: LinkLoss.CLOSED,
    lib.AW_LOSS_ERROR: LinkLoss.ERROR,
    lib.AW_LOSS_STALLED: LinkLoss.STALLED,
    lib.AW_LOSS_GARBAGE: LinkLoss.GARBAGE,
}


class EventDecoder:
    """Drains the event ring."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._tones = arena.tone_names()
        self._tone_ids = {tone: number for number, tone in enumerate(self._tones)}
        self._decoders: Final[dict[int, Callable[[float, Any], EngineEvent]]] = {
            lib.AW_EVT_LOST: lambda at, e: EventsLost(at, e.value),
            lib.AW_EVT_DIGIT: self._digit,
            lib.AW_EVT_TONE: self._tone,
            lib.AW_EVT_MF: self._mf,
            lib.AW_EVT_SPECIAL: lambda at, e: SpecialHeard(at, e.handle, Special(e.value)),
            lib.AW_EVT_VOICE: self._voice,
            lib.AW_EVT_GREETING: lambda at, e: AnsweredBy(at, e.handle, Greeting(e.value)),
            lib.AW_EVT_CALLER_ID: self._caller_id,
            lib.AW_EVT_CAS: lambda at, e: CasHeard(at, e.handle, e.extra),
            lib.AW_EVT_PORT_DONE: lambda at, e: PortDone(at, e.handle, _DONE[e.value]),
            lib.AW_EVT_LINK_DOWN: self._link_down,
            lib.AW_EVT_LINES: lambda at, e: LineSnapshot(at, e.handle, e.value, e.extra),
        }

    def tone_id(self, tone: str) -> int:
        """Return the number that stands for a tone's name in plans and events.

        It is noted in the arena, for whoever reads events after us.

        Raises:
            EngineArgumentError: the name is too long to be noted.
            EngineFullError: there are too many names.
        """
        if tone not in self._tone_ids:
            self._arena.note_tone(len(self._tones), tone)
            self._tone_ids[tone] = len(self._tones)
            self._tones.append(tone)
        return self._tone_ids[tone]

    def drain(self) -> list[EngineEvent]:
        """Take all waiting events, oldest first."""
        events: list[EngineEvent] = []
        while (record := self._arena.take()) is not None:
            if record.kind == lib.AW_EVT_FRAME:
                events.append(self._frame(record))
            elif record.kind == lib.AW_EVT_SEGMENT:
                events.append(self._segment(record))
            else:
                event = ffi.cast("aw_evt_port *", record)
                events.append(self._decoders[record.kind](seconds(event.at), event))
        return events

    @staticmethod
    def _frame(record: Any) -> FrameReceived:
        f = ffi.cast("aw_evt_frame *", record)
        payload = bytes(ffi.buffer(f + 1, f.length))
        return FrameReceived(
            seconds(f.at), f.handle, f.kind, f.flags, f.seq, f.tick, f.ack, payload
        )

    @staticmethod
    def _segment(record: Any) -> EngineEvent:
        e = ffi.cast("aw_evt_segment *", record)
        return ToneSegment(seconds(e.at), e.handle, segment_of(e.segment))

    @staticmethod
    def _digit(at: float, e: Any) -> EngineEvent:
        if e.flag:
            return DigitHeard(at, e.handle, chr(e.value), e.level_dbm0)
        return DigitEnded(at, e.handle, chr(e.value), e.extra)

    @staticmethod
    def _mf(at: float, e: Any) -> EngineEvent:
        if e.flag:
            return MfHeard(at, e.handle, chr(e.value), e.level_dbm0)
        return MfEnded(at, e.handle, chr(e.value), e.extra)

    @staticmethod
    def _voice(at: float, e: Any) -> EngineEvent:
        return VoiceHeard(at, e.handle) if e.value else SilenceHeard(at, e.handle, e.extra)

    def _tone(self, at: float, e: Any) -> EngineEvent:
        name = self._tones[e.value]
        return ToneHeard(at, e.handle, name) if e.flag else ToneEnded(at, e.handle, name)

    @staticmethod
    def _caller_id(at: float, e: Any) -> EngineEvent:
        return CallerIdHeard(at, e.handle, bytes(ffi.buffer(e + 1, e.length)))

    @staticmethod
    def _link_down(at: float, e: Any) -> EngineEvent:
        reason = _LOSS[e.value]
        return LinkDown(at, e.handle, reason, _detail(reason, e.extra))


def _detail(reason: LinkLoss, extra: int) -> str:
    match reason:
        case LinkLoss.ERROR:
            return os.strerror(extra)
        case LinkLoss.GARBAGE:
            return f"{extra} bad frames"
        case _:
            return ""
