# SPDX-License-Identifier: MIT
"""What differs between two configurations, by line and by setting, and when it takes effect.

No secret is shown: ``masked(text)`` is a text that may be printed, and all here compare those, so
that a secret which has been changed is told (by setting) but not what it was or is.
"""

import difflib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import tomlkit
from pydantic import BaseModel

from altiware.config import Office
from altiware.configuration.text import at
from altiware.tables import MASK, Shape, is_secret, key_field, setting
from altiware.toml_lines import Path

__all__ = [
    "AT_RESTART",
    "Change",
    "Effect",
    "changes",
    "effect",
    "masked",
    "masked_data",
    "named",
    "unified",
]

AT_RESTART: Final = frozenset(
    {"version", "country", "boards", "engine", "echo", "blackbox", "smdr", "music"}
)
"""What is built when the service starts: boards, the engine and its arena, the country's tones."""


@dataclass(frozen=True, slots=True)
class Change:
    """A setting, or a row, that differs.  None: not said there."""

    path: tuple[str, ...]
    "A row is named by its key."
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Effect:
    """Which of the changed settings hold at once, and which when the service is started again."""

    at_once: tuple[str, ...] = ()
    at_restart: tuple[str, ...] = ()


def changes(old: str, new: str) -> list[Change]:
    """Return the settings that differ between two right configurations, in the new one's order."""
    before, after = tomllib.loads(old), tomllib.loads(new)
    found = _differences((), (), before, after)
    return [_without_secrets(each) for each in found]


def unified(old: str, new: str, names: tuple[str, str]) -> list[str]:
    """Return the lines that differ, with three around them, as ``diff -u`` does."""
    before, after = masked(old).splitlines(), masked(new).splitlines()
    return list(difflib.unified_diff(before, after, *names, lineterm=""))


def effect(found: Iterable[Change]) -> Effect:
    """Return when changes take effect in a running service."""
    by_root: dict[bool, list[str]] = {False: [], True: []}
    for change in found:
        by_root[change.path[0] in AT_RESTART].append(named(change.path))
    return Effect(tuple(by_root[False]), tuple(by_root[True]))


def named(path: Iterable[str]) -> str:
    """Return a path as commands take it."""
    return ".".join(path)


def masked(text: str) -> str:
    """Return a configuration's text without its secrets."""
    found = list(_secrets(tomllib.loads(text), ()))
    if not found:
        return text
    document = tomlkit.parse(text)
    for path in found:
        at(document, path[:-1])[path[-1]] = MASK
    return tomlkit.dumps(document)


def masked_data(document: Any, path: Path) -> Any:
    """Return what a document has at ``path``, without its secrets."""
    if path and is_secret(Office, path) and not isinstance(document, dict | list):
        return MASK
    if isinstance(document, dict):
        return {name: masked_data(value, (*path, name)) for name, value in document.items()}
    if isinstance(document, list):
        return [masked_data(value, (*path, index)) for index, value in enumerate(document)]
    return document


def _secrets(document: object, path: Path) -> Iterator[Path]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _secrets(value, (*path, name))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from _secrets(value, (*path, index))
    elif path and is_secret(Office, path):
        yield path


def _differences(path: Path, names: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    """Go down wherever both have something; ``path`` is for the classes, ``names`` for people."""
    found = setting(Office, path)
    if found and found.shape is Shape.ROWS and _are_tables(old) and _are_tables(new):
        old, new = _by_key(found.table, old), _by_key(found.table, new)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if (type(old), old) != (type(new), new):
            yield Change(names, old, new)
        return
    for name in [*new, *(name for name in old if name not in new)]:
        below = (*names, str(name))
        yield from _differences((*path, name), below, old.get(name), new.get(name))


def _are_tables(rows: Any) -> bool:
    """Whether rows have settings by which they can be named: members may be mere extensions."""
    return rows is None or all(isinstance(row, dict) for row in rows)


def _by_key(table: object, rows: Any) -> Any:
    """Return rows by the names that commands call them by; of several with one name, by index."""
    name = key_field(cast("type[BaseModel]", table))
    keys = [str(row.get(name, "")) for row in rows or []]
    if len(set(keys)) != len(keys):
        keys = [str(index) for index in range(len(keys))]
    return dict(zip(keys, rows or [], strict=True))


def _without_secrets(change: Change) -> Change:
    old, new = masked_data(change.old, change.path), masked_data(change.new, change.path)
    return Change(change.path, old, new)
