# SPDX-License-Identifier: MIT
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from altiware.core.ids import PortAddress
from altiware.prompts.errors import MissingSoundError, SoundFileError
from altiware.prompts.music import BuiltInMusic, MusicFiles, MusicPort, music_clips, parse_music
from tests.altiware.prompts.test_prompt_set import seconds


def write(file: Path, length: float, rate: int = 44_100) -> Path:
    soundfile.write(file, np.full((int(length * rate), 2), 0.1), rate)
    return file


def test_the_configuration_says_where_music_comes_from() -> None:
    assert parse_music("built-in") == BuiltInMusic()
    assert parse_music("00:12") == MusicPort(PortAddress(0, 12))
    assert parse_music("/srv/calm.flac") == MusicFiles(Path("/srv/calm.flac"))
    with pytest.raises(ValueError, match=re.escape('"built-in", a file, a folder, or a port')):
        parse_music(" ")


def test_the_built_in_piece_is_decoded_once(tmp_path: Path) -> None:
    (clip,) = music_clips(BuiltInMusic(), tmp_path)
    assert seconds(clip) == pytest.approx(51.2)
    changed = clip.stat().st_mtime_ns
    assert music_clips(BuiltInMusic(), tmp_path) == (clip,)
    assert clip.stat().st_mtime_ns == changed


def test_a_folder_is_played_in_its_order(tmp_path: Path) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    write(folder / "b.flac", 2.0)
    write(folder / "a.wav", 1.0)
    (folder / "cover.txt").write_text("not music")
    clips = music_clips(MusicFiles(Path("music")), tmp_path)
    assert [seconds(each) for each in clips] == [1.0, 2.0]


def test_a_port_is_connected_and_not_played(tmp_path: Path) -> None:
    assert music_clips(MusicPort(PortAddress(0, 12)), tmp_path) == ()


def test_music_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingSoundError, match=r"none\.wav: there is no such file"):
        music_clips(MusicFiles(tmp_path / "none.wav"), tmp_path)
    with pytest.raises(MissingSoundError, match="there is no music in this folder"):
        music_clips(MusicFiles(tmp_path), tmp_path)
    (tmp_path / "text.wav").write_text("not music")
    with pytest.raises(SoundFileError, match=r"text\.wav"):
        music_clips(MusicFiles(tmp_path), tmp_path)
