# SPDX-License-Identifier: MIT
"""Arguments and options that several commands have."""

from typing import Annotated

import typer

__all__ = ["Address", "AsJson", "Port"]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="As quantum+sim://Q12.")]
Port = Annotated[int | None, typer.Option(metavar="N", help="Only this port.")]
