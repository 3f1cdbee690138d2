# SPDX-License-Identifier: MIT
"""``altiware check``: read a configuration as the service would, and say what it makes."""

from pathlib import Path

import typer

from altiware.config import read

__all__ = ["check_file"]


def check_file(file: Path) -> None:
    """Print what the configuration describes.

    Raises:
        ConfigError: it is wrong; lists every fault.
    """
    config = read(file)
    plan = config.plan
    boards = "board" if len(config.boards) == 1 else "boards"
    typer.echo(
        f"{file}: right: {len(config.boards)} {boards}, "
        f"{len(plan.stations)} extensions, {len(plan.trunks)} trunks"
    )
