# SPDX-License-Identifier: MIT
"""Write what was found out about a trunk's office into the configuration."""

import os
import tempfile
from pathlib import Path

import typer

from altiware.config import parse
from altiware.core.office import OfficePlan
from altiware.errors import ConfigError
from altiware.office_settings import with_office

__all__ = ["write_office"]


def write_office(file: Path, trunk: int, plan: OfficePlan) -> None:
    """Put the settings into the file, which is as it was if they can't be read back.

    Raises:
        ConfigError: the file's own way of writing that table can't be kept.
    """
    text = with_office(file.read_text("utf-8"), trunk, plan)
    if parse(text, str(file)).plan.trunks[trunk].office != plan:
        raise ConfigError(
            [f"{file}: trunks[{trunk}].office is written in a way that can't be kept"]
        )
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).chmod(file.stat().st_mode)
    Path(new.name).replace(file)
    typer.echo(f"{file}: trunks[{trunk}].office written", err=True)
