# SPDX-License-Identifier: MIT
"""Other echo cancellers, compiled against what is installed here, to hear the same samples.

`peers()` returns those that can be had: spandsp, speexdsp, and OSLEC out of Debian's
linux-source-6.1.  They are built in build/peers to be measured, and are no part of the product.
"""

import contextlib
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import cffi
import numpy as np

from dsp.pcm import Samples, samples_of
from tests.measure import BUILD

__all__ = ["FRAME", "Canceller", "Peer", "peers"]

FRAME: Final = 160
"Samples that every peer can take at once."
Canceller = Callable[[Samples, Samples], Samples]
HERE: Final = Path(__file__).parent / "peers"
KERNEL: Final = Path("/usr/src/linux-source-6.1.tar.xz")
DECLARATIONS: Final = """
void *peer_new(int taps, int nlp);
void peer_run(void *state, const int16_t *far, const int16_t *near, int16_t *out, int n);
"""


class Peer:
    """A canceller's library; what it makes is freed when the measurement ends."""

    def __init__(self, name: str, library: Path) -> None:
        self.name = name
        self._ffi = cffi.FFI()
        self._ffi.cdef(DECLARATIONS)
        self._library: Any = self._ffi.dlopen(str(library))

    def new(self, taps: int, *, nlp: bool) -> Canceller:
        """Start a canceller with that tail, in samples."""
        state = self._library.peer_new(taps, int(nlp))

        def feed(far: Samples, near: Samples) -> Samples:
            out = samples_of(len(near))
            rows = [
                self._ffi.cast("int16_t *", self._ffi.from_buffer(np.ascontiguousarray(row)))
                for row in (far, near, out)
            ]
            with _unheard():
                self._library.peer_run(state, *rows, len(near))
            return out

        return feed


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Keep spandsp's two lines a sample off our output."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _compile(name: str, *flags: str) -> Peer | None:
    out, source = BUILD / "peers" / f"{name}.so", HERE / f"echo_{name}.c"
    if not out.exists():
        out.parent.mkdir(parents=True, exist_ok=True)
        command = ["cc", "-O3", "-march=native", "-w", "-shared", "-fPIC", str(source), "-o"]
        try:
            subprocess.run([*command, str(out), *flags], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return None
    return Peer(name, out)


def _oslec() -> Peer | None:
    """Take its files, and no other, out of the kernel's archive; its headers become empty ones."""
    folder = BUILD / "peers" / "oslec"
    if not folder.exists():
        if not KERNEL.exists():
            return None
        (folder / "linux").mkdir(parents=True)
        for header in ("kernel", "module", "slab", "types"):
            (folder / "linux" / f"{header}.h").touch()
        with tarfile.open(KERNEL) as archive:
            for member in archive:
                path = Path(member.name)
                if path.parent.parts[1:] == ("drivers", "misc", "echo") and path.suffix in {
                    ".c",
                    ".h",
                }:
                    content = archive.extractfile(member)
                    assert content is not None
                    (folder / path.name).write_bytes(content.read())
    return _compile("oslec", f"-I{folder}", '-DOSLEC_C="echo.c"')


@cache
def peers() -> tuple[Peer, ...]:
    """Return the peers that can be built here."""
    found = _oslec(), _compile("spandsp", "-lspandsp"), _compile("speexdsp", "-lspeexdsp")
    return tuple(peer for peer in found if peer)
