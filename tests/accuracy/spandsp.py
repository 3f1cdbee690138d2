# SPDX-License-Identifier: MIT
"""Debian's spandsp, loaded where it is installed, to hear the same samples as ours."""

from collections.abc import Callable
from typing import Any, Final

import cffi
import numpy as np

from dsp.pcm import Samples

__all__ = ["dtmf_keys", "library"]

DTMF: Final = """
void *dtmf_rx_init(void *s, void *callback, void *user);
int dtmf_rx(void *s, const int16_t *amp, int samples);
size_t dtmf_rx_get(void *s, char *digits, int max);
int dtmf_rx_free(void *s);
"""


def library(declarations: str) -> tuple[cffi.FFI, Any] | None:
    """Return an FFI with the C declarations and the library; None if it is not installed."""
    ffi = cffi.FFI()
    ffi.cdef(declarations)
    try:
        return ffi, ffi.dlopen("libspandsp.so.2")
    except OSError:
        return None


def dtmf_keys() -> Callable[[Samples], str] | None:
    """Return what hears the keys in samples, each call anew; None if it is not installed."""
    loaded = library(DTMF)
    if loaded is None:
        return None
    ffi, lib = loaded

    def keys(said: Samples) -> str:
        receiver, digits, heard = lib.dtmf_rx_init(*[ffi.NULL] * 3), ffi.new("char[129]"), b""
        said = np.ascontiguousarray(said)
        for at in range(0, len(said), 160):
            block = ffi.from_buffer("int16_t[]", said[at : at + 160])
            lib.dtmf_rx(receiver, block, len(block))
            heard += ffi.buffer(digits)[: lib.dtmf_rx_get(receiver, digits, 128)]
        lib.dtmf_rx_free(receiver)
        return heard.decode("ascii")

    return keys
