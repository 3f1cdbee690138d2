# SPDX-License-Identifier: MIT
"""A Debian kernel, unpacked beside us and never installed, and modules built against it.

Packages come by ``apt-get download`` and are kept in build/vm; the machine's own kernel, and
what is installed, stay as they are.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Kernel", "build_modules", "fetch_kernel", "unpack"]

ROOT: Final = Path(__file__).resolve().parents[2]
VM: Final = ROOT / "build" / "vm"
_DEPENDS: Final = re.compile(rb"\0depends=([^\0]*)\0")
BUILD_S: Final = 600


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel that can be booted and built for."""

    release: str
    root: Path
    "Where its packages were unpacked."

    @property
    def image(self) -> Path:
        """What a boot loader takes."""
        return self.root / "boot" / f"vmlinuz-{self.release}"

    @property
    def headers(self) -> Path:
        """What modules are built against."""
        return self.root / "usr" / "src" / f"linux-headers-{self.release}"

    def module(self, name: str) -> Path:
        """Return a module that is part of the package."""
        (path,) = (self.root / "lib" / "modules").rglob(f"{name}.ko")
        return path

    def with_needed(self, modules: Sequence[Path]) -> list[Path]:
        """Return these modules behind those that they need, each once."""
        ours = {_name(path): path for path in modules}
        theirs = {_name(path): path for path in (self.root / "lib" / "modules").rglob("*.ko")}
        found: list[Path] = []

        def add(path: Path) -> None:
            for name in _needs(path):
                needed = ours.get(name) or theirs.get(name)
                if needed is not None:  # else it is part of the kernel
                    add(needed)
            if path not in found:
                found.append(path)

        for path in modules:
            add(path)
        return found


def fetch_kernel(flavour: str) -> Kernel:
    """Return Debian's newest kernel of a flavour ("cloud-amd64"), unpacked."""
    depends = _run("apt-cache", "depends", f"linux-image-{flavour}")
    match = re.search(rf"Depends: linux-image-([0-9.-]+-{flavour})", depends)
    if match is None:
        raise SystemExit(f"no linux-image-{flavour} is known: run apt-get update")
    release = match[1]
    common = release.removesuffix(f"-{flavour}")
    version = ".".join(release.split(".")[:2])
    packages = (
        f"linux-image-{release}",
        f"linux-headers-{release}",
        f"linux-headers-{common}-common",
        f"linux-kbuild-{version}",
        "busybox-static",
    )
    kernel = Kernel(release, unpack(f"kernel-{release}", packages))
    common_makefile = kernel.root / "usr" / "src" / f"linux-headers-{common}-common" / "Makefile"
    (kernel.headers / "Makefile").write_text(f"include {common_makefile}\n")
    return kernel


def unpack(name: str, packages: Iterable[str]) -> Path:
    """Download packages and unpack them into a folder of build/vm; again: return it."""
    folder = VM / name
    if folder.is_dir():
        return folder
    fetched, unfinished = VM / f"{name}.debs", VM / f"{name}.new"
    for each in (fetched, unfinished):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir(parents=True)
    command = ["apt-get", "-qq", "-o", "APT::Sandbox::User=", "download", *packages]
    subprocess.run(command, cwd=fetched, check=True)
    for package in sorted(fetched.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, unfinished], check=True)
    unfinished.rename(folder)
    return folder


def build_modules(kernel: Kernel, source: Path, options: Sequence[str]) -> None:
    """Build the modules of a folder against a kernel."""
    command = ["nice", "-n", "19", "make", "-C", str(kernel.headers), f"M={source}", *options]
    log = VM / "modules.log"
    with log.open("w") as output:
        done = subprocess.run(
            [*command, "modules"],
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=BUILD_S,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"the modules of {source} don't build: see {log}")


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _name(path: Path) -> str:
    return path.name.removesuffix(".ko").replace("-", "_")


def _needs(path: Path) -> list[str]:
    match = _DEPENDS.search(path.read_bytes())
    text = match[1].decode() if match else ""
    return [name.replace("-", "_") for name in text.split(",") if name]
