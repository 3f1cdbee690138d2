# SPDX-License-Identifier: MIT
"""How commands print: one JSON document, or a table for people."""

import json
from collections.abc import Iterable, Sequence
from typing import Final, NoReturn

import typer

__all__ = ["end_with_fault", "print_json", "print_table"]

FAULT: Final = 1
"""Exit status: the test was made, and what it tested isn't good."""


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print columns as wide as their contents; nothing is cut, whatever the terminal's width."""
    lines = [list(headings), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def end_with_fault() -> NoReturn:
    """End the command: what it tested has a fault, and has been printed."""
    raise typer.Exit(FAULT)
