# SPDX-License-Identifier: MIT
"""What can go wrong with the store, by who can act on it.

StoreError
├── DirectoryError     the data directory can't be used: correct the path or its permissions
│   └── InUseError     another service holds it: stop that one, or use another directory
├── VersionError       the database was written by a newer release: upgrade
└── WriteError         the disk refused a record (full, read-only): make room
"""

from altiware.errors import AltiwareError


class StoreError(AltiwareError):
    """Base class of all errors of the store."""


class DirectoryError(StoreError):
    """The data directory can't be used."""


class InUseError(DirectoryError):
    """Another service holds the data directory."""


class VersionError(StoreError):
    """The database was written by a newer release."""


class WriteError(StoreError):
    """A record could not be written; it is not on the disk."""
