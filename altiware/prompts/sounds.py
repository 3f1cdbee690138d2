# SPDX-License-Identifier: MIT
"""Where a language's sounds lie in this package, and what they were made from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from altiware.prompts.script import package

__all__ = ["MANIFEST", "read_manifest", "sound_of", "sounds_of"]

MANIFEST: Final = "manifest.json"


def sounds_of(language: str) -> Path:
    """Return the folder of a language's sounds."""
    return package() / language


def sound_of(folder: Path, name: str) -> Path:
    """Return the file of a phrase's sound."""
    return folder / f"{name}.opus"


def read_manifest(folder: Path) -> Mapping[str, str]:
    """Return the digests of the words that a folder's sounds were made from, by phrase."""
    file = folder / MANIFEST
    if not file.exists():
        return {}
    phrases: dict[str, str] = json.loads(file.read_text("utf-8"))["phrases"]
    return phrases
