# SPDX-License-Identifier: MIT
"""``altiware blackbox`` and ``altiware line capture``, as a person meets them."""

import json
from pathlib import Path

from tests.altiware.blackbox.sounds import make_box
from tests.altiware.cli.test_commands import altiware, refused


def with_box(data: Path, name: str = "20260302-080000-000-00-01.wav") -> Path:
    (data / "blackbox").mkdir(exist_ok=True)
    return make_box(data / "blackbox", name)


def test_boxes_are_listed_with_their_reasons(tmp_path: Path) -> None:
    assert "no call has ended badly" in altiware("blackbox", "list", "--data", tmp_path).stdout
    with_box(tmp_path)
    done = altiware("blackbox", "list", "--data", tmp_path)
    assert done.stdout.splitlines()[1].split() == [
        *("20260302-080000-000-00-01.wav", "2026-03-02T08:00:00+00:00", "00:01", "4.0"),
        *("call", "ended:", "board", "lost"),
    ]
    (box,) = json.loads(altiware("blackbox", "list", "--data", tmp_path, "--json").stdout)
    assert box["reason"] == "call ended: board lost"


def test_a_box_is_shown_as_a_time_line(tmp_path: Path) -> None:
    box = with_box(tmp_path)
    lines = altiware("blackbox", "show", box.name, "--data", tmp_path).stdout.splitlines()
    assert lines[0].startswith("00:01 2026-03-02T08:00:00+00:00 4.00 s call ended")
    assert any("from the line" in line and "tone busy for" in line for line in lines)
    assert any("0.500" in line and "-9 V, 25 mA" in line for line in lines)
    shown = json.loads(altiware("blackbox", "show", box, "--json").stdout)
    assert [d["what"] for d in shown["decoded"] if d["kind"] == "digit"] == ["1", "5", "9"]


def test_a_box_is_drawn_beside_its_sound(tmp_path: Path) -> None:
    box = with_box(tmp_path)
    done = altiware("blackbox", "picture", box)
    assert done.stdout == f"{box.with_suffix('.svg')}\n"
    assert box.with_suffix(".svg").read_text().startswith("<svg")


def test_what_cannot_be_shown_is_told(tmp_path: Path) -> None:
    assert "none.wav" in refused("blackbox", "show", tmp_path / "none.wav", status=3)
    box = with_box(tmp_path)
    assert "allowed are" in refused("blackbox", "show", box, "--country", "atlantis")


def test_a_line_is_captured_in_real_time(tmp_path: Path) -> None:
    out = tmp_path / "line.wav"
    done = altiware(
        *("line", "capture", "quantum+sim://Q12:0", "--seconds", "0.5", "--out", out, "--json"),
        *("--data", tmp_path),
    )
    captured = json.loads(done.stdout)
    assert [Path(file).suffix for file in captured["files"]] == [".wav", ".json", ".svg"]
    assert all(Path(file).exists() for file in captured["files"])
    assert 0.4 < captured["seconds"] < 0.7


def test_a_port_that_is_not_there_is_refused(tmp_path: Path) -> None:
    said = refused("line", "capture", "quantum+sim://Q8:9", "--data", tmp_path)
    assert "Q8 has ports 0 to 7" in said
