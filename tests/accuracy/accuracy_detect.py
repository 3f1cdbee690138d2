# SPDX-License-Identifier: MIT
"""Office lines that say what they are: twelve offices, with and without a disconnect signal.

Each is examined by ``line detect``'s machine on a simulated board: right is the country, every
tone, how callers are shown, exactly the signs at the end that the office gives, and no fault.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from boards_sim.fsk import BELL_202, V23
from boards_sim.loop import CLEAN, LineNature
from boards_sim.offices import OFFICES, CallerIdKind, Disconnect, Office
from drivers.diagnostics.findings import CallerIdSeen, HangUpSign, OfficeFindings
from dsp.callerid import CallerIdStandard
from tests.figure import Figure
from tests.virtual_session import Technician, VirtualSession

LONG: Final = LineNature(loss_db=8.5, noise_dbrnc=30.0)
"""More loss than a subscriber is promised, and ten times the noise."""
MODEMS: Final = {BELL_202: CallerIdStandard.BELL202, V23: CallerIdStandard.V23, None: None}
CALLERS: Final = {
    CallerIdKind.AFTER_RING: CallerIdSeen(dtmf=False, before_ring=False, after_reversal=False),
    CallerIdKind.BEFORE_RING: CallerIdSeen(dtmf=False, before_ring=True, after_reversal=True),
    CallerIdKind.DTMF: CallerIdSeen(dtmf=True, before_ring=True, after_reversal=True),
}


def signs_of(office: Office) -> set[HangUpSign]:
    """Return what the office gives at the end of a call that came in."""
    kind = office.profile.disconnect
    if kind is Disconnect.OPEN_SWITCH:
        return {HangUpSign.OPEN_LOOP, HangUpSign.DIAL}
    if kind is Disconnect.NOTHING:
        return {HangUpSign.DIAL}
    if kind is Disconnect.REVERSAL:
        return {HangUpSign.REVERSAL, HangUpSign.BUSY}
    return {HangUpSign.BUSY}


def examined(office: Office, line: LineNature = CLEAN) -> OfficeFindings:
    """Return what is found out about an office."""
    with VirtualSession(office.country.code, line) as session:
        session.office().profile = office.profile
        return Technician(session).examines()


def is_right(findings: OfficeFindings, office: Office) -> bool:
    """Tell whether it is what the office is."""
    profile = office.profile
    caller = CALLERS[profile.caller_id] if profile.modem else None
    if caller is not None and not caller.dtmf:
        caller = replace(caller, standard=MODEMS[profile.modem])
    return (
        office.country.code in findings.verdict.countries
        and findings.verdict.confidence == 1.0
        and {tone.pattern.name for tone in findings.tones} == {"dial", "reorder", "busy"}
        and findings.signs == signs_of(office)
        and findings.caller_id == caller
        and not findings.faults
    )


def measure() -> Iterator[Figure]:
    """Examine all of them."""
    yield Figure("detect_offices", len(OFFICES), "lines")
    for name, line in (("detect_right", CLEAN), ("detect_right_long_line", LONG)):
        right = sum(is_right(examined(office, line), office) for office in OFFICES.values())
        yield Figure(name, right, "lines")
