# SPDX-License-Identifier: MIT
"""The commands of ``altiware prompts``."""

from pathlib import Path
from typing import Annotated

import typer

from altiware.cli.options import AsJson, Data, default_directory

__all__ = ["prompts"]

prompts = typer.Typer(
    help="What the office says: read it, hear it, replace it.", no_args_is_help=True
)

Language = Annotated[str, typer.Option(metavar="CODE", help="Of the prompts.")]
Name = Annotated[
    str, typer.Argument(metavar="ID", help="A phrase's name, as in `altiware prompts list`.")
]


@prompts.command("list")
def prompts_list(
    group: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this group, as queue.")
    ] = None,
    replaced: Annotated[
        bool, typer.Option("--replaced", help="Only those that are replaced.")
    ] = False,
    language: Language = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List all phrases with their words, and say which ones are replaced."""
    from altiware.cli.prompts import list_phrases

    directory = data or default_directory()
    list_phrases(directory, language, group, only_replaced=replaced, as_json=as_json)


@prompts.command("play-text")
def prompts_play_text(
    names: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Phrases, in the order they are said.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the sound, as one WAV.")
    ] = None,
    language: Language = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print what a row of phrases says, as a caller would hear it; with --out, its sound too."""
    from altiware.cli.prompts import play_text

    play_text(data or default_directory(), language, names, out, as_json=as_json)


@prompts.command("replace")
def prompts_replace(
    name: Name,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A sound: WAV, FLAC, Ogg ..., of any rate.")
    ],
    language: Language = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say a phrase with another voice: heard from the next time on, without a restart."""
    from altiware.cli.prompts import replace

    replace(data or default_directory(), language, name, file, as_json=as_json)


@prompts.command("restore")
def prompts_restore(
    name: Name, language: Language = "en", data: Data = None, as_json: AsJson = False
) -> None:
    """Say a phrase as it came with the system."""
    from altiware.cli.prompts import restore

    restore(data or default_directory(), language, name, as_json=as_json)


@prompts.command("export")
def prompts_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Is made if it isn't there.")],
    language: Language = "en",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write all phrases as WAVs, with the script for somebody who is to speak them."""
    from altiware.cli.prompts import export

    export(data or default_directory(), language, folder, as_json=as_json)


@prompts.command("speak")
def prompts_speak(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be said.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The sound, a WAV of 8 kHz.")] = Path(
        "spoken.wav"
    ),
    as_json: AsJson = False,
) -> None:
    """Speak any text in the voice of the prompts: a greeting, a name, a place.

    Needs the voice: pip install 'altiware[tts]'.
    """
    from altiware.cli.prompts import speak

    speak(text, out, as_json=as_json)
