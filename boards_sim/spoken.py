# SPDX-License-Identifier: MIT
"""Wishes as people type them: ``telephone 4 dials 102``, ``office 0 calls_in 5551234 ALICE``.

Arguments come in the order of the verb's own, or as name=value; a port of another board than
the first is written BOARD:PORT.  ``stage passes 2`` is for the stage itself, and so is
``stage faults drop 2% for 3s``.
"""

import inspect
import shlex
from pathlib import Path
from typing import Final

from boards_sim.office import OfficeSet
from boards_sim.phone import TelephoneSet
from boards_sim.wishes import OFFICE_VERBS, TELEPHONE_VERBS, Wish

__all__ = ["wish_of"]

Value = str | int | float | bool

ACTORS: Final = {
    "telephone": (TelephoneSet, TELEPHONE_VERBS),
    "office": (OfficeSet, OFFICE_VERBS),
}


def wish_of(sentence: str) -> Wish:
    """Read one sentence.

    Raises:
        ValueError: it is not one; says what would be.
    """
    try:
        words = shlex.split(sentence)
    except ValueError as error:
        raise ValueError(f"{sentence!r}: {error}") from error
    if words[:2] == ["stage", "faults"] and len(words) > 2:
        return Wish("faults", -1, 0, {"script": " ".join(words[2:])})
    if words[:1] == ["stage"] and len(words) in {2, 3}:
        args: dict[str, Value] = {"seconds": _number(words[2])} if len(words) == 3 else {}
        return Wish(words[1], -1, 0, args)
    if len(words) < 3 or words[0] not in ACTORS:
        raise ValueError(f"{sentence!r}: write telephone|office PORT VERB, or stage VERB")
    actor, verbs = ACTORS[words[0]]
    board, port = _place(words[1])
    verb = words[2].replace("-", "_")
    if verb not in verbs:
        raise ValueError(f"a {words[0]} can't {words[2]!r}; it can {', '.join(verbs)}")
    return Wish(verb, port, board, _arguments(actor, verb, words[3:]))


def _place(word: str) -> tuple[int, int]:
    board, separator, port = word.rpartition(":")
    if not port.isdecimal() or not (board.isdecimal() if separator else True):
        raise ValueError(f"{word!r} is not a port; write 4, or 0:4 for port 4 of board 0")
    return int(board or 0), int(port)


def _arguments(actor: type, verb: str, words: list[str]) -> dict[str, Value]:
    parameters = dict(inspect.signature(getattr(actor, verb)).parameters)
    del parameters["self"]
    names = list(parameters)
    known = ", ".join(names) or "no arguments"
    given: dict[str, Value] = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator:
            free = [n for n in names if n not in given]
            if not free:
                raise ValueError(f"{verb}: {word!r} is too much; it takes {known}")
            name, value = free[0], word
        if name not in parameters:
            raise ValueError(f"{verb} has no argument {name!r}; it takes {known}")
        given[name] = _value(parameters[name].annotation, value)
    return given


def _value(wanted: object, text: str) -> Value:
    if wanted is Path:
        return str(Path(text).absolute())
    if wanted is bool:
        if text not in {"true", "false"}:
            raise ValueError(f"{text!r} is neither true nor false")
        return text == "true"
    if wanted is int and text.isdecimal():
        return int(text)
    return _number(text) if wanted in {int, float} else text


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a number") from error
