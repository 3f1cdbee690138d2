# SPDX-License-Identifier: MIT
"""One line of a simulated central office, and the party outside who calls or is called.

What the office does is the table TRANSITIONS.  It notes every seizure with its digits
(``seizures``): the oracle of tests that dial out.  The party outside hears what the PBX sends
once the call is through, and the office's own ringback before.  Not modelled: ground start,
announcements, call waiting of the office, the Japanese caller ID.
"""

import datetime as dt
import enum
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.actor import Actor, Script, StageClock, until
from boards_sim.digits import DtmfEar, PulseCounter
from boards_sim.loop import Feed, Loop
from boards_sim.mouth import Mouth, ms_of
from boards_sim.offices import (
    CallerIdKind,
    Disconnect,
    Office,
    OfficeProfile,
    office_profile,
)
from boards_sim.presentation import caller_id_sound
from boards_sim.tones import samples
from drivers.actors import Caller
from dsp.tones import Country, ToneName

__all__ = ["IGNORED", "TRANSITIONS", "OfficeEvent", "OfficeSet", "OfficeState", "Seizure"]

Samples = npt.NDArray[np.int16]

SEIZED_MA: Final = 13.0
SEIZED_MS: Final = 40
RELEASED_MS: Final = 650
"""An open loop is a flash or a pulse if it closes before."""
FLASH_MS: Final = range(200, 651)
NO_DIGIT_MS: Final = 20_000
FEW_DIGITS: Final = 2
FEW_DIGITS_MS: Final = 5_000
CALLER_ID_MS: Final = 600
"""After the end of the first ring (GR-30: at least 500 ms)."""
REVERSED_MS: Final = 200
"""From the reversal to the caller ID before ringing, and from there to the first ring."""
BUSY_TONE_MS: Final = 60_000
LISTEN_FRAMES: Final = 4
"""Frames that the digit receiver takes at a time."""
NEVER: Final = float("inf")
EPOCH: Final = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
"""The date that caller ID carries when the stage begins."""


class OfficeState(enum.Enum):
    """What the line is doing, as a subscriber would say it."""

    IDLE = "idle"
    RINGING = "ringing in"
    DIAL_TONE = "giving dial tone"
    COLLECTING = "collecting digits"
    RINGBACK = "ringing the called party"
    TALKING = "connected"
    BUSY = "giving busy tone"
    LOCKED_OUT = "giving reorder tone"
    RECALLED = "giving dial tone for a second call"
    ENDING = "left by the party outside"


class OfficeEvent(enum.Enum):
    """What can happen to a line."""

    SEIZED = "the loop was closed"
    RELEASED = "the loop was opened"
    DIGIT = "a digit was received"
    QUIET = "nothing more came"
    CALLED = "somebody calls in"
    GIVEN_UP = "the caller gives up"
    ANSWERED = "the called party answers"
    FOUND_BUSY = "the called party is busy"
    HUNG_UP = "the party outside hangs up"
    FLASHED = "the loop was opened for a moment"


@dataclass(slots=True)
class Seizure:
    """What the PBX did with the line once."""

    at: float
    digits: str = ""
    pulse: bool = False
    "Whether any digit came as pulses."
    flashes: int = 0
    answered_at: float | None = None
    released_at: float | None = None


