# SPDX-License-Identifier: MIT
"""The engine and the core: tones, digits, caller ID, paths and conferences on the bus.

A party has one source at a time beside its paths: a tone, music, digits on their way out, or a
caller being shown.  While it has that, a path or our ear, its line's echo is taken out of what
it says.
What a party's machine no longer wants is closed at once, so that nothing is left when it is
idle; a party whose board is lost is forgotten.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from altiware.core.effects import (
    Beep,
    CloseConference,
    ConnectPath,
    DisconnectPath,
    Hear,
    ListenPath,
    OpenConference,
    PlayMusic,
    PlayTone,
    Record,
    Say,
    Seat,
    SendCallerId,
    SendDigits,
    SendLamp,
    Silence,
    StopRecording,
    ToEngine,
    UnlistenPath,
    Unseat,
    Vacate,
    Wind,
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
from altiware.core.ids import Party, PartyKind
from altiware.core.office import USUAL_OFFICE, CallerIdKind, OfficePlan
from altiware.core.plan import KEYS
from altiware.core.signals import Absence, Caller, Ears
from altiware.ports.knocks import Knocks
from altiware.ports.office_tones import OfficeTones
from altiware.ports.voices import NO_SOUNDS, SoundError, Sounds, Voices
from dsp import callerid
from dsp.callerid import CallerId, CallerIdError, CallerIdStandard, CallTime
from dsp.callerid_dtmf import DtmfCollector
from dsp.callerid_notice import Waiting
from dsp.echo import EchoWant
from dsp.engine import ECHO_WANTS, Detect, Engine
from dsp.events import CallerIdHeard, DigitHeard, PortDone, PortEvent, ToneEnded, ToneHeard
from dsp.tones import ToneName, ToneSpec, country

__all__ = ["ECHO_DELAY_MS", "ECHO_TAIL_MS", "Media"]


ECHO_TAIL_MS: Final = 32
"""What a hybrid of the board and its line say back within, with two frames in the board."""
ECHO_DELAY_MS: Final = 250
"""How far an echo is looked for behind boards that keep samples for an unknown time."""
LAMP_MOST: Final = 255
"""More messages than a display's message can count."""
_DETECT: Final = {
    Ears.NONE: Detect.NONE,
    Ears.DIGITS: Detect.DIGITS,
    Ears.PROGRESS: Detect.PROGRESS,
    Ears.CALLER_ID: Detect.CALLER_ID,
    Ears.ANSWER: Detect.PROGRESS,
    Ears.HANG_UP: Detect.PROGRESS,
    Ears.HANG_UP | Ears.DIGITS: Detect.PROGRESS | Detect.DIGITS,
}

_NO_OFFICES: Final[Mapping[Party, OfficePlan]] = MappingProxyType({})
_STANDARDS: Final[dict[CallerIdKind | None, CallerIdStandard]] = {
    CallerIdKind.BELL202: CallerIdStandard.BELL202,
    CallerIdKind.V23: CallerIdStandard.V23,
}

_HEARD: Final[dict[str, type[Event]]] = {
    "dial": DialToneHeard,
    "stutter": DialToneHeard,
    "busy": BusyHeard,
    "reorder": BusyHeard,
    "ringback": RingbackHeard,
}


