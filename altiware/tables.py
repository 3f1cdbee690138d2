# SPDX-License-Identifier: MIT
"""What the configuration's tables look like: which settings there are, whose rows, what is secret.

``setting(Office, ("stations", "101", "name"))`` describes a setting; a row is named by the value of
its table's first field (an extension, a port), or by its index.  It reads the pydantic classes, so
that a table which somebody adds to the configuration can be edited, compared and masked at once.
"""

import enum
import re
import tomllib
import types
from dataclasses import dataclass
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, PydanticUserError, TypeAdapter, ValidationError

from altiware.toml_lines import Path

__all__ = [
    "MASK",
    "SECRET",
    "Setting",
    "Shape",
    "from_text",
    "is_secret",
    "key_field",
    "setting",
    "settings_beside",
]


class _Secret:
    """See :data:`SECRET`."""


SECRET: Final = _Secret()
"""Marks a setting that is never printed: ``pin: Annotated[str, SECRET]``."""
MASK: Final = "(secret)"
"""What is printed in its place; as a value it is refused."""
SECRET_NAME: Final = re.compile(r"(?:^|_)(?:pin|password|passphrase|secret|token)$")
"""Names that are taken as secret even where nobody has said so."""


class Shape(enum.Enum):
    """What stands at a path."""

    TABLE = "table"
    ROWS = "rows"
    "A list of tables."
    NAMED = "named"
    "Tables, or values, under names that people choose."
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the configuration has at a path."""

    shape: Shape
    table: type[BaseModel] | None
    "Of the table itself, of each row, or of each named table."
    annotation: Any
    "The type, with what restricts it."
    is_secret: bool


def setting(root: type[BaseModel], path: Path) -> Setting | None:
    """Return what is at a path; None: there is no such setting."""
    here = Setting(Shape.TABLE, root, root, is_secret=False)
    for part in path:
        below = _below(here, part)
        if below is None:
            return None
        here = below
    return here


def is_secret(root: type[BaseModel], path: Path) -> bool:
    """Tell whether a setting, or what encloses it, must not be printed."""
    return any(_hides(root, path[: length + 1]) for length in range(len(path)))


def key_field(table: type[BaseModel]) -> str:
    """Return the setting that names a row of a table: its first."""
    return next(iter(table.model_fields))


def settings_beside(root: type[BaseModel], path: Path) -> list[str]:
    """Return the names that are allowed where the last name of ``path`` is not."""
    found = setting(root, path[:-1])
    return list(found.table.model_fields) if found and found.table else []


def from_text(wanted: Setting, text: str) -> object:
    """Return the value that people mean by a text; what doesn't fit is left to the check.

    A text, a number, true or false, a list (``[1, 2]``, or words with commas between).
    """
    judge = _judge(wanted.annotation)
    for candidate in (text, read := _read(text), _read(f"[{text}]"), _words(text)):
        if _fits(judge, candidate):
            return candidate
    return text if _fits(_judge(_bare(wanted.annotation)), text) else read


def _read(text: str) -> object:
    """Read a text as the file would; what isn't TOML is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _judge(annotation: Any) -> TypeAdapter[object]:
    try:
        return TypeAdapter(annotation, config=ConfigDict(strict=True))
    except PydanticUserError:  # a table: it brings its own rules
        return TypeAdapter(annotation)


def _fits(judge: TypeAdapter[object], value: object) -> bool:
    try:
        judge.validate_python(value)
    except ValidationError:
        return False
    return True


def _hides(root: type[BaseModel], path: Path) -> bool:
    found = setting(root, path)
    named = isinstance(path[-1], str) and SECRET_NAME.search(path[-1]) is not None
    return named or (found is not None and found.is_secret)


def _below(here: Setting, part: str | int) -> Setting | None:
    """Return what a table has under a name, or what its rows are."""
    if here.shape is Shape.ROWS:
        return Setting(Shape.TABLE, here.table, here.table, here.is_secret)
    if here.shape is Shape.NAMED:
        return _described(get_args(_bare(here.annotation))[1], (), is_secret=here.is_secret)
    if here.table is None or not isinstance(part, str):
        return None
    field = here.table.model_fields.get(part)
    if field is None:
        return None
    metadata = tuple(field.metadata)
    return _described(field.annotation, metadata, is_secret=SECRET in metadata)


def _described(annotation: Any, metadata: tuple[Any, ...], *, is_secret: bool) -> Setting:
    bare = _bare(annotation)
    whole = Annotated[annotation, *metadata] if metadata else annotation
    if _is_table(bare):
        return Setting(Shape.TABLE, bare, whole, is_secret)
    arguments = get_args(bare)
    if get_origin(bare) in (list, tuple) and _is_table(_bare(arguments[0])):
        return Setting(Shape.ROWS, _bare(arguments[0]), whole, is_secret)
    if get_origin(bare) is dict:
        inner = _bare(arguments[1])
        return Setting(Shape.NAMED, inner if _is_table(inner) else None, whole, is_secret)
    return Setting(Shape.VALUE, None, whole, is_secret)


def _bare(annotation: Any) -> Any:
    """Return a type without what restricts it, and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        others = [each for each in get_args(annotation) if each is not types.NoneType]
        return _bare(others[0]) if len(others) == 1 else annotation
    return annotation


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
