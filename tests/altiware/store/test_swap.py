# SPDX-License-Identifier: MIT
"""A data directory's contents are the old or the new, whenever the swap is killed."""

import socket
from pathlib import Path

import pytest

from altiware.store.database import Database
from altiware.store.swap import STAGE, finish, is_of_a_swap, is_unfinished, swap

TIME = "20260302-090000"
OLD = {"altiware.db": "old", "altiware.toml": "old", "blackbox/a.wav": "old", "only.old": "old"}
NEW = {"altiware.db": "new", "altiware.toml": "new", "blackbox/b.wav": "new"}


class KilledError(BaseException):
    """The process has been killed."""


def written(directory: Path, files: dict[str, str]) -> Path:
    """Write files into a directory."""
    for name, content in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content)
    return directory


def files(directory: Path) -> dict[str, str]:
    """Return the files that are not the swap's."""
    found = [path.relative_to(directory) for path in directory.rglob("*") if path.is_file()]
    return {str(name): (directory / name).read_text() for name in found
            if not is_of_a_swap(name.parts[0]) and str(name) != "lock"}  # fmt: skip


def test_the_new_is_there_and_the_old_beside_it(tmp_path: Path) -> None:
    written(tmp_path, {**OLD, "lock": ""})
    with socket.socket(socket.AF_UNIX) as engine:  # of a service that was killed; it still runs
        engine.bind(str(tmp_path / "engine.sock"))
    old = swap(tmp_path, written(tmp_path / STAGE, NEW), TIME)
    assert files(tmp_path) == NEW
    assert old
    assert files(old) == OLD
    assert (tmp_path / "lock").exists()
    assert (tmp_path / "engine.sock").is_socket()
    assert not is_unfinished(tmp_path)


def test_where_nothing_was_nothing_is_left(tmp_path: Path) -> None:
    assert swap(tmp_path, written(tmp_path / STAGE, NEW), TIME) is None
    assert [each.name for each in tmp_path.iterdir() if is_of_a_swap(each.name)] == []


@pytest.mark.parametrize("renames", range(9))
def test_killed_before_any_rename_it_is_finished_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    written(tmp_path, OLD)
    stage = written(tmp_path / STAGE, NEW)
    left, rename = [renames], Path.rename

    def until_killed(self: Path, target: Path) -> Path:
        if not left[0]:
            raise KilledError
        left[0] -= 1
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", until_killed)
        with pytest.raises(KilledError):
            swap(tmp_path, stage, TIME)
    assert is_unfinished(tmp_path) is (renames > 0)
    finish(tmp_path)
    assert files(tmp_path) == (NEW if renames else OLD)
    if renames:
        assert files(tmp_path / f"before-restore-{TIME}") == OLD
    assert not is_unfinished(tmp_path)


def test_whoever_opens_the_database_finishes_first(tmp_path: Path) -> None:
    Database.open(tmp_path / "other").close()
    written(tmp_path / "office", OLD)
    (tmp_path / "other").rename(tmp_path / "office" / f"restore.ready-{TIME}")
    Database.open(tmp_path / "office").close()
    assert not is_unfinished(tmp_path / "office")
    assert (tmp_path / "office" / f"before-restore-{TIME}" / "altiware.db").read_text() == "old"
