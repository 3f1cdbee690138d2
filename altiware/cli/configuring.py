# SPDX-License-Identifier: MIT
"""``altiware config`` and the commands of tables: ask the desk, and print what it answers."""

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typer

from altiware.cli.desk import Office, answered
from altiware.cli.output import print_json, print_table
from altiware.config import Office as Tables
from altiware.config import write_default
from altiware.configuration.commands import (
    AddRow,
    ApplyTo,
    Command,
    RemoveRow,
    ReplaceAll,
    Row,
    SetValue,
    Unset,
    Value,
)
from altiware.configuration.fields import Json
from altiware.configuration.wire import to_json
from altiware.errors import UsageError
from altiware.tables import Setting, Shape, from_text, key_field, setting, settings_beside
from altiware.toml_lines import Path as SettingPath
from altiware.toml_lines import shown

__all__ = [
    "add_row",
    "apply_file",
    "apply_to",
    "confirm",
    "export",
    "list_rows",
    "remove_row",
    "set_row",
    "set_settings",
    "show",
    "show_difference",
    "show_history",
    "show_row",
    "undo",
]

PART: Final = re.compile(r'\[(\d+)\]|"([^"]*)"|([^."\[\]]+)')
INDEX: Final = re.compile(r"\[\d+\]")
DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|)")
UNITS_S: Final = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
STANDARD_INPUT: Final = Path("-")


# The whole


def show(office: Office, version: int | None, *, as_json: bool) -> None:
    """Print the configuration, without its secrets."""
    found = answered(office, "show", {"version": version} if version else {})
    if as_json:
        print_json(found)
    else:
        typer.echo(found["text"], nl=False)


def export(office: Office, file: Path) -> None:
    """Write the configuration, secrets and all, into a file for its owner only.

    Raises:
        UsageError: there is such a file already, or it can't be written.
    """
    found = answered(office, "show", {"secrets": True})
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(handle, "w", encoding="utf-8", newline="") as out:
            out.write(found["text"])
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    typer.echo(f"{file}: version {found['version']}, with its secrets", err=True)


def apply_file(
    office: Office, file: Path, note: str, confirm_within: str, *, rehearsal: bool, as_json: bool
) -> None:
    """Let a file be the configuration.

    Raises:
        ConfigError, UsageError: it is wrong, or can't be read.
    """
    text = _read(file)
    if not office.file.exists():
        write_default(office.file)
    fields: Json = {"note": note or f"from {file.name}", "rehearsal": rehearsal}
    if confirm_within:
        fields["confirm_within_s"] = _seconds(confirm_within)
    _change(office, [ReplaceAll(text)], fields, as_json=as_json)


def show_difference(
    office: Office,
    old: int | None,
    new: int | None,
    file: Path | None,
    *,
    by_setting: bool,
    as_json: bool,
) -> None:
    """Print what differs between two versions, or between one and a file."""
    fields: Json = {"old": old, "new": new, "text": _read(file) if file else ""}
    found = answered(office, "diff", {name: each for name, each in fields.items() if each})
    if as_json:
        print_json(found)
        return
    lines = _change_lines(found) if by_setting else found["lines"]
    for line in lines:
        typer.echo(line)


def show_history(office: Office, limit: int, *, as_json: bool) -> None:
    """Print the newest versions, the newest first."""
    found = answered(office, "history", {"limit": limit})
    if as_json:
        print_json(found["versions"])
        return
    rows = [_version_row(each) for each in found["versions"]]
    print_table(("version", "made", "author", "note"), rows)


def undo(office: Office, to: int | None, *, as_json: bool) -> None:
    """Have the version before, or another, again."""
    _print_change(answered(office, "undo", {"to": to} if to else {}), as_json=as_json)


def confirm(office: Office, *, as_json: bool) -> None:
    """Let the version that waits hold for good."""
    found = answered(office, "confirm", {})
    if as_json:
        print_json(found)
    else:
        typer.echo(f"version {found['version']}: confirmed")


# Tables and settings


def list_rows(office: Office, table: str, *, as_json: bool) -> None:
    """Print the rows of a table."""
    found = answered(office, "rows", {"table": list(_path(table))})
    if as_json:
        print_json(found["rows"])
        return
    rows: list[Json] = found["rows"]
    names = [name for name in (rows[0] if rows else ()) if not _is_nested(rows[0][name])]
    is_unique = len({str(row[found["key"]]) for row in rows}) == len(rows)
    if rows and is_unique:
        print_table(names, [[_cell(row[name]) for name in names] for row in rows])
    elif rows:
        numbered = [[f"[{n}]", *(_cell(row[name]) for name in names)] for n, row in enumerate(rows)]
        print_table(["", *names], numbered)
    else:
        typer.echo("none yet")


def show_row(office: Office, table: str, key: str, *, as_json: bool) -> None:
    """Print the settings of a row, those that have their default too.

    Raises:
        UsageError: there is no such row.
    """
    found = answered(office, "rows", {"table": list(_path(table))})
    keys = [str(row[found["key"]]) for row in found["rows"]]
    part = _key(key)
    if isinstance(part, int):
        rows = found["rows"][part : part + 1]
    else:
        rows = [row for name, row in zip(keys, found["rows"], strict=True) if name == key]
    if len(rows) != 1:
        many = "has several rows, say which as [0]:" if rows else "has no row"
        raise UsageError(f"{table}: {many} {key}; there are {', '.join(keys) or 'none'}")
    if as_json:
        print_json(rows[0])
        return
    for name, value in _flat(rows[0], ""):
        typer.echo(f"{name} = {value}")


