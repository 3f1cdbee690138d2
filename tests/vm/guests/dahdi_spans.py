# SPDX-License-Identifier: MIT
"""Two local spans of four channels, connected to each other, as dahdi_cfg would set them up.

Channels 1 to 4 are ports for telephones (FXO signalling), 5 to 8 are ports for office lines: what
lifts 5 is the telephone of 1, what rings 1 is the office of 5.
"""

import fcntl
import os
import struct
from typing import Final

__all__ = ["set_up_spans"]

DYNAMIC_CREATE: Final = 0xC048DA50
SPANCONFIG: Final = 0x4024DA12
CHANCONFIG: Final = 0x404CDA13
STARTUP: Final = 0x4004DA63
FXOKS: Final = 0x1020
FXSKS: Final = 0x2004
CHANNELS: Final = 4


def set_up_spans() -> None:
    """Make the spans, give each channel its signalling, start them."""
    control = os.open("/dev/dahdi/ctl", os.O_RDWR)
    for side in range(2):
        made = struct.pack("20s40siii", b"loc", b"1:%d" % side, CHANNELS, 0, 0)
        fcntl.ioctl(control, DYNAMIC_CREATE, made)
    for span in (1, 2):
        fcntl.ioctl(control, SPANCONFIG, struct.pack("i20siii", span, b"", 0, 0, 0))
    for channel in range(1, 2 * CHANNELS + 1):
        signalling = FXOKS if channel <= CHANNELS else FXSKS
        config = struct.pack("i40siiii16s", channel, b"", signalling, 0, channel, 0, b"")
        fcntl.ioctl(control, CHANCONFIG, config)
    for span in (1, 2):
        fcntl.ioctl(control, STARTUP, struct.pack("i", span))
    os.close(control)
