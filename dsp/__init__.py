# SPDX-License-Identifier: MIT
"""Typed Python handles on the C engine.

Importing this package checks that the compiled module belongs to the C sources beside it.
"""
