# SPDX-License-Identifier: MIT
"""One box on the disk: ``NAME.wav`` (left what the line said, right what it heard), ``NAME.json``.

``open_box(path)`` takes either name; a WAV alone is a box without facts.  Times in a box are
seconds from the beginning of its sound, good to a tick or two of 5 ms.
"""

import json
import wave
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from altiware.errors import UnavailableError, UsageError
from dsp.pcm import Samples

__all__ = [
    "BLACKBOX_NAME",
    "Box",
    "Decoded",
    "Facts",
    "Moment",
    "Reading",
    "boxes_in",
    "open_box",
    "read_facts",
    "write_facts",
]

VERSION: Final = 1
BLACKBOX_NAME: Final = "blackbox"
"""Of the directory of boxes in the data directory."""
RATE: Final = 8000


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the call's trace."""

    at: float
    source: str
    target: str
    what: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The line's volts and current, where its port can measure them."""

    at: float
    volts: float | None
    "Tip against ring."
    milliamps: float | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """Something that was recognised in the sound."""

    at: float
    until: float
    "The same as ``at`` where it has no length."
    side: str
    "``said`` by the line, or ``heard`` by it."
    kind: str
    "``digit``, ``tone``, ``caller``, ``special``."
    what: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a box beside its sound."""

    reason: str = ""
    "Why it was saved; empty: it was asked for."
    call: str = ""
    party: str = ""
    port: str = ""
    began: str = ""
    "When its sound begins, by the wall clock (ISO 8601)."
    seconds: float = 0.0
    country: str = "us"
    "Whose tones are looked for."
    moments: tuple[Moment, ...] = ()
    readings: tuple[Reading, ...] = ()
    decoded: tuple[Decoded, ...] = ()
    said_dbm0: float | None = None
    heard_dbm0: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A box that was opened."""

    path: Path
    "Of its sound."
    facts: Facts
    said: Samples
    "What came from the line."
    heard: Samples
    "What went to it."


def write_facts(path: Path, facts: Facts) -> None:
    """Write the facts beside a box's sound, whole or not at all."""
    part = path.with_suffix(".json.part")
    part.write_text(json.dumps({"version": VERSION, **asdict(facts)}, indent=1), "utf-8")
    part.replace(path.with_suffix(".json"))


def read_facts(path: Path) -> Facts:
    """Read the facts of a box; none where there is no file of them.

    Raises:
        UnavailableError: there is one and it can't be read.
    """
    file = path.with_suffix(".json")
    try:
        document = json.loads(file.read_text("utf-8"))
        return _facts(document)
    except FileNotFoundError:
        return Facts()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnavailableError(f"{file}: no facts of a black box: {error}") from error


def _facts(document: dict[str, Any]) -> Facts:
    if document.pop("version") != VERSION:
        raise ValueError("of another version")
    moments = [
        Moment(**{**each, "fields": tuple((name, text) for name, text in each["fields"])})
        for each in document.pop("moments")
    ]
    readings = [Reading(**each) for each in document.pop("readings")]
    decoded = [Decoded(**each) for each in document.pop("decoded")]
    return Facts(
        **document, moments=tuple(moments), readings=tuple(readings), decoded=tuple(decoded)
    )


def open_box(path: Path) -> Box:
    """Open a box by the name of either file.

    Raises:
        UsageError: it is no 16-bit WAV of 8 kHz in stereo.
        UnavailableError: it can't be read.
    """
    sound = path.with_suffix(".wav")
    try:
        with wave.open(str(sound), "rb") as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            raw = file.readframes(file.getnframes())
    except (OSError, EOFError) as error:
        raise UnavailableError(f"{sound}: {error}") from error
    except wave.Error as error:
        raise UsageError(
            f"{sound}: {error}: a WAV of 16 bits, 8000 Hz, stereo is needed"
        ) from error
    if form != (2, 2, RATE):
        raise UsageError(
            f"{sound}: {form[0]} channels, {8 * form[1]} bits, {form[2]} Hz: "
            f"a WAV of 2 channels, 16 bits, {RATE} Hz is needed"
        )
    raw = raw[: len(raw) // 4 * 4]  # one that was cut off: whole frames only
    both = np.frombuffer(raw, dtype="<i2").astype(np.int16).reshape(-1, 2)
    said, heard = (np.ascontiguousarray(both[:, side]) for side in (0, 1))
    return Box(sound, read_facts(sound), said, heard)


def boxes_in(directory: Path) -> list[Path]:
    """Return the sounds of all boxes in a directory, the oldest first: their names begin so."""
    return sorted(directory.glob("*.wav"))
