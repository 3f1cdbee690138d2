# SPDX-License-Identifier: MIT
"""What a person can be told about what went wrong, by who can act on it.

AltiwareError
├── ConfigError        the configuration is wrong: each fault names setting, value, what is allowed
├── UsageError         a command was given something it can't take
├── StoreError         the store (altiware.store.errors)
├── SoundError         there is no such phrase or recording, or it can't be played
└── UnavailableError   something that a command needs isn't installed or isn't there now
"""


class AltiwareError(Exception):
    """Base class of the PBX's own errors; ``str()`` of it is a sentence for people."""


class ConfigError(AltiwareError):
    """The configuration is wrong; ``faults`` has one line for each thing to correct."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class UsageError(AltiwareError):
    """A command was given something it can't take."""


class UnavailableError(AltiwareError):
    """Something that a command needs isn't installed or isn't there now."""


class SoundError(AltiwareError):
    """There is no such phrase or recording, or it can't be played."""
