# SPDX-License-Identifier: MIT
"""Caller ID with spandsp at the other end: each reads what the other sends."""

import pytest

from dsp.callerid import CallerId, CallerIdStandard, CallTime, FskReceiver, FskSender, mdmf, parse
from dsp.callerid_dtmf import DtmfForm, dtmf_of, parse_dtmf
from dsp.callerid_notice import Waiting, read_notice
from dsp.cas import CasReceiver
from dsp.dtmf import DtmfReceiver, DtmfSender
from tests.accuracy.adsi import Adsi, AdsiStandard

pytestmark = pytest.mark.interop

CALLER = CallerId("5551234567", "ALICE LIDDELL", when=CallTime(5, 1, 12, 0))
FSK = [
    (AdsiStandard.CLASS, CallerIdStandard.BELL202),
    (AdsiStandard.CLIP, CallerIdStandard.V23),
]


@pytest.fixture(scope="module")
def peer() -> Adsi:
    loaded = Adsi.load()
    if loaded is None:
        pytest.skip("libspandsp is not installed")
    return loaded


@pytest.mark.parametrize(("theirs", "ours"), FSK)
def test_we_read_what_it_sends(peer: Adsi, theirs: AdsiStandard, ours: CallerIdStandard) -> None:
    (message,) = FskReceiver(ours).feed(peer.send(mdmf(CALLER)[:-1], theirs))
    assert parse(message) == CALLER
    (message,) = FskReceiver(ours).feed(peer.send(Waiting(True).mdmf()[:-1], theirs))
    assert read_notice(message) == Waiting(True)


@pytest.mark.parametrize(("theirs", "ours"), FSK)
def test_it_reads_what_we_send(peer: Adsi, theirs: AdsiStandard, ours: CallerIdStandard) -> None:
    for seizure, marks in ((300, 180), (0, 80)):
        sender = FskSender(mdmf(CALLER), ours, seizure_bits=seizure, mark_bits=marks)
        assert peer.receive(sender.read(16000), theirs) == [mdmf(CALLER)[:-1]]


def test_we_hear_the_signal_that_it_sends_before_a_message(peer: Adsi) -> None:
    sound = peer.send(mdmf(CALLER)[:-1], AdsiStandard.CLASS, alert=True)
    assert len(CasReceiver().feed(sound)) == 1
    (message,) = FskReceiver().feed(sound)
    assert parse(message) == CALLER


@pytest.mark.parametrize("form", [DtmfForm.A_C, DtmfForm.A_HASH, DtmfForm.D_C])
def test_callers_by_dtmf_go_both_ways(peer: Adsi, form: DtmfForm) -> None:
    keys = dtmf_of(CallerId("5551234"), form)
    sound = peer.send(keys.encode(), AdsiStandard.CLIP_DTMF)
    assert parse_dtmf(DtmfReceiver().keys(sound)) == CallerId("5551234")
    sent = DtmfSender(keys, on_ms=70, off_ms=70).read(16000)
    assert peer.receive(sent, AdsiStandard.CLIP_DTMF) == [keys.encode()]
