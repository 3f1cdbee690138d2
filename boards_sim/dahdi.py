# SPDX-License-Identifier: MIT
"""A simulated analog card behind a simulated DAHDI kernel, on a stage's lines.

    stage = Stage(("Q12",), firmware=DahdiCard)
    link = dahdi_link(stage)                  # what drivers.dahdi opens
    board = linked_board("dahdi://1-12", link)

The gateway that is proved on it is the one that serves real cards; only the kernel is simulated
(native/include/aw/dahdi_sim.h), and the card: comparators and switches on the stage's loops.
The stage's own links and their faults have no part in it.
"""

from collections.abc import Sequence
from typing import Final

from boards_sim.firmware.hardware import Hardware
from boards_sim.identity import Identity
from boards_sim.loop import Loop
from boards_sim.profiles import Profile
from boards_sim.stage import Stage
from drivers.base import Linefeed, PortKind
from drivers.dahdi.link import DahdiLink
from drivers.qhi.numbers import BootReason
from dsp.dahdi import DahdiGateway, SimulatedDahdi
from dsp.line import Lines
from dsp.native import ffi

__all__ = ["DahdiCard", "DahdiPort", "dahdi_card", "dahdi_link"]


class DahdiPort:
    """One port, for whoever looks on."""

    def __init__(self, card: "DahdiCard", number: int) -> None:
        self.number = number
        self._card = card

    @property
    def off_hook(self) -> bool:
        """The hook as last reported; FXO: whether the loop is closed."""
        gateway = self._card.gateway
        return gateway is not None and bool(gateway.look().off_hook >> self.number & 1)


class DahdiCard:
    """The card, its kernel, and whatever gateway is open on it (implements interface.Firmware)."""

    def __init__(self, profile: Profile, loops: Sequence[Loop], lines: Lines, serial: str) -> None:
        self.identity = Identity(profile, serial, 0)
        self.kernel: Final = SimulatedDahdi([kind is PortKind.FXS for kind in profile.ports])
        self.link: Final = DahdiLink(range(1, len(profile.ports) + 1), self.kernel)
        self.ports: Final = tuple(DahdiPort(self, n) for n in range(len(loops)))
        self._kinds = profile.ports
        self._hardware = Hardware(profile.ports, loops, lines)
        self._driven = [-1] * len(loops)
        self._senses = ffi.new("aw_board_senses *")
        self._lines = lines

    @property
    def gateway(self) -> DahdiGateway | None:
        """What serves the channels."""
        return self.link.gateway

    # Time

    def play(self) -> None:
        """Begin a frame: let the gateway take what its host has sent, give the lines theirs."""
        self._turn()
        self._throw_switches()
        self.kernel.play(self._lines.sent)

    def capture(self) -> None:
        """End a frame: the kernel has 5 ms more, for the gateway to fetch."""
        self._hardware.sense(self._senses)
        self.kernel.capture(self._senses, self._lines.received)
        self._turn()

    def _turn(self) -> None:
        if self.gateway is not None:
            self.gateway.turn()

    def _throw_switches(self) -> None:
        for port, kind in enumerate(self._kinds):
            driven = self.kernel.drives(port)
            if driven == self._driven[port]:
                continue
            self._driven[port] = driven
            circuit = self._hardware.circuits[port]
            if kind is PortKind.FXS:
                circuit.feed(Linefeed(driven))
            else:
                circuit.hook(closed=bool(driven))

    # For whoever looks on

    @property
    def stream(self) -> object | None:
        """What is streamed; None: no samples flow."""
        view = self.gateway and self.gateway.look()
        return view if view and view.streaming else None

    @property
    def in_session(self) -> bool:
        """Whether a host is there."""
        return self.gateway is not None and bool(self.gateway.look().session)

    @property
    def awaits_answer(self) -> bool:
        """Whether the host still owes the answer to the newest PCM frame."""
        return self.gateway is not None and bool(self.gateway.look().owed)

    # A link of the stage: there is none

    def link_opened(self) -> None:
        """Nobody does."""

    def link_closed(self) -> None:
        """Nobody does."""

    def receive(self, data: bytes) -> None:
        """Nothing comes this way."""

    def take_output(self) -> bytes:
        """Nothing goes this way."""
        return b""

    def reboot(self, reason: BootReason) -> None:
        """Do nothing: a kernel doesn't restart by itself."""


def dahdi_card(stage: Stage, board: int = 0) -> DahdiCard:
    """Return the card of a stage that was made with ``firmware=DahdiCard``."""
    firmware = stage.boards[board].firmware
    assert isinstance(firmware, DahdiCard)
    return firmware


def dahdi_link(stage: Stage, board: int = 0) -> DahdiLink:
    """Return the way to its channels."""
    return dahdi_card(stage, board).link
