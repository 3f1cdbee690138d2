# SPDX-License-Identifier: MIT
"""What is done to what a port says before others hear it: the part of ``dsp.engine.Engine``.

Direct current out, speech to one level, no peak over a ceiling, in this order, behind the echo
canceller, the port's gain and its detectors, which judge the line as it is.  The blocks are those
of ``dsp.agc``.
"""

from dataclasses import dataclass
from typing import Any

from dsp.engine_part import EnginePart
from dsp.errors import EngineArgumentError
from dsp.native import lib

__all__ = ["Cleaning", "Cleanings"]


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is wanted of a port."""

    dc: bool = True
    "A high-pass of 20 Hz."
    speech_dbm0: float | None = -18.0
    "The level that speech is brought to, -40 to 0; None: no automatic gain."
    most_db: float = 12.0
    "Largest automatic gain and largest loss, 0 to 30."
    ceiling_dbm0: float | None = 0.0
    "No peak over that of such a sine, -40 to 3.14, and 2 ms later; None: no limiter."

    def __post_init__(self) -> None:
        """Refuse what the engine would.

        Raises:
            EngineArgumentError: a value is out of its range.
        """
        for name, value, least, most in (
            ("speech_dbm0", self.speech_dbm0, -40.0, 0.0),
            ("most_db", self.most_db, 0.0, 30.0),
            ("ceiling_dbm0", self.ceiling_dbm0, -40.0, 3.14),
        ):
            if value is not None and not least <= value <= most:
                raise EngineArgumentError(f"{name} {value}: allowed are {least:g} to {most:g}")

    @property
    def wants(self) -> int:
        """What the engine calls it."""
        agc = lib.AW_CLEAN_AGC if self.speech_dbm0 is not None else 0
        limiter = lib.AW_CLEAN_LIMITER if self.ceiling_dbm0 is not None else 0
        return int((lib.AW_CLEAN_DC if self.dc else 0) | agc | limiter)


class Cleanings(EnginePart):
    """What an engine does to what ports say."""

    def clean(self, port: int, cleaning: Cleaning | None) -> None:
        """Clean what a port says before it is heard; None: leave it as it is.

        What was wanted alike before goes on undisturbed.  A port that nobody hears is not worked
        on, and begins anew when it is heard again.  Counted as refused, and without effect: a
        conference.
        """
        wish = cleaning or Cleaning(dc=False, speech_dbm0=None, ceiling_dbm0=None)
        self._known(port).clean(
            port, wish.wants, wish.speech_dbm0 or 0.0, wish.most_db, wish.ceiling_dbm0 or 0.0
        )

    def cleaning(self, port: int) -> Cleaning | None:
        """Return how a port is cleaned."""
        c = self._entry(port).clean
        return _cleaning_of(c) if c.wants else None

    def automatic_gain_db(self, port: int) -> float:
        """Return the automatic gain of a port, as it was within the last 200 ms; 0 without one."""
        return float(self._entry(port).clean.gain_db)


def _cleaning_of(c: Any) -> Cleaning:
    return Cleaning(
        dc=bool(c.wants & lib.AW_CLEAN_DC),
        speech_dbm0=_thousandth(c.target_dbm0) if c.wants & lib.AW_CLEAN_AGC else None,
        most_db=_thousandth(c.most_db),
        ceiling_dbm0=_thousandth(c.ceiling_dbm0) if c.wants & lib.AW_CLEAN_LIMITER else None,
    )


def _thousandth(value: float) -> float:
    """Undo what single precision adds: nobody asks for less than a thousandth of a decibel."""
    return round(value, 3)
