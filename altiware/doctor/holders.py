# SPDX-License-Identifier: MIT
"""Who else has a port: programs that hold it open, and two that take ports on their own.

What other users' programs have open is seen by root only; lock files and names are seen by all.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from altiware.doctor.devices import serial_ports, usb_device_of, usb_devices
from altiware.doctor.findings import Finding, fault, good, note, warning
from altiware.doctor.machine import Case, Process

__all__ = ["check_brltty", "check_holders", "check_modem_manager"]

HELD: Final = "ports in use"
MODEM_MANAGER: Final = "ModemManager"
BRLTTY: Final = "brltty"
OURS: Final = frozenset({"altiware"})
CONVERTERS: Final = frozenset({"10c4:ea60", "1a86:7523", "0403:6001", "067b:2303"})
"""Serial converters that braille displays have too: CP210x, CH340, FT232, PL2303."""


def check_holders(case: Case) -> Iterator[Finding]:
    """Look for programs that have a serial port open, or a lock on it."""
    running = list(case.machine.processes())
    ports = serial_ports(case)
    for port in ports:
        holders = [each for each in running if port in each.files] or _locking(case, port, running)
        if not holders:
            yield good(HELD, f"{port} is free")
        for holder in holders:
            yield _held(case, port, holder)


def _held(case: Case, port: str, holder: Process) -> Finding:
    what = f"{port} is held by {holder.name} (process {holder.number})"
    if holder.name in OURS:
        return note(HELD, what, "a tool can't open the board while the PBX serves it")
    say = fault if case.device else warning
    return say(
        HELD,
        what,
        "two readers of a port each get a part of its bytes: the board is lost again and again",
        f"end it if you know it: kill {holder.number}",
    )


def _locking(case: Case, port: str, running: list[Process]) -> list[Process]:
    """Return who has a lock file (UUCP's way: LCK..ttyUSB0 with a number) and is alive."""
    text = case.machine.text(f"/run/lock/LCK..{Path(port).name}") or ""
    return [each for each in running if text.strip() == str(each.number)]


def check_modem_manager(case: Case) -> Iterator[Finding]:
    """See whether it runs and has not been told to leave our ports alone."""
    runs = any(each.name == MODEM_MANAGER for each in case.machine.processes())
    if not runs:
        yield good(MODEM_MANAGER, "doesn't run")
        return
    tried = [port for port in serial_ports(case) if not _is_left_alone(case, port)]
    if not tried:
        yield good(MODEM_MANAGER, "runs, and tries no port of ours")
    for port in tried:
        device = usb_device_of(case.machine, port)
        match = (
            f'ATTRS{{idVendor}}=="{device.vendor}", ATTRS{{idProduct}}=="{device.product}"'
            if device
            else f'KERNEL=="{Path(port).name}"'
        )
        yield warning(
            MODEM_MANAGER,
            f"runs, and may try {port}",
            "it sends AT commands into every new serial port for up to half a minute: a board or "
            "voice modem there answers late, or not as asked",
            f"echo '{match}, ENV{{ID_MM_DEVICE_IGNORE}}=\"1\"' | sudo tee --append "
            "/etc/udev/rules.d/70-altiware.rules && sudo udevadm control --reload && "
            "sudo udevadm trigger; or, if this machine has no mobile modem: "
            "sudo systemctl disable --now ModemManager",
        )


def _is_left_alone(case: Case, port: str) -> bool:
    """Tell from udev's data base, and from the rules that were written for it."""
    number = case.machine.text(f"/sys/class/tty/{Path(port).name}/dev")
    known = case.machine.text(f"/run/udev/data/c{number}") or ""
    return bool(re.search(r"^E:ID_MM_(DEVICE|PORT)_IGNORE=1$", known, re.MULTILINE))


def check_brltty(case: Case) -> Iterator[Finding]:
    """Look for a serial converter without its serial port, where brltty is at work."""
    running = any(each.name.startswith(BRLTTY) for each in case.machine.processes())
    rules = [
        *case.machine.matches("/usr/lib/udev/rules.d", "*brltty*.rules"),
        *case.machine.matches("/lib/udev/rules.d", "*brltty*.rules"),
    ]
    if not running and not rules:
        yield good(BRLTTY, "isn't installed")
        return
    taken = [d for d in usb_devices(case.machine) if d.ids in CONVERTERS and not _has_port(d.home)]
    if not taken:
        yield good(BRLTTY, "is installed, and has taken no serial converter")
    for device in taken:
        yield fault(
            BRLTTY,
            f"has taken the serial converter {device.ids} at {device.place}",
            "it takes it for a braille display: the serial port vanishes a moment after it came",
            "sudo systemctl mask --now brltty.service brltty-udev.service; or, if nobody here "
            "reads braille: sudo apt-get remove brltty; then plug the converter in again",
        )


def _has_port(home: Path) -> bool:
    return any(home.parent.glob(f"{home.name}:*/ttyUSB*")) or any(home.glob("*/ttyUSB*"))
