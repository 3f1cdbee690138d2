# SPDX-License-Identifier: MIT
"""DAHDI: from a card without its modules to spans and zones."""

from altiware.doctor.dahdi import (
    SECURE,
    check_modules,
    check_secure_boot,
    check_spans,
    check_tone_zone,
)
from altiware.doctor.findings import Severity
from tests.altiware.doctor.machine_tree import MachineTree

MODULE = "/lib/modules/6.1.0-56-amd64/updates/dkms/dahdi.ko"


def with_card(tree: MachineTree) -> None:
    tree.file("/proc/sys/kernel/osrelease", "6.1.0-56-amd64")
    tree.file("/sys/bus/pci/devices/0000:05:00.0/vendor", "0xe159")


def secure(tree: MachineTree, on: int) -> None:
    tree.file(SECURE)
    (tree.root / SECURE.lstrip("/")).write_bytes(bytes([6, 0, 0, 0, on]))


def loaded(tree: MachineTree) -> None:
    tree.file("/sys/module/dahdi/parameters/auto_assign_spans", "0")


def test_a_machine_without_cards_needs_none(tree: MachineTree) -> None:
    (found,) = check_modules(tree.case())
    assert found.severity is Severity.NOTE
    assert not [*check_spans(tree.case()), *check_tone_zone(tree.case())]


def test_a_card_wants_modules_for_the_kernel_that_runs(tree: MachineTree) -> None:
    with_card(tree)
    tree.file("/lib/modules/6.1.0-44-amd64/updates/dkms/dahdi.ko")
    (found,) = check_modules(tree.case())
    assert found.severity is Severity.FAULT
    assert "linux-headers-6.1.0-56-amd64" in found.remedy


def test_a_card_wants_them_loaded(tree: MachineTree) -> None:
    with_card(tree)
    tree.file(MODULE)
    (found,) = check_modules(tree.case())
    assert found.remedy.startswith("sudo modprobe dahdi")
    loaded(tree)
    (found,) = check_modules(tree.case())
    assert found.severity is Severity.GOOD


def test_secure_boot_refuses_a_module_that_is_not_signed(tree: MachineTree) -> None:
    with_card(tree)
    module = tree.file(MODULE, "code")
    secure(tree, 0)
    assert [each.severity for each in check_secure_boot(tree.case())] == [Severity.GOOD]
    secure(tree, 1)
    (found,) = check_secure_boot(tree.case())
    assert found.severity is Severity.FAULT
    module.write_bytes(b"code~Module signature appended~\n")
    (found,) = check_secure_boot(tree.case())
    assert found.severity is Severity.NOTE
    loaded(tree)
    (found,) = check_secure_boot(tree.case())
    assert found.severity is Severity.GOOD


def test_cards_without_spans_are_told(tree: MachineTree) -> None:
    loaded(tree)
    tree.file("/sys/bus/dahdi_devices/devices/pci:0000:05:00.0/hardware_id")
    (found,) = check_spans(tree.case())
    assert found.severity is Severity.FAULT
    assert "auto_assign_spans=0" in found.what
    tree.file("/sys/bus/dahdi_spans/devices/span-1/spanno")
    (found,) = check_spans(tree.case())
    assert found.severity is Severity.GOOD


def test_a_missing_tone_zone_is_told(tree: MachineTree) -> None:
    loaded(tree)
    (found,) = check_tone_zone(tree.case())
    assert found.severity is Severity.WARNING
    tree.file("/etc/dahdi/system.conf", "loadzone = de\n#defaultzone = de\ndefaultzone = us")
    (found,) = check_tone_zone(tree.case())
    assert "zone us isn't loaded" in found.what
    tree.file("/etc/dahdi/system.conf", "loadzone = us\ndefaultzone=us")
    (found,) = check_tone_zone(tree.case())
    assert found.severity is Severity.GOOD
