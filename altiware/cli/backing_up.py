# SPDX-License-Identifier: MIT
"""``altiware backup`` and ``altiware restore``."""

import dataclasses
from pathlib import Path

import typer

from altiware.backup.manifest import Manifest
from altiware.backup.reading import verified
from altiware.backup.restoring import restore
from altiware.backup.writing import write_backup
from altiware.cli.output import print_json

__all__ = ["back_up", "bring_back", "check_backup"]


def back_up(directory: Path, out: Path, *, as_json: bool) -> None:
    """Write a backup, and say what is in it.

    Raises:
        DirectoryError, BackupError: it can't be made.
    """
    _print(out, "written and read back", write_backup(directory, out), as_json=as_json)


def check_backup(file: Path, *, as_json: bool) -> None:
    """Read a backup to its end, and say what is in it.

    Raises:
        ArchiveError: it is damaged.
    """
    _print(file, "whole", verified(file), as_json=as_json)


def bring_back(file: Path, directory: Path, *, as_json: bool) -> None:
    """Let a data directory be what a backup has.

    Raises:
        InUseError, BackupError: it can't be; nothing was changed.
    """
    done = restore(file, directory)
    if as_json:
        old = str(done.old) if done.old else None
        print_json(dataclasses.asdict(done) | {"old": old, "directory": str(directory)})
        return
    _print(file, f"restored to {directory}", done.manifest, as_json=False)
    if done.old:
        typer.echo(f"what was there before is in {done.old}; remove it when all is well")
    for line in done.warnings:
        typer.echo(f"mind: {line}")


def _print(file: Path, what: str, manifest: Manifest, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(file)} | dataclasses.asdict(manifest))
        return
    typer.echo(f"{file}: {what}: made {manifest.made} by altiware {manifest.release}")
    for notice in manifest.notices:
        typer.echo(f"  {notice}")
