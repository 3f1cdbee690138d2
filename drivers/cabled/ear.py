# SPDX-License-Identifier: MIT
"""What a cabled port hears, as the detectors of its engine tell it.

Samples never come up to Python, so this ear is slower than a simulated person's: a tone of
frequencies of its own is known after 0.3 s, one of several cadences of the same frequencies only
after its cadence.  ``needs_s`` says how long that takes; whoever waits adds it.  It knows dial,
ringback, busy and reorder tone, howler, speech and silence; not stutter dial or waiting tone.
"""

from collections import deque
from dataclasses import replace
from typing import Final

from dsp.engine import Detect, Engine
from dsp.events import PortEvent, ToneEnded, ToneHeard, ToneSegment
from dsp.progress import FAST_MS, ProgressPlan, ToneTemplate, plan_of
from dsp.segments import Segment, SegmentKind
from dsp.tones import Country, ToneName

__all__ = ["LISTENING", "Ear"]

LISTENING: Final = Detect.PROGRESS | Detect.LEVEL | Detect.LEARN
LOUD_DBM0: Final = -46.0
"""The same as a simulated person's ear."""
SILENCE_S: Final = 0.6
SPEECH_MS: Final = 150
"""So much sound without a pause that is no tone ..."""
SPEECH_WITHIN_S: Final = 1.5
"""... and as long ago as this is speech."""
HOWLER: Final = ToneName.HOWLER.value
HOWL_PAUSE_MS: Final = range(60, 251)
CLICK_MS: Final = 100
"""A howler's frequencies are above what segments are made of (1 kHz): all that is seen of it there
is a click with some edges, no longer than a burst, while the level is that of a tone."""
HOWL_CLICKS: Final = 3
HOWL_DBM0: Final = -30.0
HOWL_S: Final = 1.2
LATEST_S: Final = 0.1
"""After its end a segment is told."""
MARGIN_S: Final = 0.5
KEPT: Final = 8


