# SPDX-License-Identifier: MIT
"""What can go wrong with backups.

BackupError
├── ArchiveError    the file is no backup, or not whole: use another
└── SpaceError      the disk refused it (full, read-only, a limit): make room
"""

from altiware.errors import UnavailableError


class BackupError(UnavailableError):
    """Base class of what goes wrong with backups."""


class ArchiveError(BackupError):
    """The file is no backup, or not whole."""


class SpaceError(BackupError):
    """The disk refused what was to be written."""
