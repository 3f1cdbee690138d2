# SPDX-License-Identifier: MIT
"""Talk-off: keys that receivers hear where nobody dials, in people's speech and in music.

131 minutes of speech in five languages, music made here, and music on hold, each at four
alignments to our hops; spandsp hears the same, by its own blocks.
"""

from collections.abc import Callable, Iterator, Sequence

from dsp.dtmf import DtmfReceiver
from dsp.pcm import Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.music import music_made, music_on_hold
from tests.accuracy.spandsp import dtmf_keys
from tests.figure import Figure

SHIFTS = range(0, 40, 10)
MADE_MIN = 20.0


def _talkoff(
    name: str, sounds: Sequence[Samples], peer: Callable[[Samples], str] | None
) -> Iterator[Figure]:
    ours, theirs = 0, 0
    for said in sounds:
        for shift in SHIFTS:
            ours += len(DtmfReceiver().keys(said[shift:]))
            theirs += len(peer(said[shift:])) if peer else 0
    named = "spandsp" if peer else None
    minutes = sum(map(len, sounds)) * len(SHIFTS) / 8000 / 60
    yield Figure(f"dtmf_{name}_min", minutes, "min")
    keys = "dtmf_talkoff_keys" if name == "speech" else f"dtmf_talkoff_{name}_keys"
    yield Figure(keys, ours, "keys", named, theirs if peer else None)


def measure() -> Iterator[Figure]:
    """Count keys."""
    peer = dtmf_keys()
    yield from _talkoff("speech", [speech(language) for language in LANGUAGES], peer)
    yield from _talkoff("music", [music_made(MADE_MIN)], peer)
    yield from _talkoff("hold", [music_on_hold()], peer)
