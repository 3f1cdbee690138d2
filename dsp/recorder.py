# SPDX-License-Identifier: MIT
"""The rules by which an engine's recorder begins and ends by itself (native/src/bus/record.c)."""

from dataclasses import dataclass
from typing import Final

from dsp.errors import EngineArgumentError
from dsp.native import lib

__all__ = ["NO_RULES", "RecordingRules"]

MAX_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class RecordingRules:
    """When a recording ends, and what of it is left out; voice is judged by ``dsp.vad``.

    Music and tones count as voice: who hangs up and leaves a busy tone is for ``Detect.PROGRESS``.
    """

    silence_s: float | None = None
    "It ends when nobody has spoken for so long, 0.3 s to a day; None: never."
    most_s: float | None = None
    "It ends when it is so long, up to a day; what is left out (before any voice) does not count."
    trim_start: bool = False
    "It begins 260 ms before the first syllable; until there is one, nothing is written."
    trim_end: bool = False
    "It ends 400 ms after the last syllable; what came then is cut off when the port is closed."

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            EngineArgumentError: a time is out of its range.
        """
        for name, value, least in (
            ("silence_s", self.silence_s, 0.3),
            ("most_s", self.most_s, 0.005),
        ):
            if value is not None and not least <= value <= MAX_S:
                raise EngineArgumentError(f"{name} {value}: allowed are {least:g} to {MAX_S:g}")

    @property
    def silence_ms(self) -> int:
        """As the engine is told; 0: never."""
        return 0 if self.silence_s is None else round(self.silence_s * 1000)

    @property
    def most_samples(self) -> int:
        """As the engine is told; 0: any number."""
        return 0 if self.most_s is None else round(self.most_s * int(lib.AW_SAMPLE_RATE))

    @property
    def trim(self) -> int:
        """As the engine is told."""
        leading = lib.AW_TRIM_LEADING if self.trim_start else 0
        return int(leading | (lib.AW_TRIM_TRAILING if self.trim_end else 0))


NO_RULES: Final = RecordingRules()
