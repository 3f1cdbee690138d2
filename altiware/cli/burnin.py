# SPDX-License-Identifier: MIT
"""``altiware board burnin`` and ``altiware board certificate verify``."""

import datetime
import json
from pathlib import Path
from typing import Any

import typer

from altiware.cli.opened import opened
from altiware.cli.output import end_with_fault, print_json
from altiware.cli.plots import draw
from altiware.errors import UnavailableError, UsageError
from drivers.base import BoardInfo
from drivers.diagnostics.burnin import BurnIn, Cycle, burn_in
from drivers.diagnostics.certificate import certify, check, document_text, printed
from drivers.diagnostics.eeprom import write_certificate
from drivers.diagnostics.session import Session
from drivers.errors import DriverError

__all__ = ["burn", "verify"]


def burn(address: str, seconds: float, out: Path, *, write: bool, as_json: bool) -> None:
    """Run a burn-in and write its certificate, its numbers and its plots.

    Raises:
        UsageError: the directory can't be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}") from error
    with opened(address) as (session, info):
        found = burn_in(session, seconds, _tell)
        certificate = certify(info, found, datetime.datetime.now(datetime.UTC))
        is_written = write and _write(session, certificate)
    files = _save(certificate, out) + _draw(found, info, out)
    if as_json:
        names = [str(path) for path in files]
        print_json({**certificate, "files": names, "written": is_written})
    else:
        typer.echo(printed(certificate), nl=False)
        typer.echo("\n" + "\n".join(f"Written: {path}" for path in files))
    if not found.is_good:
        end_with_fault()


def verify(file: Path, *, as_json: bool) -> None:
    """Check that a certificate is as it was issued.

    Raises:
        UsageError: the file can't be read.
    """
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: no text") from error
    wrong = check(text)
    if as_json:
        print_json({"file": str(file), "good": not wrong, "wrong": wrong})
    else:
        typer.echo(f"{file}: {wrong or 'as it was issued'}{_issued(text, wrong)}")
    if wrong:
        end_with_fault()


def _issued(text: str, wrong: str) -> str:
    """Return for whom a sound JSON certificate was issued."""
    if wrong or not text.lstrip().startswith("{"):
        return ""
    certificate = json.loads(text)
    verdict = "passed" if certificate["good"] else "failed"
    return f", {certificate['number']}: {certificate['unit']['serial']} {verdict}"


def _tell(cycle: Cycle) -> None:
    warmth = "" if cycle.celsius is None else f", {cycle.celsius:.1f} °C"
    verdict = f"{len(cycle.faults)} faults" if cycle.faults else "good"
    typer.echo(f"{cycle.at_s:8.0f} s  {verdict}{warmth}", err=True)
    for reading in cycle.faults:
        typer.echo(f"            {reading.sentence}", err=True)


def _write(session: Session, certificate: dict[str, Any]) -> bool:
    """Write the number into the unit; a page that is locked isn't the unit's fault."""
    try:
        write_certificate(session, certificate["number"])
    except DriverError as error:
        typer.echo(f"not written into the unit: {error}", err=True)
        return False
    return True


def _save(certificate: dict[str, Any], out: Path) -> list[Path]:
    texts = {
        "certificate.json": document_text(certificate),
        "certificate.txt": printed(certificate),
    }
    for name, text in texts.items():
        (out / name).write_text(text, "utf-8")
    return [out / name for name in texts]


def _draw(found: BurnIn, info: BoardInfo, out: Path) -> list[Path]:
    try:
        return draw(found, out, f"{info.model} {info.serial}")
    except UnavailableError as error:
        typer.echo(f"no plots: {error}", err=True)
        return []
