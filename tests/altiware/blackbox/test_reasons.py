# SPDX-License-Identifier: MIT
"""Which ends are abnormal."""

from dataclasses import replace

import pytest

from altiware.blackbox.reasons import ABNORMAL, reason_of, sign_of
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
    reason = reason_of(replace(RECORD, cause=cause), "", signals=True)
    assert reason == (f"call ended: {cause.value}" if cause in ABNORMAL else "")


@pytest.mark.parametrize(
    ("events", "sign"),
    [
        (("RingbackHeard", "BusyHeard"), "BusyHeard"),
        (("DialToneHeard", "Reversed", "DialToneHeard"), "DialToneHeard"),
        (("DialToneHeard", "DigitsSent"), ""),
        (("BusyHeard", "LoopBroken"), "LoopBroken"),
        (("Reversed", "DigitsSent"), ""),
        ((), ""),
    ],
)
def test_what_came_last_has_told_of_the_hang_up(events: tuple[str, ...], sign: str) -> None:
    record = replace(RECORD, cause=Cause.NORMAL)
    assert sign_of(record, trace(*events)) == sign
    assert sign_of(record, trace(*events, call="c2")) == "", "another call's"
    assert sign_of(replace(record, trunk=None), trace(*events)) == "", "an inside call"
    assert sign_of(replace(record, cause=Cause.BUSY), trace(*events)) == "", "it was no hang-up"


@pytest.mark.parametrize(
    ("sign", "signals", "abnormal"),
    [
        ("BusyHeard", True, True),
        ("DialToneHeard", True, True),
        ("BusyHeard", False, False),
        ("LoopBroken", True, False),
        ("", True, False),
    ],
)
def test_a_tone_is_abnormal_where_a_signal_was_to_be_expected(
    sign: str, signals: bool, abnormal: bool
) -> None:
    record = replace(RECORD, cause=Cause.NORMAL)
    assert bool(reason_of(record, sign, signals=signals)) is abnormal
