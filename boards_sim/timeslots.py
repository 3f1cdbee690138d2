# SPDX-License-Identifier: MIT
"""The digital side of a board's ports: from the stream's frames to the codecs, and back.

Every frame of time ``play`` fills what the codecs send to the lines, ``up`` makes the frame for
the host of what they received.  In between stand patterns, loopbacks and the counters of bit
errors (docs/reference/qhi.md, class TDM); of the line itself this knows nothing.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from boards_sim.clock import FRAME
from boards_sim.codecs import Codecs
from boards_sim.coding import Coded, Samples, bits_of, coded, coded_bits, decoded
from boards_sim.patterns import PatternSource
from boards_sim.playout import Playout
from boards_sim.prbs import PrbsChecker, PrbsSender
from boards_sim.refused import RefusedError
from drivers.qhi.arguments import StreamStart
from drivers.qhi.layout import MessageError
from drivers.qhi.measures import PatternWish, PrbsStart
from drivers.qhi.numbers import PcmFlag, PcmFormat, Status
from drivers.qhi.pcm import PcmDown, PcmUp
from drivers.service import BitErrors, Loopback, Pattern, PrbsWay, Toward

__all__ = ["Timeslots"]

DEFAULT_LEAD_MS: Final = 10
SAMPLE_BYTES: Final = {PcmFormat.ULAW: 1, PcmFormat.ALAW: 1, PcmFormat.S16: 2}
SILENCE: Final[Samples] = np.zeros(FRAME, np.int16)


@dataclass(slots=True)
class _Slot:
    """What isn't as usual with one port."""

    patterns: dict[Toward, PatternSource] = field(default_factory=dict)
    loopback: Loopback = Loopback.NONE
    bits: int = 16
    sender: PrbsSender | None = None
    checker: PrbsChecker | None = None
    running: PrbsWay = PrbsWay(0)  # noqa: RUF009 - a flag, and as immutable as an int
    muted: bool = False

    @property
    def is_usual(self) -> bool:
        """Whether samples just pass."""
        plain = not self.patterns and self.loopback is Loopback.NONE
        return plain and not self.running and not self.muted


