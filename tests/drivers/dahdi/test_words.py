# SPDX-License-Identifier: MIT
"""Why a channel can't be opened: each cause has its own words, and says what to do."""

import errno
from pathlib import Path

import pytest

from drivers.dahdi.words import why
from dsp.dahdi import DahdiError, DahdiStep

FXOKS = 0x1020
CLEAR = 128


@pytest.mark.parametrize(
    ("step", "error", "signalling", "words"),
    [
        (DahdiStep.OPENING, errno.ENOENT, 0, "load the card's module"),
        (DahdiStep.OPENING, errno.EACCES, 0, "group of /dev/dahdi"),
        (DahdiStep.CHOOSING, errno.ENXIO, 0, "there is no such channel"),
        (DahdiStep.CHOOSING, errno.EBUSY, 0, "another program has it open"),
        (DahdiStep.SIGNALLING, errno.EINVAL, 0, "run dahdi_cfg with fxoks="),
        (DahdiStep.SIGNALLING, errno.EINVAL, CLEAR, "no analog line"),
        (DahdiStep.ZONE, errno.EPERM, 0, "no tone zone can be loaded.*not permitted"),
        (DahdiStep.BUFFERS, errno.EINVAL, 0, "buffers failed: Invalid argument"),
        (DahdiStep.LINEAR, errno.ENOTTY, 0, "linear failed"),
    ],
)
def test_every_cause_has_its_words(
    step: DahdiStep, error: int, signalling: int, words: str, tmp_path: Path
) -> None:
    text = why(DahdiError(step, 7, error, signalling), tmp_path, tmp_path)
    assert text.startswith("channel 7: ")
    with pytest.raises(AssertionError, match=f"(?i){words}"):
        raise AssertionError(text)


def test_a_card_whose_spans_are_not_assigned_is_found_in_sysfs(tmp_path: Path) -> None:
    error = DahdiError(DahdiStep.CHOOSING, 1, errno.ENXIO, 0)
    devices, spans = tmp_path / "devices", tmp_path / "spans"
    for folder in (devices, spans):
        folder.mkdir()
    assert "no such channel" in why(error, devices, spans)
    (devices / "pci:0000:04:01.0").touch()
    assert "auto_assign_spans=1" in why(error, devices, spans)
    (spans / "span-1").touch()
    assert "no such channel" in why(error, devices, spans)
