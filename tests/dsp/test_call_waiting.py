# SPDX-License-Identifier: MIT
"""Caller ID during a call: both machines by themselves, and against each other in the engine."""

import itertools

import pytest

from dsp import Detect, Engine
from dsp.call_waiting import (
    ACK_KEY,
    ACK_MS,
    ALERTER,
    ALERTER_IGNORED,
    ANSWERER,
    ANSWERER_IGNORED,
    EVENTS,
    Alerter,
    AlerterState,
    Answerer,
    AnswererState,
    CasEnded,
    Effect,
    Event,
    Key,
    MessageEnded,
    Mute,
    PlayAck,
    PlayCas,
    SendMessage,
    ShowMessage,
    SoundEnded,
    Start,
    Stop,
    Timeout,
    Unmute,
)
from dsp.callerid import CallerId, CallerIdStandard, mdmf, parse
from dsp.cas import cas_tone
from dsp.events import CallerIdHeard, CasHeard, DigitHeard, EngineEvent, PortDone

MESSAGE = mdmf(CallerId("5551234", "ALICE"))


def test_every_state_answers_every_event() -> None:
    for table, ignored, states in (
        (ALERTER, ALERTER_IGNORED, AlerterState),
        (ANSWERER, ANSWERER_IGNORED, AnswererState),
    ):
        assert set(table) | ignored == set(itertools.product(states, EVENTS))
        assert not set(table) & ignored


def test_the_office_alerts_awaits_and_sends() -> None:
    office = Alerter(MESSAGE)
    assert office.receive(Start(1.0)) == [Mute(), PlayCas()]
    assert office.receive(SoundEnded(1.08)) == []
    assert office.receive(Key(1.2, "D")) == [SendMessage(MESSAGE)]
    assert office.receive(SoundEnded(2.0)) == [Unmute()]
    assert office.delivered


def test_without_an_answer_the_parties_talk_on() -> None:
    office = Alerter(MESSAGE)
    office.receive(Start(1.0))
    office.receive(SoundEnded(1.08))
    assert office.receive(Key(1.1, "5")) == []
    assert office.deadline == pytest.approx(1.32)
    assert office.receive(Timeout(1.32)) == [Unmute()]
    assert not office.delivered


def test_whoever_mutes_unmutes() -> None:
    for count in range(1, 4):
        office = Alerter(MESSAGE)
        for event in [Start(0), SoundEnded(0.1), Key(0.2, "A")][:count]:
            office.receive(event)
        assert office.receive(Stop(0.3)) == [Unmute()]
    telephone = Answerer()
    assert telephone.receive(CasEnded(0)) == [Mute(), PlayAck()]
    assert telephone.receive(SoundEnded(0.1)) == []
    assert telephone.receive(Timeout(telephone.deadline or 0)) == [Unmute()]


class Ends:
    """An office's and a telephone's end, each a port of one engine, that hear each other."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.office, self.telephone = Alerter(MESSAGE), Answerer()
        self.playing: dict[int, Alerter | Answerer] = {}
        self.log: list[tuple[float, Effect]] = []

    def tell(self, end: Alerter | Answerer, event: Event) -> None:
        for effect in end.receive(event):
            self.log.append((event.at, effect))
            self._perform(end, effect)

    def _perform(self, end: Alerter | Answerer, effect: Effect) -> None:
        match effect:
            case PlayCas():
                port = self.engine.open_tone(cas_tone())
                self.engine.detect(port, Detect.CAS)
            case PlayAck():
                port = self.engine.open_digits(ACK_KEY, on_ms=ACK_MS, off_ms=1)
                self.engine.detect(port, Detect.DIGITS)
            case SendMessage(message):
                bell = CallerIdStandard.BELL202
                port = self.engine.open_caller_id(message, bell, in_call=True)
                self.engine.detect(port, Detect.CALLER_ID)
            case _:
                return
        self.playing[port] = end

    def hear(self, event: EngineEvent) -> None:
        match event:
            case CasHeard(at):
                self.tell(self.telephone, CasEnded(at))
            case DigitHeard(at, _, key):
                self.tell(self.office, Key(at, key))
            case CallerIdHeard(at, _, message):
                self.tell(self.telephone, MessageEnded(at, message))
            case PortDone(at, port):
                self.tell(self.playing[port], SoundEnded(at))

    def tick(self) -> None:
        self.engine.tick()
        now = self.engine.now
        for end in (self.office, self.telephone):
            if end.deadline is not None and now >= end.deadline:
                self.tell(end, Timeout(now))
        for event in self.engine.events():
            self.hear(event)


def test_both_ends_through_the_engine_in_time() -> None:
    with Engine(threaded=False) as engine:
        ends = Ends(engine)
        ends.tell(ends.office, Start(engine.now))
        for _ in range(400):
            ends.tick()
    effects = {type(effect): at for at, effect in ends.log}
    shown = [effect for _, effect in ends.log if isinstance(effect, ShowMessage)]
    assert [parse(effect.message) for effect in shown] == [CallerId("5551234", "ALICE")]
    assert ends.office.delivered
    assert effects[PlayAck] - 0.08 <= 0.1
    assert effects[SendMessage] - effects[PlayAck] <= 0.165
    assert [type(effect) for _, effect in ends.log].count(Unmute) == 2
    assert ends.log[-1][0] < 1.2
