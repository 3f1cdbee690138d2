# SPDX-License-Identifier: MIT
"""Commands as JSON: there and back, and nothing that comes in can do worse than be refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altiware.configuration.commands import (
    AddRow,
    ApplyTo,
    Command,
    RemoveRow,
    ReplaceAll,
    SetValue,
    Unset,
)
from altiware.configuration.wire import from_json, to_json
from altiware.errors import UsageError

KEYS = st.text(max_size=5) | st.integers(0, 9)
PATHS = st.lists(KEYS, max_size=4).map(tuple)
VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
ROWS = st.lists(st.tuples(st.text(max_size=5), VALUES), max_size=3).map(tuple)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(SetValue, PATHS, VALUES),
    st.builds(Unset, PATHS),
    st.builds(AddRow, PATHS, ROWS),
    st.builds(RemoveRow, PATHS, KEYS),
    st.builds(ReplaceAll, st.text()),
    st.builds(ApplyTo, PATHS, KEYS, PATHS, PATHS),
)
FIELDS = st.sampled_from(
    ["do", "path", "value", "table", "row", "key", "text", "source", "setting", "targets"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=12,
)
NAMES = st.sampled_from(["set", "unset", "add", "remove", "replace", "apply to", ""])


@given(COMMANDS)
def test_what_is_written_is_read_as_it_was(command: Command) -> None:
    assert from_json(json.loads(json.dumps(to_json(command)))) == command


@given(JSON, NAMES)
def test_what_is_no_command_is_refused(document: object, name: str) -> None:
    if isinstance(document, dict):
        document["do"] = name
    try:
        command = from_json(document)
    except UsageError:
        return
    assert from_json(json.loads(json.dumps(to_json(command)))) == command


def test_a_command_has_its_own_fields_and_no_others() -> None:
    with pytest.raises(UsageError, match="set: has path, value"):
        from_json({"do": "set", "path": ["a"], "value": 1, "key": "b"})
