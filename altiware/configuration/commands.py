# SPDX-License-Identifier: MIT
"""What can be done to the configuration: every interface says it in these words.

``performed(text, [SetValue(("stations", "101", "name"), "Desk")])`` returns the new text, with all
comments and in its order, after ``altiware.config.parse`` has found it right.  In a path a row is
named by its key (an extension, a port: the first setting of its table) or by its index.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import BaseModel

from altiware.config import Config, Office, parse
from altiware.configuration.text import at, with_row, with_value, without, without_row
from altiware.errors import UsageError
from altiware.tables import (
    MASK,
    Setting,
    Shape,
    is_secret,
    key_field,
    setting,
    settings_beside,
)
from altiware.toml_lines import Path, shown

__all__ = [
    "AddRow",
    "ApplyTo",
    "Command",
    "RemoveRow",
    "ReplaceAll",
    "Row",
    "SetValue",
    "Unset",
    "Value",
    "checked",
    "performed",
    "resolved",
]

CHANGED: Final = "as changed"
"""Stands in messages for the file that would be."""
Value = bool | int | float | str | Sequence["Value"]
Row = tuple[tuple[str, Value], ...]
"""The settings of a row, in order."""


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give a setting a value."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Unset:
    """Let a setting have its default again."""

    path: Path


@dataclass(frozen=True, slots=True)
class AddRow:
    """Add a row to a list of tables, or a named table."""

    table: Path
    row: Row
    "With its key first."


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Remove a row or a named table."""

    table: Path
    key: str | int


@dataclass(frozen=True, slots=True)
class ReplaceAll:
    """Have this text as the configuration."""

    text: str


@dataclass(frozen=True, slots=True)
class ApplyTo:
    """Give a setting of one row to others of the list."""

    table: Path
    source: str | int
    setting: Path
    "Within the row."
    targets: tuple[str | int, ...]
    "Empty: to all others."


Command = SetValue | Unset | AddRow | RemoveRow | ReplaceAll | ApplyTo


def performed(text: str, commands: Iterable[Command]) -> str:
    """Return the text after the commands, all of them or none.

    Raises:
        ConfigError: what would come of it is wrong.
        UsageError: a command means nothing here.
    """
    for command in commands:
        text = _perform(text, command)
    checked(text)
    return text


def checked(text: str, name: str = CHANGED) -> Config:
    """Return what a text says.

    Raises:
        ConfigError: it is wrong.
        UsageError: it has the placeholder of a secret for the secret itself.
    """
    config = parse(text, name)
    for path, value in _values(tomllib.loads(text), ()):
        if value == MASK and is_secret(Office, path):
            raise UsageError(f"{shown(path)}: stands for a secret; `altiware config export` has it")
    return config


def resolved(document: object, path: Path) -> Path:
    """Return the path with each row's key replaced by its index.

    Raises:
        UsageError: there is no such row or setting; names those that there are.
    """
    found: Path = ()
    for part in path:
        here = _described(found)
        if here.shape is Shape.ROWS:
            found = (*found, _index(document, found, part))
        elif setting(Office, (*found, part)) is None:
            allowed = ", ".join(settings_beside(Office, (*found, part)))
            raise UsageError(f"{shown((*found, part))}: is no setting; allowed: {allowed}")
        else:
            found = (*found, part)
    return found


# Performing


def _perform(text: str, command: Command) -> str:
    if isinstance(command, ReplaceAll):
        return command.text
    document = tomllib.loads(text)
    if isinstance(command, SetValue):
        return _set(text, resolved(document, command.path), command.value)
    if isinstance(command, Unset):
        return _unset(text, document, command.path)
    if isinstance(command, AddRow):
        return _add(text, document, command)
    if isinstance(command, RemoveRow):
        return _remove(text, document, command)
    return _apply_to(text, document, command)


def _set(text: str, path: Path, value: Value) -> str:
    if _described(path).shape is Shape.ROWS:
        raise UsageError(f"{shown(path)}: has rows; add, set or remove one")
    return with_value(text, path, value)


