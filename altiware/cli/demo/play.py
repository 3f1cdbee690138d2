# SPDX-License-Identifier: MIT
"""Plays scenes and gathers what came of them: records, traces, ears and their scores."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from altiware.cli.demo.ears import Ears, Heard, Utterance, score
from altiware.cli.demo.script import Cast, Scene, Step
from altiware.core.ids import CallId, Party, PartyKind
from altiware.core.notices import CallClosed, Notice, Traced
from altiware.core.record import CallRecord
from altiware.store.queries import TraceLine

__all__ = ["Listener", "Played", "actor_of", "play_scene", "scored"]


@dataclass(frozen=True, slots=True)
class Played:
    """A scene that was played."""

    scene: Scene
    records: tuple[CallRecord, ...]
    "The calls that ended in it."
    ears: tuple[Heard, ...]
    utterances: tuple[Utterance, ...]


class Listener:
    """Keeps the notices that results are made of."""

    def __init__(self) -> None:
        self.closed: list[CallRecord] = []
        self.traces: dict[CallId, list[TraceLine]] = {}

    def note(self, notice: Notice) -> None:
        """Take a notice of the exchange."""
        if isinstance(notice, CallClosed):
            self.closed.append(notice.record)
        elif isinstance(notice, Traced):
            line = TraceLine(
                notice.at,
                notice.kind.value,
                notice.source,
                notice.target,
                notice.what,
                dict(notice.fields),
            )
            self.traces.setdefault(notice.call, []).append(line)


def play_scene(
    scene: Scene, cast: Cast, ears: Ears, listener: Listener, show: Callable[[Step], None]
) -> Played:
    """Perform a scene.

    Raises:
        AssertionError: something else happened than the script says; names the step.
    """
    already = len(listener.closed)
    ears.mark(dict.fromkeys(step.who for step in scene.steps if step.who != "time"))
    utterances: list[Utterance] = []
    for step in scene.steps:
        show(step)
        try:
            cast.perform(step)
        except AssertionError as error:
            raise AssertionError(f"{scene.name}: {step}: {error}") from error
        file = cast.recording(step.argument)
        utterances += [Utterance(step.who, listener, file) for listener in step.listeners]
    cast.stage.passes(2.0)
    records = tuple(sorted(listener.closed[already:], key=lambda record: record.id))
    return Played(scene, records, tuple(ears.cut()), tuple(utterances))


def scored(played: Played) -> dict[CallId, dict[str, float | None]]:
    """Return, for each call, how well each ear in it heard what was spoken in it."""
    scores: dict[CallId, dict[str, float | None]] = {record.id: {} for record in played.records}
    for heard in played.ears:
        for record in played.records:
            spoken = [each for each in played.utterances if _home(each, played.records) is record]
            if any(each.listener == heard.who for each in spoken):
                scores[record.id][heard.who] = score(heard, spoken)
    return scores


def actor_of(party: Party) -> str:
    """Return a party's name in the script: an extension, or ``office N``."""
    if party.kind is PartyKind.STATION:
        return party.name
    return f"office {int(party.name.partition(':')[2])}"


def _home(utterance: Utterance, records: Iterable[CallRecord]) -> CallRecord | None:
    """Return the call that something was spoken in: of both, else of the listener (conference)."""
    people = [(record, {actor_of(party) for party in record.parties}) for record in records]
    both = {utterance.speaker, utterance.listener}
    for record, present in people:
        if both <= present:
            return record
    return next((record for record, present in people if utterance.listener in present), None)
