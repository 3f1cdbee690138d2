# SPDX-License-Identifier: MIT
"""A cellular network and the party at its other end, in the place of an office line.

What it does is the table TRANSITIONS.  It can be told what an office can (``calls_in``,
``answers``, ``is_busy`` ...), and to lose its subscriber (``loses_service``).  It notes the calls
of its subscriber as seizures, as an office does.  Not modelled: radio, handover, messages, a
second call.
"""

import enum
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from boards_sim.actor import Actor, Script, StageClock, until
from boards_sim.digits import DtmfEar
from boards_sim.loop import Feed, LineNature, Load, Loop
from boards_sim.mouth import Mouth
from boards_sim.office import Seizure
from boards_sim.tones import samples
from drivers.actors import Caller
from dsp.tones import Country, ToneName

__all__ = ["IGNORED", "TRANSITIONS", "Air", "Network", "NetworkEvent", "NetworkState", "News"]

Samples = npt.NDArray[np.int16]

PAGING_S: Final = 0.6
"""From the number to the called party's being rung."""


class News(enum.Enum):
    """What the network tells its subscriber."""

    INCOMING = "somebody calls"
    ALERTING = "the called party is rung"
    CONNECTED = "the called party has answered"
    BUSY = "the called party is busy"
    GONE = "the call is over"
    SERVICE = "service is lost or found"


class NetworkState(enum.Enum):
    """What the subscriber's line is doing."""

    IDLE = "idle"
    RINGING = "calling the subscriber"
    PAGING = "looking for the called party"
    ALERTING = "ringing the called party"
    TALKING = "connected"
    AWAY = "without the subscriber"


class NetworkEvent(enum.Enum):
    """What can happen."""

    CALLED = "somebody calls in"
    GIVEN_UP = "the caller gives up"
    TAKEN = "the subscriber answers"
    DIALLED = "the subscriber calls"
    FOUND = "the called party is found"
    ANSWERED = "the called party answers"
    FOUND_BUSY = "the called party is busy"
    HUNG_UP = "the party outside hangs up"
    CLEARED = "the subscriber hangs up"
    LOST = "the subscriber is out of reach"
    BACK = "the subscriber is back"


class Air(Loop):
    """A radio path where other boards have a loop; its noise and loss are those of its nature."""

    def __init__(self, nature: LineNature) -> None:
        super().__init__(nature, Feed(0.0), Load())
        self.tell: Callable[[News], None] = _nobody
        "The module's ear for news."
        self.network: Network | None = None