class OfficeSet(Actor):
    """A subscriber line, seen from the office."""

    def __init__(self, name: str, loop: Loop, clock: StageClock, country: Country) -> None:
        super().__init__(name, loop, clock, country)
        self.profile = office_profile(country)
        self.state = OfficeState.IDLE
        self.seizures: list[Seizure] = []
        self._party = False
        self._party_hears = Mouth()
        self._due = NEVER
        self._steps: Iterator[float] = iter(())
        self._caller_id: Samples | None = None
        self._is_closed = False
        self._edge: tuple[float, bool] = (0.0, False)
        self._dtmf = DtmfEar()
        self._pulses = PulseCounter()
        self._heard: list[Samples] = []
        self.feed()
        loop.watch(self._loop_changed)

    def become(self, office: Office) -> None:
        """Be another country's office, from the next thing it does on."""
        self.country = office.country
        self.take_profile(office.profile)

    def take_profile(self, profile: OfficeProfile) -> None:
        """Be so from the next thing it does on; an idle line is fed anew at once."""
        self.profile = profile
        if self.state is OfficeState.IDLE:
            self.feed()

    # The line circuit

    def feed(self, *, sign: float = 1.0, ring: bool = False) -> None:
        """Feed the line: sign -1 is reversed, 0 no battery at all."""
        profile = self.profile
        ring_volts = profile.ring_volts if ring else 0.0
        volts = sign * profile.battery_volts
        self.loop.feed_from(Feed(volts, profile.feed_ohms, profile.limit_ma, ring_volts))

    def _loop_changed(self) -> None:
        if not self.loop.feed.volts:
            return  # the office's own open switch says nothing of the subscriber
        closed = abs(self.loop.reading.milliamps) >= SEIZED_MA
        now = self.clock.now
        if closed == self._edge[1]:
            return
        if self._is_closed:
            self._pulses.loop(now, closed=closed)
            self._note_flash(now, closed=closed)
        self._edge = (now, closed)

    def _note_flash(self, now: float, *, closed: bool) -> None:
        if closed and self.seizures and round((now - self._edge[0]) * 1000) in FLASH_MS:
            self.seizures[-1].flashes += 1
            if self.profile.flash_recall and self.state in {S.TALKING, S.RECALLED}:
                self.happen(OfficeEvent.FLASHED)

    def _watch_loop(self) -> None:
        since, closed = self._edge
        if closed == self._is_closed:
            return
        lasted_ms = (self.clock.now - since) * 1000
        ringing = self.state is OfficeState.RINGING
        enough_ms = self.profile.ring_trip_ms if ringing else SEIZED_MS
        if lasted_ms + 1e-6 < (enough_ms if closed else RELEASED_MS):
            return
        self._is_closed = closed
        if closed:
            self._digits_from_here()
        elif self.seizures:
            self.seizures[-1].released_at = since
        self.happen(OfficeEvent.SEIZED if closed else OfficeEvent.RELEASED)

    def _digits_from_here(self) -> None:
        self._dtmf = DtmfEar()
        self._pulses = PulseCounter()
        self._heard = []

    # Time and sound

    def get(self, heard: Samples, loud: bool) -> None:
        """Take the frame that came out of the line, and do what is due."""
        self._watch_loop()
        if self.clock.now >= self._due - 1e-9:
            self._next_step()
        if self._party:
            self._let_party_hear(heard)
        if self._is_closed and self.state in DIALLING:
            self._listen_for_digits(heard)

    def _let_party_hear(self, heard: Samples) -> None:
        if self.state is OfficeState.TALKING:
            self.ear.hear(heard)
            return
        frame = np.zeros_like(heard)
        self._party_hears.take(frame)
        self.ear.hear(frame)

    def _listen_for_digits(self, heard: Samples) -> None:
        self._heard.append(heard.copy())
        if len(self._heard) < LISTEN_FRAMES:
            return
        keys = self._dtmf.feed(np.concatenate(self._heard))
        self._heard = []
        pulsed = self._pulses.settle(self.clock.now)
        if not keys and not pulsed:
            return
        seizure = self.seizures[-1]
        seizure.digits += keys + pulsed
        seizure.pulse |= bool(pulsed)
        self.happen(OfficeEvent.DIGIT)

    def happen(self, event: OfficeEvent) -> None:
        """Go through the table.

        Raises:
            AssertionError: the party outside can't do this now.
        """
        row = TRANSITIONS.get((self.state, event))
        if row is None:
            if (self.state, event) in IGNORED:
                return
            now = self.clock.now
            raise AssertionError(
                f"{self.name} at {now:.3f} s is {self.state.value}: {event.value}?"
            )
        self.state, act = row
        self._due, self._steps = NEVER, iter(())
        act(self)

    # What is done step by step: a generator that yields the ms until it is to go on

    def _begin(self, steps: Iterator[float]) -> None:
        self._steps = steps
        self._due = self.clock.now
        self._next_step()

    def _next_step(self) -> None:
        steps = self._steps
        wait_ms = next(steps, None)
        if self._steps is steps:  # the step has not begun something else
            self._due = NEVER if wait_ms is None else self._due + wait_ms / 1000.0

    def _sound(self, name: ToneName) -> None:
        self.mouth.fall_silent()
        self.mouth.sound(samples(self.country.tones[name]))

    def _ringing(self) -> Iterator[float]:
        cadence = self.profile.ringing_ms
        caller_id = self._caller_id
        if caller_id is not None and self.profile.caller_id is not CallerIdKind.AFTER_RING:
            self.feed(sign=-1.0)
            yield REVERSED_MS
            self.mouth.say(caller_id)
            yield ms_of(caller_id) + REVERSED_MS
            self.feed()
            caller_id = None
        for on_ms, off_ms in itertools.cycle(zip(cadence[::2], cadence[1::2], strict=True)):
            self.feed(ring=True)
            yield on_ms
            self.feed()
            if caller_id is not None and off_ms > CALLER_ID_MS + ms_of(caller_id):
                yield CALLER_ID_MS
                self.mouth.say(caller_id)
                caller_id = None
                yield off_ms - CALLER_ID_MS
            else:
                yield off_ms

    def _dial_tone(self) -> Iterator[float]:
        yield self.profile.dial_tone_ms
        self._sound(ToneName.DIAL)
        yield NO_DIGIT_MS
        self.happen(OfficeEvent.QUIET)

    def _quiet_after(self, ms: float) -> Iterator[float]:
        yield ms
        self.happen(OfficeEvent.QUIET)

    def _disconnecting(self) -> Iterator[float]:
        profile = self.profile
        yield profile.disconnect_ms
        if profile.disconnect is Disconnect.OPEN_SWITCH:
            self.feed(sign=0.0)
            yield profile.open_switch_ms
            self.feed()
        elif profile.disconnect is Disconnect.REVERSAL:
            self.feed(sign=-1.0 if self.loop.feed.volts * profile.battery_volts > 0 else 1.0)
        if profile.disconnect in {Disconnect.REVERSAL, Disconnect.BUSY_TONE}:
            self._sound(ToneName.BUSY)
            yield BUSY_TONE_MS
            self.mouth.fall_silent()
        yield profile.return_tone_ms
        self._sound(ToneName.DIAL)

    # Actions

    def _be_idle(self) -> None:
        self.mouth.fall_silent()
        self.feed()

    def _be_left(self) -> None:
        self._be_idle()
        self._party_hears.fall_silent()

    def _lose_party(self) -> None:
        self._be_idle()
        self._party = False

    def _ring(self) -> None:
        self._begin(self._ringing())

    def _connect_caller(self) -> None:
        self._be_idle()
        self.seizures.append(Seizure(self.clock.now, answered_at=self.clock.now))

    def _give_dial_tone(self) -> None:
        self.seizures.append(Seizure(self.clock.now))
        self._party = False
        self._begin(self._dial_tone())

    def _collect(self) -> None:
        self.mouth.fall_silent()
        few = len(self.seizures[-1].digits) <= FEW_DIGITS
        self._begin(self._quiet_after(FEW_DIGITS_MS if few else self.profile.answer_ms))

    def _ring_out(self) -> None:
        self._sound(ToneName.RINGBACK)

    def _connect_called(self) -> None:
        self.mouth.fall_silent()
        self._party = True
        self._party_hears.fall_silent()
        self.seizures[-1].answered_at = self.clock.now
        if self.profile.answer_reversal:
            self.feed(sign=-1.0)

    def _recall(self) -> None:
        self._sound(ToneName.DIAL)

    def _take_back(self) -> None:
        self.mouth.fall_silent()

    def _give_busy(self) -> None:
        self._sound(ToneName.BUSY)

    def _give_reorder(self) -> None:
        self._sound(ToneName.REORDER)

    def _disconnect(self) -> None:
        self.mouth.fall_silent()
        self._party = False
        self._begin(self._disconnecting())

    # Scripts

    def calls_in(self, number: str = "", name: str = "", absent: str = "") -> Script[None]:
        """Begin to ring the line for an outside caller."""
        when = EPOCH + dt.timedelta(seconds=int(self.clock.now))
        self._caller_id = caller_id_sound(self.profile, Caller(number, name, absent), when)
        self.happen(OfficeEvent.CALLED)
        self._party = True
        self._party_hears.fall_silent()
        self._party_hears.sound(samples(self.country.tones[ToneName.RINGBACK]))
        return
        yield

    def stops_calling(self) -> Script[None]:
        """Let the outside caller give up."""
        self.happen(OfficeEvent.GIVEN_UP)
        return
        yield

    def answers(self) -> Script[None]:
        """Let the called party answer."""
        self.happen(OfficeEvent.ANSWERED)
        return
        yield

    def is_busy(self) -> Script[None]:
        """Let the called party be busy."""
        self.happen(OfficeEvent.FOUND_BUSY)
        return
        yield

    def hangs_up(self) -> Script[None]:
        """Let the party outside hang up."""
        self.happen(OfficeEvent.HUNG_UP)
        return
        yield

    def says(self, speech: Path, wait: bool = True) -> Script[None]:
        """Let the party outside speak."""
        if self.state is not OfficeState.TALKING:
            raise AssertionError(self.fault("a call to speak in", f"it is {self.state.value}"))
        yield from self._speak(speech, wait=wait)

    def presses(self, keys: str) -> Script[None]:
        """Let the party outside press keys."""
        if self.state is not OfficeState.TALKING:
            raise AssertionError(self.fault("a call to press keys in", f"it is {self.state.value}"))
        yield from self._press(keys)

    def is_seized(self, within_s: float = 3.0) -> Script[None]:
        """Wait until the loop is closed."""
        yield from until(lambda: self._is_closed, within_s, self._instead("a seizure", within_s))

    def is_free(self, within_s: float = 3.0) -> Script[None]:
        """Wait until the loop is open."""
        instead = self._instead("an open loop", within_s)
        yield from until(lambda: not self._is_closed, within_s, instead)

    def receives(self, digits: str, within_s: float = 10.0) -> Script[None]:
        """Wait until exactly these digits have come since the loop was closed."""
        instead = self._instead(f"the digits {digits}", within_s)
        yield from until(lambda: self.dialled == digits, within_s, instead)

    @property
    def dialled(self) -> str:
        """The digits of the latest seizure."""
        return self.seizures[-1].digits if self.seizures else ""

    def _instead(self, expected: str, within_s: float) -> Callable[[], str]:
        def tell() -> str:
            last = f"the last seizure: {self.seizures[-1]}" if self.seizures else "never seized"
            current = f"{self.loop.reading.milliamps:.1f} mA"
            seen = f"it is {self.state.value}, {current}; {last}"
            return self.fault(f"{expected} within {within_s:g} s", seen)

        return tell