def _unset(text: str, document: object, path: Path) -> str:
    path = resolved(document, path)
    try:
        at(document, path)
    except LookupError:
        return text
    return without(text, path)


def _add(text: str, document: object, command: AddRow) -> str:
    table = resolved(document, command.table)
    here, settings = _described(table), dict(command.row)
    if here.shape not in (Shape.ROWS, Shape.NAMED) or not here.table:
        raise UsageError(f"{shown(table)}: has no rows")
    if here.shape is Shape.NAMED:
        return _add_named(text, document, table, command.row)
    text = with_row(text, table, {name: settings[name] for name in settings if "." not in name})
    row = (*table, len(at(tomllib.loads(text), table)) - 1)
    for name in (name for name in settings if "." in name):
        path = resolved(tomllib.loads(text), (*row, *name.split(".")))
        text = _set(text, path, settings[name])
    return text


def _add_named(text: str, document: object, table: Path, row: Row) -> str:
    (_, key), *settings = row
    path = (*table, str(key))
    if _is_there(document, path):
        raise UsageError(f"{shown(path)}: is there already")
    for name, value in settings:
        text = _set(text, (*path, *name.split(".")), value)
    return text if settings else with_value(text, path, cast("Value", {}))


def _remove(text: str, document: object, command: RemoveRow) -> str:
    path = resolved(document, (*command.table, command.key))
    shape = _described(path[:-1]).shape
    if shape is Shape.ROWS:
        return without_row(text, path)
    if shape is not Shape.NAMED or not _is_there(document, path):
        raise UsageError(f"{shown(path)}: is not there")
    return without(text, path)


def _apply_to(text: str, document: Any, command: ApplyTo) -> str:
    source = resolved(document, (*command.table, command.source, *command.setting))
    rows = resolved(document, command.table)
    if _described(rows).shape is not Shape.ROWS:
        raise UsageError(f"{shown(rows)}: has no rows")
    for target in command.targets or range(len(at(document, rows))):
        path = resolved(document, (*command.table, target, *command.setting))
        if path != source:
            text = _copied(text, source, path)
    return text


def _copied(text: str, source: Path, target: Path) -> str:
    """Let a setting, or all that a table or list has, be as another is."""
    document: Any = tomllib.loads(text)
    here, value = _described(source), _value_at(document, source)
    if here.shape is Shape.TABLE:
        for name in here.table.model_fields if here.table else ():
            text = _copied(text, (*source, name), (*target, name))
        return text
    if here.shape is Shape.VALUE and value is not None:
        return with_value(text, target, value)
    if _is_there(document, target):
        text = without(text, target)
    if here.shape is Shape.ROWS:
        for row in value or []:
            text = with_row(text, target, row)
    elif here.shape is Shape.NAMED:
        for name, each in (value or {}).items():
            text = with_value(text, (*target, name), each)
    return text


# Rows and settings


def _described(path: Path) -> Setting:
    found = setting(Office, path)
    if found is None:
        raise UsageError(f"{shown(path)}: is no setting")
    return found


def _index(document: object, rows: Path, part: str | int) -> int:
    """Return the index of the row that is meant."""
    there = at(document, rows) if _is_there(document, rows) else []
    name = key_field(cast("type[BaseModel]", _described(rows).table))
    keys = [row.get(name) if isinstance(row, dict) else None for row in there]
    if isinstance(part, int) and 0 <= part < len(keys):
        return part
    if keys.count(part) == 1:
        return keys.index(part)
    many = "has several rows, say which as [0]:" if part in keys else "has no row"
    there_are = ", ".join(str(key) for key in keys) or "none"
    raise UsageError(f"{shown(rows)}: {many} {part}; there are {there_are}")


def _is_there(document: object, path: Path) -> bool:
    return _value_at(document, path) is not None


def _value_at(document: object, path: Path) -> Any:
    """Return what a document has at a path; None (which TOML hasn't): nothing."""
    try:
        return at(document, path)
    except LookupError:
        return None


def _values(document: object, path: Path) -> Iterable[tuple[Path, object]]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _values(value, (*path, name))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from _values(value, (*path, index))
    elif path:
        yield path, document
