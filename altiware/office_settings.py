# SPDX-License-Identifier: MIT
"""From what was found out about an office line to the settings of its trunk, and into the file.

``settings(findings, home)`` is what the configuration should say, ``with_office(text, index,
plan)`` a configuration that says it of one trunk and is otherwise as it was.
"""

from collections.abc import Iterator
from typing import Final

from altiware.core.office import USUAL_OFFICE, CallerIdKind, Disconnect, OfficePlan, OfficeTone
from altiware.office_table import toml
from altiware.toml_lines import HEADER
from drivers.diagnostics.findings import HangUpSign, OfficeFindings
from dsp.callerid import CallerIdStandard

__all__ = ["settings", "with_office"]

SHORTEST_USUAL_MS: Final = 290
"""An open loop as long is told with 200 ms, whatever the board's own delay."""
SHARE_OF_BREAK: Final = 0.7
LEAST_BREAK_MS: Final = 60
BELL_COUNTRIES: Final = frozenset({"us"})
_MODEMS: Final = {
    CallerIdStandard.BELL202: CallerIdKind.BELL202,
    CallerIdStandard.V23: CallerIdKind.V23,
}
_SIGNS: Final = {
    HangUpSign.OPEN_LOOP: Disconnect.OSI,
    HangUpSign.REVERSAL: Disconnect.REVERSAL,
    HangUpSign.RESTORED: Disconnect.POLARITY,
    HangUpSign.BUSY: Disconnect.TONES,
    HangUpSign.DIAL: Disconnect.TONES,
}


def settings(findings: OfficeFindings, home: str) -> OfficePlan:
    """Return the settings of a trunk with such an office; ``home``: the exchange's country."""
    verdict = findings.verdict
    country = home if home in verdict.countries else next(iter(verdict.countries), "")
    is_known = verdict.confidence == 1.0
    learned = tuple(
        OfficeTone(p.name, p.hz, p.cadence_ms, round(p.tolerance, 4))
        for p in (tone.pattern for tone in findings.tones)
    )
    signs = frozenset(_SIGNS[sign] for sign in findings.signs)
    return OfficePlan(
        country=country if is_known and country != home else "",
        tones=() if is_known else learned,
        disconnect=signs or USUAL_OFFICE.disconnect,
        loop_break_ms=_loop_break_ms(findings.open_loop_ms),
        caller_id=_caller_id(findings, country or home),
        receive_db=findings.receive_db,
    )


def _loop_break_ms(seen_ms: int | None) -> int | None:
    if seen_ms is None or seen_ms >= SHORTEST_USUAL_MS:
        return None
    return max(LEAST_BREAK_MS, round(seen_ms * SHARE_OF_BREAK))


def _caller_id(findings: OfficeFindings, country: str) -> CallerIdKind | None:
    """Return the kind; by FSK whose modem isn't known, the country's: receivers take either."""
    if findings.caller_id is None:
        return None
    if findings.caller_id.dtmf:
        return CallerIdKind.DTMF
    if findings.caller_id.standard is not None:
        return _MODEMS[findings.caller_id.standard]
    return CallerIdKind.BELL202 if country in BELL_COUNTRIES else CallerIdKind.V23


def with_office(text: str, index: int, plan: OfficePlan) -> str:
    """Return a configuration whose trunk says this of its office."""
    lines: list[str] = []
    at, is_open = 0, False  # the trunk's own settings, with the comments among them
    for line, of_trunk, of_office in _places(text):
        if of_trunk == index and of_office:
            continue
        lines.append(line)
        is_comment = line.lstrip().startswith("#")
        is_open = of_trunk == index and bool(line.strip()) and (is_open or not is_comment)
        at = len(lines) if is_open else at
    rest = list(lines[at:])
    while rest[:2] == ["", ""]:
        del rest[0]
    return "\n".join([*lines[:at], "", *toml(plan).splitlines(), *rest]) + "\n"


def _places(text: str) -> Iterator[tuple[str, int | None, bool]]:
    """Yield each line with the trunk that it is of, and whether it is of that one's office."""
    trunks, of_trunk, of_office = -1, False, False
    for line in text.splitlines():
        header = HEADER.match(line)
        name = header[2].replace(" ", "") if header else ""
        if name:
            trunks += name == "trunks"
            of_trunk = name == "trunks" or name.startswith("trunks.")
            of_office = name.startswith("trunks.office")
        elif not line.strip():
            of_office = False
        yield line, trunks if of_trunk else None, of_office
