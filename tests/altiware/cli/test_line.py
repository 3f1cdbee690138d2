# SPDX-License-Identifier: MIT
"""``altiware line detect``: what it is given, what it prints, what it writes."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.cli import line
from altiware.cli.line import FAULT, detect
from altiware.config import read, write_default
from altiware.core.office import CallerIdKind, Disconnect, OfficePlan
from altiware.errors import UsageError
from drivers.diagnostics.note import Note, NoteKind
from tests.altiware.cli.test_commands import altiware
from tests.virtual_session import BUSY_NUMBER, Technician, VirtualSession

ADDRESS = "quantum+sim://Q12"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "altiware.toml"
    write_default(path)
    return path


def stand_at_a_german_line(monkeypatch: pytest.MonkeyPatch, **office: object) -> list[Note]:
    """Put a technician who reads the notes before a board in virtual time."""
    notes: list[Note] = []

    @contextmanager
    def opened(address: str) -> Iterator[VirtualSession]:
        assert address == ADDRESS
        with VirtualSession("de") as session:
            profile = session.office().profile
            session.office().profile = replace(profile, **office)  # type: ignore[arg-type]
            technician = Technician(session)
            monkeypatch.setattr(line, "_tell", technician.reads)
            yield session
            notes.extend(technician.notes)

    monkeypatch.setattr(line, "open_session", opened)
    return notes


@pytest.fixture
def german_line(monkeypatch: pytest.MonkeyPatch) -> list[Note]:
    return stand_at_a_german_line(monkeypatch)


@pytest.fixture
def dead_line(monkeypatch: pytest.MonkeyPatch) -> list[Note]:
    return stand_at_a_german_line(monkeypatch, dial_tone_ms=60_000)


def detected(
    place: str, file: Path, *, write: bool = False, as_json: bool = False, call_s: float = 60.0
) -> int:
    return detect(
        place,
        file,
        busy_number=BUSY_NUMBER,
        answer_number="",
        call_s=call_s,
        write=write,
        as_json=as_json,
    )


@pytest.mark.parametrize("place", ["00:01", f"{ADDRESS}:1"])
def test_a_line_is_not_examined_on_the_wrong_port(
    place: str, file: Path, german_line: list[Note]
) -> None:
    wrong = place[:-1] + "9"
    with pytest.raises(UsageError, match=r"port 9 is no office line of Q12; there are 0, 1, 2, 3"):
        detected(wrong, file)
    assert not german_line


@pytest.mark.usefixtures("german_line")
def test_what_was_found_is_written(file: Path) -> None:
    assert detected("00:00", file, write=True) == 0
    assert read(file).plan.trunks[0].office == OfficePlan(
        country="de", disconnect=frozenset({Disconnect.TONES}), caller_id=CallerIdKind.V23
    )
    assert all(trunk.office == OfficePlan() for trunk in read(file).plan.trunks[1:])


@pytest.mark.usefixtures("german_line")
def test_what_was_found_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_text()
    assert detected(f"{ADDRESS}:0", file, as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["countries"], found["confidence"], found["signs"]) == (["de"], 1.0, ["busy"])
    assert [tone["pattern"]["name"] for tone in found["tones"]] == ["dial", "reorder", "busy"]
    assert 'country = "de"' in found["settings"]
    assert file.read_text() == before


@pytest.mark.usefixtures("german_line")
def test_what_was_found_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    detected("00:00", file)
    assert capsys.readouterr().out.splitlines() == [
        "Office: de (100% of the tones heard are theirs)",
        "At the end it gives: busy tone",
        "",
        "[trunks.office]",
        'country = "de"',
        'disconnect = ["tones"]',
        'caller_id = "v23"',
    ]


def test_a_board_that_is_not_there_can_not_be_used_now(tmp_path: Path) -> None:
    where = "quantum+serial:///dev/nothing"
    done = altiware("line", "detect", f"{where}:0", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "/dev/nothing" in done.stderr


def test_a_dead_line_is_a_fault(file: Path, dead_line: list[Note]) -> None:
    assert detected("00:00", file, write=True) == FAULT
    assert any(note.kind is NoteKind.FAULT for note in dead_line)
    assert read(file).plan.trunks[0].office == OfficePlan()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("5", "5: allowed are BOARD:PORT as 00:03, or as quantum+sim://Q12:3"),
        ("07:00", "07:00: no board 07 in the configuration"),
        (f"{ADDRESS}:x", "allowed are BOARD:PORT"),
    ],
)
def test_what_is_no_line_is_refused(place: str, said: str, file: Path) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        detected(place, file)


def test_a_line_of_no_trunk_is_not_written(file: Path) -> None:
    with pytest.raises(UsageError, match=r"--write: .* is no trunk of"):
        detected("quantum+sim://Q8:0", file, write=True)


def test_wrong_input_has_status_2(tmp_path: Path) -> None:
    done = altiware("line", "detect", "nowhere", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "allowed are BOARD:PORT" in done.stderr
