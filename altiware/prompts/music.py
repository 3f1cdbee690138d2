# SPDX-License-Identifier: MIT
"""Music on hold: what the configuration says, and the files that are played.

``parse_music("built-in")``, ``"/srv/music/calm.flac"`` (a folder is played in alphabetical order)
or ``"00:12"``, a board's audio-in, which is connected and not played.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from altiware.core.ids import PortAddress
from altiware.prompts.errors import MissingSoundError
from altiware.prompts.hold_music import HOLD_MUSIC
from altiware.prompts.imported import playable
from altiware.prompts.prompt_set import CACHE

__all__ = ["BuiltInMusic", "MusicFiles", "MusicPort", "MusicSource", "music_clips", "parse_music"]

BUILT_IN: Final = "built-in"
PORT: Final = re.compile(r"([0-9]{2}):([0-9]{2})")
SUFFIXES: Final = frozenset({".aif", ".aiff", ".flac", ".mp3", ".ogg", ".opus", ".wav"})
"Of the files of a folder that are music; a file that is named may have any."


@dataclass(frozen=True, slots=True)
class BuiltInMusic:
    """The piece that comes with the system."""


@dataclass(frozen=True, slots=True)
class MusicFiles:
    """A file, or all music of a folder."""

    path: Path
    "A relative one is meant in the data directory."


@dataclass(frozen=True, slots=True)
class MusicPort:
    """What comes in at a board's jack."""

    port: PortAddress


MusicSource = BuiltInMusic | MusicFiles | MusicPort


def parse_music(text: str) -> MusicSource:
    """Read ``music.source`` of the configuration.

    Raises:
        ValueError: it is empty; says what is allowed.
    """
    if not text.strip():
        raise ValueError(f'"{BUILT_IN}", a file, a folder, or a port as "00:12"')
    if text == BUILT_IN:
        return BuiltInMusic()
    port = PORT.fullmatch(text)
    if port:
        return MusicPort(PortAddress(int(port[1]), int(port[2])))
    return MusicFiles(Path(text))


def music_clips(source: MusicSource, data_directory: Path) -> tuple[Path, ...]:
    """Return what is played over and over, in order, as WAVs of 8 kHz; nothing for a port.

    Long files take a while to be converted the first time: for a thread.

    Raises:
        MissingSoundError: there is no such file, or no music in the folder.
        SoundFileError: a file isn't a sound that can be read.
    """
    match source:
        case BuiltInMusic():
            files = [HOLD_MUSIC]
        case MusicFiles(path):
            files = _files(data_directory / path)
        case MusicPort():
            return ()
    cache = data_directory / CACHE / "music"
    return tuple(playable(file, cache) for file in files)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
        if not found:
            raise MissingSoundError(f"{path}: there is no music in this folder")
        return found
    if not path.exists():
        raise MissingSoundError(f"{path}: there is no such file")
    return [path]
