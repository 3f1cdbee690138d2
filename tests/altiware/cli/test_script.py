# SPDX-License-Identifier: MIT
"""The demonstration's script is read, and its steps reach the right actor."""

from pathlib import Path

import pytest

from altiware.cli.demo.script import Step, morning, read_script, read_step
from altiware.errors import UsageError


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("101 lifts", Step("101", "lifts")),
        ("101 hangs up", Step("101", "hangs up")),
        ("office 2 calls in 4155550177 GRACE HOPPER",
         Step("office 2", "calls in", "4155550177 GRACE HOPPER")),
        ("time passes 0.5", Step("time", "passes", "0.5")),
        ("106 says hello to 105 and office 1",
         Step("106", "says", "hello", ("105", "office 1"))),
    ],
)  # fmt: skip
def test_a_step_is_read_and_written_as_it_was(text: str, step: Step) -> None:
    assert read_step(text) == step
    assert str(step) == text


@pytest.mark.parametrize(
    "text", ["101 sings", "office 1 lifts", "time flies", "101 dials", "101", "", "office", "time"]
)
def test_a_step_that_makes_no_sense_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="step"):
        read_step(text)


def test_every_recording_of_the_morning_is_installed() -> None:
    voices = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
    if not voices.is_dir():
        pytest.skip("no recordings: apt install asterisk-core-sounds-en-wav")
    said = [step.argument for scene in morning() for step in scene.steps if step.verb == "says"]
    assert said
    assert [name for name in said if not (voices / f"{name}.wav").exists()] == []


def test_whoever_speaks_in_the_morning_speaks_to_someone() -> None:
    assert all(step.listeners for scene in morning() for step in scene.steps if step.verb == "says")


def test_scenes_keep_their_order() -> None:
    text = '[[scene]]\nname = "a"\ntitle = "A"\nsteps = ["101 lifts", "101 hangs up"]\n'
    (scene,) = read_script(text)
    assert [step.verb for step in scene.steps] == ["lifts", "hangs up"]
