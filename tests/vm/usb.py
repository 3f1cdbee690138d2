# SPDX-License-Identifier: MIT
"""A bus without a wire: the kernel's dummy controller has a host at one end, a device at the other.

The device is the reference firmware behind FunctionFS; the host is libusb, pyusb and our driver.
udev's daemon is there too, for libusb learns from it what is plugged in.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.vm.guest import Guest
from tests.vm.initramfs import Archive, add_libraries
from tests.vm.kernel import ROOT, Kernel, unpack

__all__ = ["USB"]

_MODULES: Final = ("dummy_hcd", "usb_f_fs")
_HOST: Final = ("udev", "libkmod2", "libudev1", "libusb-1.0-0")
_FIRMWARE: Final = ROOT / "build" / "firmware" / "altiware-firmware"
_COMMAND_LINE: Final = (
    *("typer", "annotated_doc", "shellingham"),
    *("pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"),
)
_SOUND: Final = ("soundfile", "_soundfile", "_soundfile_data")


def modules(kernel: Kernel) -> Sequence[tuple[Path, str]]:
    """Return what Debian has built."""
    return [(kernel.module(name), "") for name in _MODULES]


def furnish(archive: Archive) -> None:
    """Add the firmware, libusb and udev's daemon."""
    subprocess.run(["make", "-s", "-C", ROOT / "boards_sim" / "firmware"], check=True)
    archive.add_path(_FIRMWARE, "/bin/altiware-firmware")
    root = unpack("usb", _HOST)
    daemon = root / "bin" / "udevadm"
    libraries = [path for path in root.rglob("*.so.*") if not path.is_symlink()]
    for path in (daemon, *libraries):  # their links are ldconfig's
        archive.add_path(path, f"/{path.relative_to(root)}")
    add_libraries(archive, (daemon, *libraries))
    archive.add_link("/bin/systemd-udevd", "udevadm")
    archive.add_path(Path("/sbin/ldconfig"))
    archive.add_folder("/etc")


USB: Final = Guest(
    "usb",
    "amd64",
    modules,
    "tests.vm.guests.usb_board",
    packages=("usb", *_COMMAND_LINE, *_SOUND),
    furnish=furnish,
)
