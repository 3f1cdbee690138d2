# SPDX-License-Identifier: MIT
"""The office morning, played whole, as a person runs it."""

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

import altiware.cli.demo.command as command
from altiware.cli.demo.view import View
from altiware.core.ids import CallId, PortAddress, station, trunk
from altiware.core.notices import (
    CallClosed,
    Connected,
    Decided,
    DigitDialled,
    Disconnected,
    LineChanged,
    ToneGiven,
    TrunkChanged,
)
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from altiware.core.signals import Tone
from altiware.errors import UnavailableError
from tests.altiware.store.records import LOCAL, outbound

GOOD = 4.1


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play the morning once; its JSON document is in out.json."""
    if not command.VOICES.is_dir():
        pytest.skip(f"no recordings: apt install {command.PACKAGE}")
    directory = tmp_path_factory.mktemp("morning")
    done = subprocess.run(
        [sys.executable, "-m", "altiware", "demo", "--headless", "--json", "--out", directory],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    (directory / "out.json").write_text(done.stdout)
    return directory


@pytest.fixture
def calls(out: Path) -> list[dict[str, Any]]:
    """Return the calls of the morning."""
    found: list[dict[str, Any]] = json.loads((out / "out.json").read_text())["calls"]
    return found


def test_every_scene_has_its_calls(calls: list[dict[str, Any]]) -> None:
    assert [(call["from"], call["to"], call["digits"], call["cause"]) for call in calls] == [
        ("101", "102", "102", "normal"),
        ("103", "5550142", "95550142", "normal"),
        ("2125550123", "101", "", "normal"),
        ("4155550177", "101", "", "transferred"),
        ("4155550177", "104", "104", "normal"),
        ("105", "106", "106", "normal"),
        ("105", "107", "107", "normal"),
        ("108", "", "919005550100", "denied"),
    ]
    decisions = {call["from"]: call["decision"] for call in calls if call["decision"]}
    assert decisions == {"103": "allow", "108": "deny"}


def test_every_ear_heard_well_what_was_spoken_to_it(calls: list[dict[str, Any]]) -> None:
    pytest.importorskip("pesq")
    spoken = [call for call in calls if call["from"] != "108"]
    assert all(call["pesq"] for call in spoken)
    assert [
        (call["scene"], ear, value)
        for call in calls
        for ear, value in call["pesq"].items()
        if value is None or value < GOOD
    ] == []


def test_every_ear_every_record_and_every_ladder_is_left(out: Path) -> None:
    ears = sorted(file.name for file in out.glob("*.wav"))
    assert len(ears) == 14
    with wave.open(str(out / "1-internal-102.wav")) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
        assert file.getnframes() > 8 * 8000
    records = json.loads((out / "cdr.json").read_text())
    assert len(records) == 8
    assert len(list(out.glob("ladder-*.txt"))) == 8
    smdr = (out / "smdr.txt").read_bytes().splitlines(keepends=True)
    assert [len(line) for line in smdr] == [81, 81, 81, 81]
    assert smdr[0][33:40] == b"5550142"


def test_a_ladder_tells_why_a_number_was_refused(out: Path) -> None:
    (ladder,) = out.glob("ladder-6-refused-*.txt")
    text = ladder.read_text()
    assert "decision: deny by rule class-denied: 19005550100 is premium" in text
    assert "PlayTone tone=reorder" in text


def test_without_recordings_it_says_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "VOICES", tmp_path / "none")
    with pytest.raises(UnavailableError, match="apt install asterisk-core-sounds-en-wav"):
        command.play(tmp_path / "out", live=False, as_json=True)


def test_the_view_shows_what_it_is_told() -> None:
    plan = Plan((StationPlan("101", PortAddress(0, 4), "Ada"),), (TrunkPlan(PortAddress(0, 0)),))
    view = View(plan)
    line, office = station("101"), trunk(PortAddress(0, 0))
    view.scene("A call out")
    view.step("101 dials 9")
    for notice in (
        LineChanged(1.0, "101", "talking"),
        TrunkChanged(1.0, PortAddress(0, 0), "outgoing"),
        ToneGiven(1.0, line, Tone.DIAL),
        DigitDialled(1.5, "101", "9"),
        Decided(2.0, CallId("c1"), LOCAL),
        Connected(2.0, line, office),
        CallClosed(3.0, outbound()),
    ):
        view.note(notice)
    text = shown(view)
    for part in ("A call out", "101 dials 9", "Ada", "talking", "outgoing", "dial", "00:00 ⇄ 101",
                 "Local calls are allowed", "over, normal"):  # fmt: skip
        assert part in text
    view.note(ToneGiven(4.0, line, None))
    view.note(Disconnected(4.0, office, line))
    view.note(LineChanged(4.0, "101", "idle"))
    assert "⇄" not in shown(view)


def shown(view: View) -> str:
    """Return what the terminal shows."""
    from rich.console import Console

    console = Console(width=120)
    with console.capture() as capture:
        console.print(view)
    return capture.get()
