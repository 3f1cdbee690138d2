# SPDX-License-Identifier: MIT
"""The way to a board of DAHDI channels: a gateway in this process, and a socket pair to it.

Opening it again ends the gateway before, and begins afresh with the channels as they are then.
"""

import socket
from collections.abc import Sequence

from drivers.dahdi.words import why
from drivers.errors import NotAvailableError
from dsp.dahdi import DahdiError, DahdiGateway, SimulatedDahdi
from dsp.errors import EngineError

__all__ = ["DahdiLink"]


class DahdiLink:
    """Some channels of this machine, or of a simulated card that turns the gateway by hand."""

    def __init__(self, channels: Sequence[int], simulated: SimulatedDahdi | None = None) -> None:
        self.gateway: DahdiGateway | None = None
        "What serves the channels since the last ``open``."
        self._channels = tuple(channels)
        self._simulated = simulated

    def open(self) -> int:
        """Open the channels and return the engine's end of a socket to them.

        Raises:
            NotAvailableError: a channel can't be opened; the text says what to do.
        """
        self.close()
        ours, engines = socket.socketpair()
        try:
            self.gateway = DahdiGateway(self._channels, ours.fileno(), self._simulated)
            ours.detach()
            if not self._simulated:
                self.gateway.start()
        except DahdiError as error:
            raise NotAvailableError(f"{self}: {why(error)}") from error
        except EngineError as error:
            raise NotAvailableError(f"{self}: {error}") from error
        finally:
            ours.close()
            if self.gateway is None:
                engines.close()
        return engines.detach()

    def close(self) -> None:
        """End the gateway, if there is one; its lines come to rest."""
        if self.gateway is not None:
            self.gateway.close()
            self.gateway = None

    def __str__(self) -> str:
        return f"dahdi {','.join(map(str, self._channels))}"
