# SPDX-License-Identifier: MIT
"""The sounds that come with the system."""

import numpy as np
import pytest
import soundfile

from altiware.prompts.loudness import active_level, edges_ms
from altiware.prompts.script import read_script
from altiware.prompts.sounds import MANIFEST, read_manifest, sound_of, sounds_of
from dsp.dtmf import DtmfReceiver
from dsp.pcm import Samples
from dsp.progress import ProgressDetector, plan_of
from dsp.tones import COUNTRIES

SCRIPT = read_script("en")
FOLDER = sounds_of("en")
MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def sounds() -> dict[str, Samples]:
    return {
        name: soundfile.read(sound_of(FOLDER, name), dtype="int16")[0] for name in SCRIPT.entries
    }


def test_every_phrase_has_a_sound_of_its_present_words() -> None:
    # it fails after a change of the script: python -m altiware.prompts.make
    made = {entry.name: entry.digest for entry in SCRIPT.entries.values()}
    assert dict(read_manifest(FOLDER)) == made
    files = {each.name for each in FOLDER.iterdir()}
    assert files == {MANIFEST, *(f"{name}.opus" for name in SCRIPT.entries)}


def test_all_together_are_small() -> None:
    assert sum(each.stat().st_size for each in FOLDER.iterdir()) < MOST_BYTES


def test_all_phrases_are_equally_loud(sounds: dict[str, Samples]) -> None:
    spoken = {name: sound for name, sound in sounds.items() if SCRIPT.entry(name).words}
    levels = {name: active_level(sound) for name, sound in spoken.items()}
    assert {name: level for name, level in levels.items() if abs(level + 20.0) > 0.6} == {}


def test_none_begins_or_ends_late_or_at_once(sounds: dict[str, Samples]) -> None:
    edges = {name: edges_ms(pcm) for name, pcm in sounds.items() if SCRIPT.entry(name).words}
    assert {n: e for n, e in edges.items() if not 20 <= min(e) <= max(e) <= 50} == {}


def test_none_is_clipped_or_empty(sounds: dict[str, Samples]) -> None:
    assert [name for name, pcm in sounds.items() if np.abs(pcm.astype(int)).max() >= 32767] == []
    lengths = {name: len(pcm) / 8000 for name, pcm in sounds.items()}
    assert {name: s for name, s in lengths.items() if not 0.2 <= s <= 8.0} == {}


def test_none_is_taken_for_a_key_or_a_tone_of_the_office(sounds: dict[str, Samples]) -> None:
    everything = np.concatenate(list(sounds.values()))
    assert DtmfReceiver().keys(everything) == ""
    assert ProgressDetector(plan_of(COUNTRIES["us"])).feed(everything) == []