class Media:
    """The parties' places on the bus, and what is open for them."""

    def __init__(
        self,
        bus: Engine,
        country_code: str,
        wall: Callable[[], datetime],
        *,
        echo_tail_ms: int = ECHO_TAIL_MS,
        offices: Mapping[Party, OfficePlan] = _NO_OFFICES,
        sounds: Sounds = NO_SOUNDS,
    ) -> None:
        self._bus = bus
        self._sounds = sounds
        self._voices = Voices(bus, sounds)
        self._echo_tail_ms = echo_tail_ms
        self._country = country(country_code)
        self.adopt(offices)
        self._usual = OfficeTones.of(USUAL_OFFICE, self._country)
        bell = country_code == "us"
        self._standard = CallerIdStandard.BELL202 if bell else CallerIdStandard.V23
        self._wall = wall
        self._timeslots: dict[Party, int] = {}
        self._parties: dict[int, Party] = {}
        self._sources: dict[Party, int] = {}
        self._sending: dict[int, Party] = {}
        self._paths: set[tuple[Party, Party]] = set()
        self._conferences: dict[str, int] = {}
        self._rooms: dict[str, set[Party]] = {}
        self._listening: set[Party] = set()
        self._cleaned: set[Party] = set()
        self._delayed: set[Party] = set()
        self._callers: dict[Party, DtmfCollector] = {}
        "Whose digits are not dialled: they say who calls."
        self._ears: dict[Party, Ears] = {}
        self._turned: dict[Party, None] = {}
        "Whose ears are another matter since things were settled."
        self._parted: set[tuple[Party, Party]] = set()
        "Paths that are open, and silent while a caller is being shown."
        self._knocks = Knocks(bus, self._standard, self)

    def adopt(self, offices: Mapping[Party, OfficePlan]) -> None:
        """Go on with what a new plan says of the offices."""
        self._offices = offices
        plans = {office: OfficeTones.of(office, self._country) for office in offices.values()}
        self._tones = {party: plans[office] for party, office in offices.items()}

    def place(self, party: Party, timeslot: int, *, delayed: bool = False) -> None:
        """Say where on the bus a party is; ``delayed``: how late its echo comes isn't known."""
        self._timeslots[party] = timeslot
        self._parties[timeslot] = party
        if delayed:
            self._delayed.add(party)
        receive_db = self._offices.get(party, USUAL_OFFICE).receive_db
        if receive_db:
            self._bus.gain(timeslot, receive_db=receive_db)

    def forget(self, party: Party) -> None:
        """Forget a party whose timeslot is gone, and close what was open for it."""
        self._silence(party)
        self._paths = {pair for pair in self._paths if party not in pair}
        self._parted &= self._paths
        self._ears.pop(party, None)
        self._listening.discard(party)
        self._delayed.discard(party)
        self._callers.pop(party, None)
        timeslot = self._timeslots.pop(party, None)
        if timeslot is not None:
            self._parties.pop(timeslot, None)
            self._voices.forget(timeslot)
        if party in self._cleaned and timeslot is not None:
            self._cleaned.remove(party)
            self._bus.echo(timeslot, 0)

    def close(self) -> None:
        """Close everything that is open for anybody."""
        for party in list(self._timeslots):
            self.forget(party)
        for call in list(self._conferences):
            self._close_conference(call)
        self._voices.close()

    def perform(self, party: Party, effect: ToEngine) -> None:
        """Do on the bus what a machine wants; ``settle`` follows when all has been said.

        Raises:
            EngineError: there is no timeslot left, or no place for another source.
            SoundError: what is to be said or recorded has no file.
            CallerIdError: the caller can't be put into a message.
        """
        _ORDERS[type(effect)](self, party, effect)

    @property
    def deadline(self) -> float | None:
        """When ``expire`` is due; None: nothing is waited for."""
        return self._knocks.deadline

    def expire(self, now: float) -> None:
        """Go on with what was waited for."""
        self._knocks.expire(now)

    def event(self, event: PortEvent) -> tuple[Party, Event] | None:
        """Say what an engine event means, and for whom; None: for nobody."""
        if isinstance(event, PortDone):
            return self._done(event)
        party = self._parties.get(event.port)
        if party is None:
            return None
        if isinstance(event, DigitHeard) and self._knocks.key(party, event.at, event.key):
            return None
        caller = self._callers.get(party)
        if caller is not None and isinstance(event, DigitHeard):
            shown = caller.hear(event.at, event.key)
            return (party, CallerShown(event.at, _caller(shown))) if shown is not None else None
        meaning = _meaning(event)
        return (party, meaning) if meaning is not None else None

    # Sources

    def _play(self, party: Party, effect: PlayTone) -> None:
        self._give(party, lambda: self._bus.open_tone(self._tone(effect)))

    def _tone(self, effect: PlayTone) -> ToneSpec:
        return self._country.tones[ToneName(effect.tone.value)]

    def _beep(self, party: Party, effect: Beep) -> None:
        """Let a party hear one beep beside what it hears: the tone without its long pause."""
        beep = ToneSpec(self._country.tones[ToneName.WAITING].steps[:-1], None)
        if effect.caller is None:
            self._give(party, lambda: self._bus.open_tone(beep))
            return
        self._silence(party)
        message = callerid.mdmf(_shown(effect.caller, self._wall()))
        self._knocks.begin(party, beep, message)

    def _send_digits(self, party: Party, effect: SendDigits) -> None:
        self._give(party, lambda: self._bus.open_digits(effect.digits))
        self._sending[self._sources[party]] = party

    def _show(self, party: Party, effect: SendCallerId) -> None:
        message = callerid.mdmf(_shown(effect.caller, self._wall()))
        self._give(party, lambda: self._bus.open_caller_id(message, self._standard))

    def _light(self, party: Party, effect: SendLamp) -> None:
        count = min(effect.messages, LAMP_MOST)
        message = Waiting(count > 0, count).mdmf()
        self._give(party, lambda: self._bus.open_caller_id(message, self._standard))

    def _play_music(self, party: Party, effect: PlayMusic) -> None:
        music = self._sounds.music()
        if music:
            self._give(party, lambda: self._bus.open_player(music, loop=True))
        else:
            self._silence(party)

    def _give(self, party: Party, opened: Callable[[], int]) -> None:
        if party.kind is PartyKind.APPLICATION:
            self._voices.give(party, opened)
            return
        self._silence(party)
        self.give(party, opened)

    def give(self, party: Party, opened: Callable[[], int]) -> int:
        """Let a party hear a new source instead of the one that it heard."""
        self._close_source(party)
        source = self._sources[party] = opened()
        self._bus.listen(self._timeslots[party], source)
        return source

    def _silence(self, party: Party, effect: Silence | None = None) -> None:
        self._voices.hush(party)
        self._knocks.stop(party)
        self._close_source(party)

    def _close_source(self, party: Party) -> None:
        source = self._sources.pop(party, None)
        if source is not None:
            self._sending.pop(source, None)
            self._bus.close_port(source)

    def _done(self, event: PortDone) -> tuple[Party, Event] | None:
        """Close a source that has come to its end."""
        spoken = self._voices.done(event)
        if spoken is not None:
            return spoken
        sender = self._sending.get(event.port)
        for party, source in self._sources.items():
            if source == event.port:
                self._close_source(party)
                break
        self._knocks.done(event)
        self._clean()
        return (sender, DigitsSent(event.at)) if sender is not None else None

    def _hear(self, party: Party, effect: Hear) -> None:
        self._ears[party] = effect.ears
        self._turned[party] = None

    def settle(self) -> None:
        """Listen as the machines want to, all having been said.

        Who turns away from a party and back to it at once has heard it all the time: a key that is
        still pressed isn't heard as another.
        """
        for party in self._turned:
            self._listen_for(party, self._ears.get(party, Ears.NONE))
        self._turned.clear()
        self._clean()

    def _listen_for(self, party: Party, ears: Ears) -> None:
        timeslot = self._timeslots.get(party)
        if timeslot is None:
            return
        (self._listening.add if ears else self._listening.discard)(party)
        tones = self._tones.get(party, self._usual)
        plan = tones.plans.get(ears & ~Ears.DIGITS)
        kind = self._offices.get(party, USUAL_OFFICE).caller_id
        what = _DETECT[ears]
        self._callers.pop(party, None)
        if ears is Ears.CALLER_ID and kind is CallerIdKind.DTMF:
            what = Detect.DIGITS
            self._callers[party] = DtmfCollector()
        standard = _STANDARDS.get(kind, self._standard)
        self._bus.detect(timeslot, what, plan, standard=standard)

    # Paths

    def _connect(self, party: Party, effect: ConnectPath) -> None:
        self._listen((effect.a, effect.b))
        self._listen((effect.b, effect.a))

    def _connect_one_way(self, party: Party, effect: ListenPath) -> None:
        self._listen((effect.listener, effect.source))

    def _disconnect_one_way(self, party: Party, effect: UnlistenPath) -> None:
        self._unlisten((effect.listener, effect.source))

    def _disconnect(self, party: Party, effect: DisconnectPath) -> None:
        self._unlisten((effect.a, effect.b))
        self._unlisten((effect.b, effect.a))

    def _unlisten(self, pair: tuple[Party, Party]) -> None:
        if pair not in self._paths:
            return
        self._paths.remove(pair)
        if pair in self._parted:
            self._parted.remove(pair)
        else:
            self._switch(pair, wanted=False)

    def part(self, party: Party, *, parted: bool) -> None:
        """Silence the paths of a party, and hear what it answers; or undo that."""
        concerned = [pair for pair in self._paths if party in pair]
        changed = [pair for pair in concerned if (pair in self._parted) is not parted]
        for pair in changed:
            self._switch(pair, wanted=not parted)
        (self._parted.update if parted else self._parted.difference_update)(changed)
        ears = self._ears.get(party, Ears.NONE)
        self._listen_for(party, ears | Ears.DIGITS if parted else ears)

    def _listen(self, pair: tuple[Party, Party]) -> None:
        there = (each in self._timeslots or _speaks_itself(each) for each in pair)
        if pair not in self._paths and all(there):
            self._switch(pair, wanted=True)
            self._paths.add(pair)

    def _switch(self, pair: tuple[Party, Party], *, wanted: bool) -> None:
        listener, source = pair
        if _speaks_itself(source) and not _speaks_itself(listener):
            self._voices.hear(source, self._timeslots[listener], wanted=wanted)
        elif _speaks_itself(listener) and not _speaks_itself(source):
            self._voices.heed(listener, self._timeslots[source], wanted=wanted)
        elif not _speaks_itself(listener):
            order = self._bus.listen if wanted else self._bus.unlisten
            order(self._timeslots[listener], self._timeslots[source])

    # Applications

    def _say(self, party: Party, effect: Say) -> None:
        self._voices.say(party, effect.clips, repeat=effect.repeat)

    def _wind(self, party: Party, effect: Wind) -> None:
        self._voices.wind(party, effect.by_s, effect.speed)

    def _record(self, party: Party, effect: Record) -> None:
        tapped = None if effect.of is None else self._timeslots.get(effect.of)
        if effect.of is not None and tapped is None:
            raise SoundError(f"{effect.of}: there is nothing to be heard of it")
        self._voices.record(party, effect, tapped)

    def _stop_recording(self, party: Party, effect: StopRecording) -> None:
        self._voices.stop_recording(party)

    def _vacate(self, party: Party, effect: Vacate) -> None:
        self._voices.vacate(party)
        self._paths = {pair for pair in self._paths if party not in pair}

    # Echo

    def _clean(self) -> None:
        """Take the echo out of every line in use; a line that comes into use is learnt anew."""
        if not self._echo_tail_ms:
            return
        used = self._listening.union(self._sources, *self._paths, *self._rooms.values())
        used &= self._timeslots.keys()
        for party in used - self._cleaned:
            wants = ECHO_WANTS | EchoWant.SEARCH if party in self._delayed else ECHO_WANTS
            self._bus.echo(self._timeslots[party], self._echo_tail_ms, wants)
        for party in self._cleaned - used:
            self._bus.echo(self._timeslots[party], 0)
        self._cleaned = used

    # Conferences

    def _open_conference(self, party: Party, effect: OpenConference) -> None:
        conference = self._bus.open_conference(len(effect.parties))
        self._conferences[effect.call] = conference
        self._rooms[effect.call] = set(effect.parties)
        for each in effect.parties:
            if each in self._timeslots:
                self._bus.join(conference, self._timeslots[each])

    def _seat(self, party: Party, effect: Seat) -> None:
        seated = self._rooms.setdefault(effect.room, set())
        timeslot = self._timeslots.get(effect.party)
        if timeslot is None:
            return
        if effect.room not in self._conferences:
            self._conferences[effect.room] = self._bus.open_conference()
        order = self._bus.set_party if effect.party in seated else self._bus.join
        order(self._conferences[effect.room], timeslot, muted=effect.muted)
        seated.add(effect.party)

    def _unseat(self, party: Party, effect: Unseat) -> None:
        seated = self._rooms.get(effect.room, set())
        if effect.party not in seated:
            return
        seated.remove(effect.party)
        timeslot = self._timeslots.get(effect.party)
        if timeslot is not None:
            self._bus.leave(self._conferences[effect.room], timeslot)
        if not seated:
            self._close_conference(effect.room)

    def _end_conference(self, party: Party, effect: CloseConference) -> None:
        self._close_conference(effect.call)

    def _close_conference(self, call: str) -> None:
        conference = self._conferences.pop(call, None)
        self._rooms.pop(call, None)
        if conference is not None:
            self._bus.close_port(conference)


