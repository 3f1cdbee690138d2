# SPDX-License-Identifier: MIT
"""Hot desking: an extension moves to another telephone, with all that is its own.

Who logs in with his extension and password has it at the telephone where he does, once that is
replaced: its calls, lamp, settings and restrictions follow.  The extension whose telephone it is
goes to the telephone that he has left meanwhile, so that each telephone can call, for help too.
Logging out, or in at a third place, moves them back.  Extensions without a telephone of their own
can't be moved to one.
"""

from collections.abc import Mapping
from dataclasses import replace

from altiware.core.causes import Cause
from altiware.core.effects import Effect
from altiware.core.events import Event
from altiware.core.ids import PortAddress, station
from altiware.core.plan import Plan
from altiware.features.effects import Change
from altiware.features.errands import Errand, Outcome
from altiware.features.identity import Identified
from altiware.features.speaking import ENGLISH, phrases

__all__ = ["LogIn", "LogOut", "seated"]


def seated(plan: Plan, seats: Mapping[str, str]) -> Plan:
    """Return the plan with extensions at other ports (``BB:CC``, by extension).

    Who is displaced takes the port of the one who displaced him; of two at one port, or at a port
    where there is no station, none moves.
    """
    ports = {each.extension: each.port for each in plan.stations}
    owners = {str(port): extension for extension, port in ports.items()}
    wanted = {who: at for who, at in sorted(seats.items()) if who in ports and at in owners}
    taken = [at for at in wanted.values() if list(wanted.values()).count(at) == 1]
    moved: dict[str, PortAddress] = {}
    for who, at in wanted.items():
        if at in taken:
            moved[who] = ports[owners[at]]
    free = [port for port in ports.values() if port not in moved.values()]
    for who, home in ports.items():
        if who not in moved and home in free:
            moved[who] = home
            free.remove(home)
    for who in ports:
        if who not in moved:
            moved[who] = free.pop(0)
    homes = {each.port: each for each in plan.stations}
    stations = tuple(
        replace(each, port=home.port, location=home.location, call_back=home.call_back)
        for each in plan.stations
        for home in [homes[moved[each.extension]]]  # help comes to where the telephone stands
    )
    return plan if stations == plan.stations else replace(plan, stations=stations)


class LogOut(Errand):
    """Moves the extension back to its own telephone."""

    def run(self, at: float) -> Outcome:
        """Let it go once the telephone is replaced."""
        if not self.desk.settings.of(self.extension).seat:
            return Outcome(phrases("hot-desk-nobody"), cause=Cause.WRONG_NUMBER)
        return Outcome(phrases("hot-desk-logged-out"), (Change(self.extension, "seat", ""),))


class LogIn(Identified):
    """Moves an extension to the telephone where it is dialled."""

    asks = "enter-extension"

    def begin(self, event: Event) -> list[Effect]:
        """Ask who he is; who dials nothing behind the code hears which extension this is."""
        if not self.extension:
            number = ENGLISH.digits(self.opening.caller.name)
            return self.tell(Outcome((*phrases("this-is-extension"), *number)))
        return super().begin(event)

    def granted(self, event: Event) -> list[Effect]:
        """Let it come once the telephone is replaced."""
        here = self.opening.caller
        ports = {each.extension: each.port for each in self.desk.plan.stations}
        if self.extension not in ports or here.name == self.extension:
            return self.tell(Outcome(phrases("hot-desk-not-allowed"), cause=Cause.DENIED))
        if self.desk.call_at(station(self.extension)) is not None:
            return self.tell(Outcome(phrases("hot-desk-in-use"), cause=Cause.BUSY))
        seat = str(ports[here.name])
        changes = [Change(self.extension, "seat", seat)]
        if self.desk.settings.of(here.name).seat:
            changes.insert(0, Change(here.name, "seat", ""))
        said = (*phrases("hot-desk-logged-in"), *ENGLISH.digits(self.extension))
        return self.tell(Outcome(said, tuple(changes)))
