# SPDX-License-Identifier: MIT
"""The control socket's lines: whole or in pieces, and nothing that comes in breaks the reader."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.control.errors import ProtocolError
from altiware.control.protocol import (
    Answer,
    LineReader,
    Refusal,
    RefusalKind,
    Request,
    answer,
    request,
    written,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), JSON, max_size=4)
HEAD = st.fixed_dictionaries(
    {},
    optional={
        "version": st.just(1) | JSON,
        "ask": st.text(max_size=8) | JSON,
        "fields": OBJECTS | JSON,
        "answer": OBJECTS | JSON,
        "error": st.sampled_from(["wrong", "impossible", "x"]) | JSON,
        "message": st.text(max_size=8) | JSON,
    },
)
LINES = st.binary(max_size=60) | HEAD.map(lambda each: json.dumps(each).encode())


@given(st.text(max_size=50), OBJECTS)
def test_a_request_is_read_as_it_was_written(ask: str, fields: dict[str, object]) -> None:
    line = written(Request(ask, fields))
    assert line.count(b"\n") == 1
    assert request(line.removesuffix(b"\n")) == Request(ask, fields)


@given(OBJECTS, st.text(), st.sampled_from(RefusalKind))
def test_an_answer_is_read_as_it_was_written(
    fields: dict[str, object], message: str, kind: RefusalKind
) -> None:
    assert answer(written(Answer(fields))) == Answer(fields)
    assert answer(written(Refusal(kind, message))) == Refusal(kind, message)


@given(LINES)
def test_any_line_is_read_or_refused(line: bytes) -> None:
    for read in (request, answer):
        try:
            found = read(line)
        except ProtocolError:
            continue
        assert isinstance(found, Request | Answer | Refusal)


@given(LINES, st.lists(st.integers(1, 7), max_size=30))
def test_pieces_make_the_same_line(line: bytes, cuts: list[int]) -> None:
    line = line.replace(b"\n", b" ")
    reader, rest, found = LineReader(1000), line + b"\n", None
    for cut in [*cuts, 1001]:
        assert found is None or not rest
        found = reader.feed(rest[:cut]) if rest else found
        rest = rest[cut:]
    assert found == line


def test_a_line_has_a_limit() -> None:
    assert LineReader(4).feed(b"abcd\n") == b"abcd"
    for first, last in ((b"", b"abcde"), (b"abc", b"de\n")):
        reader = LineReader(4)
        assert reader.feed(first) is None
        with pytest.raises(ProtocolError, match="more than 4 bytes"):
            reader.feed(last)


def test_one_request_is_one_line() -> None:
    with pytest.raises(ProtocolError, match="more than one line"):
        LineReader(100).feed(b"{}\n{}\n")


def test_another_version_and_too_deep_a_document_are_refused() -> None:
    with pytest.raises(ProtocolError, match="speaks 1"):
        request(b'{"version": 2, "ask": "a", "fields": {}}')
    with pytest.raises(ProtocolError, match="RecursionError"):
        request(b"[" * 100_000)
