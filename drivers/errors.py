# SPDX-License-Identifier: MIT
"""What can go wrong with a board, by who can act on it.

DriverError
├── AddressError         the address is malformed or of an unknown kind: correct the configuration
├── NotAvailableError    the board, its link or its library isn't there (now)
├── BoardOperationError  the board refused or failed an operation
│   └── LineInUseError   somebody uses the line: try again when it is free
└── BoardTimeoutError    the board did not answer in time
"""


class DriverError(Exception):
    """Base class of all errors of the drivers."""


class AddressError(DriverError, ValueError):
    """A board address is malformed, or its scheme is unknown."""


class NotAvailableError(DriverError):
    """The board, its link or a library that it needs isn't available (now)."""


class BoardOperationError(DriverError):
    """The board refused or failed an operation."""


class LineInUseError(BoardOperationError):
    """Somebody uses the line, and what was asked for would disturb him."""


class BoardTimeoutError(DriverError, TimeoutError):
    """The board did not answer in time."""
