# SPDX-License-Identifier: MIT
"""The arena from the controlling side: commands in, events out, tables to read.

Layouts and meanings are those of native/include/aw/arena.h.  Nothing here calls the engine:
everything goes through the shared memory and the two bells.
"""

import itertools
from collections import deque
from collections.abc import Callable
from typing import Any

from dsp.errors import EngineArgumentError, EngineFullError
from dsp.native import check, ffi, lib

__all__ = ["Arena", "Handles", "count_of", "seconds"]


def seconds(samples: int) -> float:
    """Convert the engine's clock."""
    return samples / int(lib.AW_SAMPLE_RATE)


def count_of(entry: Any, name: str) -> int:
    """Read a 64-bit count of a struct in the arena, whole whatever its writer is doing."""
    return int(lib.aw_arena_count(ffi.addressof(entry, name)))


class Handles:
    """Allots the handles of one table: index | generation << 16, generation never 0.

    Indices come back into use in the order in which they were given back, so that a stale
    handle stays recognisable for as long as possible.
    """

    def __init__(self, count: int, what: str) -> None:
        self.count = count
        self._what = what
        self._free = deque(range(count))
        self._handle = [0] * count
        self._generation = [0] * count

    @property
    def free(self) -> int:
        """How many can still be taken."""
        return len(self._free)

    def take(self) -> int:
        """Return a new handle.

        Raises:
            EngineFullError: all are in use.
        """
        if not self._free:
            raise EngineFullError(f"all {self.count} {self._what}s are in use")
        index = self._free.popleft()
        self._generation[index] = self._generation[index] % 0xFFFF + 1
        self._handle[index] = index | self._generation[index] << 16
        return self._handle[index]

    def give_back(self, handle: int) -> None:
        """Free a handle; one that is not in use is ignored."""
        if self.in_use(handle):
            index = self.index(handle)
            self._handle[index] = 0
            self._free.append(index)

    def restore(self, entries: Any) -> None:
        """Take over from the engine's table what a predecessor had in use."""
        self._generation = [int(entries[i].generation) for i in range(self.count)]
        self._handle = [int(entries[i].handle) for i in range(self.count)]
        self._free = deque(i for i in range(self.count) if not self._handle[i])

    def outlive(self, dead: "Handles") -> None:
        """Go on from the handles of a table that is gone, so that each of them is stale here."""
        self._generation[: dead.count] = dead._generation[: self.count]

    def taken(self) -> list[int]:
        """Return the handles that are in use."""
        return [handle for handle in self._handle if handle]

    def in_use(self, handle: int) -> bool:
        """Whether the handle was taken and not given back."""
        return self._handle[self.index(handle)] == handle

    def index(self, handle: int) -> int:
        """Return the place in the table.

        Raises:
            EngineArgumentError: no handle of this table ever looked like that.
        """
        index = handle & 0xFFFF
        if not 0 < handle >> 16 <= 0xFFFF or index >= self.count:
            raise EngineArgumentError(f"{handle!r} is not the handle of a {self._what}")
        return index


class Arena:
    """One engine's shared memory.

    ``ports`` and ``links`` are its tables, ``memory`` its header.  ``relieve`` makes the engine
    take commands, where that is ours to do.
    """

    def __init__(
        self, memory: Any, command_bell: int, relieve: Callable[[], None] | None = None
    ) -> None:
        self.memory = memory
        self.ports = lib.aw_arena_ports(memory)
        self.links = lib.aw_arena_links(memory)
        self._bell = command_bell
        self._relieve = relieve
        self._commands = ffi.addressof(memory, "commands")
        self._events = ffi.addressof(memory, "events")
        self._record = ffi.new("uint64_t[]", int(lib.AW_RECORD_MAX) // 8)
        self._head = ffi.cast("aw_record *", self._record)

    def put(self, kind: int, command: Any, payload: bytes = b"") -> None:
        """Send a command and a payload behind it.

        A command begins with an ``aw_record`` that tells its size; what is left out at its end
        counts as zeros.

        Raises:
            EngineFullError: the ring is full; nothing was sent.
        """
        command.record.kind = kind
        status = lib.aw_ring_put(self.memory, self._commands, command, payload, len(payload))
        if status == lib.AW_EFULL and self._relieve is not None:
            self._relieve()
            status = lib.aw_ring_put(self.memory, self._commands, command, payload, len(payload))
        if status == lib.AW_EFULL:
            raise EngineFullError("the engine does not take commands as fast as they come")
        check(status, f"a command with a payload of {len(payload)} bytes")
        lib.aw_bell_ring(self._bell)

    def tone_names(self) -> list[str]:
        """Return the names that were noted, by their numbers."""
        names = (ffi.string(note).decode() for note in self.memory.tone)
        return list(itertools.takewhile(bool, names))

    def note_tone(self, number: int, name: str) -> None:
        """Note what a tone's number stands for.

        Raises:
            EngineArgumentError: the name is longer than there is room.
            EngineFullError: so many numbers there are not.
        """
        note = name.encode()
        if not 0 < len(note) < lib.AW_TONE_NAME:
            raise EngineArgumentError(f"tone {name!r}: a name has 1 to {lib.AW_TONE_NAME - 1}")
        if number >= lib.AW_TONES_MAX:
            raise EngineFullError(f"tone {name!r}: {number} names are noted already")
        self.memory.tone[number] = note

    def take(self) -> Any:
        """Return the next event as an ``aw_record *``, valid until the next call, or None."""
        size = lib.aw_ring_take(self.memory, self._events, self._record, lib.AW_RECORD_MAX)
        return self._head if size > 0 else None
