# SPDX-License-Identifier: MIT
"""What can go wrong between Python and the C engine.

EngineError
├── StaleBuildError      the compiled module is not of these sources: build again
├── EngineArgumentError  an argument is out of its documented range
├── EngineFullError      a fixed-size table or queue is full
└── EngineSystemError    the operating system refused memory or a descriptor
"""


class EngineError(Exception):
    """Base class of all errors of the engine."""


class StaleBuildError(EngineError):
    """The compiled module was built from other sources than those beside it."""


class EngineArgumentError(EngineError, ValueError):
    """An argument is out of its documented range."""


class EngineFullError(EngineError):
    """A fixed-size table or queue of the engine is full; nothing was changed."""


class EngineSystemError(EngineError, OSError):
    """The operating system refused memory, a descriptor or a thread."""
