# SPDX-License-Identifier: MIT
"""Everything but the C engine is declared in pyproject.toml."""

import os

from setuptools import setup

# `make` has it compiled once, in place, when all is installed: pip would do it each time anew.
LATER = os.environ.get("ALTIWARE_ENGINE") == "later"

setup(
    cffi_modules=[] if LATER else ["native/build_native.py:ffi"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
