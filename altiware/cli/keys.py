# SPDX-License-Identifier: MIT
"""Single keys from a terminal, without waiting for the end of a line."""

import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["keys"]

MOST_BYTES: Final = 64


@contextmanager
def keys() -> Iterator[Callable[[], str]]:
    """Set the terminal to single keys, and back; yields what returns those pressed since.

    Ctrl-C still interrupts.  Without a terminal on standard input no key is ever pressed.
    """
    if not sys.stdin.isatty():
        yield lambda: ""
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor)
    try:
        yield lambda: _pressed(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _pressed(descriptor: int) -> str:
    if not select.select([descriptor], [], [], 0.0)[0]:
        return ""
    return os.read(descriptor, MOST_BYTES).decode(errors="ignore")
