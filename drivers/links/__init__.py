# SPDX-License-Identifier: MIT
"""Ways of reaching a board: serial port, TCP, in process."""
