# SPDX-License-Identifier: MIT
"""DAHDI's kernel modules, for analog cards: loaded, allowed to load, spans assigned, tone zone.

It only asks where there is a card that needs them, or DAHDI is installed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from altiware.doctor.findings import Finding, fault, good, note, warning
from altiware.doctor.machine import Case, Machine

__all__ = ["check_modules", "check_secure_boot", "check_spans", "check_tone_zone"]

MODULES: Final = "DAHDI modules"
SECURE_BOOT: Final = "Secure Boot"
SPANS: Final = "DAHDI spans"
ZONE: Final = "DAHDI tone zone"
MAKERS: Final = frozenset({"0xe159", "0xd161"})
"""PCI vendors of cards that DAHDI drives: Tiger Jet's bridge (X100P, TDM400P), Digium."""
SECURE: Final = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
"""UEFI's global variable: four bytes of attributes, and 1 where it is on."""
SIGNED: Final = b"~Module signature appended~\n"
"""The end of a signed module (scripts/sign-file.c of the kernel)."""
CONF: Final = "/etc/dahdi/system.conf"


def _cards(machine: Machine) -> list[str]:
    homes = machine.matches("/sys/bus/pci/devices", "*")
    return [home.name for home in homes if machine.read(home / "vendor") in MAKERS]


def _module(machine: Machine) -> Path | None:
    """Return the module's file for the kernel that runs."""
    release = machine.text("/proc/sys/kernel/osrelease") or ""
    found = machine.matches(f"/lib/modules/{release}", "**/dahdi.ko*") if release else []
    return found[0] if found else None


def _is_loaded(machine: Machine) -> bool:
    return machine.path("/sys/module/dahdi").exists()


def check_modules(case: Case) -> Iterator[Finding]:
    """See whether the modules are there for this kernel, and loaded."""
    machine = case.machine
    cards, module = _cards(machine), _module(machine)
    if _is_loaded(machine):
        yield good(MODULES, f"loaded, {len(cards)} cards on PCI")
    elif module and cards:
        yield fault(
            MODULES,
            f"not loaded, and there is a card at {', '.join(cards)}",
            "the card's lines can't be reached",
            "sudo modprobe dahdi && sudo dahdi_hardware -v (it names the card's own module)",
        )
    elif cards:
        release = machine.text("/proc/sys/kernel/osrelease")
        yield fault(
            MODULES,
            f"not installed for kernel {release}, and there is a card at {', '.join(cards)}",
            "the card's lines can't be reached; after an update of the kernel they are built anew",
            f"sudo apt-get install dahdi-dkms linux-headers-{release} && sudo dkms autoinstall",
        )
    else:
        yield note(MODULES, "not loaded; no card on PCI needs them")


def check_secure_boot(case: Case) -> Iterator[Finding]:
    """See whether the firmware lets the kernel load a module that was built here."""
    machine = case.machine
    if not _is_on(machine):
        yield good(SECURE_BOOT, "off, or this machine has none")
        return
    module = _module(machine)
    if module is None or _is_loaded(machine) or module.suffix != ".ko":
        yield good(SECURE_BOOT, "on, and in the way of nothing here")
    elif module.read_bytes().endswith(SIGNED):
        yield note(
            SECURE_BOOT,
            "on; the DAHDI module is signed",
            "it loads only if its key is enrolled",
            "mokutil --list-enrolled; sudo mokutil --import /var/lib/dkms/mok.pub, and reboot",
        )
    else:
        yield fault(
            SECURE_BOOT,
            "on, and the DAHDI module isn't signed",
            'modprobe is refused ("Key was rejected by service")',
            "let DKMS sign it: sudo mokutil --import /var/lib/dkms/mok.pub, reboot, enrol the key "
            "in the blue menu, sudo dkms autoinstall --force; or turn Secure Boot off",
        )


def _is_on(machine: Machine) -> bool:
    try:
        return machine.path(SECURE).read_bytes()[4:5] == b"\x01"
    except OSError:
        return False


def check_spans(case: Case) -> Iterator[Finding]:
    """See whether the cards' spans got their channels."""
    machine = case.machine
    if not _is_loaded(machine):
        return
    devices = machine.matches("/sys/bus/dahdi_devices/devices", "*")
    spans = machine.matches("/sys/bus/dahdi_spans/devices", "*")
    by_itself = machine.text("/sys/module/dahdi/parameters/auto_assign_spans")
    if devices and not spans:
        yield fault(
            SPANS,
            f"{len(devices)} cards, and no span is assigned (auto_assign_spans={by_itself})",
            "without, no channel exists under /dev/dahdi; Debian's default leaves it to a script",
            "sudo dahdi_span_assignments auto; to keep it so: echo 'options dahdi "
            "auto_assign_spans=1' | sudo tee /etc/modprobe.d/altiware-dahdi.conf",
        )
    else:
        yield good(SPANS, f"{len(spans)} assigned")


def check_tone_zone(case: Case) -> Iterator[Finding]:
    """See whether DAHDI's configuration loads a tone zone: the kernel doesn't tell."""
    machine = case.machine
    if not _is_loaded(machine):
        return
    text = machine.text(CONF) or ""
    zone = re.search(r"^\s*defaultzone\s*=\s*(\w+)", text, re.MULTILINE)
    loaded = set(re.findall(r"^\s*loadzone\s*=\s*(\w+)", text, re.MULTILINE))
    if zone and zone[1] in loaded:
        yield good(ZONE, f"{zone[1]} ({CONF})")
        return
    yield warning(
        ZONE,
        f"{CONF} loads none" if not zone else f"{CONF}: zone {zone[1]} isn't loaded",
        "an FXS card refuses to ring without one (ENODATA): the cadence of its ring is in there",
        f"printf 'loadzone = us\\ndefaultzone = us\\n' | sudo tee --append {CONF}; sudo dahdi_cfg",
    )
