# SPDX-License-Identifier: MIT
"""The Quantum board driver: a QHI session as a Board."""
