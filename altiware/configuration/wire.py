# SPDX-License-Identifier: MIT
"""Commands to the configuration as JSON objects: ``{"do": "set", "path": [...], "value": 3}``.

``to_json(command)`` and ``from_json(object)`` are each other's inverse; what comes in is checked
for its shape here, for its meaning when it is performed.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

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
from altiware.errors import UsageError
from altiware.toml_lines import Path

__all__ = ["from_json", "to_json"]

NAMES: Final[Mapping[str, type[Command]]] = {
    "set": SetValue,
    "unset": Unset,
    "add": AddRow,
    "remove": RemoveRow,
    "replace": ReplaceAll,
    "apply to": ApplyTo,
}


def to_json(command: Command) -> dict[str, Any]:
    """Return a command as a JSON object."""
    name = next(name for name, kind in NAMES.items() if kind is type(command))
    return {"do": name} | dataclasses.asdict(command)


def from_json(document: object) -> Command:
    """Return the command that an object says.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(document, dict):
        raise UsageError("a command is an object")
    kind = NAMES.get(str(document.get("do")))
    if kind is None:
        raise UsageError(f"do: allowed: {', '.join(NAMES)}")
    fields = {field.name for field in dataclasses.fields(kind)}
    if fields != document.keys() - {"do"}:
        raise UsageError(f"{document['do']}: has {', '.join(sorted(fields))}")
    return kind(**{name: _read(name, document[name]) for name in fields})


def _read(name: str, value: object) -> Any:
    """Return a field of a command."""
    if name == "value":
        return _value(value)
    if name in ("path", "table", "setting", "targets"):
        return _path(name, value)
    if name == "row":
        return _row(value)
    if name == "text":
        if isinstance(value, str):
            return value
    elif isinstance(value, str) or type(value) is int:
        return value
    raise UsageError(f"{name}: a text" if name == "text" else f"{name}: a name or an index")


def _value(value: object) -> Value:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_value(each) for each in value]
    raise UsageError("value: a text, a number, true or false, or a list of them")


def _path(name: str, value: object) -> Path:
    if not isinstance(value, list | tuple):
        raise UsageError(f"{name}: a list of names and indices")
    for part in value:
        if not (isinstance(part, str) or type(part) is int):
            raise UsageError(f"{name}: a list of names and indices")
    return tuple(value)


def _row(value: object) -> Row:
    pairs = value if isinstance(value, list | tuple) else [None]
    row: list[tuple[str, Value]] = []
    for pair in pairs:
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str)):
            raise UsageError("row: a list of [name, value]")
        row.append((pair[0], _value(pair[1])))
    return tuple(row)
