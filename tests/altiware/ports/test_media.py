# SPDX-License-Identifier: MIT
"""The media port on the real engine, ticked by hand: what is opened, heard, closed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from altiware.core.effects import (
    CloseConference,
    ConnectPath,
    DisconnectPath,
    Hear,
    ListenPath,
    OpenConference,
    PlayTone,
    SendCallerId,
    SendDigits,
    Silence,
    ToEngine,
)
from altiware.core.events import (
    BusyHeard,
    CallerShown,
    DialToneHeard,
    Digit,
    DigitsSent,
    Event,
    RingbackEnded,
    RingbackHeard,
)
from altiware.core.ids import CallId, PortAddress, station, trunk
from altiware.core.signals import Absence, Caller, Ears, Tone
from altiware.ports.media import Media
from dsp import callerid
from dsp.callerid import CallerId, CallerIdError
from dsp.engine import Detect
from dsp.events import (
    CallerIdHeard,
    DigitEnded,
    DigitHeard,
    PortDone,
    PortEvent,
    ToneEnded,
    ToneHeard,
)
from dsp.tones import COUNTRIES, ToneName
from tests.rig_engine import RigEngine

ALICE, BOB, LINE_1 = station("101"), station("102"), trunk(PortAddress(0, 8))
CALL = CallId("1")
NOON = datetime(2026, 3, 2, 12, 34, tzinfo=UTC)


class Office:
    """Three parties on the bus."""

    def __init__(self, country: str = "us") -> None:
        self.engine = RigEngine()
        self.media = Media(self.engine, country, lambda: NOON)
        self.ports = dict(zip((ALICE, BOB, LINE_1), self.engine.open_board_ports(3), strict=True))
        for party, port in self.ports.items():
            self.media.place(party, port)

    def says(self, effect: ToEngine, party: object = ALICE) -> None:
        self.media.perform(ALICE if party is ALICE else LINE_1, effect)
        self.media.settle()

    @property
    def extra(self) -> set[int]:
        """Ports that are open beside the parties' own."""
        return set(self.engine.open_ports()) - set(self.ports.values())


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.media.close()
    assert not made.extra
    made.engine.close()


def test_a_tone_takes_the_place_of_another_and_is_closed(office: Office) -> None:
    office.says(PlayTone(Tone.DIAL))
    (dial,) = office.extra
    assert office.engine.sources(office.ports[ALICE]) == [dial]
    assert office.engine.says[dial] == COUNTRIES["us"].tones[ToneName.DIAL]
    office.says(PlayTone(Tone.BUSY))
    (busy,) = office.extra
    assert busy != dial
    office.says(Silence())
    assert not office.extra
    office.says(Silence())


def test_every_tone_of_ours_is_in_every_country() -> None:
    for country in COUNTRIES:
        office = Office(country)
        for tone in Tone:
            office.says(PlayTone(tone))
        office.media.close()
        office.engine.close()


def test_digits_end_by_themselves(office: Office) -> None:
    office.says(SendDigits("12"), LINE_1)
    (sender,) = office.extra
    office.engine.advance(1.0)
    (done,) = (each for each in office.engine.events() if isinstance(each, PortDone))
    assert office.media.event(done) == (LINE_1, DigitsSent(done.at))
    assert not office.extra
    assert office.media.event(PortDone(2.0, sender, "ended")) is None


def test_digits_that_were_cut_short_are_not_sent(office: Office) -> None:
    office.says(SendDigits("12"), LINE_1)
    (sender,) = office.extra
    office.says(Silence(), LINE_1)
    assert office.media.event(PortDone(2.0, sender, "ended")) is None


def test_a_caller_is_shown_once(office: Office) -> None:
    office.says(SendCallerId(Caller("102", "Bob")))
    (sender,) = office.extra
    message = office.engine.says[sender]
    assert isinstance(message, bytes)
    shown = callerid.parse(message)
    assert (shown.number, shown.name) == ("102", "Bob")
    assert str(shown.when) == "03021234"
    assert office.media.event(PortDone(2.0, sender, "ended")) is None
    assert not office.extra


@pytest.mark.parametrize(("absence", "letter"), [(None, "O"), (Absence.PRIVATE, "P")])
def test_a_caller_without_a_number(office: Office, absence: Absence | None, letter: str) -> None:
    office.says(SendCallerId(Caller("", absence=absence)))
    (sender,) = office.extra
    message = office.engine.says[sender]
    assert isinstance(message, bytes)
    absent = callerid.parse(message).absent
    assert absent is not None
    assert absent.value == letter


