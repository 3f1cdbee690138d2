# SPDX-License-Identifier: MIT
"""What goes over the control socket, without the socket: a line of JSON each way.

    {"version": 1, "ask": "configuration.show", "fields": {}}
    {"version": 1, "answer": {...}}
    {"version": 1, "error": "wrong", "message": "..."}

``error`` is "wrong" (of what was asked) or "impossible" (now).  Feed a :class:`LineReader` what
comes, in whatever pieces; ``request`` and ``answer`` read a line, ``written`` writes either.
"""

import enum
import json
from dataclasses import dataclass
from typing import Any, Final

from altiware.control.errors import ProtocolError

__all__ = [
    "ANSWER_LIMIT",
    "REQUEST_LIMIT",
    "SOCKET_NAME",
    "Answer",
    "Json",
    "LineReader",
    "Refusal",
    "RefusalKind",
    "Request",
    "answer",
    "request",
    "written",
]

VERSION: Final = 1
SOCKET_NAME: Final = "altiware.sock"
REQUEST_LIMIT: Final = 2 * 1024 * 1024
"""Bytes of a line: a configuration of 10,000 extensions is half of it."""
ANSWER_LIMIT: Final = 32 * 1024 * 1024
ASK_LIMIT: Final = 100
Json = dict[str, Any]
"""An object of a JSON document."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client wants."""

    ask: str
    fields: Json


@dataclass(frozen=True, slots=True)
class Answer:
    """What it gets."""

    fields: Json


class RefusalKind(enum.Enum):
    """Who can act on it."""

    WRONG = "wrong"
    "Whoever asked: the request is wrong."
    IMPOSSIBLE = "impossible"
    "Nobody, or only the machine: it can't be done now."


@dataclass(frozen=True, slots=True)
class Refusal:
    """What it gets instead."""

    kind: RefusalKind
    message: str


class LineReader:
    """Gathers one line."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._gathered = bytearray()

    def feed(self, piece: bytes) -> bytes | None:
        """Take a piece; return the line when it is whole, without its end.

        Raises:
            ProtocolError: it is too long, or more follows than was to come.
        """
        begin = len(self._gathered)
        self._gathered += piece
        end = self._gathered.find(b"\n", begin)
        if end < 0 and len(self._gathered) <= self._limit:
            return None
        if not 0 <= end <= self._limit:
            raise ProtocolError(f"a line of more than {self._limit} bytes")
        if end != len(self._gathered) - 1:
            raise ProtocolError("more than one line")
        return bytes(self._gathered[:end])


def request(line: bytes) -> Request:
    """Read a request.

    Raises:
        ProtocolError: it is none.
    """
    document = _document(line)
    ask, fields = document.get("ask"), document.get("fields")
    if document.keys() != {"version", "ask", "fields"}:
        raise ProtocolError("a request has version, ask and fields")
    if not isinstance(ask, str) or not isinstance(fields, dict) or len(ask) > ASK_LIMIT:
        raise ProtocolError("ask is a short text, fields an object")
    return Request(ask, fields)


def answer(line: bytes) -> Answer | Refusal:
    """Read an answer.

    Raises:
        ProtocolError: it is none.
    """
    document = _document(line)
    fields, message = document.get("answer"), document.get("message")
    if isinstance(fields, dict):
        return Answer(fields)
    try:
        kind = RefusalKind(document.get("error"))
    except ValueError:
        raise ProtocolError("an answer has answer, or error and message") from None
    if not isinstance(message, str):
        raise ProtocolError("message is a text")
    return Refusal(kind, message)


def written(what: Request | Answer | Refusal) -> bytes:
    """Return the line, its end included."""
    document: Json = {"version": VERSION}
    if isinstance(what, Request):
        document |= {"ask": what.ask, "fields": what.fields}
    elif isinstance(what, Answer):
        document |= {"answer": what.fields}
    else:
        document |= {"error": what.kind.value, "message": what.message}
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _document(line: bytes) -> Json:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"no JSON: {type(error).__name__}") from error
    if not isinstance(document, dict):
        raise ProtocolError("no JSON object")
    if document.get("version") != VERSION:
        raise ProtocolError(f"version: this release speaks {VERSION}")
    return document