S, E, Line = OfficeState, OfficeEvent, OfficeSet
DIALLING: Final = frozenset({S.DIAL_TONE, S.COLLECTING, S.RINGBACK})

# fmt: off
TRANSITIONS: Final[
    dict[tuple[OfficeState, OfficeEvent], tuple[OfficeState, Callable[[OfficeSet], None]]]
] = {
    (S.IDLE,       E.SEIZED):     (S.DIAL_TONE,  Line._give_dial_tone),
    (S.IDLE,       E.CALLED):     (S.RINGING,    Line._ring),
    (S.IDLE,       E.HUNG_UP):    (S.IDLE,       Line._lose_party),
    (S.RINGING,    E.SEIZED):     (S.TALKING,    Line._connect_caller),
    (S.RINGING,    E.GIVEN_UP):   (S.IDLE,       Line._lose_party),
    (S.RINGING,    E.HUNG_UP):    (S.IDLE,       Line._lose_party),
    (S.DIAL_TONE,  E.DIGIT):      (S.COLLECTING, Line._collect),
    (S.DIAL_TONE,  E.QUIET):      (S.LOCKED_OUT, Line._give_reorder),
    (S.DIAL_TONE,  E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.COLLECTING, E.DIGIT):      (S.COLLECTING, Line._collect),
    (S.COLLECTING, E.QUIET):      (S.RINGBACK,   Line._ring_out),
    (S.COLLECTING, E.ANSWERED):   (S.TALKING,    Line._connect_called),
    (S.COLLECTING, E.FOUND_BUSY): (S.BUSY,       Line._give_busy),
    (S.COLLECTING, E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.RINGBACK,   E.DIGIT):      (S.COLLECTING, Line._collect),
    (S.RINGBACK,   E.ANSWERED):   (S.TALKING,    Line._connect_called),
    (S.RINGBACK,   E.FOUND_BUSY): (S.BUSY,       Line._give_busy),
    (S.RINGBACK,   E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.TALKING,    E.HUNG_UP):    (S.ENDING,     Line._disconnect),
    (S.TALKING,    E.RELEASED):   (S.IDLE,       Line._be_left),
    (S.TALKING,    E.FLASHED):    (S.RECALLED,   Line._recall),
    (S.RECALLED,   E.FLASHED):    (S.TALKING,    Line._take_back),
    (S.RECALLED,   E.HUNG_UP):    (S.ENDING,     Line._disconnect),
    (S.RECALLED,   E.RELEASED):   (S.IDLE,       Line._be_left),
    (S.BUSY,       E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.LOCKED_OUT, E.RELEASED):   (S.IDLE,       Line._be_idle),
    (S.ENDING,     E.RELEASED):   (S.IDLE,       Line._be_idle),
}
# fmt: on
"""Everything an office does.  A pair that is neither here nor in IGNORED is a wrong script."""

IGNORED: Final = frozenset(
    {(state, event) for state in S for event in (E.SEIZED, E.RELEASED, E.DIGIT, E.QUIET)}
    - TRANSITIONS.keys()
)
"""What the line may bring at any time, without effect."""