def test_a_caller_that_cannot_be_shown_opens_nothing(office: Office) -> None:
    with pytest.raises(CallerIdError):
        office.says(SendCallerId(Caller("not a number")))
    assert not office.extra


def test_ears(office: Office) -> None:
    for ears, detect in (
        (Ears.DIGITS, Detect.DIGITS),
        (Ears.PROGRESS, Detect.PROGRESS),
        (Ears.CALLER_ID, Detect.CALLER_ID),
        (Ears.ANSWER, Detect.PROGRESS),
        (Ears.HANG_UP, Detect.PROGRESS),
        (Ears.NONE, Detect.NONE),
    ):
        office.says(Hear(ears))
        assert office.engine.ears[office.ports[ALICE]] is detect


def test_paths_one_way_both_ways_and_none(office: Office) -> None:
    alice, line = office.ports[ALICE], office.ports[LINE_1]
    office.says(ListenPath(ALICE, LINE_1))
    assert office.engine.sources(alice) == [line]
    assert office.engine.sources(line) == []
    office.says(ConnectPath(ALICE, LINE_1))
    office.says(ConnectPath(ALICE, LINE_1))
    assert office.engine.sources(alice) == [line]
    assert office.engine.sources(line) == [alice]
    office.says(DisconnectPath(LINE_1, ALICE))
    assert office.engine.sources(alice) == office.engine.sources(line) == []
    office.says(DisconnectPath(LINE_1, ALICE))


def test_a_conference(office: Office) -> None:
    office.says(OpenConference(CALL, (ALICE, BOB, LINE_1)))
    (conference,) = office.extra
    for port in office.ports.values():
        assert office.engine.sources(port) == [conference]
    office.says(CloseConference(CALL))
    assert not office.extra
    office.says(CloseConference(CALL))


def test_a_party_that_is_lost_leaves_nothing(office: Office) -> None:
    office.says(PlayTone(Tone.DIAL))
    office.says(ConnectPath(ALICE, BOB))
    office.media.forget(ALICE)
    assert not office.extra
    office.says(ConnectPath(ALICE, BOB))
    office.says(Hear(Ears.DIGITS))
    office.media.forget(ALICE)
    assert office.media.event(DigitHeard(1.0, office.ports[ALICE], "1", -10.0)) is None


def test_what_is_open_is_closed_at_the_end(office: Office) -> None:
    office.says(PlayTone(Tone.DIAL))
    office.says(OpenConference(CALL, (ALICE, BOB, LINE_1)))
    office.media.close()
    assert not office.extra


def heard(port: int) -> list[tuple[PortEvent, Event | None]]:
    message = callerid.mdmf(CallerId("2125550123", "SMITH JOHN"))
    private = callerid.mdmf(CallerId("", "", callerid.Absence.PRIVATE))
    return [
        (DigitHeard(1.0, port, "5", -10.0), Digit(1.0, "5")),
        (DigitHeard(1.0, port, "A", -10.0), None),
        (DigitEnded(1.0, port, "5", 80), None),
        (ToneHeard(1.0, port, "dial"), DialToneHeard(1.0)),
        (ToneHeard(1.0, port, "busy"), BusyHeard(1.0)),
        (ToneHeard(1.0, port, "reorder"), BusyHeard(1.0)),
        (ToneHeard(1.0, port, "ringback"), RingbackHeard(1.0)),
        (ToneEnded(1.0, port, "ringback"), RingbackEnded(1.0)),
        (ToneEnded(1.0, port, "dial"), None),
        (ToneHeard(1.0, port, "waiting"), None),
        (
            CallerIdHeard(1.0, port, message),
            CallerShown(1.0, Caller("2125550123", "SMITH JOHN")),
        ),
        (CallerIdHeard(1.0, port, private), CallerShown(1.0, Caller("", "", Absence.PRIVATE))),
        (CallerIdHeard(1.0, port, b"\x00\x00"), None),
    ]


def test_what_the_engine_hears(office: Office) -> None:
    for event, meaning in heard(office.ports[LINE_1]):
        told = office.media.event(event)
        assert told == (None if meaning is None else (LINE_1, meaning)), event
    for event, _ in heard(999):
        assert office.media.event(event) is None


def test_who_turns_away_and_back_at_once_has_heard_all_the_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.says(Hear(Ears.DIGITS))
    orders: list[Detect] = []
    monkeypatch.setattr(office.engine, "detect", lambda port, what, *_, **__: orders.append(what))
    office.media.perform(ALICE, Hear(Ears.NONE))
    office.says(Hear(Ears.DIGITS))
    assert orders == [Detect.DIGITS], "a key that is still pressed isn't heard anew"