class Timeslots:
    """The stream of one board, and what stands in the way of its samples."""

    def __init__(self, ports: int, codecs: Codecs) -> None:
        self.stream: StreamStart | None = None
        self.playout = Playout(ports)
        self.awaits_answer = False
        "Whether the host still owes the answer to the newest frame."
        self._codecs = codecs
        self._answer_tick = 0
        self._flags = PcmFlag(0)
        self._slots = [_Slot() for _ in range(ports)]
        self._unusual: list[int] = []
        self._looped: dict[int, Samples] = {}

    # The stream

    def start(self, start: StreamStart) -> None:
        """Begin to send and play samples."""
        self.stream = start
        self._flags = PcmFlag.FIRST
        self.awaits_answer = False
        self.playout.begin(start.lead_ms or DEFAULT_LEAD_MS)

    def stop(self) -> None:
        """Send and play nothing more."""
        self.stream = None
        self.playout.begin(DEFAULT_LEAD_MS)

    def take(self, down: PcmDown, tick: int) -> bool:
        """Take the host's answer; tell whether the oldest had to be dropped for it.

        Raises:
            MessageError: it isn't of this stream.
        """
        stream = self.stream
        if stream is None:
            return False
        if down.ms != stream.ms or down.format != stream.format:
            raise MessageError("PCM frame of another stream")
        if down.ports >> len(self._slots):
            raise MessageError("PCM frame with ports that aren't there")
        if tick == self._answer_tick:
            self.awaits_answer = False
        rows = coded(stream.format, np.zeros((len(self._slots), FRAME), np.int16))
        numbers = [n for n in range(len(self._slots)) if down.ports >> n & 1]
        sent = np.frombuffer(down.samples, np.uint8)
        rows[numbers] = sent.reshape(len(numbers), rows.shape[1])
        slipped = self.playout.add(decoded(stream.format, rows), rows)
        if slipped:
            self._flags |= PcmFlag.SLIP
        return slipped

    def play(self, out: Samples) -> bool:
        """Fill ``out`` with what the lines are to hear; tell whether there was an underrun."""
        underrun = self.playout.play(out)
        if underrun:
            self._flags |= PcmFlag.UNDERRUN
        form = self.stream.format if self.stream else PcmFormat.S16
        for number in self._unusual:
            self._divert(number, self._slots[number], form, out[number])
        return underrun

    def _divert(self, number: int, slot: _Slot, form: PcmFormat, row: Samples) -> None:
        if slot.checker and slot.running & PrbsWay.CHECK:
            played = self._played(number, form, row)
            slot.checker.feed(bits_of(form, played, slot.bits))
        if Toward.LINE in slot.patterns:
            row[:] = slot.patterns[Toward.LINE].frame(form)
        if slot.loopback is Loopback.CODEC:
            self._looped[number] = self._codecs.looped(number, row.copy())
        if slot.loopback in {Loopback.DIGITAL, Loopback.CODEC} or slot.muted:
            row[:] = 0

    def up(self, tick: int, received: Samples, off_hook: int, ringing: int) -> PcmUp | None:
        """Return the frame for the host; None: there is no stream."""
        stream = self.stream
        if stream is None:
            return None
        numbers = [n for n in range(len(self._slots)) if stream.ports >> n & 1]
        rows = coded(stream.format, received)
        for number in self._unusual:
            rows[number] = self._returned(number, stream.format, rows[number])
        flags, self._flags = self._flags, PcmFlag(0)
        self.awaits_answer = True
        self._answer_tick = tick
        return PcmUp(
            ms=stream.ms,
            format=stream.format,
            ports=stream.ports,
            off_hook=off_hook,
            ringing=ringing,
            samples=rows[numbers].tobytes(),
            tx_fill_ms=self.playout.held_ms,
            flags=flags,
        )

    def _returned(self, number: int, form: PcmFormat, row: Coded) -> Coded:
        """Return what a port sends to the host in this frame."""
        slot = self._slots[number]
        if slot.sender and slot.running & PrbsWay.SEND:
            return coded_bits(form, slot.sender.next(FRAME * slot.bits), slot.bits)
        if Toward.HOST in slot.patterns:
            return _row(form, slot.patterns[Toward.HOST].frame(form))
        if slot.loopback is Loopback.DIGITAL:
            return self._played(number, form, None)
        if slot.loopback is Loopback.CODEC and number in self._looped:
            return _row(form, self._looped[number])
        return _row(form, SILENCE) if slot.muted else row

    def _played(self, number: int, form: PcmFormat, row: Samples | None) -> Coded:
        """Return what was played, as it came; in an underrun, what stood in for it."""
        if self.playout.coded is None:
            return _row(form, SILENCE if row is None else row)
        played: Coded = self.playout.coded[number]
        return played

    # What can stand in the way

    def pattern(self, number: int, wish: PatternWish) -> None:
        """Begin or end a pattern."""
        slot = self._slots[number]
        if wish.kind is Pattern.OFF:
            slot.patterns.pop(wish.toward, None)
        else:
            slot.patterns[wish.toward] = PatternSource(wish)
            if wish.toward is Toward.HOST:
                slot.running &= ~PrbsWay.SEND
        self._note()

    def loop(self, number: int, where: Loopback) -> None:
        """Turn the host's samples round."""
        self._slots[number].loopback = where
        self._looped.pop(number, None)
        self._note()
        self._codecs.switch_away(number, away=where is Loopback.ANALOG)

    def loopback(self, number: int) -> Loopback:
        """Return where a port's samples turn round."""
        return self._slots[number].loopback

    def mute(self, number: int, *, on: bool) -> None:
        """Let nothing pass in either direction."""
        self._slots[number].muted = on
        self._note()

    def start_prbs(self, number: int, start: PrbsStart) -> None:
        """Begin to send and count."""
        stream = self.stream
        if stream is None or not stream.ports >> number & 1:
            raise RefusedError(Status.BAD_STATE)
        if start.bits > 8 * SAMPLE_BYTES[stream.format]:
            raise RefusedError(Status.RANGE, 1)
        slot = self._slots[number]
        slot.bits, slot.running = start.bits, start.way
        slot.checker = PrbsChecker(start.sequence)
        slot.sender = PrbsSender(start.sequence)
        if start.way & PrbsWay.SEND:
            slot.patterns.pop(Toward.HOST, None)
        self._note()

    def stop_prbs(self, number: int) -> None:
        """Send and count no more; what was counted stays."""
        self._slots[number].running = PrbsWay(0)
        self._note()

    def bit_errors(self, number: int) -> BitErrors:
        """Return what was counted."""
        slot = self._slots[number]
        found = slot.checker
        if found is None:
            raise RefusedError(Status.BAD_STATE)
        counts = (found.bits, found.errors, found.sync_losses)
        return BitErrors(slot.running, found.in_sync and bool(slot.running), *counts)

    def rest(self) -> None:
        """Let everything pass as usual."""
        for number in range(len(self._slots)):
            self._slots[number] = _Slot()
            self._codecs.switch_away(number, away=False)
        self._looped.clear()
        self._note()

    def _note(self) -> None:
        self._unusual = [n for n, slot in enumerate(self._slots) if not slot.is_usual]


def _row(form: PcmFormat, samples: Samples) -> Coded:
    """Return one port's row."""
    row: Coded = coded(form, samples[None])[0]
    return row
