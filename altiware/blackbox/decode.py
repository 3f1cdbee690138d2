# SPDX-License-Identifier: MIT
"""What the engine's own detectors hear on a box's sound, with times: ``decode(box)``.

Digits, call-progress tones of the country, caller ID (FSK, both standards), fax, modem and
information tones, both ways.  A detector tells after the fact, and times are of the telling: for
a cadenced tone that is a second or two later.  Of digits the length is known when they end, and
taken off: their times are good to 50 ms.
"""

from collections.abc import Iterator
from typing import Final

from altiware.blackbox.box import Box, Decoded
from dsp.callerid import CallerIdError, CallerIdStandard, FskReceiver, parse
from dsp.dtmf import DtmfReceiver
from dsp.pcm import Samples
from dsp.progress import ProgressDetector, plan_of
from dsp.special import SpecialDetector
from dsp.tones import COUNTRIES

__all__ = ["decode"]

RATE: Final = 8000
BLOCK: Final = 80
"""10 ms: so exact are times."""


def decode(box: Box) -> list[Decoded]:
    """Return all that is recognised, in order."""
    country = box.facts.country if box.facts.country in COUNTRIES else "us"
    found = [
        each
        for side, pcm in (("said", box.said), ("heard", box.heard))
        for make in (_digits, _callers, _specials)
        for each in make(side, pcm)
    ]
    for side, pcm in (("said", box.said), ("heard", box.heard)):
        found += _tones(side, pcm, country)
    return sorted(found, key=lambda each: (each.at, each.side))


def _blocks(pcm: Samples) -> Iterator[tuple[float, Samples]]:
    """Yield blocks with the time of their end."""
    for begin in range(0, len(pcm), BLOCK):
        block = pcm[begin : begin + BLOCK]
        yield (begin + len(block)) / RATE, block


def _digits(side: str, pcm: Samples) -> Iterator[Decoded]:
    receiver = DtmfReceiver()
    for at, block in _blocks(pcm):
        for press in receiver.feed(block):
            if not press.on:
                begun = max(at - press.duration_ms / 1000, 0.0)
                yield Decoded(round(begun, 3), at, side, "digit", press.key)


def _callers(side: str, pcm: Samples) -> Iterator[Decoded]:
    told = set()
    for standard in CallerIdStandard:
        receiver = FskReceiver(standard)
        for at, block in _blocks(pcm):
            for message in receiver.feed(block):
                if (at, message) not in told:
                    told.add((at, message))
                    yield Decoded(at, at, side, "caller", _caller(message))


def _caller(message: bytes) -> str:
    try:
        caller = parse(message)
    except CallerIdError as error:
        return f"a message that is none: {error}"
    if caller.absent is not None:
        return f"no number ({caller.absent.name.lower()})"
    return " ".join(filter(None, (caller.number, caller.name)))


def _specials(side: str, pcm: Samples) -> Iterator[Decoded]:
    detector = SpecialDetector()
    for at, block in _blocks(pcm):
        for kind in detector.feed(block):
            yield Decoded(at, at, side, "special", kind.name.lower().replace("_", " "))


def _tones(side: str, pcm: Samples, country: str) -> Iterator[Decoded]:
    detector = ProgressDetector(plan_of(COUNTRIES[country]))
    begun: dict[str, float] = {}
    for at, block in _blocks(pcm):
        for change in detector.feed(block):
            if change.on:
                begun[change.tone] = at
            elif change.tone in begun:
                yield Decoded(begun.pop(change.tone), at, side, "tone", change.tone)
    end = len(pcm) / RATE
    for tone, at in begun.items():
        yield Decoded(at, end, side, "tone", tone)
