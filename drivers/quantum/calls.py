# SPDX-License-Identifier: MIT
"""What the PBX orders of a Quantum board, for calls: each order is one request (orders.py)."""

import abc

from drivers.base import Board, Linefeed, PortInfo, RingCadence, Ticket
from drivers.qhi.messages import Request
from drivers.quantum import orders

__all__ = ["CallBoard"]


class CallBoard(Board):
    """The orders of a Quantum board that calls need."""

    @abc.abstractmethod
    def _order(self, request: Request) -> Ticket:
        """Make a request."""

    @abc.abstractmethod
    def _port(self, port: int) -> PortInfo:
        """Return a port of a board that is up."""

    def ring(self, port: int, cadence: RingCadence) -> Ticket:
        """Ring a telephone until stopped or answered."""
        return self._order(orders.ring(self._port(port), cadence))

    def stop_ringing(self, port: int) -> Ticket:
        """Stop ringing a telephone."""
        return self._order(orders.stop_ringing(self._port(port)))

    def feed(self, port: int, linefeed: Linefeed) -> Ticket:
        """Set how an FXS port feeds its line."""
        return self._order(orders.feed(self._port(port), linefeed))

    def open_loop(self, port: int, duration_ms: int) -> Ticket:
        """Open an FXS port's loop for a moment."""
        return self._order(orders.open_loop(self._port(port), duration_ms))

    def seize(self, port: int) -> Ticket:
        """Close an FXO port's loop."""
        return self._order(orders.hook(self._port(port), off_hook=True))

    def release(self, port: int) -> Ticket:
        """Open an FXO port's loop."""
        return self._order(orders.hook(self._port(port), off_hook=False))

    def flash(self, port: int, duration_ms: int) -> Ticket:
        """Flash the office."""
        return self._order(orders.flash(self._port(port), duration_ms))

    def pulse(self, port: int, digits: str) -> Ticket:
        """Send dial pulses."""
        return self._order(orders.pulse(self._port(port), digits))

    def identify(self) -> Ticket:
        """Blink the board's lamp."""
        return self._order(orders.identify())
