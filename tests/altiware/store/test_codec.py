# SPDX-License-Identifier: MIT
"""A record survives being written as JSON and read back."""

import dataclasses
import json

from hypothesis import given

from altiware.core.record import CallRecord
from altiware.store.codec import from_json, to_json
from tests.altiware.store.records import outbound, records


@given(records)
def test_a_record_comes_back_as_it_was(record: CallRecord) -> None:
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


def test_every_field_of_the_record_is_kept() -> None:
    names = [each.name for each in dataclasses.fields(CallRecord)]
    assert list(to_json(outbound())) == names


def test_a_record_from_before_there_were_legs_can_be_read() -> None:
    row = to_json(outbound())
    for since in ("legs", "notes", "route"):
        del row[since]
    assert from_json(row) == dataclasses.replace(outbound(), legs=(), notes=(), route="")
