# SPDX-License-Identifier: MIT
"""Change one thing in a TOML text and leave the rest, comments and order, as people wrote it.

``with_value``, ``without``, ``with_row``, ``without_row`` take a text and a path of names and
indices, and return the new text.  tomlkit changes what is there; what is new is put in by lines,
because tomlkit puts it behind the comments that head the next table.  Each way is tried on the text
and counts only if what is read back is what was meant.
"""

import copy
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from altiware.configuration.blocks import Block, blocks
from altiware.errors import UsageError
from altiware.toml_lines import Path, shown

__all__ = ["at", "with_row", "with_value", "without", "without_row"]

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
Way = Callable[[], str]


def at(document: object, path: Path) -> Any:
    """Return what a document has at a path.

    Raises:
        LookupError: nothing.
    """
    here: Any = document
    for part in path:
        if not _can_have(here, part):
            raise LookupError(part)
        here = here[part]
    return here


def with_value(text: str, path: Path, value: object) -> str:
    """Return the text with a setting that has this value.

    Raises:
        UsageError: the text writes it in a way that can't be kept.
    """
    document = tomllib.loads(text)
    wanted = copy.deepcopy(document)
    try:
        _put(wanted, path, value)
    except (TypeError, AttributeError, LookupError):
        raise UsageError(f"{shown(path)}: what is around it is no table") from None
    ways: list[Way] = [lambda: _assigned(text, path, value)]
    if not _has(document, path):
        inserted = [lambda: _inserted(text, path, value)] if isinstance(path[-1], str) else []
        ways = [*inserted, *ways]
    return _first(ways, wanted, path)


def without(text: str, path: Path) -> str:
    """Return the text without a setting.

    Raises:
        UsageError: the text writes it in a way that can't be kept.
    """
    wanted = tomllib.loads(text)
    del at(wanted, path[:-1])[path[-1]]
    return _first([lambda: _deleted(text, path)], wanted, path)


def with_row(text: str, path: Path, row: Mapping[str, object]) -> str:
    """Return the text with one more row, the last of the list at ``path``.

    Raises:
        UsageError: the text writes it in a way that can't be kept.
    """
    wanted = tomllib.loads(text)
    _put(wanted, path, [*_rows(wanted, path), row])
    return _first([lambda: _row_block(text, path, row), lambda: _appended(text, path, row)],
                  wanted, path)  # fmt: skip


def without_row(text: str, path: Path) -> str:
    """Return the text without a row; the last part of ``path`` is its index.

    Raises:
        UsageError: the text writes it in a way that can't be kept.
    """
    wanted = tomllib.loads(text)
    rows = at(wanted, path[:-1])
    del rows[path[-1]]
    gone = path if rows else path[:-1]  # a list without rows: blocks can't say that there is one
    if not rows:
        del at(wanted, path[:-2])[path[-2]]
    return _first([lambda: _without_blocks(text, path), lambda: _deleted(text, gone)], wanted, path)


# Ways, each tried and read back


def _first(ways: list[Way], wanted: dict[str, Any], path: Path) -> str:
    for way in ways:
        try:
            text = way()
            if _canonical(tomllib.loads(text)) == _canonical(wanted):
                return text
        except (TOMLKitError, LookupError, TypeError, ValueError):
            continue
    raise UsageError(f"{shown(path)}: is written in a way that can't be kept; edit the file")


def _canonical(document: object) -> str:
    """Write a document so that equal ones, types included, are equal."""
    return json.dumps(document, sort_keys=True, default=str)


def _assigned(text: str, path: Path, value: object) -> str:
    document = tomlkit.parse(text)
    at(document, path[:-1])[path[-1]] = value
    return tomlkit.dumps(document)


def _deleted(text: str, path: Path) -> str:
    document = tomlkit.parse(text)
    del at(document, path[:-1])[path[-1]]
    return tomlkit.dumps(document)