class Network(Actor):
    """The network of one subscriber."""

    def __init__(self, name: str, loop: Air, clock: StageClock, country: Country) -> None:
        super().__init__(name, loop, clock, country)
        self.air = loop
        loop.network = self
        self.state = NetworkState.IDLE
        self.caller = Caller("")
        self.was_busy = False
        "Whether the last call found the called party busy."
        self.seizures: list[Seizure] = []
        self._number = ""
        self._found_at: float | None = None
        self._party_hears = Mouth()
        self._caller_listens = False
        self._dtmf = DtmfEar()

    @property
    def digits(self) -> str:
        """What was dialled within the latest call."""
        return self._dtmf.digits

    @property
    def has_service(self) -> bool:
        """Whether the subscriber is within reach."""
        return self.state is not NetworkState.AWAY

    # The subscriber

    def dials(self, number: str) -> bool:
        """Take a number; False: there is no service, or another call."""
        if self.state is not NetworkState.IDLE:
            return False
        self._number = number
        self.happen(NetworkEvent.DIALLED)
        return True

    def takes(self) -> bool:
        """Answer; False: nobody calls."""
        if self.state is not NetworkState.RINGING:
            return False
        self.happen(NetworkEvent.TAKEN)
        return True

    def clears(self) -> None:
        """Hang up."""
        self.happen(NetworkEvent.CLEARED)

    # Time and sound

    def get(self, heard: Samples, loud: bool) -> None:
        """Take the frame that came through the air, and do what is due."""
        if self._found_at is not None and self.clock.now >= self._found_at - 1e-9:
            self._found_at = None
            self.happen(NetworkEvent.FOUND)
        if self.state is NetworkState.TALKING:
            self.ear.hear(heard)
            self._dtmf.feed(heard.copy())
        elif self._caller_listens:
            frame = np.zeros_like(heard)
            self._party_hears.take(frame)
            self.ear.hear(frame)

    def happen(self, event: NetworkEvent) -> None:
        """Go through the table.

        Raises:
            AssertionError: the party outside can't do this now.
        """
        row = TRANSITIONS.get((self.state, event))
        if row is None:
            if (self.state, event) in IGNORED:
                return
            seen = f"{self.name} at {self.clock.now:.3f} s is {self.state.value}"
            raise AssertionError(f"{seen}: {event.value}?")
        self.state, act = row
        self._found_at = None
        act(self)

    # Actions

    def _ring(self) -> None:
        self._caller_listens = True
        self._party_hears.fall_silent()
        self._party_hears.sound(samples(self.country.tones[ToneName.RINGBACK]))
        self.air.tell(News.INCOMING)

    def _page(self) -> None:
        self._begin_call(self._number)
        self._found_at = self.clock.now + PAGING_S

    def _begin_call(self, digits: str = "") -> None:
        self.seizures.append(Seizure(self.clock.now, digits))
        self._dtmf = DtmfEar()

    def _alert(self) -> None:
        self.mouth.sound(samples(self.country.tones[ToneName.RINGBACK]))
        self.air.tell(News.ALERTING)

    def _connect_caller(self) -> None:
        self._begin_call()
        self._connect()

    def _connect_called(self) -> None:
        self._connect()
        self.air.tell(News.CONNECTED)

    def _connect(self) -> None:
        self._fall_silent()
        self.seizures[-1].answered_at = self.clock.now

    def _find_busy(self) -> None:
        self._release()
        self.air.tell(News.BUSY)

    def _leave(self) -> None:
        self._release()
        self.air.tell(News.GONE)

    def _release(self) -> None:
        self._fall_silent()
        if self.seizures and self.seizures[-1].released_at is None:
            self.seizures[-1].released_at = self.clock.now

    def _lose(self) -> None:
        self._release()
        self.air.tell(News.SERVICE)

    def _find(self) -> None:
        self.air.tell(News.SERVICE)

    def _fall_silent(self) -> None:
        self.mouth.fall_silent()
        self._party_hears.fall_silent()
        self._caller_listens = False

    # Scripts

    def calls_in(self, number: str = "", name: str = "", absent: str = "") -> Script[None]:
        """Call the subscriber; a network doesn't tell names."""
        self.caller = Caller(number, name, absent)
        self.happen(NetworkEvent.CALLED)
        return
        yield

    def stops_calling(self) -> Script[None]:
        """Let the outside caller give up."""
        yield from self._script(NetworkEvent.GIVEN_UP)

    def answers(self) -> Script[None]:
        """Let the called party answer."""
        yield from self._script(NetworkEvent.ANSWERED)

    def is_busy(self) -> Script[None]:
        """Let the called party be busy."""
        yield from self._script(NetworkEvent.FOUND_BUSY)

    def hangs_up(self) -> Script[None]:
        """Let the party outside hang up."""
        yield from self._script(NetworkEvent.HUNG_UP)

    def loses_service(self) -> Script[None]:
        """Lose the subscriber; his call ends."""
        yield from self._script(NetworkEvent.LOST)

    def finds_service(self) -> Script[None]:
        """Have the subscriber within reach again."""
        yield from self._script(NetworkEvent.BACK)

    def _script(self, event: NetworkEvent) -> Script[None]:
        self.happen(event)
        return
        yield

    def says(self, speech: Path, wait: bool = True) -> Script[None]:
        """Let the party outside speak."""
        if self.state is not NetworkState.TALKING:
            raise AssertionError(self.fault("a call to speak in", f"it is {self.state.value}"))
        yield from self._speak(speech, wait=wait)

    def presses(self, keys: str) -> Script[None]:
        """Let the party outside press keys."""
        if self.state is not NetworkState.TALKING:
            raise AssertionError(self.fault("a call to press keys in", f"it is {self.state.value}"))
        yield from self._press(keys)

    def is_seized(self, within_s: float = 3.0) -> Script[None]:
        """Wait until the subscriber calls, or has answered."""
        yield from until(lambda: self.state in IN_CALL, within_s, self._instead("a call", within_s))

    def is_free(self, within_s: float = 3.0) -> Script[None]:
        """Wait until the subscriber has no call."""
        instead = self._instead("no call", within_s)
        yield from until(lambda: self.state not in IN_CALL, within_s, instead)

    def receives(self, digits: str, within_s: float = 10.0) -> Script[None]:
        """Wait until exactly this number has been called."""
        instead = self._instead(f"the number {digits}", within_s)
        yield from until(lambda: self.dialled == digits, within_s, instead)

    @property
    def dialled(self) -> str:
        """The number of the latest call out."""
        return self.seizures[-1].digits if self.seizures else ""

    def _instead(self, expected: str, within_s: float) -> Callable[[], str]:
        def tell() -> str:
            last = f"the last call: {self.seizures[-1]}" if self.seizures else "there was no call"
            seen = f"it is {self.state.value}; {last}"
            return self.fault(f"{expected} within {within_s:g} s", seen)

        return tell


