# SPDX-License-Identifier: MIT
"""What the parts of ``dsp.engine.Engine`` that have files of their own ask of the whole."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from dsp.orders import Orders

__all__ = ["EnginePart"]


class EnginePart(ABC):
    """Base class of an engine's parts; the engine itself has what is abstract here."""

    @abstractmethod
    def open_ports(self) -> list[int]:
        """Return the handles of all open ports."""

    @abstractmethod
    def _open_sound(self, order: Callable[[Orders, int], None]) -> int:
        """Take a port and give the order that opens it."""

    @abstractmethod
    def _open_port(self, kind: int, option: int = 0, loudest: int = 0) -> int:
        """Open a port that needs no more than its kind and an option."""

    @abstractmethod
    def _known(self, *ports: int) -> Orders:
        """Return where orders go, once all these are handles that were given out."""

    @abstractmethod
    def _entry(self, port: int) -> Any:
        """Return a port's entry in the table, or an empty one when its handle is stale."""