class Ear:
    """The detectors of one port, and what they have told."""

    def __init__(self, engine: Engine, country: Country) -> None:
        templates = plan_of(country).templates
        self._plan = ProgressPlan(tuple(_quick(each, templates) for each in templates))
        self._needs = {each.tone: _needs_s(each) for each in self._plan.templates}
        self._holds = {each.tone: _longest_pause_s(each) for each in templates}
        self._alike = _alike(set(self._needs))
        self._engine = engine
        self._segments: deque[tuple[float, Segment]] = deque(maxlen=KEPT)
        self.forget(0.0)

    def forget(self, now: float) -> None:
        """Begin anew: what was heard was another call."""
        self._tone: str | None = None
        self._ended_at: float | None = None
        self._loud_at = now
        self._howl_at = -HOWL_S
        self._level_dbm0 = 0.0
        self._segments.clear()

    def listen(self, slot: int, more: Detect = Detect.NONE) -> None:
        """Listen to a port from now on."""
        self.forget(self._engine.now)
        self._engine.detect(slot, LISTENING | more, self._plan)

    def takes(self, event: PortEvent) -> None:
        """Take what a detector has told."""
        if isinstance(event, ToneHeard):
            self._tone, self._ended_at = event.tone, None
        elif isinstance(event, ToneEnded) and event.tone == self._tone:
            self._ended_at = event.at
        elif isinstance(event, ToneSegment):
            self._segments.append((event.at, event.segment))

    def look(self, slot: int) -> None:
        """Read the level meter: it has no events."""
        self._level_dbm0 = self._engine.levels(slot).receive_dbm0
        if self._level_dbm0 > HOWL_DBM0:
            self._howl_at = self._engine.now
        if self._level_dbm0 > LOUD_DBM0:
            self._loud_at = self._engine.now

    def needs_s(self, sound: str) -> float:
        """Return how long a sound must have been there to be known.

        Raises:
            ValueError: it is never known here.
        """
        if sound in {"speech", "silence"}:
            return SPEECH_WITHIN_S if sound == "speech" else SILENCE_S
        if sound == HOWLER:
            return HOWL_S
        tone = self._alike.get(sound)
        if tone is None:
            known = ", ".join([*sorted(self._alike), HOWLER, "silence", "speech"])
            raise ValueError(f"a cabled port can't tell {sound!r}; it knows {known}")
        return self._needs[tone]

    def hears(self, sound: str) -> bool:
        """Tell whether this is what is heard now."""
        now = self._engine.now
        if sound == "silence":
            return now - self._loud_at >= SILENCE_S
        if sound == HOWLER:
            return self._howls_at(now)
        tone = self._tone_at(now)
        if sound == "speech":
            return tone is None and self._speech_at(now)
        return tone is not None and tone == self._alike.get(sound)

    def describe(self) -> str:
        """Say what has been heard lately."""
        tone = self._tone_at(self._engine.now) or "no tone"
        pieces = [_text(segment) for _, segment in self._segments]
        return f"{tone}, {self._level_dbm0:.0f} dBm0 now, before: {', '.join(pieces) or 'nothing'}"

    def _tone_at(self, now: float) -> str | None:
        """Return the tone that is on, or in a pause of its cadence."""
        if self._tone is None or self._ended_at is None:
            return self._tone
        is_pause = now - self._ended_at <= self._holds[self._tone]
        return self._tone if is_pause else None

    def _howls_at(self, now: float) -> bool:
        """Tell whether a loud sound above 1 kHz comes and goes as regularly as a howler does."""
        lately = [each for at, each in self._segments if now - at <= HOWL_S]
        clicks = sum(each.kind is SegmentKind.OTHER for each in lately)
        return (
            clicks >= HOWL_CLICKS
            and now - self._howl_at <= SILENCE_S
            and now - self._segments[-1][0] <= HOWL_PAUSE_MS.stop / 1000 + LATEST_S
            and all(_is_of_a_howler(each) for each in lately)
        )

    def _speech_at(self, now: float) -> bool:
        return any(
            segment.kind is SegmentKind.OTHER
            and segment.duration_ms >= SPEECH_MS
            and now - at <= SPEECH_WITHIN_S
            for at, segment in self._segments
        )


def _is_of_a_howler(segment: Segment) -> bool:
    if segment.kind is SegmentKind.SILENCE:
        return segment.duration_ms in HOWL_PAUSE_MS
    return segment.kind is SegmentKind.OTHER and segment.duration_ms <= CLICK_MS


def _quick(template: ToneTemplate, all_: tuple[ToneTemplate, ...]) -> ToneTemplate:
    """Return how to know a tone soonest: by its frequencies alone where they are its own."""
    shared = any(other.hz == template.hz for other in all_ if other is not template)
    if shared or not template.cadence_ms:
        return template
    return replace(template, cadence_ms=(), confirm_ms=FAST_MS)


def _needs_s(template: ToneTemplate) -> float:
    if not template.cadence_ms:
        return template.confirm_ms / 1000 + MARGIN_S
    steps, cycle = template.confirm_steps + 1, template.cadence_ms
    whole, rest = divmod(steps, len(cycle))
    return (whole * sum(cycle) + sum(sorted(cycle)[len(cycle) - rest :])) / 1000 + MARGIN_S


def _longest_pause_s(template: ToneTemplate) -> float:
    return max(template.cadence_ms[1::2], default=0) * 1.1 / 1000 + MARGIN_S / 2


def _alike(told: set[str]) -> dict[str, str]:
    """Return what each tone is told as: where two sound the same, one name stands for both."""
    names = {name: name for name in told}
    reorder, busy = ToneName.REORDER.value, ToneName.BUSY.value
    if reorder not in told:  # Japan, Mexico
        names[reorder] = busy
    return names


def _text(segment: Segment) -> str:
    hz = "+".join(f"{each:.0f}" for each in segment.hz)
    what = f"{hz} Hz" if hz else segment.kind.name.lower()
    return f"{what} {segment.duration_ms / 1000:.2f} s"
