# SPDX-License-Identifier: MIT
"""The PBX: call control, features, records and interfaces."""

from typing import Final

__all__ = ["__version__"]

__version__: Final = "0.1.0"
