# SPDX-License-Identifier: MIT
from pathlib import Path

import numpy as np
import pytest
import soundfile

from altiware.core.speech import Phrase, Recording
from altiware.errors import SoundError, UsageError
from altiware.ports.voices import Sounds
from altiware.prompts.errors import (
    MissingSoundError,
    SoundFileError,
    UnknownPhraseError,
    UnwritableError,
)
from altiware.prompts.office_sounds import OfficeSounds
from altiware.prompts.prompt_set import CACHE, PromptSet

GOODBYE = Phrase("goodbye")


def write(file: Path, seconds: float = 1.0, rate: int = 8000, **how: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    how.setdefault("format", "WAV")
    soundfile.write(file, np.full(int(seconds * rate), 0.1), rate, **how)
    return file


def seconds(file: Path) -> float:
    """Return how long a WAV of the engine's form is."""
    found = soundfile.info(file)
    assert (found.format, found.samplerate, found.channels) == ("WAV", 8000, 1)
    assert found.subtype == "PCM_16"
    return float(found.duration)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory whose prompts are decoded."""
    directory = tmp_path_factory.mktemp("data")
    prompts = PromptSet(directory)
    assert prompts.prepare() == len(prompts.script.entries)
    return directory


def test_every_phrase_lies_ready_once_it_is_prepared(prepared: Path) -> None:
    prompts = PromptSet(prepared)
    assert prompts.prepare() == 0
    for name in prompts.script.entries:
        assert prompts.path(Phrase(name)).is_relative_to(prepared / CACHE)
    assert 0.4 < seconds(prompts.path(GOODBYE)) < 1.5


def test_a_phrase_that_is_wanted_before_is_decoded_at_once(tmp_path: Path) -> None:
    assert seconds(PromptSet(tmp_path).path(GOODBYE)) > 0.4


def test_what_an_older_version_decoded_is_removed(prepared: Path) -> None:
    old = write(prepared / CACHE / "en-0123456789ab" / "goodbye.wav")
    kept = write(prepared / CACHE / "imported" / "x.wav")
    PromptSet(prepared).prepare()
    assert not old.parent.exists()
    assert kept.exists()


def test_an_unknown_phrase_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UnknownPhraseError, match="'good-night'"):
        PromptSet(tmp_path).path(Phrase("good-night"))
    assert issubclass(UnknownPhraseError, UsageError)
    assert issubclass(UnknownPhraseError, SoundError)


def test_a_phrase_without_a_sound_is_an_error_that_names_it(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    with pytest.raises(MissingSoundError, match="manifest"):
        PromptSet(tmp_path, sounds=sounds)
    (sounds / "manifest.json").write_text("{}")
    prompts = PromptSet(tmp_path, sounds=sounds)
    with pytest.raises(MissingSoundError, match="goodbye: there is no"):
        prompts.path(GOODBYE)
    with pytest.raises(MissingSoundError, match=r"no sound for .*goodbye"):
        prompts.prepare()


def test_a_replacement_is_said_from_then_on(tmp_path: Path) -> None:
    prompts = PromptSet(tmp_path)
    was = prompts.path(GOODBYE)
    assert prompts.replace("goodbye", write(tmp_path / "my.wav", 2.0, 44_100)) == 2.0
    assert seconds(prompts.path(GOODBYE)) == 2.0
    assert prompts.replaced() == ["goodbye"]
    assert prompts.restore("goodbye")
    assert prompts.path(GOODBYE) == was
    assert not prompts.restore("goodbye")


@pytest.mark.parametrize(
    ("rate", "how"),
    [(8000, {}), (48_000, {"format": "FLAC"}), (16_000, {"format": "OGG", "subtype": "OPUS"})],
)
def test_a_file_that_somebody_put_there_replaces_a_phrase(
    tmp_path: Path, rate: int, how: dict[str, str]
) -> None:
    prompts = PromptSet(tmp_path)
    write(tmp_path / "prompts" / "en" / "goodbye.wav", 1.5, rate, **how)
    assert seconds(prompts.path(GOODBYE)) == 1.5


def test_a_replacement_that_changes_is_heard_changed(tmp_path: Path) -> None:
    prompts = PromptSet(tmp_path)
    own = write(tmp_path / "prompts" / "en" / "goodbye.wav", 1.5, 16_000)
    assert seconds(prompts.path(GOODBYE)) == 1.5
    write(own, 2.5, 16_000)
    assert seconds(prompts.path(GOODBYE)) == 2.5


def test_what_is_no_sound_is_refused_by_name(tmp_path: Path) -> None:
    prompts = PromptSet(tmp_path)
    text = tmp_path / "letter.txt"
    text.write_text("Dear all")
    for file in (text, tmp_path / "none.wav", tmp_path):
        with pytest.raises(SoundFileError, match=str(file)):
            prompts.replace("goodbye", file)
    with pytest.raises(UnknownPhraseError, match="'good-night'"):
        prompts.replace("good-night", text)
    assert prompts.replaced() == []


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / CACHE).write_text("in the way")
    with pytest.raises(UnwritableError, match=CACHE):
        PromptSet(tmp_path).path(GOODBYE)
    with pytest.raises(UnwritableError, match=CACHE):
        PromptSet(tmp_path).prepare()


def test_a_replacement_that_cannot_be_taken_away_is_named(tmp_path: Path) -> None:
    (tmp_path / "prompts" / "en" / "goodbye.wav").mkdir(parents=True)
    with pytest.raises(UnwritableError, match=r"goodbye\.wav"):
        PromptSet(tmp_path).restore("goodbye")


def test_a_recording_lies_in_the_data_directory(tmp_path: Path) -> None:
    file = write(tmp_path / "recordings" / "102" / "name.wav", 1.0)
    prompts = PromptSet(tmp_path)
    assert prompts.path(Recording("102/name.wav")) == file
    write(tmp_path / "recordings" / "other.flac", 3.0, 22_050, format="FLAC")
    assert seconds(prompts.path(Recording("other.flac"))) == 3.0


@pytest.mark.parametrize(
    ("file", "why"),
    [("102/none.wav", "there is no such file"), ("../secret.wav", "allowed are files within")],
)
def test_a_recording_that_is_not_there_is_named(tmp_path: Path, file: str, why: str) -> None:
    write(tmp_path / "secret.wav")
    with pytest.raises(MissingSoundError, match=f"recording '{file}': {why}"):
        PromptSet(tmp_path).path(Recording(file))


def test_an_office_has_all_its_sounds_in_one_place(tmp_path: Path) -> None:
    music = write(tmp_path / "music.wav")
    sounds: Sounds = OfficeSounds(PromptSet(tmp_path), (music,))
    assert sounds.music() == [music]
    assert sounds.path(GOODBYE).exists()
    where = sounds.recording("102/new/m1.wav")
    assert where == tmp_path / "recordings" / "102" / "new" / "m1.wav"
    assert where.parent.is_dir()
    write(where)
    assert sounds.path(Recording("102/new/m1.wav")) == where
    with pytest.raises(UnwritableError, match=r"m1\.wav"):
        sounds.recording("102/new/m1.wav/x.wav")
