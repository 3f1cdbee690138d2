# SPDX-License-Identifier: MIT
"""What a test has measured, with the limits that it is held against."""

from dataclasses import asdict, dataclass
from typing import Final

__all__ = ["BOARD_WIDE", "Reading"]

BOARD_WIDE: Final = -1
"""The port of what concerns the whole board."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one port."""

    test: str
    "loopback, prbs, response, noise, crosstalk, selftest."
    port: int
    what: str
    "As: 300 Hz."
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    detail: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it is within the limits."""
        return self.margin >= 0

    @property
    def margin(self) -> float:
        """How far it is inside of the nearer limit; negative: outside."""
        below = self.value - self.low if self.low is not None else float("inf")
        above = self.high - self.value if self.high is not None else float("inf")
        return min(below, above)

    @property
    def limits(self) -> str:
        """The limits in words."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}" if self.low != self.high else f"{self.low:g}"
        if self.low is not None:
            return f"at least {self.low:g}"
        return f"at most {self.high:g}" if self.high is not None else ""

    @property
    def shown(self) -> str:
        """The value with its unit."""
        number = f"{self.value:.0f}" if float(self.value).is_integer() else f"{self.value:.4g}"
        return f"{number} {self.unit}".rstrip()

    @property
    def sentence(self) -> str:
        """Where, what, how much, against what."""
        where = "" if self.port == BOARD_WIDE else f"port {self.port} "
        said = f"{where}{self.test} {self.what}: {self.shown}, allowed {self.limits} {self.unit}"
        return f"{said.rstrip()}; {self.detail}" if self.detail else said.rstrip()

    def document(self) -> dict[str, object]:
        """Return it for JSON."""
        return {**asdict(self), "value": round(self.value, 6), "good": self.is_good}
