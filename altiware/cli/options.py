# SPDX-License-Identifier: MIT
"""Arguments and options that several commands have."""

import os
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Address",
    "AsCsv",
    "AsJson",
    "Config",
    "Data",
    "FirstDay",
    "LastDay",
    "Place",
    "Port",
    "configuration",
    "default_directory",
]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="As quantum+sim://Q12.")]
AsCsv = Annotated[
    bool, typer.Option("--csv", help="Print CSV, safe to be opened in a spreadsheet.")
]
FirstDay = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="The first, as 2026-03-01.")
]
LastDay = Annotated[
    str | None, typer.Option("--to", metavar="DAY", help="The last, as 2026-03-31.")
]
Port = Annotated[int | None, typer.Option(metavar="N", help="Only this port.")]
Place = Annotated[
    str, typer.Argument(metavar="BOARD:PORT", help="As 00:03, or quantum+sim://Q12:3.")
]
Config = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Configuration [default: DIR/altiware.toml]")
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Data directory [default: $XDG_DATA_HOME/altiware]."
    ),
]


def default_directory() -> Path:
    """Return where records and configuration live unless told otherwise (XDG base directories)."""
    base = os.environ.get("XDG_DATA_HOME", "")
    root = Path(base) if base.startswith("/") else Path.home() / ".local" / "share"
    return root / "altiware"


def configuration(file: Path | None, data: Path | None) -> Path:
    """Return the configuration that is meant: the data directory's own unless one is named."""
    from altiware.config import FILE_NAME

    return file or (data or default_directory()) / FILE_NAME
