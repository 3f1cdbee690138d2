# SPDX-License-Identifier: MIT
"""A burn-in's certificate: a text for people and JSON for tools, each with a SHA-256 of itself.

The checksum finds what was changed or damaged; it is no signature, and proves nobody's name.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from drivers.base import BoardInfo
from drivers.diagnostics.burnin import BurnIn

__all__ = ["certify", "check", "document_text", "number_for", "printed"]

KIND: Final = "altiware burn-in certificate"
VERSION: Final = 1
NUMBER_BYTES: Final = 32
"""Of the trace page's field (docs/reference/qhi.md)."""
CHECKSUM: Final = "sha256"
LAST_LINE: Final = "SHA-256 of the text above: "


def number_for(serial: str, ended: datetime.datetime) -> str:
    """Return a certificate's number: the unit's and the minute, within the page's field."""
    number = f"BI-{serial}-{ended.astimezone(datetime.UTC):%y%m%d%H%M}"
    return number.encode()[:NUMBER_BYTES].decode(errors="ignore")


def certify(info: BoardInfo, found: BurnIn, ended: datetime.datetime) -> dict[str, Any]:
    """Return the certificate of a unit, its checksum included."""
    warmth = [cycle.celsius for cycle in found.cycles if cycle.celsius is not None]
    answers = sorted(ms for cycle in found.cycles for ms in cycle.answers_ms)
    content: dict[str, Any] = {
        "kind": KIND,
        "version": VERSION,
        "number": number_for(info.serial, ended),
        "unit": {
            "model": info.model,
            "serial": info.serial,
            "hardware": info.hardware,
            "firmware": info.firmware,
        },
        "ended": ended.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(found.seconds, 1),
        "cycles": len(found.cycles),
        "good": found.is_good,
        "celsius": {"lowest": min(warmth), "highest": max(warmth)} if warmth else None,
        "answers_ms": {"median": _rounded(answers, 0.5), "longest": _rounded(answers, 1.0)},
        "frames_lost": sum(cycle.frames_lost for cycle in found.cycles),
        "counters": found.counters,
        "worst": [reading.document() for reading in found.worst],
        "faults": [
            {"at_s": round(cycle.at_s, 1), "said": reading.sentence}
            for cycle in found.cycles
            for reading in cycle.faults
        ],
    }
    return {**content, CHECKSUM: _digest(_canonical(content))}


def document_text(certificate: dict[str, Any]) -> str:
    """Return the certificate as a JSON file."""
    return json.dumps(certificate, indent=2, ensure_ascii=False) + "\n"


def printed(certificate: dict[str, Any]) -> str:
    """Return the certificate for people."""
    text = "\n".join(_lines(certificate)) + "\n"
    return f"{text}{LAST_LINE}{_digest(text)}\n"


def check(text: str) -> str:
    """Return what is wrong with a certificate, in either form; empty: it is as it was issued."""
    if text.lstrip().startswith("{"):
        return _check_document(text)
    body, mark, digest = text.rpartition(LAST_LINE)
    if not mark or not body.startswith("BURN-IN CERTIFICATE"):
        return "it is no burn-in certificate"
    return "" if digest.strip() == _digest(body) else "it was changed: the checksum differs"


def _check_document(text: str) -> str:
    try:
        certificate = json.loads(text)
    except (ValueError, RecursionError):
        return "it is damaged: no whole JSON document"
    if certificate.get("kind") != KIND:
        return "it is no burn-in certificate"
    content = {key: value for key, value in certificate.items() if key != CHECKSUM}
    if certificate.get(CHECKSUM) != _digest(_canonical(content)):
        return "it was changed: the checksum differs"
    return ""


def _lines(certificate: dict[str, Any]) -> Iterator[str]:
    unit, warmth = certificate["unit"], certificate["celsius"]
    yield "BURN-IN CERTIFICATE"
    yield ""
    yield f"Number       {certificate['number']}"
    yield f"Unit         {unit['model']}, serial number {unit['serial']}"
    yield f"Hardware     {unit['hardware']}, firmware {unit['firmware']}"
    yield f"Ended        {certificate['ended']}"
    yield f"Lasted       {certificate['seconds'] / 60:.1f} minutes, {certificate['cycles']} cycles"
    if warmth:
        yield f"Temperature  {warmth['lowest']:.1f} to {warmth['highest']:.1f} °C"
    answers = certificate["answers_ms"]
    yield f"Answers      median {answers['median']} ms, longest {answers['longest']} ms"
    yield f"Frames lost  {certificate['frames_lost']}"
    yield f"Verdict      {'PASSED' if certificate['good'] else 'FAILED'}"
    yield ""
    yield "The worst of all cycles:"
    for each in certificate["worst"]:
        where = "board" if each["port"] < 0 else f"port {each['port']:2}"
        value = f"{each['value']:.4g} {each['unit']}".rstrip()
        mark = "" if each["good"] else "  FAULT"
        yield f"  {where:8} {each['test']:10} {each['what']:18} {value}{mark}"
    if certificate["faults"]:
        yield ""
        yield "Faults:"
        yield from (f"  at {each['at_s']:.0f} s: {each['said']}" for each in certificate["faults"])
    yield ""


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(ordered: list[float], share: float) -> float | None:
    """Return the value below which that share lies."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
