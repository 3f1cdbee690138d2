# SPDX-License-Identifier: MIT
"""``altiware prompts``: the phrases, their words and sounds, and what replaces them."""

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
import typer

from altiware.cli.output import print_json, print_table
from altiware.errors import UnavailableError, UsageError
from altiware.prompts.errors import UnknownPhraseError
from altiware.prompts.prompt_set import PromptSet
from altiware.prompts.script import Entry, Script
from dsp.pcm import RATE_HZ, Samples

__all__ = ["export", "list_phrases", "play_text", "replace", "restore", "speak"]

SCRIPT = "script.txt"


def list_phrases(
    data: Path, language: str, group: str | None, *, only_replaced: bool, as_json: bool
) -> None:
    """Print the phrases, group by group."""
    prompts = PromptSet(data, language)
    replaced = set(prompts.replaced())
    listed = [
        each
        for each in _of_group(prompts.script, group)
        if each.name in replaced or not only_replaced
    ]
    if as_json:
        print_json([_document(each, replaced) for each in listed])
        return
    headings = ("id", "group", "replaced", "words")
    print_table(headings, [_row(each, replaced) for each in listed])


def play_text(
    data: Path, language: str, names: Sequence[str], out: Path | None, *, as_json: bool
) -> None:
    """Print the words of phrases in a row, and write their sound as one file."""
    prompts = PromptSet(data, language)
    entries = [prompts.script.entry(name) for name in names]
    text = " ".join(each.words for each in entries if each.words)
    sounds = [soundfile.read(prompts.phrase(name), dtype="int16")[0] for name in names]
    said = np.concatenate(sounds)
    if out is not None:
        _write_wav(out, said)
    seconds = round(len(said) / RATE_HZ, 2)
    if as_json:
        print_json({"text": text, "seconds": seconds, "file": str(out) if out else None})
        return
    typer.echo(text)
    if out is not None:
        typer.echo(f"{out}: {seconds:.2f} s")


def replace(data: Path, language: str, name: str, file: Path, *, as_json: bool) -> None:
    """Put a file's sound in the place of a phrase."""
    seconds = PromptSet(data, language).replace(name, file)
    if as_json:
        print_json({"id": name, "seconds": round(seconds, 2)})
    else:
        typer.echo(f"{name}: replaced, {seconds:.2f} s")


def restore(data: Path, language: str, name: str, *, as_json: bool) -> None:
    """Take a phrase's replacement away."""
    was_replaced = PromptSet(data, language).restore(name)
    if as_json:
        print_json({"id": name, "was_replaced": was_replaced})
    else:
        typer.echo(f"{name}: {'restored' if was_replaced else 'was not replaced'}")


def export(data: Path, language: str, folder: Path, *, as_json: bool) -> None:
    """Write the sounds and the script into a folder."""
    prompts = PromptSet(data, language)
    entries = prompts.script.entries.values()
    lines = [f"{each.name}\t{each.words or '(pause)'}\n" for each in entries]
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for each in entries:
            shutil.copyfile(prompts.phrase(each.name), folder / f"{each.name}.wav")
        (folder / SCRIPT).write_text("".join(lines), "utf-8")
    if as_json:
        print_json({"folder": str(folder), "phrases": len(entries), "script": SCRIPT})
    else:
        typer.echo(f"{folder}: {len(entries)} phrases, and {SCRIPT}")


def speak(text: str, out: Path, *, as_json: bool) -> None:
    """Write the sound of any text, levelled as the prompts are."""
    from altiware.prompts.loudness import framed, levelled
    from altiware.prompts.voice import load_voice

    try:
        said = levelled(framed(load_voice()(text, 1.0)))
    except ValueError as error:
        raise UsageError(f"{text!r}: {error} in this") from error
    _write_wav(out, said)
    seconds = round(len(said) / RATE_HZ, 2)
    if as_json:
        print_json({"file": str(out), "seconds": seconds})
    else:
        typer.echo(f"{out}: {seconds:.2f} s")


def _of_group(script: Script, group: str | None) -> list[Entry]:
    if group is not None and group not in script.groups:
        raise UnknownPhraseError(f"--group {group}: there are {', '.join(script.groups)}")
    return [each for each in script.entries.values() if group in (None, each.group)]


def _row(entry: Entry, replaced: Collection[str]) -> tuple[str, ...]:
    words = entry.words or f"(a pause of {entry.silence_ms} ms)"
    return (entry.name, entry.group, "yes" if entry.name in replaced else "", words)


def _document(entry: Entry, replaced: Collection[str]) -> dict[str, object]:
    facts = {"id": entry.name, "group": entry.group, "words": entry.words}
    return {**facts, "replaced": entry.name in replaced}


def _write_wav(out: Path, pcm: Samples) -> None:
    with _writing(out), out.open("wb") as file:
        soundfile.write(file, pcm, RATE_HZ, format="WAV", subtype="PCM_16")


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Say in a sentence why a file can't be written."""
    try:
        yield
    except OSError as error:
        raise UnavailableError(f"{error.filename or target}: {error.strerror}") from error
