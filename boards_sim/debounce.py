# SPDX-License-Identifier: MIT
"""A level that is believed only after it has lasted."""

from typing import Final

__all__ = ["NEVER_MS", "Debounced"]

NEVER_MS: Final = 1 << 62


class Debounced:
    """A debounced boolean; it remembers when its last believed change really began."""

    def __init__(self, value: bool, *, on_ms: int, off_ms: int) -> None:
        self.value = value
        self.since_ms = 0
        self._hold_ms = {True: on_ms, False: off_ms}
        self._raw = value
        self._edge_ms = 0

    def see(self, raw: bool, now_ms: int) -> None:
        """Note what the level is now."""
        if raw != self._raw:
            self._raw = raw
            self._edge_ms = now_ms

    @property
    def due_ms(self) -> int:
        """When a pending change will have lasted."""
        if self._raw == self.value:
            return NEVER_MS
        return self._edge_ms + self._hold_ms[self._raw]

    def settle(self, now_ms: int) -> bool:
        """Believe a change that has lasted; tell whether there was one."""
        if now_ms < self.due_ms:
            return False
        self.value = self._raw
        self.since_ms = self._edge_ms
        return True

    def force(self, value: bool, now_ms: int) -> None:
        """Set the level without waiting."""
        self.value = self._raw = value
        self.since_ms = self._edge_ms = now_ms
