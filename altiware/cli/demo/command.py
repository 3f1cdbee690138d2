# SPDX-License-Identifier: MIT
"""``altiware demo``: build the office, play the morning, leave the results."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

import typer
from rich.live import Live

from altiware.cli.demo.ears import Ears
from altiware.cli.demo.office import Office, open_office
from altiware.cli.demo.play import Listener, Played, play_scene
from altiware.cli.demo.results import Morning, document, prepare, score_all, table, write
from altiware.cli.demo.score import available
from altiware.cli.demo.script import Cast, Scene, Step, morning
from altiware.cli.demo.view import View
from altiware.cli.output import print_json, print_table
from altiware.errors import UnavailableError

__all__ = ["play"]

VOICES: Final = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
PACKAGE: Final = "asterisk-core-sounds-en-wav"
REFRESHES_PER_S: Final = 8


def play(out: Path, *, live: bool, as_json: bool) -> None:
    """Play the office morning and leave what came of it in ``out``.

    Raises:
        UnavailableError: the recordings are missing, or a scene went otherwise than written.
        UsageError: ``out`` can't be used.
    """
    if not VOICES.is_dir():
        raise UnavailableError(f"no recordings in {VOICES}: install them: apt install {PACKAGE}")
    prepare(out)
    if not available():
        sys.stderr.write("altiware: no PESQ values: pip install 'altiware[demo]'\n")
    listener = Listener()
    with open_office(out / "smdr.txt", real_time=live) as office:
        office.exchange.subscribe(listener.note)
        played = _play_all(office, listener, live=live)
    scores = score_all(played) if available() else {}
    result = Morning(tuple(played), listener, scores)
    files = write(result, out)
    if as_json:
        print_json(document(result))
        return
    headings = ("scene", "from", "to", "dialled", "cause", "decision", "PESQ by ear")
    print_table(headings, table(result))
    typer.echo(f"{len(files) + 1} files in {out}: ears (WAV), ladders, cdr.json, smdr.txt")


def _play_all(office: Office, listener: Listener, *, live: bool) -> list[Played]:
    cast = Cast(office.stage, office.ports, VOICES)
    view = View(office.plan)
    with tempfile.TemporaryDirectory() as scratch, _shown(office, view, live=live):
        ears = Ears(cast, Path(scratch))
        return [_play(scene, cast, ears, listener, view) for scene in morning()]


def _play(scene: Scene, cast: Cast, ears: Ears, listener: Listener, view: View) -> Played:
    view.scene(scene.title)
    show: Callable[[Step], None] = lambda step: view.step(str(step))  # noqa: E731
    try:
        return play_scene(scene, cast, ears, listener, show)
    except AssertionError as error:
        raise UnavailableError(f"the morning went otherwise than written: {error}") from error


def _shown(office: Office, view: View, *, live: bool) -> AbstractContextManager[object]:
    if not live:
        return nullcontext()
    office.exchange.subscribe(view.note)
    return Live(view, refresh_per_second=REFRESHES_PER_S)
