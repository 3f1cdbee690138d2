# SPDX-License-Identifier: MIT
"""What a guest's program says to whoever watches its console: a JSON object a line."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

__all__ = ["assert_silent", "check", "say"]


def say(**what: object) -> None:
    """Report one thing to whoever watches the console."""
    print(json.dumps(what), flush=True)


@contextmanager
def check(name: str) -> Iterator[dict[str, object]]:
    """Report how a check ended, with what was measured; a failed one ends the program."""
    measured: dict[str, object] = {}
    began = time.monotonic()
    try:
        yield measured
    except BaseException as error:
        say(check=name, ok=False, why=repr(error))
        raise
    say(check=name, ok=True, s=round(time.monotonic() - began, 2), **measured)


def assert_silent(found: Iterable[object], *kinds: type) -> None:
    """Check that nothing such has happened."""
    wrong = [each for each in found if isinstance(each, kinds)]
    assert not wrong, wrong
