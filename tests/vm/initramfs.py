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
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["Archive", "add_libraries", "add_project", "add_python"]

_LIBRARY: Final = re.compile(r"(?:=> )?(/\S+) \(0x")
_LEFT_OUT: Final = frozenset(
    {"test", "tests", "idlelib", "tkinter", "ensurepip", "lib2to3", "site-packages"}
)
_LEFT_OUT_KINDS: Final = frozenset({".pyc", ".a", ".c", ".h"})
_COMPILED: Final = f".{sys.implementation.cache_tag}.pyc"
PACKAGES: Final = ("numpy", "numpy.libs", "serial")
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
        """Add a file of this machine, under its own name or another, as old as it is.

        Python takes what it has compiled for as long as the source is no younger.
        """
        known = path.stat()
        mode = stat.S_IFREG | (0o755 if known.st_mode & 0o100 else 0o644)
        self._add(name or str(path), mode, path.read_bytes(), int(known.st_mtime))

    def add_link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def add_folder(self, name: str) -> None:
        """Add an empty folder."""
        self._add(name, stat.S_IFDIR | 0o755, b"")

    def end(self) -> None:
        """Write what ends an archive."""
        self._write("TRAILER!!!", 0, b"")

    def _add(self, name: str, mode: int, content: bytes, changed_s: int = 0) -> None:
        name = name.strip("/")
        if name in self._known:
            return
        parent = name.rpartition("/")[0]
        if parent:
            self.add_folder(parent)
        self._known.add(name)
        self._write(name, mode, content, changed_s)

    def _write(self, name: str, mode: int, content: bytes, changed_s: int = 0) -> None:
        path = name.encode() + b"\0"
        links, size = 1, len(content)
        fields = (len(self._known), mode, 0, 0, links, changed_s, size, 0, 0, 0, 0, len(path), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + path
        self._output.write(head + bytes(-len(head) % 4) + content + bytes(-size % 4))


def add_python(archive: Archive, more: Sequence[str] = ()) -> str:
    """Add the interpreter that runs this, its library and ours; return its name.

    ``more``: what else of site-packages is needed, packages and modules by their names.
    """
    interpreter = Path(sys.executable).resolve()
    archive.add_path(interpreter)
    library = Path(sysconfig.get_path("stdlib"))
    for path in _files(library):
        archive.add_path(path)
    site = Path(sysconfig.get_path("purelib"))
    packages = [site / name for name in (*PACKAGES, *more) if (site / name).is_dir()]
    modules = [*site.glob("_cffi_backend*.so"), *(site / f"{name}.py" for name in more)]
    for path in (*(each for package in packages for each in _files(package)), *modules):
        if path.is_file():
            archive.add_path(path, f"/lib/altiware/{path.relative_to(site)}")
    extensions = (each for package in packages for each in package.rglob("*.so"))
    add_libraries(archive, (interpreter, *library.rglob("*.so"), *extensions))
    return str(interpreter)


def add_libraries(archive: Archive, of: Iterable[Path]) -> None:
    """Add the shared libraries of some files, from where this machine has them."""
    for needed in sorted({each for path in of for each in _libraries(path)}):
        archive.add_path(Path(needed))


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
        elif path.name.endswith(_COMPILED) or path.suffix not in _LEFT_OUT_KINDS:
            yield path


def _libraries(path: Path) -> set[str]:
    """Return the shared libraries of a file under the names that its loader looks for."""
    done = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
    return {name for name in _LIBRARY.findall(done.stdout) if "site-packages" not in name}
