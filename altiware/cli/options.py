# SPDX-License-Identifier: MIT
"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Address", "AsJson", "Config", "Place", "Port"]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="As quantum+sim://Q12.")]
Port = Annotated[int | None, typer.Option(metavar="N", help="Only this port.")]
Place = Annotated[
    str, typer.Argument(metavar="BOARD:PORT", help="As 00:03, or quantum+sim://Q12:3.")
]
Config = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Configuration [default: DIR/altiware.toml]")
]
