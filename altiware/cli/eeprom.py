# SPDX-License-Identifier: MIT
"""``altiware board eeprom show|write|lock``: what a unit carries of itself."""

import dataclasses
import datetime
import sys
from typing import Final

import typer

from altiware.cli.opened import opened
from altiware.cli.output import end_with_fault, print_json, print_table
from altiware.errors import UsageError
from drivers.diagnostics.eeprom import (
    Contents,
    OemChanges,
    lock_page,
    read_contents,
    write_oem,
)
from drivers.qhi.pages import CalibrationPage, FactoryPage, OemPage, TracePage
from drivers.qhi.service import Page

__all__ = ["lock", "show", "write"]

DAY_0: Final = datetime.date(2000, 1, 1)
"""Days in EEPROM pages are counted from here (docs/reference/qhi.md)."""
DAYS: Final = ("made", "sold", "day")

AnyPage = FactoryPage | OemPage | TracePage | CalibrationPage


def show(address: str, *, as_json: bool) -> None:
    """Print what stands in all pages; a damaged one is a fault."""
    with opened(address) as (session, _):
        contents = read_contents(session)
    if as_json:
        print_json(_document(contents))
    else:
        _print(contents)
    if contents.damaged:
        end_with_fault()


def write(address: str, changes: OemChanges, *, as_json: bool) -> None:
    """Write fields of the OEM's page, and show the page.

    Raises:
        UsageError: nothing is to be written, or a field is too long.
    """
    if changes == OemChanges():
        raise UsageError("name what to write: --manufacturer, --product, --serial, --contact")
    with opened(address) as (session, _):
        try:
            page = write_oem(session, changes)
        except ValueError as error:
            raise UsageError(str(error)) from error
    if as_json:
        print_json({"oem": _fields(page)})
        return
    print_table(("field", "written"), _fields(page).items())
    typer.echo("A serial number is shown by the board from its next start on.")


def lock(address: str, name: str, *, yes: bool, as_json: bool) -> None:
    """Lock a page for ever, once the serial number was typed.

    Raises:
        UsageError: there is no such page, or the lock wasn't confirmed.
    """
    pages = {page.name.lower(): page for page in Page}
    if name not in pages:
        raise UsageError(f"--page {name}: allowed are {', '.join(pages)}")
    with opened(address) as (session, info):
        if not yes:
            _confirm(name, info.serial)
        lock_page(session, pages[name])
    if as_json:
        print_json({"serial": info.serial, "locked": name})
        return
    typer.echo(f"{info.model} {info.serial}: page {name} is locked, for ever")


def _confirm(name: str, serial: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("a lock never opens again: confirm it with --yes")
    typer.echo(f"Page {name} of {serial} will be locked. No reset and no firmware opens it.",
               err=True)  # fmt: skip
    typed = typer.prompt("Type the serial number to lock it", default="", err=True)
    if typed != serial:
        raise UsageError(f"that is not {serial}: nothing was locked")


def _print(contents: Contents) -> None:
    rows = (
        (str(int(state.page)), state.page.name.lower(), state.condition,
         "locked" if state.is_locked else "open")
        for state in contents.states
    )  # fmt: skip
    print_table(("page", "name", "content", "lock"), rows)
    for name, page in _pages(contents).items():
        if page is not None:
            typer.echo(f"\n{name}")
            print_table(("", ""), ((f"  {key}", value) for key, value in _fields(page).items()))


def _document(contents: Contents) -> dict[str, object]:
    states = [
        {"page": state.page.name.lower(), "content": state.condition, "locked": state.is_locked}
        for state in contents.states
    ]
    pages = {name: page and _fields(page) for name, page in _pages(contents).items()}
    return {"pages": states, **pages}


def _pages(contents: Contents) -> dict[str, AnyPage | None]:
    return {
        "factory": contents.factory,
        "oem": contents.oem,
        "trace": contents.trace,
        "calibration": contents.calibration,
    }


def _fields(page: AnyPage) -> dict[str, str]:
    """Return a page's fields as people write them."""
    fields: dict[str, str] = {}
    for field in dataclasses.fields(page):
        value = getattr(page, field.name)
        if field.name == "ports":
            fields |= {f"port {n}": _corrections(each) for n, each in enumerate(value)}
        elif field.name in DAYS:
            fields[field.name] = _day(value)
        elif field.name == "hardware":
            fields["hardware"] = f"{value >> 8}.{value & 0xFF}"
        else:
            fields[field.name] = str(value)
    return fields


def _corrections(port: object) -> str:
    names = [field.name for field in dataclasses.fields(port)]  # type: ignore[arg-type]
    return ", ".join(f"{name} {getattr(port, name):+g}" for name in names)


def _day(days: int | None) -> str:
    return "" if days is None else (DAY_0 + datetime.timedelta(days)).isoformat()