def set_settings(
    office: Office,
    prefix: SettingPath,
    pairs: Sequence[str],
    unset: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Give settings values (``NAME=VALUE``), or their defaults again."""
    commands: list[Command] = []
    for pair in pairs:
        name, value = _pair(pair)
        path = (*prefix, *_path(name))
        commands.append(SetValue(path, _value(path, value)))
    commands += [Unset((*prefix, *_path(name))) for name in unset]
    if not commands:
        raise UsageError("nothing to set: NAME=VALUE, or --unset NAME")
    _change(office, commands, {}, as_json=as_json)


def set_row(
    office: Office,
    table: str,
    key: str,
    pairs: Sequence[str],
    unset: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Change settings of one row."""
    set_settings(office, (*_path(table), _key(key)), pairs, unset, as_json=as_json)


def add_row(office: Office, table: str, key: str, pairs: Sequence[str], *, as_json: bool) -> None:
    """Add a row to a table."""
    path = _path(table)
    found = _described(path)
    name = key_field(found.table) if found.table and found.shape is Shape.ROWS else "name"
    key_path = (*path, key, name)
    row: Row = ((name, _value(key_path, key) if found.shape is Shape.ROWS else key),)
    for pair in pairs:
        setting_name, value = _pair(pair)
        row = (*row, (setting_name, _value((*path, key, *_path(setting_name)), value)))
    _change(office, [AddRow(path, row)], {}, as_json=as_json)


def remove_row(office: Office, table: str, key: str, *, as_json: bool) -> None:
    """Remove a row from a table."""
    _change(office, [RemoveRow(_path(table), _key(key))], {}, as_json=as_json)


def apply_to(
    office: Office, table: str, key: str, name: str, targets: Sequence[str], *, as_json: bool
) -> None:
    """Give a setting of one row to others; without ``targets`` to all."""
    command = ApplyTo(_path(table), _key(key), _path(name), tuple(map(_key, targets)))
    _change(office, [command], {}, as_json=as_json)


# What is asked


def _change(office: Office, commands: Sequence[Command], fields: Json, *, as_json: bool) -> None:
    fields = {"commands": [to_json(each) for each in commands]} | fields
    found = answered(office, "change", fields)
    _print_change(found, as_json=as_json)


def _read(file: Path) -> str:
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode("utf-8")
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text: {error.reason}") from error


def _seconds(text: str) -> float:
    found = DURATION.fullmatch(text)
    if not found:
        raise UsageError(f"{text!r}: a time, as 60s, 5m or 1h")
    return float(found[1]) * UNITS_S[found[2]]


def _path(text: str) -> SettingPath:
    """Read ``stations.101.name``, ``boards[0].address`` or ``holidays."2026-12-25".name``."""
    path: list[str | int] = []
    at = 0
    for found in PART.finditer(text):
        between = text[at : found.start()]
        at = found.end()
        if between != ("." if path and found[1] is None else ""):
            raise UsageError(f"{text!r}: a setting, as stations.101.name")
        path.append(int(found[1]) if found[1] else found[2] or found[3] or "")
    if not path or at != len(text):
        raise UsageError(f"{text!r}: a setting, as stations.101.name")
    return tuple(path)


def _key(text: str) -> str | int:
    """Read the name of a row: its key, or its index as ``[0]``."""
    return int(text[1:-1]) if INDEX.fullmatch(text) else text


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise UsageError(f"{text!r}: NAME=VALUE")
    return name, value


def _described(path: SettingPath) -> Setting:
    for length in range(1, len(path) + 1):
        if setting(Tables, path[:length]) is None:
            allowed = ", ".join(settings_beside(Tables, path[:length])) or "nothing in it"
            raise UsageError(f"{shown(path[:length])}: is no setting; allowed: {allowed}")
    found = setting(Tables, path)
    assert found
    return found


def _value(path: SettingPath, text: str) -> Value:
    value: Any = from_text(_described(path), text)
    return value if isinstance(value, bool | int | float | str | list) else text


# What is printed


def _print_change(found: Json, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for line in [*_change_lines(found), *_effect_lines(found)]:
        typer.echo(line)


def _change_lines(found: Json) -> Iterator[str]:
    for each in found["changes"]:
        old, new = (_cell(each[side]) if each[side] is not None else "-" for side in ("old", "new"))
        yield f"{each['path']}: {old} -> {new}"
    if not found["changes"]:
        yield "no setting differs"


def _effect_lines(found: Json) -> Iterator[str]:
    yield f"version {found['version']} of {found['file']}"
    if found["running"] and found["at_restart"]:
        yield f"when the service is started again: {', '.join(found['at_restart'])}"
    if not found["running"] and found["changes"]:
        yield "no service runs here: it holds when one is started"
    if found["confirm_by"]:
        until = datetime.fromisoformat(found["confirm_by"]).astimezone()
        yield f"rolled back at {until:%H:%M:%S} unless confirmed: altiware config confirm"


def _version_row(found: Json) -> tuple[str, ...]:
    made = datetime.fromisoformat(found["made"]).astimezone()
    waits = " (not confirmed)" if found["confirm_by"] else ""
    return (
        str(found["version"]),
        f"{made:%Y-%m-%d %H:%M:%S}",
        found["author"],
        found["note"] + waits,
    )


def _cell(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)


def _flat(row: Json, prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", json.dumps(value, ensure_ascii=False)
