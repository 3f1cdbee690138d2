# SPDX-License-Identifier: MIT
"""Who may open a board, and who hears of it: what the doctor says, and whether his remedy helps."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from altiware.doctor.access import check_plug_news, check_usb_access
from altiware.doctor.findings import Finding, Severity
from altiware.doctor.machine import Case, Machine
from drivers.errors import NotAvailableError
from drivers.links.usb_port import UsbLink
from tests.vm.guests.console import check
from tests.vm.guests.usb_gadget import PRODUCT, SERIAL, VENDOR, Gadget, stop_udev

__all__ = ["belongs_to_one_program", "needs_a_rule", "needs_udev"]

SOMEBODY: Final = 1000
DIALOUT: Final = 20
CLOSED_S: Final = 5.0
PLUGGED_S: Final = 10.0
AS_ROOT: Final = (
    'sudo() { "$@"; }; tee() { /bin/busybox tee -a "$2"; }; udevadm() { /bin/udevadm "$@"; }; '
)


def needs_a_rule() -> None:
    """Without udev's rule it is root's alone; the doctor's remedy, as he says it, changes that."""
    with check("tells an ordinary user what to do") as measured:
        for serial in ("", SERIAL):
            with _somebody():
                measured["says"] = _refusal(UsbLink(VENDOR, PRODUCT, serial))
            assert "udev rule" in str(measured["says"]), measured
        fault = _doctor()
        assert fault.remedy, fault
    with check("the doctor's remedy opens it to him"):
        Path("/etc/udev/rules.d").mkdir(parents=True)
        Path("/etc/group").write_text(f"dialout:x:{DIALOUT}:\n")
        subprocess.run(["/bin/sh", "-c", AS_ROOT + fault.remedy], check=True)
        subprocess.run(["/bin/udevadm", "settle"], check=True)
        assert not _doctor().remedy, _doctor()
        with _somebody():
            _open_and_close(UsbLink(VENDOR, PRODUCT, SERIAL))


def belongs_to_one_program() -> None:
    """Whoever comes second is told so."""
    with check("belongs to one program") as measured:
        first = UsbLink(VENDOR, PRODUCT, SERIAL)
        descriptor = first.open()
        measured["says"] = _refusal(UsbLink(VENDOR, PRODUCT, SERIAL))
        assert "claimed by another program" in str(measured["says"]), measured
        _close(first, descriptor)


def needs_udev(gadget: Gadget) -> None:
    """Without its daemon libusb doesn't hear of a board that comes back; the doctor knows."""
    with check("the doctor misses udev where it isn't") as measured:
        (finding,) = check_plug_news(_case())
        assert finding.severity is Severity.GOOD, finding
        stop_udev()
        gadget.pull_out()
        gadget.plug_in()
        until = time.monotonic() + PLUGGED_S
        while not (found := list(check_plug_news(_case()))):  # until the kernel has it again
            assert time.monotonic() < until, "nothing on the bus"
            time.sleep(0.05)
        assert found[0].severity is Severity.WARNING, found
        refusal = _refusal(UsbLink(VENDOR, PRODUCT, SERIAL))
        measured.update(doctor=found[0].what, says=refusal)
        assert "disconnected" in refusal, refusal


def _refusal(link: UsbLink) -> str:
    try:
        _open_and_close(link)
    except NotAvailableError as error:
        return str(error)
    raise AssertionError(f"{link} was opened")


def _doctor() -> Finding:
    with _somebody():
        (finding,) = check_usb_access(_case())
    return finding


def _case() -> Case:
    return Case(Machine(), Path.cwd())


def _open_and_close(link: UsbLink) -> None:
    _close(link, link.open())


def _close(link: UsbLink, descriptor: int) -> None:
    os.close(descriptor)
    assert link.pump
    assert link.pump.join(CLOSED_S)


@contextmanager
def _somebody() -> Iterator[None]:
    os.setgroups([DIALOUT])
    os.setresuid(SOMEBODY, SOMEBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setgroups([])
