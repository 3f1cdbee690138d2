# SPDX-License-Identifier: MIT
"""DAHDI's own modules, of Debian's dahdi-dkms, with two spans that are connected to each other."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.vm.guest import Guest
from tests.vm.kernel import VM, Kernel, build_modules, unpack

__all__ = ["DAHDI"]

_MODULES: Final = ("dahdi", "dahdi_dynamic", "dahdi_dynamic_loc")


def modules(kernel: Kernel) -> Sequence[tuple[Path, str]]:
    """Build the three modules that two local spans need."""
    source = VM / f"dahdi-{kernel.release}"
    if not source.is_dir():
        (packed,) = (unpack("dahdi-dkms", ["dahdi-dkms"]) / "usr" / "src").glob("dahdi-*")
        shutil.copytree(packed, source)
    drivers = source / "drivers" / "dahdi"
    wanted = [f"CONFIG_{name.upper()}=m" for name in _MODULES]
    paths = [f"DAHDI_INCLUDE={source / 'include'}", "HOTPLUG_FIRMWARE=yes"]
    build_modules(kernel, drivers, [*paths, *wanted])
    parameters = {"dahdi": "auto_assign_spans=1"}
    return [(drivers / f"{name}.ko", parameters.get(name, "")) for name in _MODULES]


DAHDI: Final = Guest("dahdi", "amd64", modules, "tests.vm.guests.dahdi_lines")
