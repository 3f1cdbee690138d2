# SPDX-License-Identifier: MIT
"""Boxes on the disk."""

import wave
from pathlib import Path

import numpy as np
import pytest

from altiware.blackbox.box import Facts, boxes_in, open_box, read_facts
from altiware.errors import UnavailableError, UsageError
from tests.altiware.blackbox.sounds import FACTS, busy, make_box, write_wav


def test_facts_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = make_box(tmp_path)
    assert read_facts(path) == FACTS
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["box.json", "box.wav"]


def test_left_is_what_the_line_said(tmp_path: Path) -> None:
    box = open_box(make_box(tmp_path).with_suffix(".json"))
    assert np.array_equal(box.said, busy(4.0))
    assert not box.heard[:8000].any()
    assert box.heard[8000:].any()


def test_a_wav_alone_is_a_box_without_facts(tmp_path: Path) -> None:
    assert open_box(make_box(tmp_path, facts=None)).facts == Facts()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "moments": [], "readings": []}']
)
def test_facts_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    path = make_box(tmp_path)
    path.with_suffix(".json").write_text(text)
    with pytest.raises(UnavailableError, match=r"box\.json: no facts"):
        read_facts(path)


def test_what_is_no_sound_of_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"nothing\.wav"):
        open_box(tmp_path / "nothing.wav")
    (tmp_path / "text.wav").write_text("a text of some length that is no sound at all")
    with pytest.raises(UsageError, match="a WAV of"):
        open_box(tmp_path / "text.wav")
    with wave.open(str(tmp_path / "mono.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(100))
    with pytest.raises(UsageError, match="1 channels, 16 bits, 44100 Hz"):
        open_box(tmp_path / "mono.wav")


def test_a_sound_that_was_cut_off_is_taken_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "cut.wav", busy(1.0), busy(1.0))
    path.write_bytes(path.read_bytes()[:-1001])
    assert len(open_box(path).said) == 8000 - 251


def test_boxes_are_listed_by_their_names_which_are_times(tmp_path: Path) -> None:
    for name in ("20260302-1.wav", "20250101-1.wav", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in boxes_in(tmp_path)] == ["20250101-1.wav", "20260302-1.wav"]
    assert boxes_in(tmp_path / "none") == []
