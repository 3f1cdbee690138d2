# SPDX-License-Identifier: MIT
"""What a morning leaves: recordings, records, SMDR lines, ladders; one JSON document; a table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from altiware.cli.calls import call_lines
from altiware.cli.demo.play import Listener, Played, scored
from altiware.cli.ladder import ladder
from altiware.core.ids import CallId
from altiware.core.record import CallRecord
from altiware.errors import UsageError
from altiware.store.codec import Json, to_json

__all__ = ["Morning", "document", "prepare", "table", "write"]

SERVICE_FILES: Final = ("altiware.toml", "lock")
"""Where one of these is, a service keeps its records: no place for a demonstration's."""

Scores = dict[CallId, dict[str, float | None]]


@dataclass(frozen=True, slots=True)
class Morning:
    """Everything that came of the morning."""

    played: tuple[Played, ...]
    listener: Listener
    scores: Scores
    "Empty where PESQ is not installed."


def prepare(out: Path) -> None:
    """Make the directory, and take away what an earlier demonstration left in it.

    Raises:
        UsageError: it can't be made, or belongs to a service.
    """
    if any((out / name).exists() for name in SERVICE_FILES):
        raise UsageError(f"--out {out}: holds a service's records; allowed: another directory")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for pattern in ("*.wav", "ladder-*.txt", "cdr.json", "smdr.txt"):
            for file in out.glob(pattern):
                file.unlink()
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}") from error


def score_all(played: Sequence[Played]) -> Scores:
    """Return how well each ear heard, by call."""
    return {call: values for scene in played for call, values in scored(scene).items()}


def write(morning: Morning, out: Path) -> list[Path]:
    """Write everything but the SMDR file (which the SMDR port wrote); return the files."""
    files: list[Path] = []
    for number, scene in enumerate(morning.played, start=1):
        stem = f"{number}-{scene.scene.name}"
        for heard in scene.ears:
            files.append(out / f"{stem}-{heard.who.replace(' ', '')}.wav")
            heard.save(files[-1])
        for record in scene.records:
            files.append(out / f"ladder-{stem}-{record.id}.txt")
            lines = [*call_lines(record), "", *ladder(morning.listener.traces.get(record.id, []))]
            files[-1].write_text("\n".join(lines) + "\n", "utf-8")
    records = [to_json(record) for record in morning.listener.closed]
    files.append(out / "cdr.json")
    files[-1].write_text(json.dumps(records, indent=2) + "\n", "utf-8")
    return files


def document(morning: Morning) -> Json:
    """Return the JSON document of ``altiware demo --json``."""
    calls = [
        _call(scene, record, morning.scores.get(record.id))
        for scene in morning.played
        for record in scene.records
    ]
    return {"calls": calls}


def table(morning: Morning) -> list[tuple[str, ...]]:
    """Return a row for each call."""
    rows: list[tuple[str, ...]] = []
    for call in document(morning)["calls"]:
        heard = ", ".join(f"{ear} {_value(value)}" for ear, value in call["pesq"].items())
        rows.append((call["scene"], call["from"], call["to"], call["digits"], call["cause"],
                     call["decision"] or "", heard))  # fmt: skip
    return rows


def _value(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _call(played: Played, record: CallRecord, scores: dict[str, float | None] | None) -> Json:
    listeners = {each.listener for each in played.utterances}
    ears = [heard.who for heard in played.ears if heard.who in listeners]
    decision = record.decision
    target = record.target
    return {
        "scene": played.scene.name,
        "id": record.id,
        "from": record.caller.number or str(record.caller.party),
        "to": (target.number or str(target.party)) if target else "",
        "digits": record.digits,
        "cause": record.cause.value if record.cause else None,
        "decision": decision.verdict.value if decision else None,
        "rule": decision.rule if decision else None,
        "why": decision.why if decision else None,
        "pesq": scores if scores is not None else dict.fromkeys(ears),
    }
