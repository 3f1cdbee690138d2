# SPDX-License-Identifier: MIT
"""``altiware line echotune``: what it prints, and what it writes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.cli import echotune
from altiware.config import read, write_default
from altiware.core.office import OfficePlan
from altiware.errors import UsageError
from boards_sim.loop import NATURES
from boards_sim.session import SimulatedSession, simulated_session

BEST_ON_LL2 = 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "altiware.toml"
    write_default(path)
    return path


@pytest.fixture(autouse=True)
def board_on_a_long_line(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def opened(_: str) -> Iterator[SimulatedSession]:
        with simulated_session("Q12", line=NATURES["ll2"]) as session:
            yield session

    monkeypatch.setattr(echotune, "open_session", opened)


def test_the_best_impedance_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    echotune.tune("00:00", file, write=False, as_json=False)
    shown = capsys.readouterr()
    best = [row for row in shown.out.splitlines() if row.endswith("best")]
    assert [row.split()[0] for row in best] == [str(BEST_ON_LL2)]
    assert "220 Ω + 820 Ω ‖ 120 nF is best: +15." in shown.out
    assert "Residual echo" in shown.err
    assert read(file).plan.trunks[0].office == OfficePlan()


def test_it_is_written_and_the_rest_of_the_office_kept(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text().replace("# receive_db = 0.0  ", "receive_db = 3.0  ", 1)
    file.write_text(text)
    echotune.tune("00:00", file, write=True, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["best"], len(document["trials"])) == (BEST_ON_LL2, 10)
    assert document["after_db"] > document["before_db"] + 10
    offices = [trunk.office for trunk in read(file).plan.trunks]
    assert offices[0] == replace(OfficePlan(), receive_db=3.0, impedance=BEST_ON_LL2)
    assert offices[1] == OfficePlan()


def test_a_telephone_is_no_trunk_to_write(file: Path) -> None:
    with pytest.raises(UsageError, match="--write: 00:04 is no trunk of"):
        echotune.tune("00:04", file, write=True, as_json=False)
