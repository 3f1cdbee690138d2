# SPDX-License-Identifier: MIT
"""A data directory as one file, and back: written and read again before either counts."""
