# SPDX-License-Identifier: MIT
"""Voice and silence, trimmed recordings, and who answered, on people's recorded speech.

Speech is Debian's recordings in five languages, clip by clip, at given levels, with noise added and
through µ-law.  What is speech is labelled in the clean clip: frames of 10 ms within 25 dB of its
active level; a pause is 300 ms or more without.  Recordings are made and trimmed by the engine
itself.  Callers are made of the clips by their length: a person says one short clip and waits (and
perhaps says it again), a business says a longer one, a machine talks for long; a hesitant machine
says a short one, pauses for a second, and talks on.
"""

import itertools
import tempfile
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dsp import Engine
from dsp.g711 import ulaw_decode, ulaw_encode
from dsp.levels import PEAK_0DBM0
from dsp.pcm import Samples
from dsp.recorder import RecordingRules
from dsp.vad import FRAME, Greeting, VoiceDetector
from tests.accuracy.corpus import LANGUAGES, SOUNDS, wav_samples
from tests.figure import Figure

Wave = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SPEECH_DB: Final = -25.0
PAUSE: Final = 30
"Frames."
LEVELS: Final = (-10, -20, -30, -40)
SNRS: Final = (20, 10)
RMS_0DBM0: Final = PEAK_0DBM0 / 2**0.5
JOINED: Final = 240
"Clips joined for decisions frame by frame."
MESSAGES: Final = 150
CALLERS: Final = 200
NOISE_MIN: Final = 5


@cache
def clips(least_s: float, most_s: float) -> tuple[Wave, ...]:
    """Return the clips of a length, of all languages, mixed; their active level is 0 dBm0."""
    found = []
    for language in LANGUAGES:
        for folder in sorted(SOUNDS.glob(f"{language}_*")):
            for path in sorted(folder.rglob("*.wav")):
                pcm = wav_samples(path)
                if least_s <= len(pcm) / 8000 < most_s and "silence" not in path.parts:
                    found.append(pcm)
    order = np.random.default_rng(1).permutation(len(found))
    return tuple(w for i in order if (w := _levelled(found[i])) is not None)


