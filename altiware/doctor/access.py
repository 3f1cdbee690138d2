# SPDX-License-Identifier: MIT
"""Whether this user may open the serial ports and the boards on USB, and hears of the latter."""

from collections.abc import Iterator
from typing import Final

from altiware.doctor.devices import boards_on_usb, serial_ports
from altiware.doctor.findings import Finding, fault, good, note, warning
from altiware.doctor.machine import Case

__all__ = ["check_plug_news", "check_serial_access", "check_usb_access"]

SERIAL: Final = "serial ports"
USB: Final = "boards on USB"
PLUGS: Final = "USB plugs"
UDEV: Final = "/run/udev/control"
RULES: Final = "/etc/udev/rules.d/70-altiware.rules"


def check_serial_access(case: Case) -> Iterator[Finding]:
    """Try each serial port: a board asked for must be there and ours, others only may be."""
    ports = serial_ports(case)
    if not ports:
        yield note(SERIAL, "none on USB")
    for port in ports:
        if not case.machine.path(port).exists():
            yield fault(
                SERIAL,
                f"{port} isn't there",
                "the board is unplugged, has another name now, or its kernel driver didn't take it",
                "plug it in and look: sudo dmesg --follow; lasting names are in /dev/serial/by-id",
            )
        elif case.machine.may_use(case.machine.path(port)):
            yield good(SERIAL, f"{port} may be used")
        else:
            yield _refused(case, port)


def _refused(case: Case, port: str) -> Finding:
    group = case.machine.path(port).stat().st_gid
    name = case.machine.group_name(group)
    say = fault if case.device else warning
    why = "a board at this port can't be opened"
    if group in case.machine.user.groups:
        remedy = f"sudo chmod g+rw {port}, and find the udev rule that took the group's right away"
        return say(SERIAL, f"{port} may not be used even by its group {name}", why, remedy)
    return say(
        SERIAL,
        f"{port} may not be used: it is for group {name}",
        why,
        f"sudo usermod --append --groups {name} $USER, then log in anew",
    )


def check_usb_access(case: Case) -> Iterator[Finding]:
    """Try the device file of each board on USB."""
    boards = boards_on_usb(case.machine)
    if not boards:
        yield note(USB, "none plugged in")
    for board in boards:
        if case.machine.may_use(case.machine.path(board.node)):
            yield good(USB, f"{board.ids} at {board.place} may be used")
            continue
        rule = (
            f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{board.vendor}", '
            f'ATTR{{idProduct}}=="{board.product}", MODE="0660", GROUP="dialout", TAG+="uaccess"'
        )
        yield fault(
            USB,
            f"{board.ids} at {board.place} may not be used: {board.node}",
            "the board can't be opened",
            f"echo '{rule}' | sudo tee --append {RULES} && sudo udevadm control --reload && "
            f"sudo udevadm trigger",
        )


def check_plug_news(case: Case) -> Iterator[Finding]:
    """Look for udev, the only one from whom libusb hears of what is plugged in later."""
    if not boards_on_usb(case.machine):
        return
    if case.machine.path(UDEV).exists():
        yield good(PLUGS, "udev tells of them")
        return
    yield warning(
        PLUGS,
        "udev isn't here to tell of them",
        "a board that is pulled out and plugged in again isn't found until AltiWare is restarted",
        "sudo systemctl start systemd-udevd; in a container: give it the machine's /run/udev "
        "and network, for udev speaks on it",
    )
