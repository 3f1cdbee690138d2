# SPDX-License-Identifier: MIT
"""``altiware blackbox list|show|picture`` and ``altiware line capture``."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer

from altiware.blackbox.box import BLACKBOX_NAME, Box, Facts, boxes_in, open_box, read_facts
from altiware.blackbox.capture import capture, with_decoded
from altiware.blackbox.picture import picture
from altiware.cli.board import UP_S
from altiware.cli.output import print_json, print_table
from altiware.cli.place import config_of, place
from altiware.errors import UnavailableError, UsageError
from drivers.diagnostics.session import open_session
from dsp.tones import COUNTRIES

__all__ = ["capture_line", "draw_box", "list_boxes", "show_box", "time_line"]

HEADINGS: Final = ("name", "began", "line", "seconds", "why")
SIDES: Final = {"said": "from the line", "heard": "to the line"}


def list_boxes(directory: Path, *, as_json: bool) -> None:
    """Print what was saved, the oldest first."""
    boxes = [(path, _facts(path)) for path in boxes_in(directory / BLACKBOX_NAME)]
    if as_json:
        print_json([{"file": str(path), **_head(facts)} for path, facts in boxes])
        return
    if not boxes:
        typer.echo(f"no call has ended badly: {directory / BLACKBOX_NAME} is empty")
        return
    rows = (
        (path.name, facts.began, facts.party, f"{facts.seconds:.1f}", facts.reason)
        for path, facts in boxes
    )
    print_table(HEADINGS, rows)


def _facts(path: Path) -> Facts:
    try:
        return read_facts(path)
    except UnavailableError as error:
        return Facts(reason=str(error))


def _head(facts: Facts) -> dict[str, object]:
    names = ("began", "party", "port", "call", "seconds", "reason")
    return {name: getattr(facts, name) for name in names}


def show_box(file: Path, directory: Path, country: str, *, as_json: bool) -> None:
    """Print what happened on a box's sound, as a time line.

    Raises:
        UsageError: it is no sound of a box, or there is no such country.
        UnavailableError: it can't be read.
    """
    box = _opened(file, directory, country)
    facts = box.facts
    if as_json:
        print_json({"file": str(box.path), **dataclasses.asdict(facts)})
        return
    about = f"{facts.party or box.path.name}  {facts.began}  {facts.seconds:.2f} s  {facts.reason}"
    typer.echo(" ".join(about.split()))
    typer.echo(f"from the line {facts.said_dbm0} dBm0, to the line {facts.heard_dbm0} dBm0")
    print_table(("s", "where", "what"), time_line(facts))


def time_line(facts: Facts) -> list[tuple[str, str, str]]:
    """Return what was decoded, what happened and what was measured, by time."""
    rows = sorted([*_decoded(facts), *_moments(facts), *_readings(facts)])
    return [(f"{at:.3f}", where, what) for at, where, what in rows if 0 <= at <= facts.seconds]


def _decoded(facts: Facts) -> Iterator[tuple[float, str, str]]:
    for each in facts.decoded:
        lasted = f" for {each.until - each.at:.2f} s" if each.until > each.at else ""
        yield each.at, SIDES[each.side], f"{each.kind} {each.what}{lasted}"


def _moments(facts: Facts) -> Iterator[tuple[float, str, str]]:
    for each in facts.moments:
        fields = " ".join(f"{name}={text}" for name, text in each.fields)
        yield each.at, f"{each.source} > {each.target}", f"{each.what} {fields}".rstrip()


def _readings(facts: Facts) -> Iterator[tuple[float, str, str]]:
    """Yield the readings that differ from the one before, as a person would read them."""
    last = ""
    for each in facts.readings:
        values = ((each.volts, "V"), (each.milliamps, "mA"))
        words = ", ".join(f"{value:.0f} {unit}" for value, unit in values if value is not None)
        if words != last:
            yield each.at, "line", words
        last = words


def draw_box(file: Path, directory: Path, country: str, out: Path | None, *, as_json: bool) -> None:
    """Draw a box, beside its sound unless told where.

    Raises:
        UsageError: it is no sound of a box, or there is no such country.
        UnavailableError: it can't be read, or the picture can't be written.
    """
    box = _opened(file, directory, country)
    target = out or box.path.with_suffix(".svg")
    _draw(box, target)
    if as_json:
        print_json({"picture": str(target)})
    else:
        typer.echo(str(target))


def _draw(box: Box, target: Path) -> None:
    try:
        target.write_text(picture(box, box.facts.decoded), "utf-8")
    except OSError as error:
        raise UnavailableError(f"{target}: {error.strerror}") from error


def _opened(file: Path, directory: Path, country: str) -> Box:
    """Open a box, by its path or its name in the data directory, and decode it anew."""
    kept = directory / BLACKBOX_NAME / file.name
    there = file.with_suffix(".wav").exists() or not kept.with_suffix(".wav").exists()
    box = open_box(file if there else kept)
    if country:
        facts = dataclasses.replace(box.facts, country=_known(country))
        box = dataclasses.replace(box, facts=facts)
    return with_decoded(box)


def _known(country: str) -> str:
    if country not in COUNTRIES:
        raise UsageError(f"--country {country}: allowed are {', '.join(COUNTRIES)}")
    return country


def capture_line(
    line: str, seconds: float, out: Path, country: str, file: Path, *, as_json: bool
) -> None:
    """Record a line both ways, and write sound, facts and picture.

    Raises:
        UsageError: there is no such line or country.
        DriverError: the board isn't there.
        UnavailableError: a file can't be written.
    """
    config = config_of(file)
    where = place(line, config)
    tones = _known(country or (config.plan.country if config else "us"))
    with open_session(where.address) as session:
        info = session.wait_until_up(UP_S)
        numbers = [each.number for each in info.ports]
        if where.port not in numbers:
            raise UsageError(f"{line}: {info.model} has ports {numbers[0]} to {numbers[-1]}")
        began = datetime.now(UTC).astimezone()
        box = capture(session, where.port, seconds, out, country=tones, began=began)
    target = box.path.with_suffix(".svg")
    _draw(box, target)
    files = [str(box.path), str(box.path.with_suffix(".json")), str(target)]
    if as_json:
        print_json({"files": files, **dataclasses.asdict(box.facts)})
        return
    typer.echo("wrote " + ", ".join(files))
    print_table(("s", "where", "what"), time_line(box.facts))
