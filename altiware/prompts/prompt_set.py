# SPDX-License-Identifier: MIT
"""The prompt set of an office: where the sound of each clip lies, as the engine plays it.

The sounds of the package are decoded once, into the cache of the data directory: by ``prepare``
in a thread, and a phrase that is wanted sooner on the spot.  ``DATA/prompts/LANGUAGE/NAME.wav``, in
any format that libsndfile reads, replaces a phrase, from the next time that it is said.  A phrase
without a sound is an error that names it, never silence.
"""

import hashlib
import shutil
import threading
from pathlib import Path
from typing import Final

from altiware.core.speech import Clip, Phrase, Recording
from altiware.prompts.errors import MissingSoundError, UnwritableError
from altiware.prompts.imported import convert, playable
from altiware.prompts.script import Script, read_script
from altiware.prompts.sounds import MANIFEST, sound_of, sounds_of

__all__ = ["CACHE", "RECORDINGS", "REPLACEMENTS", "PromptSet"]

REPLACEMENTS: Final = "prompts"
"Of the data directory: a folder for each language."
RECORDINGS: Final = "recordings"
CACHE: Final = "prompts-cache"
"Can be deleted while the system is down; it is filled anew."
IMPORTED: Final = "imported"

_Version = tuple[int, int]
"Time of the last change in ns, and size."


class PromptSet:
    """The sounds of a language in an office.

    Raises:
        UnknownPhraseError: there are no prompts in that language.
    """

    def __init__(
        self, data_directory: Path, language: str = "en", sounds: Path | None = None
    ) -> None:
        self.script: Script = read_script(language)
        self._sounds = sounds or sounds_of(language)
        self._recordings = data_directory / RECORDINGS
        self._replacements = data_directory / REPLACEMENTS / language
        self._caches = data_directory / CACHE
        self._decoded = self._caches / f"{language}-{_digest(self._sounds / MANIFEST)}"
        self._decoding = threading.Lock()
        "One at a time: two would write the same file."
        self._known: dict[str, tuple[_Version, Path]] = {}
        "Replacements as of their last use."

    def prepare(self) -> int:
        """Decode what isn't yet, and remove what older versions decoded; for a thread.

        Returns how many phrases were decoded.

        Raises:
            MissingSoundError: a phrase has no sound; names all of them.
            UnwritableError: the cache can't be written.
        """
        for old in self._caches.glob(f"{self.script.language}-*"):
            if old != self._decoded:
                shutil.rmtree(old, ignore_errors=True)
        missing = [each for each in self.script.entries if not self._sound(each).exists()]
        if missing:
            raise MissingSoundError(f"{self._sounds}: no sound for {', '.join(missing)}")
        return sum(self._decode(name) for name in self.script.entries)

    def path(self, clip: Clip) -> Path:
        """Return the WAV of a clip: 8 kHz, 16-bit, mono.

        Raises:
            UnknownPhraseError: there is no such phrase.
            MissingSoundError: the phrase or recording has no sound.
            SoundFileError: what somebody put there isn't a sound.
            UnwritableError: the cache can't be written.
        """
        match clip:
            case Phrase(name):
                return self.phrase(name)
            case Recording(file):
                return self._recorded(file)

    def phrase(self, name: str) -> Path:
        """Return the WAV of a phrase, with the errors of ``path``."""
        self.script.entry(name)
        own = self._replaced(name)
        if own is not None:
            return own
        self._decode(name)
        return self._decoded_file(name)

    def replaced(self) -> list[str]:
        """Return the names of the phrases that are replaced."""
        return [name for name in self.script.entries if self._replacement(name).exists()]

    def replace(self, name: str, file: Path) -> float:
        """Put what ``file`` says in the place of a phrase; returns its length in seconds.

        Raises:
            UnknownPhraseError: there is no such phrase.
            SoundFileError: the file isn't a sound that can be read.
            UnwritableError: the data directory can't be written.
        """
        self.script.entry(name)
        return convert(file, self._replacement(name))

    def restore(self, name: str) -> bool:
        """Say a phrase as it was; returns whether it had been replaced.

        Raises:
            UnknownPhraseError: there is no such phrase.
            UnwritableError: the data directory can't be written.
        """
        self.script.entry(name)
        own = self._replacement(name)
        try:
            own.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise UnwritableError(f"{own}: {error.strerror}") from error
        return True

    def recording(self, file: str) -> Path:
        """Return where a recording lies, or is to be written.

        Raises:
            MissingSoundError: that is outside of the folder of recordings.
        """
        folder = self._recordings.resolve()
        path = (folder / file).resolve()
        if not path.is_relative_to(folder):
            raise MissingSoundError(f"recording {file!r}: allowed are files within {folder}")
        return path

    def _recorded(self, file: str) -> Path:
        path = self.recording(file)
        if not path.is_file():
            raise MissingSoundError(
                f"recording {file!r}: there is no such file in {self._recordings}"
            )
        return playable(path, self._caches / IMPORTED)

    def _replaced(self, name: str) -> Path | None:
        """Return what replaces a phrase; looks into the file only if it is new or changed."""
        file = self._replacement(name)
        try:
            state = file.stat()
        except OSError:
            return None
        version = (state.st_mtime_ns, state.st_size)
        known, played = self._known.get(name, ((0, 0), file))
        if known != version:
            played = playable(file, self._caches / IMPORTED)
            self._known[name] = (version, played)
        return played

    def _decode(self, name: str) -> bool:
        """Decode a phrase of the package unless it is decoded; returns whether it was done."""
        target = self._decoded_file(name)
        with self._decoding:
            if target.exists():
                return False
            sound = self._sound(name)
            if not sound.exists():
                raise MissingSoundError(f"{name}: there is no {sound}")
            convert(sound, target)
            return True

    def _sound(self, name: str) -> Path:
        return sound_of(self._sounds, name)

    def _decoded_file(self, name: str) -> Path:
        return self._decoded / f"{name}.wav"

    def _replacement(self, name: str) -> Path:
        return self._replacements / f"{name}.wav"


def _digest(manifest: Path) -> str:
    """Return what is another for other sounds.

    Raises:
        MissingSoundError: there are none.
    """
    try:
        return hashlib.sha256(manifest.read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise MissingSoundError(f"{manifest}: {error.strerror}") from error
