# SPDX-License-Identifier: MIT
"""A board on the kernel's dummy controller: the reference firmware, and its plug.

What a maker's Linux would do at boot: a gadget in configfs, its one function FunctionFS.
"""

import json
import subprocess
from pathlib import Path
from typing import Final

__all__ = ["PRODUCT", "SERIAL", "VENDOR", "Gadget", "set_up_host", "stop_udev"]

VENDOR, PRODUCT, SERIAL = 0x1209, 0x0001, "EXAMPLE-1"
CONFIGFS: Final = Path("/sys/kernel/config")
FUNCTION: Final = Path("/dev/ffs")
GADGET: Final = CONFIGFS / "usb_gadget" / "board"
CONTROL: Final = Path("/run/udev/control")
ENGLISH: Final = "0x409"


def set_up_host() -> None:
    """Start what a machine with USB has running: udev, from which libusb learns of plugs."""
    subprocess.run(["/sbin/ldconfig"], check=True)
    subprocess.run(["/bin/systemd-udevd", "--daemon"], check=True)


def stop_udev() -> None:
    """Go on as a container does: without udev."""
    subprocess.run(["/bin/udevadm", "control", "--exit"], check=True)
    CONTROL.unlink(missing_ok=True)


class Gadget:
    """The firmware's process, not yet plugged in."""

    def __init__(self) -> None:
        _configure()
        command = ["/bin/altiware-firmware", f"--usb={FUNCTION}", "--cable", "--lockstep"]
        pipe = subprocess.PIPE
        self._firmware = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._firmware.stdout
        json.loads(self._firmware.stdout.readline())  # it is ready to be plugged in
        (self._controller,) = (path.name for path in Path("/sys/class/udc").iterdir())

    def press(self, key: str) -> None:
        """Do something to its lines: "l4" lifts or replaces telephone 4."""
        assert self._firmware.stdin
        self._firmware.stdin.write(f"{key}\n")
        self._firmware.stdin.flush()

    def plug_in(self) -> None:
        """Connect it to the bus."""
        (GADGET / "UDC").write_text(self._controller)

    def pull_out(self) -> None:
        """Disconnect it; its firmware goes on."""
        (GADGET / "UDC").write_text("\n")


def _configure() -> None:
    subprocess.run(["/bin/busybox", "mount", "-t", "configfs", "none", str(CONFIGFS)], check=True)
    names, function = GADGET / "strings" / ENGLISH, GADGET / "functions" / "ffs.board"
    configuration = GADGET / "configs" / "c.1"
    for folder in (names, function, configuration):
        folder.mkdir(parents=True)
    (GADGET / "idVendor").write_text(f"{VENDOR:#06x}")
    (GADGET / "idProduct").write_text(f"{PRODUCT:#06x}")
    (names / "manufacturer").write_text("AltiWare")
    (names / "product").write_text("reference firmware")
    (names / "serialnumber").write_text(SERIAL)
    (configuration / function.name).symlink_to(function)
    FUNCTION.mkdir()
    mount = ["/bin/busybox", "mount", "-t", "functionfs", "board", str(FUNCTION)]
    subprocess.run(mount, check=True)