def _nobody(_news: News) -> None:
    """Tell nobody."""


S, E, N = NetworkState, NetworkEvent, Network
IN_CALL: Final = frozenset({S.PAGING, S.ALERTING, S.TALKING})

# fmt: off
TRANSITIONS: Final[
    dict[tuple[NetworkState, NetworkEvent], tuple[NetworkState, Callable[[Network], None]]]
] = {
    (S.IDLE,     E.CALLED):     (S.RINGING,  N._ring),
    (S.IDLE,     E.DIALLED):    (S.PAGING,   N._page),
    (S.RINGING,  E.TAKEN):      (S.TALKING,  N._connect_caller),
    (S.RINGING,  E.GIVEN_UP):   (S.IDLE,     N._leave),
    (S.RINGING,  E.HUNG_UP):    (S.IDLE,     N._leave),
    (S.RINGING,  E.CLEARED):    (S.IDLE,     N._leave),
    (S.PAGING,   E.FOUND):      (S.ALERTING, N._alert),
    (S.PAGING,   E.ANSWERED):   (S.TALKING,  N._connect_called),
    (S.PAGING,   E.FOUND_BUSY): (S.IDLE,     N._find_busy),
    (S.PAGING,   E.HUNG_UP):    (S.IDLE,     N._leave),
    (S.PAGING,   E.CLEARED):    (S.IDLE,     N._release),
    (S.ALERTING, E.ANSWERED):   (S.TALKING,  N._connect_called),
    (S.ALERTING, E.FOUND_BUSY): (S.IDLE,     N._find_busy),
    (S.ALERTING, E.HUNG_UP):    (S.IDLE,     N._leave),
    (S.ALERTING, E.CLEARED):    (S.IDLE,     N._release),
    (S.TALKING,  E.HUNG_UP):    (S.IDLE,     N._leave),
    (S.TALKING,  E.CLEARED):    (S.IDLE,     N._release),
    (S.AWAY,     E.BACK):       (S.IDLE,     N._find),
    **{(s,       E.LOST):       (S.AWAY,     N._lose) for s in S if s is not S.AWAY},
}
# fmt: on
"""Everything a network does.  A pair that is neither here nor in IGNORED is a wrong script."""

IGNORED: Final = frozenset(
    {(S.IDLE, E.CLEARED), (S.AWAY, E.CLEARED), (S.AWAY, E.LOST), (S.AWAY, E.CALLED)}
)
"""What may come at any time, without effect: who is away isn't called."""
