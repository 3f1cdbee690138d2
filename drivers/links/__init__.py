# SPDX-License-Identifier: MIT
"""Ways of reaching a board: serial port, TCP, in process."""

from drivers.links.in_process import InProcessLink
from drivers.links.link import Link
from drivers.links.serial_port import SerialLink
from drivers.links.tcp import TcpLink

__all__ = ["InProcessLink", "Link", "SerialLink", "TcpLink"]
