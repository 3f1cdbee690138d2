# SPDX-License-Identifier: MIT
"""Caller ID by DTMF: every form both ways, through the receiver, and whatever keys come."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.callerid import Absence, CallerId, CallerIdError
from dsp.callerid_dtmf import DtmfCollector, DtmfForm, dtmf_of, parse_dtmf
from dsp.dtmf import DtmfReceiver, DtmfSender

NUMBERS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("keys", "caller"),
    [
        ("A12345678C", CallerId("12345678")),
        ("A123D456C", CallerId("123", dialed="456")),
        ("B00C", CallerId(absent=Absence.UNAVAILABLE)),
        ("B10C", CallerId(absent=Absence.PRIVATE)),
        ("D456B10C", CallerId(absent=Absence.PRIVATE, dialed="456")),
        ("A12345678#", CallerId("12345678")),
        ("D1#", CallerId(absent=Absence.PRIVATE)),
        ("D2#", CallerId(absent=Absence.UNAVAILABLE)),
        ("D3#", CallerId(absent=Absence.UNAVAILABLE)),
        ("D12345678C", CallerId("12345678")),
        ("12345678#", CallerId("12345678")),
    ],
)
def test_strings_of_the_countries_are_read(keys: str, caller: CallerId) -> None:
    assert parse_dtmf(keys) == caller


@given(NUMBERS, st.sampled_from(DtmfForm))
def test_numbers_come_through_in_every_form(number: str, form: DtmfForm) -> None:
    assert parse_dtmf(dtmf_of(CallerId(number), form)) == CallerId(number)


@given(NUMBERS, NUMBERS)
def test_a_redirected_call_tells_both_numbers(number: str, redirected: str) -> None:
    caller = CallerId(number, dialed=redirected)
    assert parse_dtmf(dtmf_of(caller, DtmfForm.A_C)) == caller


@pytest.mark.parametrize("absent", Absence)
@pytest.mark.parametrize("form", [DtmfForm.A_C, DtmfForm.A_HASH, DtmfForm.HASH])
def test_absence_comes_through(absent: Absence, form: DtmfForm) -> None:
    assert parse_dtmf(dtmf_of(CallerId(absent=absent), form)) == CallerId(absent=absent)


@given(st.text("0123456789*#ABCD", max_size=60))
def test_arbitrary_keys_raise_nothing_but_their_own_error(keys: str) -> None:
    with suppress(CallerIdError):
        assert parse_dtmf(keys).number.isdigit() or parse_dtmf(keys).absent


@given(st.lists(st.tuples(st.floats(0, 2), st.sampled_from("0123456789*#ABCD")), max_size=80))
def test_the_collector_takes_whatever_comes(presses: list[tuple[float, str]]) -> None:
    collector, now = DtmfCollector(), 0.0
    for pause, key in presses:
        now += pause
        collector.hear(now, key)


def test_a_caller_is_heard_after_an_earlier_half_string() -> None:
    collector = DtmfCollector()
    heard = [collector.hear(0.1 * i, key) for i, key in enumerate("A55")]
    heard += [collector.hear(5 + 0.1 * i, key) for i, key in enumerate("A123C")]
    assert heard == [None] * 7 + [CallerId("123")]


@pytest.mark.parametrize("form", DtmfForm)
def test_the_receiver_hears_what_the_sender_says(form: DtmfForm) -> None:
    keys = dtmf_of(CallerId("0123456789"), form)
    sound = DtmfSender(keys, on_ms=70, off_ms=70).read(8000 * 3)
    assert parse_dtmf(DtmfReceiver().keys(sound)) == CallerId("0123456789")


def test_what_a_form_cannot_say_is_refused() -> None:
    with pytest.raises(CallerIdError, match="no way to say"):
        dtmf_of(CallerId(absent=Absence.PRIVATE), DtmfForm.D_C)
    with pytest.raises(CallerIdError, match="up to 20 of 0-9"):
        dtmf_of(CallerId("+49"), DtmfForm.A_C)
