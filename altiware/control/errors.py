# SPDX-License-Identifier: MIT
"""What can go wrong between a command and the service.

ControlError
├── NotRunningError    no service answers in the directory: start one, or do without
└── ProtocolError      what came is no request or no answer: another release, or no friend
"""

from altiware.errors import UnavailableError


class ControlError(UnavailableError):
    """The service can't be asked."""


class NotRunningError(ControlError):
    """No service answers."""


class ProtocolError(ControlError):
    """What came is no request, or no answer."""
