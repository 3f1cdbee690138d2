# SPDX-License-Identifier: MIT
"""``altiware board firmware show|update|rollback``: two slots, a trial, and the way back."""

from pathlib import Path
from typing import Final

import typer

from altiware.cli.opened import opened
from altiware.cli.output import end_with_fault, print_json, print_table
from altiware.errors import UsageError
from drivers.diagnostics.updating import boot_info, roll_back, update
from drivers.firmware import Updated, UpdateEvent, UpdateFailed, UpdateProgress, UpdateState
from drivers.service import BootInfo

__all__ = ["bring", "show", "take_back"]

NAMES: Final = "AB"
TENTHS: Final = 10


def show(address: str, *, as_json: bool) -> None:
    """Print what runs, and what is in the other slot."""
    with opened(address) as (session, _):
        info = boot_info(session)
    _print(info, as_json=as_json)


def bring(address: str, file: Path, *, as_json: bool) -> None:
    """Update a board's firmware, and tell how it goes until the board has confirmed it.

    Raises:
        UsageError: the file can't be read, or is empty.
    """
    try:
        image = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    if not image:
        raise UsageError(f"{file} is empty")
    with opened(address) as (session, _):
        end = update(session, image, Progress())
    if as_json:
        print_json(_end_document(end))
    elif isinstance(end, Updated):
        typer.echo(f"Version {version(end.version)} runs, and has proved itself.")
    else:
        again = " The board went back to the firmware before." if end.rolled_back else ""
        typer.echo(f"Not updated: {end.reason}.{again}")
    if isinstance(end, UpdateFailed):
        end_with_fault()


def take_back(address: str, *, as_json: bool) -> None:
    """Boot the image that ran before."""
    with opened(address) as (session, _):
        info = roll_back(session)
    _print(info, as_json=as_json)


class Progress:
    """Tells each step once, and writing by tenths."""

    def __init__(self) -> None:
        self._told: tuple[UpdateState, int] | None = None

    def __call__(self, event: UpdateEvent) -> None:
        """Tell an event, unless it was told before."""
        if not isinstance(event, UpdateProgress) or event.state is UpdateState.ASKING:
            return
        tenth = TENTHS * event.written // event.size
        if self._told == (event.state, tenth):
            return
        self._told = (event.state, tenth)
        share = f" {TENTHS * tenth} %" if event.state is UpdateState.WRITING else ""
        typer.echo(f"{event.state.value}{share}", err=True)


def version(number: int) -> str:
    """Return a version as people write it."""
    return f"{number >> 24}.{number >> 16 & 0xFF}.{number & 0xFFFF}" if number else "unknown"


def _end_document(end: Updated | UpdateFailed) -> dict[str, object]:
    if isinstance(end, Updated):
        return {"good": True, "version": version(end.version)}
    return {"good": False, "reason": end.reason, "rolled_back": end.rolled_back}


def _print(info: BootInfo, *, as_json: bool) -> None:
    slots = [
        {
            "slot": NAMES[number],
            "runs": number == info.running,
            "state": slot.state.name.lower(),
            "version": version(slot.version),
            "size": slot.size,
            "boots": slot.boots,
            "sha256": slot.sha256.hex(),
        }
        for number, slot in enumerate(info.slots)
    ]
    if as_json:
        print_json({"trial_s": info.trial_s, "boots": info.boots, "slots": slots})
        return
    rows = (("*" if each["runs"] else "", *(str(each[key]) for key in _COLUMNS)) for each in slots)
    print_table(("runs", *_COLUMNS), rows)
    if info.trial_s:
        typer.echo(f"On trial: {info.trial_s} s are left; a session of 30 s confirms it.")


_COLUMNS: Final = ("slot", "state", "version", "size", "boots", "sha256")
