# SPDX-License-Identifier: MIT
"""What can go wrong with what the office says.

PromptError              (a SoundError)
├── UnknownPhraseError   there is no such phrase: correct the name (a UsageError, too)
├── SoundFileError       a file isn't a sound that can be read: take another (a UsageError, too)
├── MissingSoundError    a phrase or a recording has no sound: what should be there is gone
└── UnwritableError      the data directory can't be written
"""

from altiware.errors import SoundError, UsageError

__all__ = [
    "MissingSoundError",
    "PromptError",
    "SoundFileError",
    "UnknownPhraseError",
    "UnwritableError",
]


class PromptError(SoundError):
    """Base class of the prompts' errors."""


class UnknownPhraseError(PromptError, UsageError):
    """There is no phrase, group or language of this name."""


class SoundFileError(PromptError, UsageError):
    """A file isn't a sound that can be read."""


class MissingSoundError(PromptError):
    """There is no sound where one has to be."""


class UnwritableError(PromptError):
    """A file of the data directory can't be written."""
