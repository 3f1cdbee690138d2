# SPDX-License-Identifier: MIT
"""All sounds of an office in one place: prompts, what people recorded, music on hold."""

from collections.abc import Sequence
from pathlib import Path

from altiware.core.speech import Clip
from altiware.prompts.errors import UnwritableError
from altiware.prompts.prompt_set import PromptSet

__all__ = ["OfficeSounds"]


class OfficeSounds:
    """What ``altiware.ports.voices.Sounds`` asks for; ``music`` comes from ``music_clips``."""

    def __init__(self, prompts: PromptSet, music: Sequence[Path] = ()) -> None:
        self._prompts = prompts
        self._music = list(music)

    def path(self, clip: Clip) -> Path:
        """Return the WAV of a clip, with the errors of ``PromptSet.path``."""
        return self._prompts.path(clip)

    def recording(self, file: str) -> Path:
        """Return where a recording is to be written; makes its folder.

        Raises:
            MissingSoundError: the file lies outside of the folder of recordings.
            UnwritableError: its folder can't be made.
        """
        path = self._prompts.recording(file)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnwritableError(f"{path.parent}: {error.strerror}") from error
        return path

    def music(self) -> list[Path]:
        """Return what those on hold hear; empty: silence, or a board's jack."""
        return self._music
