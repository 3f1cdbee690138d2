# SPDX-License-Identifier: MIT
"""An initramfs: a cpio archive ("newc") with busybox, this Python, this project and a program.

Written by hand, so that neither cpio nor the rights to make device nodes are needed; the kernel
makes its devices itself.
"""

import re
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["Archive", "add_project", "add_python"]

_LIBRARY: Final = re.compile(r"(?:=> )?(/\S+) \(0x")
_LEFT_OUT: Final = frozenset(
    {"__pycache__", "test", "tests", "idlelib", "tkinter", "ensurepip", "lib2to3", "site-packages"}
)
PACKAGES: Final = ("numpy", "numpy.libs", "serial")
MODULES: Final = ("_cffi_backend*.so",)
PROJECT: Final = ("altiware", "boards_sim", "drivers", "dsp")


class Archive:
    """A cpio archive in the making; folders come by themselves."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._known: set[str] = set()

    def add(self, name: str, content: bytes, *, executable: bool = False) -> None:
        """Add a file by its absolute name."""
        self._add(name, stat.S_IFREG | (0o755 if executable else 0o644), content)

    def add_path(self, path: Path, name: str | None = None) -> None:
        """Add a file of this machine, under its own name or another."""
        self.add(name or str(path), path.read_bytes(), executable=bool(path.stat().st_mode & 0o100))

    def add_link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def add_folder(self, name: str) -> None:
        """Add an empty folder."""
        self._add(name, stat.S_IFDIR | 0o755, b"")

    def end(self) -> None:
        """Write what ends an archive."""
        self._write("TRAILER!!!", 0, b"")

    def _add(self, name: str, mode: int, content: bytes) -> None:
        name = name.strip("/")
        if name in self._known:
            return
        parent = name.rpartition("/")[0]
        if parent:
            self.add_folder(parent)
        self._known.add(name)
        self._write(name, mode, content)

    def _write(self, name: str, mode: int, content: bytes) -> None:
        path = name.encode() + b"\0"
        links, size = 1, len(content)
        fields = (len(self._known), mode, 0, 0, links, 0, size, 0, 0, 0, 0, len(path), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
        self._output.write(head + bytes(-len(head) % 4) + content + bytes(-size % 4))


def add_python(archive: Archive) -> str:
    """Add the interpreter that runs this, its library and ours; return its name."""
    interpreter = Path(sys.executable).resolve()
    archive.add_path(interpreter)
    library = Path(sysconfig.get_path("stdlib"))
    for path in _files(library):
        archive.add_path(path)
    site = Path(sysconfig.get_path("purelib"))
    for package in PACKAGES:
        for path in _files(site / package):
            archive.add_path(path, f"/lib/altiware/{path.relative_to(site)}")
    for pattern in MODULES:
        for path in site.glob(pattern):
            archive.add_path(path, f"/lib/altiware/{path.name}")
    extensions = [interpreter, *library.rglob("*.so"), *site.glob("numpy/**/*.so")]
    for needed in sorted({each for path in extensions for each in _libraries(path)}):
        archive.add_path(Path(needed))
    return str(interpreter)


def add_project(archive: Archive, root: Path) -> None:
    """Add the project's packages and its engine, where the guest's Python looks for modules."""
    for package in PROJECT:
        for path in _files(root / package):
            archive.add_path(path, f"/lib/altiware/{path.relative_to(root)}")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in _LEFT_OUT:
                yield from _files(path)
        elif path.suffix not in {".pyc", ".a", ".c", ".h"}:
            yield path


def _libraries(path: Path) -> set[str]:
    """Return the shared libraries of a file under the names that its loader looks for."""
    done = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
    return {name for name in _LIBRARY.findall(done.stdout) if "site-packages" not in name}