def _speaks_itself(party: Party) -> bool:
    return party.kind is PartyKind.APPLICATION


def _meaning(event: PortEvent) -> Event | None:
    match event:
        case DigitHeard(at, _, key) if key in KEYS:
            return Digit(at, key)
        case ToneHeard(at, _, tone) if tone in _HEARD:
            return _HEARD[tone](at)
        case ToneEnded(at, _, "ringback"):
            return RingbackEnded(at)
        case CallerIdHeard(at, _, message):
            return _caller_shown(at, message)
        case _:
            return None


def _caller_shown(at: float, message: bytes) -> Event | None:
    try:
        heard = callerid.parse(message)
    except CallerIdError:
        return None
    return CallerShown(at, _caller(heard))


def _caller(heard: CallerId) -> Caller:
    absence = Absence(heard.absent.value) if heard.absent else None
    return Caller(heard.number, heard.name, absence)


def _shown(caller: Caller, now: datetime) -> CallerId:
    absent = None
    if not caller.number:
        absent = callerid.Absence((caller.absence or Absence.UNAVAILABLE).value)
    return CallerId(caller.number, caller.name, absent, CallTime.of(now))


_ORDERS: Final[dict[type[ToEngine], Callable[[Media, Party, Any], None]]] = {
    PlayTone: Media._play,
    Beep: Media._beep,
    PlayMusic: Media._play_music,
    Silence: Media._silence,
    Hear: Media._hear,
    SendDigits: Media._send_digits,
    SendCallerId: Media._show,
    SendLamp: Media._light,
    ConnectPath: Media._connect,
    ListenPath: Media._connect_one_way,
    UnlistenPath: Media._disconnect_one_way,
    DisconnectPath: Media._disconnect,
    OpenConference: Media._open_conference,
    CloseConference: Media._end_conference,
    Say: Media._say,
    Seat: Media._seat,
    Unseat: Media._unseat,
    Record: Media._record,
    StopRecording: Media._stop_recording,
    Vacate: Media._vacate,
    Wind: Media._wind,
}
"""What is done for each effect that is the engine's."""
