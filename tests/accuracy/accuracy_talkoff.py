# SPDX-License-Identifier: MIT
"""Talk-off: keys that receivers hear in 131 minutes of people's speech, in five languages.

Each language at four alignments to our hops; spandsp hears the same, by its own blocks.
"""

from collections.abc import Callable, Iterator
from typing import Any

from dsp.dtmf import DtmfReceiver
from dsp.pcm import Samples
from tests.accuracy.corpus import LANGUAGES, speech
from tests.accuracy.spandsp import library
from tests.figure import Figure

DECLARATIONS = """
void *dtmf_rx_init(void *s, void *callback, void *user);
int dtmf_rx(void *s, const int16_t *amp, int samples);
size_t dtmf_rx_get(void *s, char *digits, int max);
"""
SHIFTS = range(0, 40, 10)


def _ours(said: Samples) -> int:
    return len(DtmfReceiver().keys(said))


def _spandsp() -> Callable[[Samples], int] | None:
    loaded = library(DECLARATIONS)
    if loaded is None:
        return None
    ffi, lib = loaded

    def keys(said: Samples) -> int:
        receiver, digits, heard = _new(ffi, lib), ffi.new("char[129]"), 0
        for at in range(0, len(said) - 159, 160):
            block = ffi.from_buffer("int16_t[]", said[at : at + 160])
            lib.dtmf_rx(receiver, block, 160)
            heard += int(lib.dtmf_rx_get(receiver, digits, 128))
        return heard

    return keys


def _new(ffi: Any, lib: Any) -> Any:
    return lib.dtmf_rx_init(ffi.NULL, ffi.NULL, ffi.NULL)


def measure() -> Iterator[Figure]:
    """Count keys."""
    peer, minutes, ours, theirs = _spandsp(), 0.0, 0, 0
    for language in LANGUAGES:
        said = speech(language)
        minutes += len(said) / 8000 / 60
        for shift in SHIFTS:
            ours += _ours(said[shift:])
            theirs += peer(said[shift:]) if peer else 0
    yield Figure("dtmf_speech_min", minutes * len(SHIFTS), "min")
    named = "spandsp" if peer else None
    yield Figure("dtmf_talkoff_keys", ours, "keys", named, theirs if peer else None)