def _powers(clean: Wave) -> Wave:
    power: Wave = (clean[: len(clean) // FRAME * FRAME].reshape(-1, FRAME) ** 2).mean(axis=1)
    return power


def _levelled(pcm: Samples) -> Wave | None:
    power = _powers(pcm.astype(float))
    if not len(power) or power.max() < 1000:
        return None
    active = power[power > power.max() * 1e-4].mean()
    return np.asarray(pcm[: len(power) * FRAME] * (RMS_0DBM0 / active**0.5))


def labels(clean: Wave) -> Flags:
    """Which frames of a clip with an active level of 0 dBm0 are speech."""
    speech: Flags = _powers(clean) > RMS_0DBM0**2 * 10 ** (SPEECH_DB / 10)
    return speech


def white(rng: np.random.Generator, count: int) -> Wave:
    """Noise of 0 dBm0."""
    return rng.normal(0, RMS_0DBM0, count)


def pink(rng: np.random.Generator, count: int) -> Wave:
    """Noise of 0 dBm0 that falls by 3 dB an octave, from 50 Hz."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    hz = np.fft.rfftfreq(count, 1 / 8000)
    shaped = np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 50)), count)
    return np.asarray(shaped * RMS_0DBM0 / shaped.std())


def line(clean: Wave, dbm0: float, snr_db: float, seed: int) -> Samples:
    """What comes through a µ-law line of speech at that level, in noise so far below."""
    rng = np.random.default_rng(seed)
    noise = pink(rng, len(clean)) if seed % 2 else white(rng, len(clean))
    whole = (clean + noise * 10 ** (-snr_db / 20)) * 10 ** (dbm0 / 20)
    return ulaw_decode(ulaw_encode(np.rint(whole).clip(-32768, 32767).astype(np.int16)))


def still(seconds: float) -> Wave:
    """Nobody speaks, for whole frames."""
    return np.zeros(round(seconds * 100) * FRAME)


@dataclass(frozen=True, slots=True)
class Joined:
    """Clips with silences between."""

    clean: Wave
    speech: Flags


@cache
def joined() -> Joined:
    """Join clips of any length, 0.4 to 2 s apart."""
    rng = np.random.default_rng(2)
    parts, speech = [still(1.0)], [np.zeros(100, np.bool_)]
    for clip in clips(0.5, 12.0)[:JOINED]:
        pause = still(rng.uniform(0.4, 2.0))
        parts += [clip, pause]
        speech += [labels(clip), np.zeros(len(pause) // FRAME, np.bool_)]
    return Joined(np.concatenate(parts), np.concatenate(speech))


def pauses(speech: Flags) -> Flags:
    """Frames of pauses."""
    quiet = np.zeros(len(speech), np.bool_)
    at = 0
    for voice, run in itertools.groupby(speech.tolist()):
        size = len(list(run))
        quiet[at : at + size] = not voice and size >= PAUSE
        at += size
    return quiet


def _decisions() -> Iterator[Figure]:
    whole = joined()
    quiet = pauses(whole.speech)
    yield Figure("vad_speech_min", whole.speech.sum() / 6000, "min")
    for snr_db, dbm0 in itertools.product(SNRS, LEVELS):
        voice = np.array(VoiceDetector().frames(line(whole.clean, dbm0, snr_db, 3)))
        name = f"vad_snr{snr_db}_minus{-dbm0}"
        yield Figure(f"{name}_speech_kept_pct", 100 * voice[whole.speech].mean(), "percent")
        yield Figure(f"{name}_pause_found_pct", 100 * (1 - voice[quiet].mean()), "percent")


def _false() -> Iterator[Figure]:
    rng, count = np.random.default_rng(4), NOISE_MIN * 60 * 8000
    wander = 10 ** (6 * np.sin(2 * np.pi * np.arange(count) / 8000 / 10) / 20)
    hum = sum(np.sin(2 * np.pi * 50 * h * np.arange(count) / 8000) / h for h in (1, 2, 3, 5, 7))
    rooms = {
        "white": white(rng, count),
        "pink": pink(rng, count),
        "wandering": pink(rng, count) * wander,
        "hum": white(rng, count) / 10 + hum * RMS_0DBM0,
    }
    for name, room in rooms.items():
        voice, syllables = [], 0
        for dbm0 in (-60, -45, -30):
            detector, before = VoiceDetector(), 1
            noise = np.rint(room * 10 ** (dbm0 / 20)).clip(-32768, 32767).astype(np.int16)
            for at in range(0, count, FRAME):
                voice.append(detector.feed(noise[at : at + FRAME]))
                syllables += before > 0 and detector.quiet_ms == 0
                before = detector.quiet_ms
        yield Figure(f"vad_false_{name}_pct", 100 * float(np.mean(voice)), "percent")
        yield Figure(f"vad_false_{name}_per_min", syllables / (3 * NOISE_MIN), "a minute")


@dataclass(frozen=True, slots=True)
class Message:
    """Something said to a recorder, silence around it."""

    said: Samples
    first: int
    "Sample at which speech begins."
    last: int
    "And ends."


def _messages(dbm0: float, snr_db: float) -> list[Message]:
    rng, made = np.random.default_rng(6), []
    for seed, clip in enumerate(clips(1.5, 9.0)[:MESSAGES]):
        before, after = still(rng.uniform(1, 3)), still(rng.uniform(1, 3))
        speech = np.flatnonzero(labels(clip)) * FRAME + len(before)
        clean = np.concatenate([before, clip, after])
        made.append(Message(line(clean, dbm0, snr_db, seed), speech[0], speech[-1] + FRAME))
    return made


def _write(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return path


def _trimmed(messages: Sequence[Message], folder: Path) -> Iterator[tuple[int, int] | None]:
    """Record all at once; yield where each recording begins and ends in what was said."""
    rules = RecordingRules(trim_start=True, trim_end=True)
    with Engine(threaded=False, timeslots=2 * len(messages)) as engine:
        recorders = []
        for i, message in enumerate(messages):
            player = engine.open_player(_write(folder / f"{i}.wav", message.said))
            recorders.append(engine.open_recorder(folder / f"{i}-kept.wav", rules))
            engine.listen(recorders[-1], player)
        for _ in range(max(len(message.said) for message in messages) // 40 + 1):
            engine.tick()
        for recorder in recorders:
            engine.close_port(recorder)
    for i, message in enumerate(messages):
        yield _place(wav_samples(folder / f"{i}-kept.wav"), message.said)


def _place(kept: Samples, said: Samples) -> tuple[int, int] | None:
    padded = np.concatenate([said, np.zeros(len(kept), np.int16)])
    for begin in range(0, len(said) if len(kept) else 0, 40):
        if np.array_equal(padded[begin : begin + len(kept)], kept):
            return begin, begin + len(kept)
    return None


def _trimming() -> Iterator[Figure]:
    for snr_db, dbm0 in itertools.product(SNRS, (-20, -40)):
        messages = _messages(dbm0, snr_db)
        with tempfile.TemporaryDirectory() as folder:
            places = list(_trimmed(messages, Path(folder)))
        pairs = [(m, p) for m, p in zip(messages, places, strict=True) if p is not None]
        begins = np.array([(m.first - p[0]) / 8 for m, p in pairs])
        ends = np.array([(p[1] - m.last) / 8 for m, p in pairs])
        name = f"vad_trim_snr{snr_db}_minus{-dbm0}"
        yield Figure(f"{name}_lost", len(messages) - len(pairs), "messages")
        for side, margin in (("start", begins), ("end", ends)):
            cut = np.maximum(-margin, 0)
            yield Figure(f"{name}_{side}_cut_pct", 100 * float((cut > 0).mean()), "percent")
            yield Figure(f"{name}_{side}_cut_worst_ms", float(cut.max()), "ms")
            yield Figure(f"{name}_{side}_cut_mean_ms", float(cut.mean()), "ms")
            kept = float(np.median(np.maximum(margin, 0)))
            yield Figure(f"{name}_{side}_silence_kept_ms", kept, "ms")


def _callers() -> dict[str, tuple[Greeting, list[Wave]]]:
    rng = np.random.default_rng(7)
    short, middle, long = clips(0.3, 1.2), clips(1.2, 2.4), clips(5.0, 20.0)
    people, hesitant = [], []
    for i in range(CALLERS):
        hello, begin = short[i % len(short)], still(rng.uniform(0.2, 1.5))
        again = [still(rng.uniform(1.5, 3)), hello] if i % 2 else []
        people.append(np.concatenate([begin, hello, *again, still(4)]))
        pause = still(rng.uniform(0.9, 1.1))
        hesitant.append(np.concatenate([begin, hello, pause, long[i % len(long)], still(4)]))
    business = [np.concatenate([still(0.5), clip, still(4)]) for clip in middle[:CALLERS]]
    machines = [np.concatenate([still(0.8), clip, still(4)]) for clip in long[:CALLERS]]
    return {
        "person": (Greeting.PERSON, people),
        "business": (Greeting.PERSON, business),
        "machine": (Greeting.MACHINE, machines),
        "hesitant_machine": (Greeting.MACHINE, hesitant),
        "nobody": (Greeting.NOBODY, [still(6)] * 50),
    }


def _judged(said: Samples) -> tuple[Greeting, float]:
    detector = VoiceDetector()
    for end in range(FRAME, len(said) + 1, FRAME):
        detector.feed(said[end - FRAME : end])
        if detector.greeting is not Greeting.UNKNOWN:
            return detector.greeting, end / 8000
    return Greeting.UNKNOWN, len(said) / 8000


def _greetings() -> Iterator[Figure]:
    for name, (truth, callers) in _callers().items():
        judged = [
            _judged(line(said, LEVELS[i % 4], 25 if i % 3 else 12, i))
            for i, said in enumerate(callers)
        ]
        right = [at for greeting, at in judged if greeting is truth]
        yield Figure(f"greeting_{name}_pct", 100 * len(right) / len(judged), "percent")
        yield Figure(f"greeting_{name}_s", float(np.median(right or [0])), "s")


def measure() -> Iterator[Figure]:
    """Measure all."""
    yield from _decisions()
    yield from _false()
    yield from _trimming()
    yield from _greetings()
