# SPDX-License-Identifier: MIT
"""Debian's spandsp, loaded where it is installed, to hear the same samples as ours."""

from typing import Any

import cffi

__all__ = ["library"]


def library(declarations: str) -> tuple[cffi.FFI, Any] | None:
    """Return an FFI with the C declarations and the library; None if it is not installed."""
    ffi = cffi.FFI()
    ffi.cdef(declarations)
    try:
        return ffi, ffi.dlopen("libspandsp.so.2")
    except OSError:
        return None
