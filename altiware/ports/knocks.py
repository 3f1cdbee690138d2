# SPDX-License-Identifier: MIT
"""Callers who wait, heard and shown in the midst of a call: a beep, and the caller behind it.

The sequence is that of :mod:`dsp.call_waiting`: the parties no longer hear each other, an alerting
signal (CAS), the display's answer, the message by FSK, and they hear each other again.  A telephone
that doesn't answer the signal has heard a beep and a short gap, and nothing else.  Whoever performs
it gives it sounds, ears and silence by :class:`Place`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from altiware.core.ids import Party
from dsp.call_waiting import (
    Alerter,
    AlerterState,
    Effect,
    Event,
    Key,
    Mute,
    PlayCas,
    SendMessage,
    SoundEnded,
    Start,
    Stop,
    Timeout,
    Unmute,
)
from dsp.callerid import CallerIdStandard
from dsp.cas import cas_tone
from dsp.engine import Engine
from dsp.events import PortDone
from dsp.tones import ToneSpec

__all__ = ["Knocks", "Place"]


class Place(Protocol):
    """What is done at a party's place on the bus."""

    def give(self, party: Party, opened: Callable[[], int]) -> int:
        """Let the party hear a new source instead of the one that it heard; return it."""

    def part(self, party: Party, *, parted: bool) -> None:
        """Let nobody hear the party but us, who await its answer; or as it was before."""


@dataclass(slots=True)
class _Knock:
    """One caller who is being told of."""

    alerter: Alerter
    source: int


class Knocks:
    """All beeps that have a caller behind them."""

    def __init__(self, bus: Engine, standard: CallerIdStandard, place: Place) -> None:
        self._bus = bus
        self._standard = standard
        self._place = place
        self._open: dict[Party, _Knock] = {}

    @property
    def deadline(self) -> float | None:
        """When ``expire`` is due; None: nothing is waited for."""
        due = (each.alerter.deadline for each in self._open.values())
        return min((each for each in due if each is not None), default=None)

    def begin(self, party: Party, beep: ToneSpec, message: bytes) -> None:
        """Beep; the message follows."""
        source = self._place.give(party, lambda: self._bus.open_tone(beep))
        self._open[party] = _Knock(Alerter(message), source)

    def done(self, event: PortDone) -> None:
        """Go on when a sound of ours has ended."""
        for party, knock in self._open.items():
            if knock.source == event.port:
                begins = knock.alerter.state is AlerterState.TALKING
                self._tell(party, Start(event.at) if begins else SoundEnded(event.at))
                return

    def key(self, party: Party, at: float, key: str) -> bool:
        """Take a key that answers the signal; False: it is for somebody else."""
        knock = self._open.get(party)
        if knock is None or knock.alerter.state is not AlerterState.AWAITING:
            return False
        self._tell(party, Key(at, key))
        return True

    def expire(self, now: float) -> None:
        """Go on without an answer that has not come."""
        for party, knock in list(self._open.items()):
            due = knock.alerter.deadline
            if due is not None and due <= now:
                self._tell(party, Timeout(now))

    def stop(self, party: Party) -> None:
        """Leave it: the party does something else."""
        if party in self._open:
            self._tell(party, Stop(self._bus.now))
            self._open.pop(party, None)

    def _tell(self, party: Party, event: Event) -> None:
        knock = self._open[party]
        for effect in knock.alerter.receive(event):
            self._perform(party, knock, effect)
        if knock.alerter.state is AlerterState.TALKING:
            del self._open[party]

    def _perform(self, party: Party, knock: _Knock, effect: Effect) -> None:
        match effect:
            case Mute():
                self._place.part(party, parted=True)
            case Unmute():
                self._place.part(party, parted=False)
            case PlayCas():
                knock.source = self._place.give(party, lambda: self._bus.open_tone(cas_tone()))
            case SendMessage(message):
                knock.source = self._place.give(
                    party,
                    lambda: self._bus.open_caller_id(message, self._standard, in_call=True),
                )
