# SPDX-License-Identifier: MIT
"""What is recognised on a box's sound, and when."""

from pathlib import Path

import numpy as np
import pytest

from altiware.blackbox.box import Facts, open_box
from altiware.blackbox.decode import decode
from dsp.callerid import CallerId, CallerIdStandard, FskSender, mdmf
from tests.altiware.blackbox.sounds import make_box, write_wav


def test_tones_and_digits_are_found_with_their_times_and_sides(tmp_path: Path) -> None:
    found = decode(open_box(make_box(tmp_path)))
    assert [(d.side, d.what) for d in found if d.kind == "digit"] == [
        ("heard", "1"),
        ("heard", "5"),
        ("heard", "9"),
    ]
    first = next(d for d in found if d.kind == "digit")
    assert first.at == pytest.approx(1.0, abs=0.05), "the end of a digit is told 30 ms after it"
    assert first.until - first.at == pytest.approx(0.08, abs=0.03)
    (tone,) = [d for d in found if d.kind == "tone"]
    assert (tone.side, tone.what, tone.until) == ("said", "busy", 4.0)


@pytest.mark.parametrize("standard", list(CallerIdStandard))
def test_caller_id_of_either_standard_is_read_once(
    tmp_path: Path, standard: CallerIdStandard
) -> None:
    message = FskSender(mdmf(CallerId("2125550199")), standard).read(24_000)
    said = np.zeros(24_000, dtype=np.int16)
    said[4000 : 4000 + min(len(message), 20_000)] = message[:20_000]
    path = write_wav(tmp_path / "box.wav", said, np.zeros(24_000, dtype=np.int16))
    callers = [d for d in decode(open_box(path)) if d.kind == "caller"]
    assert [(d.side, d.what) for d in callers][:1] == [("said", "2125550199")]


def test_silence_says_nothing(tmp_path: Path) -> None:
    silence = np.zeros(8000, dtype=np.int16)
    assert decode(open_box(write_wav(tmp_path / "box.wav", silence, silence))) == []
    empty = silence[:0]
    assert decode(open_box(write_wav(tmp_path / "box.wav", empty, empty))) == []


def test_a_country_that_is_not_known_has_the_tones_of_the_united_states(tmp_path: Path) -> None:
    box = open_box(make_box(tmp_path, facts=Facts(country="atlantis")))
    assert [d.what for d in decode(box) if d.kind == "tone"] == ["busy"]
