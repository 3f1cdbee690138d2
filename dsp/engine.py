# SPDX-License-Identifier: MIT
"""The engine: a bus of timeslots, its ports, and its links to boards."""


class Engine:
    """One engine and its arena."""