def _appended(text: str, path: Path, row: Mapping[str, object]) -> str:
    document = tomlkit.parse(text)
    inline = tomlkit.inline_table()
    inline.update(row)
    at(document, path).append(inline)
    return tomlkit.dumps(document)


def _inserted(text: str, path: Path, value: object) -> str:
    """Put a line into the table's block, or a block for the table where its parent ends."""
    lines = text.split("\n")
    setting = _setting(str(path[-1]), value)
    for block in blocks(lines):
        if block.path == path[:-1] and (block.line >= 0 or path[:-1] == ()):
            return _spliced(lines, _place(lines, block, str(path[-1])), [setting])
    return _with_block(lines, path[:-1], [f"[{_dotted(path[:-1])}]", setting])


def _row_block(text: str, path: Path, row: Mapping[str, object]) -> str:
    lines = text.split("\n")
    settings = [_setting(name, value) for name, value in row.items()]
    return _with_block(lines, path, [f"[[{_dotted(path)}]]", *settings])


def _without_blocks(text: str, path: Path) -> str:
    """Cut a row's blocks out; the comment above the first row heads them all, and stays."""
    lines = text.split("\n")
    row = [each for each in blocks(lines) if each.path[: len(path)] == path]
    if not row:
        raise LookupError(path)
    for number, block in reversed(list(enumerate(row))):
        stays = number == 0 and path[-1] == 0
        begin, end = block.line if stays else block.lead, block.end
        while _is_twice_apart(lines, begin, end):
            end += 1
        del lines[begin:end]
    return "\n".join(lines)


def _is_twice_apart(lines: list[str], begin: int, end: int) -> bool:
    """Tell whether an empty line would stand where one is, or above what it sets apart."""
    if end >= len(lines) - 1 or lines[end].strip():
        return False
    following = next((line for line in lines[end:] if line.strip()), "")
    return begin == 0 or not lines[begin - 1].strip() or following.strip() == lines[begin].strip()


# Lines


def _setting(name: str, value: object) -> str:
    return f"{_key(name)} = {tomlkit.item(value).as_string()}"


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _dotted(path: Path) -> str:
    return ".".join(_key(part) for part in path if isinstance(part, str))


def _place(lines: list[str], block: Block, name: str) -> int:
    """Return where a table takes a new setting: above its default in a comment, or at the end."""
    said = re.compile(rf"\s*#\s*{re.escape(_key(name))}\s*=")
    for number in range(block.line + 1, block.end):
        if said.match(lines[number]):
            return number
    return block.settings_end


def _with_block(lines: list[str], path: Path, new: list[str]) -> str:
    """Put a block behind the last one of the same list or table, or of what is around it."""
    there = blocks(lines)
    for length in range(len(path), 0, -1):
        beside = [each for each in there if each.path[:length] == path[:length]]
        if beside:
            return _spliced(lines, beside[-1].end, ["", *new])
    while lines and not lines[-1].strip():
        lines.pop()
    return _spliced([*lines, ""], len(lines), ["", *new] if lines else new)


def _spliced(lines: list[str], place: int, new: list[str]) -> str:
    ending = "\r" if lines[0].endswith("\r") else ""
    return "\n".join([*lines[:place], *(line + ending for line in new), *lines[place:]])


# Plain data


def _can_have(document: object, part: str | int) -> bool:
    return isinstance(document, list if isinstance(part, int) else Mapping)


def _has(document: object, path: Path) -> bool:
    try:
        at(document, path)
    except LookupError:
        return False
    return True


def _rows(document: object, path: Path) -> list[object]:
    return list(at(document, path)) if _has(document, path) else []


def _put(document: dict[str, Any], path: Path, value: object) -> None:
    here: Any = document
    for length, part in enumerate(path[:-1]):
        if isinstance(part, str) and isinstance(here, dict):
            here = here.setdefault(part, {})
        else:
            here = at(document, path[: length + 1])
    here[path[-1]] = value
