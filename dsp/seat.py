# SPDX-License-Identifier: MIT
"""Where an engine lives, seen from the controlling side: here, in this very process.

``dsp.attach.Attachment`` is the same for an engine that is a process of its own.
"""

from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from dsp.errors import EngineArgumentError
from dsp.native import check, ffi, lib

__all__ = ["MAX_THREADS", "EngineOptions", "Local", "Seat"]

MAX_THREADS: Final = int(lib.AW_THREADS_MAX)
_RANGES: Final = {
    "timeslots": (1, lib.AW_PORTS_MAX),
    "threads": (1, MAX_THREADS),
    "echo_channels": (0, lib.AW_PORTS_MAX),
    "echo_tail_ms": (5, 160),
    "echo_delay_ms": (0, 250),
    "keep_ports": (0, lib.AW_PORTS_MAX),
    "keep_s": (1, 60),
}


class Seat(Protocol):
    """What ``dsp.engine.Engine`` needs of the place where its engine is."""

    threaded: bool
    memory: Any
    "Its arena, an ``aw_arena *``."
    command_bell: int
    event_bell: int

    def fileno(self) -> int:
        """Return a descriptor that is readable while there is something to be told."""
        ...

    def lend(self, descriptor: int) -> int:
        """Give a descriptor away; return the number that stands for it in an order."""
        ...

    def gone(self) -> bool:
        """Whether the engine has just been found dead; told once."""
        ...

    def apply(self) -> None:
        """Manual engine: apply orders."""
        ...

    def poll(self, timeout_s: float) -> None:
        """Manual engine: apply orders and serve links."""
        ...

    def tick(self) -> None:
        """Manual engine: make one tick."""
        ...

    def set_time(self, now_s: float) -> None:
        """Manual engine: tell the time."""
        ...

    def close(self) -> None:
        """Leave; the engine of this process ends with it."""
        ...


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine is made for; all of its memory is allotted then."""

    timeslots: int = 1024
    "1 to 4096."
    threads: int = 1
    "1 to 16, that share the work of a tick; what comes of it is the same bit for bit."
    echo_channels: int = 512
    "Ports that may have an echo canceller at one time, 0 to 4096."
    echo_tail_ms: int = 32
    "Longest tail of a canceller, 5 to 160 ms: 14 kB a channel at 32 ms, 42 kB at 128."
    echo_delay_ms: int = 0
    "Longest delay before a tail that can be searched for, 0 to 250 ms."
    keep_ports: int = 0
    "Ports whose last ``keep_s`` seconds may be kept at one time, 0 to 4096: 352 kB each at 10 s."
    keep_s: int = 10
    "1 to 60."

    def __post_init__(self) -> None:
        """Refuse what the engine would.

        Raises:
            EngineArgumentError: an option is out of its range.
        """
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise EngineArgumentError(f"{name} {value}: allowed are {least} to {most}")

    def native(self) -> Any:
        """Return it as an ``aw_engine_options *``."""
        return ffi.new("aw_engine_options *", asdict(self))


class Local:
    """An engine of this process.

    Raises:
        EngineSystemError: no memory, descriptor or thread to be had.
    """

    def __init__(self, *, threaded: bool, options: EngineOptions) -> None:
        made = ffi.new("aw_engine **")
        check(lib.aw_engine_new_with(made, options.native()), f"an engine as {options}")
        self._engine: Any = made[0]
        self.threaded = threaded
        self.memory: Any = lib.aw_engine_arena(self._engine)
        self.command_bell: int = lib.aw_engine_command_bell(self._engine)
        self.event_bell: int = lib.aw_engine_event_bell(self._engine)
        if threaded:
            try:
                check(lib.aw_engine_start(self._engine), "the engine's threads")
            except BaseException:
                self.close()
                raise

    def fileno(self) -> int:
        """Return the event bell."""
        return self.event_bell

    def lend(self, descriptor: int) -> int:
        """Leave it as it is: the engine sees the same descriptors."""
        return descriptor

    def gone(self) -> bool:
        """Return False: it would be gone with us."""
        return False

    def apply(self) -> None:
        """Apply orders, if that is ours to do."""
        if not self.threaded:
            check(lib.aw_engine_apply(self._engine), "apply")

    def poll(self, timeout_s: float) -> None:
        """Apply orders and serve links."""
        check(lib.aw_engine_poll(self._engine, round(timeout_s * 1000)), "poll (manual only)")

    def tick(self) -> None:
        """Make one tick."""
        check(lib.aw_engine_tick(self._engine), "tick (manual only)")

    def set_time(self, now_s: float) -> None:
        """Tell the time."""
        nanoseconds = round(now_s * 1e9)
        check(lib.aw_engine_set_time(self._engine, nanoseconds), "set_time (manual only)")

    def close(self) -> None:
        """Stop and free the engine; recordings are completed."""
        lib.aw_engine_free(self._engine)
