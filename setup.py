# SPDX-License-Identifier: MIT
"""Everything but the C engine is declared in pyproject.toml."""

from setuptools import setup

setup(
    cffi_modules=["native/build_native.py:ffi"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
