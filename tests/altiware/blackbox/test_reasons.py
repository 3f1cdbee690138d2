# SPDX-License-Identifier: MIT
"""Which ends are abnormal."""

from dataclasses import replace

import pytest

from altiware.blackbox.reasons import ABNORMAL, reason_of
from altiware.core.causes import Cause
from altiware.core.ids import CallId
from altiware.core.notices import Traced, TraceKind
from tests.altiware.store.records import outbound

RECORD = outbound("c1")


def trace(*events: str, call: str = "c1") -> list[Traced]:
    name = str(RECORD.trunk)
    return [
        Traced(float(at), CallId(call), TraceKind.EVENT, "office", name, what)
        for at, what in enumerate(events)
    ]


@pytest.mark.parametrize("cause", list(Cause))
def test_causes_for_which_somebody_will_ask_are_abnormal(cause: Cause) -> None:
    reason = reason_of(replace(RECORD, cause=cause), [])
    assert reason == (f"call ended: {cause.value}" if cause in ABNORMAL else "")


@pytest.mark.parametrize(
    ("events", "abnormal"),
    [
        (("RingbackHeard", "BusyHeard"), True),
        (("DialToneHeard", "Reversed", "DialToneHeard"), True),
        (("DialToneHeard", "DigitsSent"), False),
        (("BusyHeard", "LoopBroken"), False),
        ((), False),
    ],
)
def test_a_hang_up_told_by_a_tone_only_is_abnormal(events: tuple[str, ...], abnormal: bool) -> None:
    record = replace(RECORD, cause=Cause.NORMAL)
    assert bool(reason_of(record, trace(*events))) is abnormal
    assert reason_of(record, trace(*events, call="c2")) == "", "another call's"
    assert reason_of(replace(record, trunk=None), trace(*events)) == "", "an inside call"
