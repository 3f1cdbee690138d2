# SPDX-License-Identifier: MIT
"""The script of a language: every phrase that the office says, by name, with its words.

``read_script("en")`` reads ``en.toml``: groups of ``name = "the words"``, or a table of ``words``
and how to ``say`` them where that is written otherwise, or of ``silence_ms`` for a pause.
"""

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

from altiware.prompts.errors import PromptError, UnknownPhraseError

__all__ = ["Entry", "Script", "languages", "package", "parse_script", "read_script"]

NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"A name is a file's name, too."


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the script."""

    name: str
    group: str
    words: str
    "As people read them; empty: a pause."
    say: str
    "As the voice is told them."
    silence_ms: int = 0

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that are others when the sound has to be another."""
        told = f"{self.say}\n{self.silence_ms}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Script:
    """All phrases of a language."""

    language: str
    entries: Mapping[str, Entry]
    "By name, in the order of the file."

    @property
    def groups(self) -> list[str]:
        """The groups' names, in their order."""
        return list(dict.fromkeys(entry.group for entry in self.entries.values()))

    def entry(self, name: str) -> Entry:
        """Return the phrase of this name.

        Raises:
            UnknownPhraseError: there is none.
        """
        try:
            return self.entries[name]
        except KeyError:
            raise UnknownPhraseError(
                f"{name!r}: no such phrase in language {self.language!r}; "
                "`altiware prompts list` has them all"
            ) from None


def languages() -> list[str]:
    """Return the languages that there are scripts of."""
    return sorted(path.stem for path in package().glob("*.toml"))


@functools.cache
def read_script(language: str) -> Script:
    """Read the script of a language.

    Raises:
        UnknownPhraseError: there is none of that language.
        PromptError: it is wrong.
    """
    if language not in languages():
        allowed = ", ".join(languages())
        raise UnknownPhraseError(f"{language!r}: no prompts in that language; there are: {allowed}")
    return parse_script((package() / f"{language}.toml").read_text("utf-8"), language)


def parse_script(text: str, language: str) -> Script:
    """Turn the text of a script into phrases.

    Raises:
        PromptError: it is wrong; says where.
    """
    try:
        groups = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"script {language}: {error}") from error
    entries: dict[str, Entry] = {}
    for entry in _entries(groups, language):
        if entry.name in entries:
            raise PromptError(f"script {language}: {entry.name} is there twice")
        entries[entry.name] = entry
    return Script(language, MappingProxyType(entries))


def package() -> Path:
    """Return the folder of this package, whose data are files."""
    return Path(str(resources.files("altiware.prompts")))


def _entries(groups: Mapping[str, object], language: str) -> Iterator[Entry]:
    for group, phrases in groups.items():
        if not isinstance(phrases, dict):
            raise PromptError(f"script {language}: {group} stands in no group")
        for name, value in phrases.items():
            entry = _entry(group, name, value)
            if entry is None or not NAME.fullmatch(name):
                where = f"script {language}: {group}.{name} = {value!r}"
                raise PromptError(
                    f'{where}: allowed is, by a name of a-z, 0-9 and hyphens, "the words", '
                    "{ words, say } or { silence_ms }"
                )
            yield entry


def _entry(group: str, name: str, value: object) -> Entry | None:
    match value:
        case str() if value.strip():
            return Entry(name, group, value, value)
        case {"words": str(words), "say": str(say), **rest} if words and say and not rest:
            return Entry(name, group, words, say)
        case {"silence_ms": int(silence_ms), **rest} if silence_ms > 0 and not rest:
            return Entry(name, group, "", "", silence_ms)
    return None
