# SPDX-License-Identifier: MIT
"""The end of a process that a test has started: asked for, waited for, and in the end forced.

Leaving a ``Popen`` waits for ever, and a test's time limit strikes only once: whoever starts a
process calls ``end`` in a ``finally``, so that one that hangs fails its test and not all tests.
"""

import subprocess
from typing import Final

__all__ = ["end"]

PATIENCE_S: Final = 20.0


def end(process: "subprocess.Popen[str]") -> int:
    """Terminate a process, and return its exit status.

    Raises:
        subprocess.TimeoutExpired: it did not end, and was killed.
    """
    process.terminate()
    try:
        return process.wait(PATIENCE_S)
    except BaseException:
        process.kill()
        raise
