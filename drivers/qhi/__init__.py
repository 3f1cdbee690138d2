# SPDX-License-Identifier: MIT
"""The Quantum host interface: the frame codec and messages used by both ends."""
