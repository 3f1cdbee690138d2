# SPDX-License-Identifier: MIT
"""A small /proc, /sys and /dev below a directory, for the doctor to look at."""

from pathlib import Path

from altiware.doctor.kernel_clock import KernelClock
from altiware.doctor.machine import Case, Limits, Machine, User

KEPT = KernelClock(synchronised=True, ppm=-8.0, error_s=0.002)


class MachineTree:
    """Makes files, and the case of a user who may use none but what is told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.usable: set[Path] = set()
        self.user = User(1000, frozenset({1000}))
        self.limits = Limits(0, 8 << 20)
        self.clock: KernelClock | None = KEPT
        self.free = 100 << 30
        self.sync_s = 0.004

    def file(self, name: str, text: str = "") -> Path:
        path = self.root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
        return path

    def link(self, name: str, target: str) -> None:
        path = self.root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    def usb_device(self, place: str, ids: str, *, board: bool = False) -> None:
        """Plug in a device at a place such as ``1-4``."""
        home = f"/sys/devices/usb1/{place}"
        vendor, product = ids.split(":")
        files = {"idVendor": vendor, "idProduct": product, "busnum": "1", "devnum": "7"}
        files |= {"power/control": "on", "power/autosuspend_delay_ms": "2000"}
        for name, text in files.items():
            self.file(f"{home}/{name}", text)
        kind = ("ff", "51", "01") if board else ("02", "02", "01")
        for name, text in zip(("Class", "SubClass", "Protocol"), kind, strict=True):
            self.file(f"{home}/{place}:1.0/bInterface{name}", text)
        self.link(f"/sys/bus/usb/devices/{place}", f"../../../devices/usb1/{place}")
        self.link(f"/sys/bus/usb/devices/{place}:1.0", f"../../../devices/usb1/{place}/{place}:1.0")
        self.file("/dev/bus/usb/001/007")

    def serial_port(self, name: str = "ttyACM0", place: str = "1-4", ids: str = "1209:5141") -> str:
        """Plug in a device with a serial port; return its name."""
        if not (self.root / "sys/devices/usb1" / place).exists():
            self.usb_device(place, ids)
        home = f"/sys/devices/usb1/{place}/{place}:1.0/tty/{name}"
        self.file(f"{home}/dev", "166:0")
        self.link(f"{home}/device", "../..")
        self.link(f"/sys/class/tty/{name}", f"../../devices/usb1/{place}/{place}:1.0/tty/{name}")
        self.file(f"/dev/{name}")
        return f"/dev/{name}"

    def process(self, number: int, name: str, *files: str) -> None:
        self.file(f"/proc/{number}/comm", name)
        for descriptor, file in enumerate(files):
            self.link(f"/proc/{number}/fd/{descriptor}", file)

    def may_use(self, name: str) -> None:
        self.usable.add(self.root / name.lstrip("/"))

    def case(self, device: str = "", data: Path = Path("/")) -> Case:
        machine = Machine(
            self.root,
            self.user,
            self.limits,
            lambda path: path in self.usable,
            lambda: self.clock,
            lambda _: self.free,
            lambda _: self.sync_s,
        )
        return Case(machine, data, device)
