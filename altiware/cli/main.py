# SPDX-License-Identifier: MIT
"""Run a command and turn what went wrong into a sentence.

Exit status: 0 done and good, 1 a fault was found (what is tested doesn't pass), 2 wrong input,
3 not possible (now): nothing answers there, it can't do that, it is in use; 130 interrupted.
"""

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from altiware import __version__
from altiware.errors import AltiwareError, ConfigError, UnavailableError, UsageError
from altiware.store.errors import DirectoryError
from drivers.errors import AddressError, DriverError

__all__ = ["IMPOSSIBLE", "WRONG", "Serve", "run"]

WRONG: Final = 2
IMPOSSIBLE: Final = 3
LEAST_FILES: Final = 64
"""Open at a time: the service starts with 21 (measured); each board, call and page adds some."""

Serve = Callable[[Path | None, Path], None]
"""Runs the service: configuration file (None: the data directory's own), data directory."""


def run(serve: Serve) -> int:
    """Run the command line of this process; ``serve`` is what ``altiware run`` runs."""
    if sys.argv[1:] == ["--version"]:  # answered without loading the commands
        sys.stdout.write(f"altiware {__version__}\n")
        return 0
    try:
        return _command(serve)
    except (ConfigError, UsageError, AddressError, DirectoryError) as error:
        return _say(error, WRONG)
    except (AltiwareError, DriverError) as error:
        return _say(error, IMPOSSIBLE)
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not _is_engine_error(error):
            raise
        return _say(error, IMPOSSIBLE)


def _command(serve: Serve) -> int:
    _want_files()
    from altiware.cli.commands import app

    status = app(obj=serve, standalone_mode=True)
    return int(status or 0)


def _want_files() -> None:
    """See that this process may open the files it needs, before one that it can't fails anywhere.

    Raises:
        UnavailableError: it may not.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < LEAST_FILES:
        raise UnavailableError(
            f"this process may open {hard} files at a time; it needs {LEAST_FILES} at least:"
            " raise `ulimit -Hn`, or LimitNOFILE= of the service"
        )
    if soft != resource.RLIM_INFINITY and soft < LEAST_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (LEAST_FILES, hard))


def _is_engine_error(error: Exception) -> bool:
    """Tell without loading the engine: whoever raised one of its errors has loaded them."""
    errors = sys.modules.get("dsp.errors")
    return errors is not None and isinstance(error, errors.EngineError)


def _say(error: Exception, status: int) -> int:
    for line in str(error).splitlines():
        sys.stderr.write(f"altiware: {_printable(line)}\n")
    return status


def _printable(text: str) -> str:
    """Return text that can't command a terminal: what came in may be in the message."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
