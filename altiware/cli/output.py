# SPDX-License-Identifier: MIT
"""How commands print: one JSON document, CSV, or a table for people."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Final, NoReturn

import typer

__all__ = ["csv_cell", "end_with_fault", "print_csv", "print_json", "print_table"]

FORMULAS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BREAKS: Final = frozenset("\t\r\n")
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


def print_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print comma-separated values (RFC 4180, but with plain line ends)."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([csv_cell(value) for value in row] for row in rows)


def csv_cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula; numbers stay as they are.

    What callers send as their name is in these cells.  A formula begins with one of = + - @, as
    wide letters too, and a tab or an end of line before it may be skipped: such text gets an
    apostrophe in front (OWASP, "CSV injection").
    """
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip().startswith(FORMULAS) or value[:1] in BREAKS else value


def end_with_fault() -> NoReturn:
    """End the command: what it tested has a fault, and has been printed."""
    raise typer.Exit(FAULT)
