# SPDX-License-Identifier: MIT
"""The command ``altiware``: the command line above, the service below.

The one place that knows both; the service is loaded only when it is to run.
"""

from pathlib import Path

from altiware.cli.main import run

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    raise SystemExit(run(_serve))


def _serve(config: Path | None, directory: Path) -> None:
    from altiware.app import serve  # noqa: PLC0415  (loads the engine)

    serve(config, directory)


if __name__ == "__main__":
    main()
