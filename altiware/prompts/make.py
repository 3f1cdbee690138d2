# SPDX-License-Identifier: MIT
"""Speak the script into sound files: ``python -m altiware.prompts.make [LANGUAGE] [--all]``.

Needs ``altiware[tts]``.  Only phrases whose words have changed are spoken anew, unless all are
wanted; sounds of phrases that are gone are removed.  Beside the sounds stands ``manifest.json``:
who spoke, and for each phrase the digest of the words that its sound was made from.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from altiware.errors import UnavailableError
from altiware.prompts import loudness
from altiware.prompts.script import Entry, Script, read_script
from altiware.prompts.sounds import MANIFEST, read_manifest, sound_of, sounds_of
from altiware.prompts.voice import VOICE, Speak, load_voice
from dsp.pcm import RATE_HZ, Samples

__all__ = ["make"]

COMPRESSION: Final = 0.935
"Of Opus by libsndfile: 28 kbit/s on average."
PIECE_SPEED: Final = 1.1
"Pieces stand between others: said alone they are slower than in a sentence."


def make(script: Script, folder: Path, speak: Speak, *, everything: bool = False) -> list[str]:
    """Bring a folder's sounds to the script's words; returns the names of what was spoken."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {} if everything else read_manifest(folder)
    spoken = [each for each in script.entries.values() if not _is_made(folder, each, made)]
    for entry in spoken:
        _write(sound_of(folder, entry.name), _sound(entry, speak))
    for sound in folder.glob("*.opus"):
        if sound.stem not in script.entries:
            sound.unlink()
    _write_manifest(folder, script)
    return [each.name for each in spoken]


def _is_made(folder: Path, entry: Entry, made: Mapping[str, str]) -> bool:
    return made.get(entry.name) == entry.digest and sound_of(folder, entry.name).exists()


def _sound(entry: Entry, speak: Speak) -> Samples:
    if entry.silence_ms:
        return np.zeros(entry.silence_ms * RATE_HZ // 1000, np.int16)
    is_piece = not entry.words.endswith((".", ",", "?", ":"))
    waves = speak(entry.say, PIECE_SPEED if is_piece else 1.0)
    return loudness.levelled(loudness.framed(waves))


def _write(file: Path, pcm: Samples) -> None:
    soundfile.write(file, pcm, RATE_HZ, format="OGG", subtype="OPUS", compression_level=COMPRESSION)


def _write_manifest(folder: Path, script: Script) -> None:
    phrases = {entry.name: entry.digest for entry in script.entries.values()}
    text = json.dumps({"voice": VOICE, "phrases": phrases}, indent=0)
    (folder / MANIFEST).write_text(f"{text}\n", "utf-8")


def _main() -> None:
    parser = argparse.ArgumentParser(description="Speak the script into sound files.")
    parser.add_argument("language", nargs="?", default="en")
    parser.add_argument("--all", action="store_true", help="what hasn't changed, too")
    wanted = parser.parse_args()
    script, folder = read_script(wanted.language), sounds_of(wanted.language)
    try:
        voice = load_voice()
    except UnavailableError as error:
        sys.exit(str(error))
    spoken = make(script, folder, voice, everything=wanted.all)
    size = sum(each.stat().st_size for each in folder.iterdir())
    sys.stdout.write(
        f"{len(spoken)} of {len(script.entries)} phrases spoken, {size / 1e6:.2f} MB in {folder}\n"
    )


if __name__ == "__main__":
    _main()
