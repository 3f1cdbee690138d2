# SPDX-License-Identifier: MIT
"""Office lines that say what they are: twelve offices, with and without a disconnect signal.

Each is examined by ``line detect``'s machine on a simulated board: right is the country, every
tone, how callers are shown, exactly the signs at the end that the office gives, and no fault.
"""

import dataclasses
from collections.abc import Iterator
from typing import Final

from boards_sim.loop import CLEAN, LineNature
from boards_sim.offices import Disconnect
from drivers.diagnostics.findings import HangUpSign, OfficeFindings
from tests.figure import Figure
from tests.virtual_session import Technician, VirtualSession

OFFICES: Final = {
    "us": "us", "ca": "us", "uk": "uk", "de": "de", "fr": "fr", "jp": "jp", "au": "au", "it": "it",
    "es": "es", "nl": "nl", "se": "se", "nz": "nz",
}  # fmt: skip
"""Canada sends North America's tones."""
SIGNALS: Final = {"jp": Disconnect.REVERSAL}
"""The rest open the loop."""
LONG: Final = LineNature(loss_db=8.5, noise_dbrnc=30.0)
"""More loss than a subscriber is promised, and ten times the noise."""
GIVEN: Final = {
    Disconnect.OPEN_SWITCH: {HangUpSign.OPEN_LOOP, HangUpSign.DIAL},
    Disconnect.REVERSAL: {HangUpSign.REVERSAL, HangUpSign.BUSY},
    Disconnect.BUSY_TONE: {HangUpSign.BUSY},
}


def examined(country: str, kind: Disconnect, line: LineNature = CLEAN) -> OfficeFindings:
    """Return what is found out about an office."""
    with VirtualSession(country, line) as session:
        office = session.office()
        office.profile = dataclasses.replace(office.profile, disconnect=kind, answer_reversal=False)
        return Technician(session).examines()


def is_right(findings: OfficeFindings, country: str, kind: Disconnect) -> bool:
    """Tell whether it is what the office is."""
    names = {tone.pattern.name for tone in findings.tones}
    caller = findings.caller_id
    return (
        country in findings.verdict.countries
        and findings.verdict.confidence == 1.0
        and names == {"dial", "reorder", "busy"}
        and findings.signs == GIVEN[kind]
        and caller is not None
        and not (caller.dtmf or caller.before_ring)
        and not findings.faults
    )


def measure() -> Iterator[Figure]:
    """Examine all of them."""
    kinds = [(each, SIGNALS.get(each, Disconnect.OPEN_SWITCH)) for each in OFFICES]
    kinds += [(each, Disconnect.BUSY_TONE) for each in OFFICES]
    yield Figure("detect_offices", len(kinds), "lines")
    for name, line in (("detect_right", CLEAN), ("detect_right_long_line", LONG)):
        right = sum(
            is_right(examined(OFFICES[each], kind, line), OFFICES[each], kind)
            for each, kind in kinds
        )
        yield Figure(name, right, "lines")
