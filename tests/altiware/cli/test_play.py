# SPDX-License-Identifier: MIT
"""Scenes are played step by step, and what came of them is kept and written."""

import json
from pathlib import Path
from typing import cast as typed

import numpy as np
import pytest

from altiware.cli.demo.ears import Ears, Heard, Utterance, score
from altiware.cli.demo.office import Pace
from altiware.cli.demo.play import Listener, Played, actor_of, play_scene, scored
from altiware.cli.demo.results import Morning, document, prepare, table, write
from altiware.cli.demo.score import read_wav, write_wav
from altiware.cli.demo.script import Cast, Scene, read_step
from altiware.core.ids import CallId, PortAddress, trunk
from altiware.core.notices import CallClosed, Traced, TraceKind
from altiware.errors import UsageError
from drivers.actors import SimulatedStage
from tests.altiware.store.records import outbound


class Someone:
    """A telephone or office line that writes down what it is told, and hears ones."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name = name
        self.diary = diary
        self.ear = np.zeros(0, dtype=np.int16)

    def lifts(self) -> None:
        self.diary.append(f"{self.name} lifts")
        self.ear = np.append(self.ear, np.int16(1))

    def hears(self, tone: str, within_s: float) -> None:
        assert tone != "busy", "heard dial"
        self.diary.append(f"{self.name} hears {tone}")

    def says(self, speech: Path) -> None:
        self.diary.append(f"{self.name} says {speech.name}")

    def save_ear(self, path: Path) -> None:
        write_wav(path, self.ear)


class FakeStage:
    """A stage of two people and no board."""

    def __init__(self) -> None:
        self.now = 0.0
        self.diary: list[str] = []
        self.people: dict[str, Someone] = {}

    def telephone(self, port: int, board: int = 0) -> Someone:
        return self.people.setdefault(f"t{port}", Someone(f"t{port}", self.diary))

    def office(self, port: int, board: int = 0) -> Someone:
        return self.people.setdefault(f"o{port}", Someone(f"o{port}", self.diary))

    def passes(self, seconds: float) -> None:
        self.now += seconds


def cast_of(stage: FakeStage) -> Cast:
    """Return the cast on a stage."""
    return Cast(typed("SimulatedStage", stage), {"103": 6}, Path("/voices"))


def scene(*steps: str) -> Scene:
    """Return a scene."""
    return Scene("out", "103 calls out", tuple(map(read_step, steps)))


def play(tmp_path: Path, *steps: str) -> Played:
    """Play a scene on a fake stage; a call ends when 103 lifts."""
    stage = FakeStage()
    cast = cast_of(stage)
    listener = Listener()
    listener.note(CallClosed(0.0, outbound("before")))

    def show(step: object) -> None:
        if str(step) == "103 lifts":
            listener.note(CallClosed(1.0, outbound("c1")))

    return play_scene(scene(*steps), cast, Ears(cast, tmp_path), listener, show)


def test_a_scene_gives_its_calls_its_ears_and_what_was_said(tmp_path: Path) -> None:
    played = play(tmp_path, "103 lifts", "103 says hello to office 0", "time passes 1")
    assert [record.id for record in played.records] == ["c1"]
    assert [(heard.who, heard.samples.tolist()) for heard in played.ears] == [("103", [1])]
    assert played.utterances == (Utterance("103", "office 0", Path("/voices/hello.wav")),)


def test_a_scene_that_goes_otherwise_names_the_step(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="out: 103 hears busy: heard dial"):
        play(tmp_path, "103 lifts", "103 hears busy")


def test_an_ear_is_cut_where_its_scene_begins(tmp_path: Path) -> None:
    cast = cast_of(FakeStage())
    ears = Ears(cast, tmp_path)
    phone = typed("Someone", cast.telephone("103"))
    phone.lifts()
    ears.mark(["103"])
    phone.lifts()
    phone.lifts()
    assert [heard.samples.tolist() for heard in ears.cut()] == [[1, 1]]


def test_a_trunk_is_the_office_of_its_port() -> None:
    assert actor_of(trunk(PortAddress(0, 2))) == "office 2"


def played(tmp_path: Path) -> Played:
    """Return a scene in which the office said noise, and 103 heard it well."""
    rng = np.random.default_rng(3)
    spoken = (rng.standard_normal(16_000) * 3000).astype(np.int16)
    write_wav(tmp_path / "spoken.wav", spoken)
    return Played(
        scene("103 lifts"),
        (outbound("c1"),),
        (Heard("103", np.concatenate([np.zeros(800, dtype=np.int16), spoken])),),
        (Utterance("office 0", "103", tmp_path / "spoken.wav"),),
    )


def test_an_ear_is_scored_by_what_was_spoken_to_it(tmp_path: Path) -> None:
    pytest.importorskip("pesq")
    scores = scored(played(tmp_path))
    value = scores[CallId("c1")]["103"]
    assert value is not None
    assert value > 4.1
    assert score(Heard("103", np.zeros(9, dtype=np.int16)), played(tmp_path).utterances) is None


def morning(tmp_path: Path) -> Morning:
    """Return a morning of one scene."""
    listener = Listener()
    listener.note(Traced(1.0, CallId("c1"), TraceKind.EVENT, "103", "c1", "Lifted"))
    listener.note(CallClosed(2.0, outbound("c1")))
    return Morning((played(tmp_path),), listener, {CallId("c1"): {"103": 4.4}})


def test_the_document_has_a_row_for_each_call(tmp_path: Path) -> None:
    (call,) = document(morning(tmp_path))["calls"]
    wanted = {
        "from": "103",
        "to": "5550142",
        "digits": "95550142",
        "cause": "normal",
        "decision": "allow",
        "pesq": {"103": 4.4},
    }
    assert call.items() >= wanted.items()


def test_without_pesq_the_ears_are_named_and_not_scored(tmp_path: Path) -> None:
    whole = morning(tmp_path)
    (call,) = document(Morning(whole.played, whole.listener, {}))["calls"]
    assert call["pesq"] == {"103": None}


def test_the_table_says_the_same(tmp_path: Path) -> None:
    assert table(morning(tmp_path)) == [
        ("out", "103", "5550142", "95550142", "normal", "allow", "103 4.40")
    ]


def test_files_are_written_for_every_ear_and_every_call(tmp_path: Path) -> None:
    out = tmp_path / "out"
    prepare(out)
    files = write(morning(tmp_path), out)
    assert [file.name for file in files] == ["1-out-103.wav", "ladder-1-out-c1.txt", "cdr.json"]
    assert len(read_wav(files[0])) == 16_800
    assert "Lifted" in files[1].read_text()
    assert [record["id"] for record in json.loads(files[2].read_text())] == ["c1"]


def test_what_an_earlier_demonstration_left_is_replaced(tmp_path: Path) -> None:
    prepare(tmp_path / "out")
    write(morning(tmp_path), tmp_path / "out")
    prepare(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_services_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "altiware.toml").write_text("")
    with pytest.raises(UsageError, match="another directory"):
        prepare(tmp_path)
    with pytest.raises(UsageError, match="out"):
        prepare(tmp_path / "altiware.toml" / "out")


def test_the_pace_waits_for_the_clock_and_never_backwards() -> None:
    stage = FakeStage()
    waits: list[float] = []
    clock = iter([100.0, 100.0, 105.0])
    pace = Pace(typed("SimulatedStage", stage), lambda: next(clock), waits.append)
    stage.passes(0.25)
    pace()
    pace()
    assert waits == [0.25]
