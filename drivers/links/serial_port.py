# SPDX-License-Identifier: MIT
"""A board on a serial port: pyserial finds, opens and configures it, the engine reads it.

Raw bytes, 8N1, no flow control, held exclusively.  It doesn't look for boards by itself.
"""

import os
import termios
from dataclasses import dataclass
from typing import Final

import serial

from drivers.errors import NotAvailableError

__all__ = ["DEFAULT_BAUD", "SerialLink"]

DEFAULT_BAUD: Final = 3_000_000
"""Room for 12 ports of 16-bit samples (1.97 Mbaud); USB serial ports don't care."""


@dataclass(frozen=True, slots=True)
class SerialLink:
    """A serial port by its device file."""

    device: str
    baud: int = DEFAULT_BAUD

    def open(self) -> int:
        """Open and configure the port; return a descriptor of its own.

        Raises:
            NotAvailableError: there is no such port, it is held by others or not for us.
        """
        try:
            with serial.Serial(self.device, self.baud, timeout=0, exclusive=True) as port:
                port.reset_input_buffer()
                descriptor = os.dup(port.fileno())
        except (serial.SerialException, OSError, ValueError, termios.error) as error:
            raise NotAvailableError(f"serial port {self.device}: {error}") from error
        return descriptor
