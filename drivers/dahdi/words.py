# SPDX-License-Identifier: MIT
"""Why a channel can't be opened, and what to do, in words; docs/topics/dahdi.md says more."""

import errno
import os
from pathlib import Path
from typing import Final

from dsp.dahdi import DahdiError, DahdiStep

__all__ = ["why"]

_DEVICES: Final = Path("/sys/bus/dahdi_devices/devices")
_SPANS: Final = Path("/sys/bus/dahdi_spans/devices")
_NO_DEVICE: Final = (
    "/dev/dahdi/channel isn't there: load the card's module (modprobe wctdm, wcaxx, xpp_usb ...); "
    "with Secure Boot it must be signed"
)
_DENIED: Final = "not permitted: this user must be in the group of /dev/dahdi (dahdi or dialout)"
_UNASSIGNED: Final = (
    "a card is there, but its spans aren't assigned: load dahdi with auto_assign_spans=1, or run "
    "dahdi_span_assignments auto"
)
_UNKNOWN: Final = "there is no such channel: see cat /proc/dahdi/*"
_BUSY: Final = "another program has it open (asterisk?)"
_SIGNALLING: Final = {
    0: "it isn't configured: run dahdi_cfg with fxoks= (telephones) or fxsks= (office lines)",
}
_OTHER: Final = "it is no analog line: signalling fxoks is for telephones, fxsks for office lines"
_ZONE: Final = "no tone zone can be loaded, and without one the kernel doesn't ring: run dahdi_cfg"


def why(error: DahdiError, devices: Path = _DEVICES, spans: Path = _SPANS) -> str:
    """Return a sentence for a technician; what stands in sysfs helps to find it."""
    return f"channel {error.channel}: {_cause(error, devices, spans)}"


def _cause(error: DahdiError, devices: Path, spans: Path) -> str:
    if error.step is DahdiStep.SIGNALLING:
        return _SIGNALLING.get(error.signalling, _OTHER)
    if error.step is DahdiStep.ZONE:
        return f"{_ZONE} ({os.strerror(error.error)})"
    if error.error in {errno.EACCES, errno.EPERM}:
        return _DENIED
    if error.step is DahdiStep.OPENING and error.error in {errno.ENOENT, errno.ENODEV}:
        return _NO_DEVICE
    if error.error == errno.EBUSY:
        return _BUSY
    if error.step is DahdiStep.CHOOSING or error.error == errno.ENXIO:
        return _UNASSIGNED if _has_some(devices) and not _has_some(spans) else _UNKNOWN
    return f"{error.step.name.lower()} failed: {os.strerror(error.error)}"


def _has_some(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
