# SPDX-License-Identifier: MIT
"""``altiware prompts``, as a person meets it."""

import importlib.util
import json
from pathlib import Path

import soundfile

from tests.altiware.cli.test_commands import altiware, refused
from tests.altiware.prompts.test_prompt_set import seconds, write


def test_phrases_are_listed_by_group_with_their_words(tmp_path: Path) -> None:
    done = altiware("prompts", "list", "--group", "courtesies", "--data", tmp_path)
    headings, first, *_ = done.stdout.splitlines()
    assert headings.split() == ["id", "group", "replaced", "words"]
    assert first.split() == ["hello", "courtesies", "Hello."]
    listed = json.loads(altiware("prompts", "list", "--data", tmp_path, "--json").stdout)
    assert len(listed) > 600
    assert {"id": "pause", "group": "joints", "words": "", "replaced": False} in listed
    assert "there are numbers, " in refused("prompts", "list", "--group", "songs")


def test_a_phrase_is_replaced_and_restored(tmp_path: Path) -> None:
    data = ("--data", tmp_path)
    own = write(tmp_path / "own.flac", 2.0, 44_100, format="FLAC")
    assert altiware("prompts", "replace", "goodbye", own, *data).stdout == (
        "goodbye: replaced, 2.00 s\n"
    )
    replaced = altiware("prompts", "list", "--replaced", *data).stdout.splitlines()
    assert [line.split()[0] for line in replaced[1:]] == ["goodbye"]
    assert altiware("prompts", "restore", "goodbye", *data).stdout == "goodbye: restored\n"
    again = altiware("prompts", "restore", "goodbye", *data, "--json")
    assert json.loads(again.stdout) == {"id": "goodbye", "was_replaced": False}


def test_a_row_of_phrases_is_printed_and_written(tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    row = ("you-have", "number-3", "new-messages", "pause")
    done = altiware("prompts", "play-text", *row, "--out", out, "--data", tmp_path)
    text, written = done.stdout.splitlines()
    assert text == "You have three new messages"
    assert written == f"{out}: {seconds(out):.2f} s"
    assert 1.0 < seconds(out) < 4.0
    only = altiware("prompts", "play-text", "goodbye", "--data", tmp_path, "--json")
    assert json.loads(only.stdout)["text"] == "Goodbye."


def test_all_phrases_are_exported_with_their_script(tmp_path: Path) -> None:
    folder = tmp_path / "for-the-speaker"
    done = altiware("prompts", "export", folder, "--data", tmp_path, "--json")
    count = json.loads(done.stdout)["phrases"]
    assert len(list(folder.glob("*.wav"))) == count
    lines = (folder / "script.txt").read_text("utf-8").splitlines()
    assert len(lines) == count
    assert "goodbye\tGoodbye." in lines
    assert soundfile.info(folder / "goodbye.wav").samplerate == 8000


def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    data = ("--data", tmp_path)
    own = write(tmp_path / "own.wav")
    assert "'good-night'" in refused("prompts", "replace", "good-night", own, *data)
    assert "none.wav" in refused("prompts", "replace", "goodbye", tmp_path / "none.wav", *data)
    assert "in that language" in refused("prompts", "list", "--language", "tlh", *data)
    nowhere = tmp_path / "no" / "said.wav"
    said = refused("prompts", "play-text", "goodbye", "--out", nowhere, *data, status=3)
    assert "No such file" in said


def test_any_text_is_spoken_where_there_is_a_voice(tmp_path: Path) -> None:
    out = tmp_path / "place.wav"
    if importlib.util.find_spec("hibari") is None:
        assert "altiware[tts]" in refused(
            "prompts", "speak", "Second floor", "--out", out, status=3
        )
        return
    said = altiware("prompts", "speak", "Second floor", "--out", out, "--json")
    assert json.loads(said.stdout)["seconds"] == round(seconds(out), 2) > 0.5
    assert "there is no sound in this" in refused("prompts", "speak", " ", "--out", out)
