# SPDX-License-Identifier: MIT
"""Analog cards behind DAHDI as a board that speaks QHI (native/include/aw/dahdi.h).

    gateway = DahdiGateway([1, 2, 3, 4], link)    # the other end of ``link`` is its host's
    gateway.start()                               # a thread serves until host or card are gone

Samples stay in C.  ``SimulatedDahdi`` is a card and kernel to try it on (dahdi_sim.h), and turns
the gateway by hand.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dsp.errors import EngineError
from dsp.native import check, ffi, lib

__all__ = [
    "MOST_CHANNELS",
    "DahdiCounts",
    "DahdiError",
    "DahdiFault",
    "DahdiGateway",
    "DahdiStep",
    "SimulatedDahdi",
]

MOST_CHANNELS: Final = 32
"""Of one board; a PBX may have many boards."""
Samples = npt.NDArray[np.int16]


class DahdiStep(enum.IntEnum):
    """What was being done when it could not be done."""

    OPENING = lib.AW_DAHDI_OPENING
    CHOOSING = lib.AW_DAHDI_CHOOSING
    ASKING = lib.AW_DAHDI_ASKING
    SIGNALLING = lib.AW_DAHDI_SIGNALLING
    ZONE = lib.AW_DAHDI_ZONE
    BUFFERS = lib.AW_DAHDI_BUFFERS
    LINEAR = lib.AW_DAHDI_LINEAR


class DahdiError(EngineError):
    """A channel could not be opened."""

    def __init__(self, step: DahdiStep, channel: int, error: int, signalling: int) -> None:
        super().__init__(f"channel {channel}: {step.name.lower()} failed with {error}")
        self.step = step
        self.channel = channel
        self.error = error
        "As errno has it."
        self.signalling = signalling
        "SIGNALLING: what the channel has, as the kernel numbers it."


class DahdiFault(enum.IntEnum):
    """What a simulated card can be made to suffer."""

    REMOVED = lib.AW_DAHDI_SIM_REMOVED
    ALARM = lib.AW_DAHDI_SIM_ALARM
    POLARITY = lib.AW_DAHDI_SIM_POLARITY
    NO_DEVICE = lib.AW_DAHDI_SIM_NO_DEVICE
    NO_ZONES = lib.AW_DAHDI_SIM_NO_ZONES
    LEAST_BLOCK = lib.AW_DAHDI_SIM_LEAST_BLOCK
    SIGNALLING = lib.AW_DAHDI_SIM_SIGNALLING


@dataclass(frozen=True, slots=True)
class DahdiCounts:
    """What a gateway has counted since it was made."""

    frames: int
    events: int
    overruns: int
    "Reported by the kernel for lines in use: we fetched too late."
    underruns: int
    "The same: we gave too late."
    dropped: int
    "Frames for a channel whose buffers were full."
    gaps: int
    "Frames in which a channel that lags behind the others was silent."
    removed: int
    "The channel that was taken away; 0: none."
    ended: bool


class SimulatedDahdi:
    """A simulated card behind a simulated kernel: channels 1 to n."""

    def __init__(self, telephones: Sequence[bool]) -> None:
        """Make a card; True is a port for a telephone, False one for an office's line."""
        kinds = [lib.AW_BOARD_FXS if each else lib.AW_BOARD_FXO for each in telephones]
        made = ffi.new("aw_dahdi_sim **")
        check(lib.aw_dahdi_sim_new(made, bytes(kinds), len(kinds)), f"{len(kinds)} channels")
        self.handle: Final = ffi.gc(made[0], lib.aw_dahdi_sim_free)
        self.ports: Final = len(kinds)

    def play(self, sent: Samples) -> None:
        """Begin 5 ms: fill in what each line is given."""
        lib.aw_dahdi_sim_play(self.handle, ffi.cast("int16_t *", ffi.from_buffer(sent)))

    def capture(self, senses: Any, received: Samples) -> None:
        """End them: with what the terminals show (``aw_board_senses``) and the lines brought."""
        samples = ffi.cast("int16_t *", ffi.from_buffer(received))
        lib.aw_dahdi_sim_capture(self.handle, senses, samples)

    def drives(self, port: int) -> int:
        """Return how the card feeds a telephone (``aw_feed``), or whether it closes a loop."""
        driven: int = lib.aw_dahdi_sim_drives(self.handle, port)
        return driven

    @property
    def opened(self) -> int:
        """How many channels are open."""
        count: int = lib.aw_dahdi_sim_opened(self.handle)
        return count

    def suffers(self, fault: DahdiFault, value: int = 1, port: int = 0) -> None:
        """Let something happen to the card, or to a port of it; value 0 heals."""
        lib.aw_dahdi_sim_suffer(self.handle, port, int(fault), value)


class DahdiGateway:
    """Some channels as one board."""

    def __init__(
        self, channels: Sequence[int], link: int, simulated: SimulatedDahdi | None = None
    ) -> None:
        """Open the channels of this machine or of a simulated card; owns ``link`` from then on.

        Raises:
            DahdiError: a channel could not be opened.
            EngineError: there are no channels, or too many, or there is no memory.
        """
        made = ffi.new("aw_dahdi **")
        fault = ffi.new("aw_dahdi_fault *")
        ops = lib.aw_dahdi_sim_ops() if simulated else lib.aw_dahdi_system()
        os = simulated.handle if simulated else ffi.NULL
        numbers = ffi.new("uint32_t[]", list(channels))
        status = lib.aw_dahdi_new(made, numbers, len(channels), link, ops, os, fault)
        if fault.step:
            raise DahdiError(DahdiStep(fault.step), fault.channel, fault.error, fault.signalling)
        check(status, f"{len(channels)} DAHDI channels")
        self._simulated = simulated  # must outlive the gateway
        self._gateway = made[0]

    def start(self) -> None:
        """Begin a thread that serves until the host or the card is gone.

        Raises:
            EngineError: it has one, or the system refuses one.
        """
        check(lib.aw_dahdi_start(self._gateway), "a thread for DAHDI")

    def turn(self) -> bool:
        """Do what is to be done now; False: host or card are gone."""
        return bool(lib.aw_dahdi_turn(self._gateway, 0))

    def close(self) -> None:
        """Put the lines to rest, close all, end the thread.  Nothing else may follow."""
        lib.aw_dahdi_free(self._gateway)
        self._gateway = ffi.NULL

    def counts(self) -> DahdiCounts:
        """Return what has been counted."""
        view = ffi.new("aw_dahdi_view *")
        lib.aw_dahdi_look(self._gateway, view)
        return DahdiCounts(
            view.frames,
            view.events,
            view.overruns,
            view.underruns,
            view.dropped,
            view.gaps,
            view.removed,
            bool(view.ended),
        )

    def look(self) -> Any:
        """Return the ``aw_board_view`` of its board; not while a thread serves it."""
        view = ffi.new("aw_board_view *")
        lib.aw_dahdi_look_at_board(self._gateway, view)
        return view
