# SPDX-License-Identifier: MIT
"""A guest: which kernel, which modules, which program; and its run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.vm.initramfs import Archive, add_project, add_python
from tests.vm.kernel import ROOT, VM, Kernel, fetch_kernel
from tests.vm.machine import boot

__all__ = ["Guest", "run"]

GUESTS: Final = Path(__file__).resolve().parent / "guests"
INIT: Final = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /run /tmp
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
{modules}
cd /lib/altiware && PYTHONDONTWRITEBYTECODE=1 {python} -u -m {program}
/bin/busybox poweroff -f
"""


def _leave_bare(archive: Archive) -> None:
    """Add nothing."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A machine for one driver."""

    name: str
    flavour: str
    "Of Debian's kernels."
    modules: Callable[[Kernel], Sequence[tuple[Path, str]]]
    "Builds what isn't in the kernel's package; returns modules in order, with their parameters."
    program: str
    'A file of guests/; it prints a JSON object for each check, the last with "end".'
    packages: Sequence[str] = ()
    "Of Python's, what it needs beside what every guest has."
    furnish: Callable[[Archive], None] = _leave_bare
    "Adds files that this guest alone needs."


def run(guest: Guest) -> bool:
    """Build all, boot, print the results; return whether all was well."""
    VM.mkdir(parents=True, exist_ok=True)
    kernel = fetch_kernel(guest.flavour)
    image = VM / f"{guest.name}.cpio"
    _write(guest, kernel, image)
    began = time.monotonic()
    good, ended = True, False
    for result in boot(kernel.image, image, VM / f"{guest.name}.log"):
        ended = ended or "end" in result
        good = good and result.get("ok", True)
        print(f"  {_words(result)}", flush=True)
    seconds = time.monotonic() - began
    verdict = "good" if good and ended else f"FAILED: see {VM / guest.name}.log"
    print(f"{guest.name} on Linux {kernel.release}: {verdict}, {seconds:.0f} s")
    return good and ended


def _words(result: dict[str, object]) -> str:
    mark = "  " if "ok" not in result else "ok" if result["ok"] else "NO"
    rest = " ".join(f"{k}={v}" for k, v in result.items() if k not in {"ok", "check"})
    return f"{mark} {result.get('check', '')} {rest}".rstrip()


def _write(guest: Guest, kernel: Kernel, image: Path) -> None:
    parameters = dict(guest.modules(kernel))
    modules = kernel.with_needed(list(parameters))
    with image.open("wb") as output:
        archive = Archive(output)
        archive.add_path(kernel.root / "bin" / "busybox", "/bin/busybox")
        archive.add_link("/bin/sh", "busybox")
        for module in modules:
            archive.add_path(module, f"/modules/{module.name}")
        python = add_python(archive, guest.packages)
        add_project(archive, ROOT)
        for path in GUESTS.glob("*.py"):
            archive.add_path(path, f"/lib/altiware/{path.relative_to(ROOT)}")
        lines = "\n".join(
            f"/bin/busybox insmod /modules/{module.name} {parameters.get(module, '')}".rstrip()
            for module in modules
        )
        guest.furnish(archive)
        init = INIT.format(modules=lines, python=python, program=guest.program)
        archive.add("/init", init.encode(), executable=True)
        archive.end()
