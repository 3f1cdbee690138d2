# SPDX-License-Identifier: MIT
"""The compiled engine, checked: import ``ffi`` and ``lib`` from here, never from ``dsp._native``.

A module built from other sources than those beside it would import happily and misbehave;
here it is noticed.  An installed package carries no sources and is not checked.
"""

import hashlib
from pathlib import Path
from typing import Final

from dsp.errors import (
    EngineArgumentError,
    EngineError,
    EngineFullError,
    EngineSystemError,
    StaleBuildError,
)

try:
    from dsp._native import ffi, lib
except ImportError as error:
    raise StaleBuildError(f"the C engine is not built ({error}): run `make build`") from error

__all__ = ["check", "ffi", "lib"]

_NATIVE: Final = Path(__file__).resolve().parent.parent / "native"


def _source_hash(native: Path) -> str:
    """Fingerprint the C sources exactly as native/build_native.py does."""
    digest = hashlib.sha256()
    sources = native.glob("src/**/*")
    compiled = [path for path in sources if path.suffix in {".c", ".h", ".inc"}]
    for path in sorted([*compiled, *native.glob("include/aw/*.h")]):
        digest.update(path.relative_to(native).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _refuse_stale_build(native: Path) -> None:
    if not native.is_dir():
        return
    built: str = ffi.string(lib.aw_source_hash).decode()
    if built != _source_hash(native):
        raise StaleBuildError("the C engine was built from other sources: run `make build`")


_refuse_stale_build(_NATIVE)

_ERRORS: Final[dict[int, type[EngineError]]] = {
    lib.AW_EINVAL: EngineArgumentError,
    lib.AW_ENOMEM: EngineSystemError,
    lib.AW_EFULL: EngineFullError,
    lib.AW_EIO: EngineSystemError,
    lib.AW_ESTATE: EngineError,
}


def check(status: int, what: str) -> None:
    """Raise the error that ``status`` stands for; ``what`` says what was attempted.

    Raises:
        EngineError: ``status`` is not ``AW_OK``.
    """
    if status != lib.AW_OK:
        raise _ERRORS.get(status, EngineError)(f"{what}: status {status}")
