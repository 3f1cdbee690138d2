# SPDX-License-Identifier: MIT
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from altiware.prompts.loudness import active_level
from altiware.prompts.make import make
from altiware.prompts.script import Script, parse_script
from altiware.prompts.sounds import MANIFEST, read_manifest, sound_of
from tests.altiware.prompts.voice import hum


def script(*lines: str) -> Script:
    return parse_script("\n".join(["[a]", *lines]), "en")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "en"
    assert make(script('one = "one"', 'two = "Two."'), folder, hum) == ["one", "two"]
    yield folder
    names = {each.name for each in folder.iterdir()}
    assert names == {*(f"{name}.opus" for name in read_manifest(folder)), MANIFEST}


def test_phrases_are_spoken_levelled_and_noted(folder: Path) -> None:
    sound, rate = soundfile.read(sound_of(folder, "two"), dtype="int16")
    assert rate == 8000
    assert active_level(sound) == pytest.approx(-20.0, abs=0.5)
    assert len(sound) / rate == pytest.approx(0.4 + 0.07, abs=0.02)
    assert json.loads((folder / MANIFEST).read_text())["voice"].startswith("hibari-tts")


def test_a_piece_is_said_faster_than_a_sentence(folder: Path) -> None:
    piece, _ = soundfile.read(sound_of(folder, "one"))
    assert len(piece) / 8000 == pytest.approx(0.3 / 1.1 + 0.07, abs=0.02)


def test_only_what_has_other_words_is_spoken_anew(folder: Path) -> None:
    assert make(script('one = "one"', 'two = "Two!"'), folder, hum) == ["two"]
    assert make(script('one = "one"', 'two = "Two!"'), folder, hum) == []


def test_all_are_spoken_anew_on_demand(folder: Path) -> None:
    same = script('one = "one"', 'two = "Two."')
    assert make(same, folder, hum, everything=True) == ["one", "two"]


def test_a_lost_sound_is_spoken_anew(folder: Path) -> None:
    sound_of(folder, "one").unlink()
    assert make(script('one = "one"', 'two = "Two."'), folder, hum) == ["one"]


def test_the_sound_of_a_phrase_that_is_gone_goes(folder: Path) -> None:
    make(script('one = "one"'), folder, hum)
    assert not sound_of(folder, "two").exists()


def test_a_pause_is_silent(folder: Path) -> None:
    make(script("pause = { silence_ms = 250 }"), folder, hum)
    sound, _ = soundfile.read(sound_of(folder, "pause"), dtype="int16")
    assert len(sound) == 2000
    assert not sound.any()
