# SPDX-License-Identifier: MIT
"""The command ``altiware``: the command line above, the service below.

The one place that knows both; the service is loaded only when it is to run.
"""

import gc
from pathlib import Path

from altiware.cli.main import run

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    raise SystemExit(run(_serve))


def _serve(config: Path | None, directory: Path) -> None:
    gc.disable()  # loading makes thousands of objects that stay: a tenth of the start
    from altiware.app import serve  # noqa: PLC0415  (loads the engine)

    gc.freeze()
    gc.enable()
    serve(config, directory)


if __name__ == "__main__":
    main()
