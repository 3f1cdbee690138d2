# SPDX-License-Identifier: MIT
"""Backups: everything back after everything is gone, and no damaged one taken for whole."""

import hashlib
import io
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from altiware.backup.errors import ArchiveError
from altiware.backup.manifest import MANIFEST_NAME, Entry, Manifest, from_bytes, to_bytes
from altiware.backup.reading import unpacked, verified
from altiware.backup.restoring import restore
from altiware.backup.writing import write_backup
from altiware.core.notices import CallClosed
from altiware.store.database import FILE_NAME, Database, locked, open_reading
from altiware.store.errors import DirectoryError, InUseError
from altiware.store.journal import Journal
from altiware.store.queries import newest_calls
from altiware.store.writer import Writer
from tests.altiware.store.records import outbound

DEFAULT = resources.files("altiware").joinpath("default.toml").read_bytes()
SOUND = random.Random(5).randbytes(300_000)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Return a data directory with records, a recording and what only a running service has."""
    directory = tmp_path / "office"
    writer = Writer(Database.open(directory))
    Journal(writer).note(CallClosed(1.0, outbound("c1")))
    writer.close()
    (directory / "altiware.toml").write_bytes(DEFAULT)
    (directory / "blackbox").mkdir()
    (directory / "blackbox" / "Gruß.wav").write_bytes(SOUND)
    (directory / "blackbox" / ".half.wav").write_bytes(b"half")
    (directory / "empty.txt").write_bytes(b"")
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(directory / "engine.sock"))
    os.mkfifo(directory / "smdr.fifo")
    return directory


def kept(directory: Path) -> dict[str, bytes]:
    """Return the files of a directory, but not the database."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.name not in ("lock", ".half.wav") and FILE_NAME not in path.name
    }


def calls(directory: Path) -> list[str]:
    """Return the ids of the calls in the records."""
    with closing(open_reading(directory)) as connection:
        return [str(record.id) for record in newest_calls(connection, 1000)]


def test_everything_is_back_after_everything_is_gone(office: Path, tmp_path: Path) -> None:
    before = kept(office)
    manifest = write_backup(office, tmp_path / "b.tar")
    assert {entry.name for entry in manifest.entries} == {
        "altiware.db", "altiware.toml", "blackbox/Gruß.wav", "empty.txt"
    }  # fmt: skip
    assert any(notice.startswith("not encrypted") for notice in manifest.notices)
    shutil.rmtree(office)
    done = restore(tmp_path / "b.tar", office)
    assert done.manifest == manifest
    assert done.old is None
    assert kept(office) == before
    assert calls(office) == ["c1"]
    Database.open(office).close()


def test_what_was_there_is_kept_beside_it(office: Path, tmp_path: Path) -> None:
    write_backup(office, tmp_path / "b.tar")
    (office / "blackbox" / "later.wav").write_bytes(b"later")
    later = kept(office)
    done = restore(tmp_path / "b.tar", office)
    assert done.old
    assert kept(done.old) == later
    assert calls(done.old) == ["c1"]
    again = write_backup(office, tmp_path / "b2.tar")
    assert all("before-restore" not in entry.name for entry in again.entries)


def test_a_backup_is_its_owners_alone_and_replaces_the_last(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.tar"
    out.write_text("the last one")
    write_backup(office, out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    verified(out)


def test_a_backup_inside_the_office_is_not_in_itself(office: Path) -> None:
    manifest = write_backup(office, office / "b.tar")
    assert "b.tar" not in {entry.name for entry in manifest.entries}


def test_while_a_service_writes_the_database_is_of_one_moment(office: Path, tmp_path: Path) -> None:
    writer = Writer(Database.open(office))
    journal = Journal(writer)
    for number in range(200):
        journal.note(CallClosed(2.0, outbound(f"d{number:03}")))
    write_backup(office, tmp_path / "b.tar")
    with pytest.raises(InUseError):
        restore(tmp_path / "b.tar", office)
    writer.close()
    assert len(calls(office)) == 201
    restore(tmp_path / "b.tar", tmp_path / "new")
    there = calls(tmp_path / "new")
    assert there == calls(office)[: len(there)]


def test_links_and_impossible_names_are_named(office: Path, tmp_path: Path) -> None:
    (office / "elsewhere").symlink_to("/etc")
    (office / "nowhere").symlink_to("/nonexistent")
    (office / "bad\nname").write_text("x")
    notices = write_backup(office, tmp_path / "b.tar").notices
    assert "left out: elsewhere: a symbolic link" in notices
    assert "left out: nowhere: a symbolic link to nothing" in notices
    assert "left out: 'bad\\nname': an impossible name" in notices


def test_where_no_office_is_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="no data directory"):
        write_backup(tmp_path, tmp_path / "b.tar")


def test_a_damaged_database_is_not_backed_up(office: Path, tmp_path: Path) -> None:
    with (office / FILE_NAME).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(Exception, match=r"damaged|malformed"):
        write_backup(office, tmp_path / "b.tar")
    assert list(tmp_path.glob("*.tar")) == []


def test_cut_anywhere_it_is_refused_and_nothing_changes(office: Path, tmp_path: Path) -> None:
    out, cut = tmp_path / "b.tar", tmp_path / "cut.tar"
    write_backup(office, out)
    whole = out.read_bytes()
    end = whole.rindex(b'"sum"')
    before = kept(office)
    for length in [0, 1, 511, 512, 513, 5000, *range(6000, end, len(whole) // 25), end]:
        cut.write_bytes(whole[:length])
        with pytest.raises(ArchiveError):
            restore(cut, office)
    assert kept(office) == before
    assert [path.name for path in office.iterdir() if path.name.startswith("restore")] == []


def test_a_flipped_bit_anywhere_is_found(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.tar"
    write_backup(office, out)
    whole = out.read_bytes()
    with tarfile.open(out) as archive:
        spans = [(each.offset_data, each.size) for each in archive if each.size]
    rng = random.Random(7)
    for begin, size in spans:
        for _ in range(8):
            at = begin + rng.randrange(size)
            changed = bytearray(whole)
            changed[at] ^= 1 << rng.randrange(8)
            out.write_bytes(changed)
            with pytest.raises(ArchiveError):
                verified(out)


def evil(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """Write an archive of members, with a manifest that agrees."""
    entries = tuple(
        Entry(info.name, len(content), hashlib.sha256(content).hexdigest())
        for info, content in members
    )
    manifest = to_bytes(Manifest("0", "now", (), entries))
    last = tarfile.TarInfo(MANIFEST_NAME)
    with tarfile.open(path, "w") as archive:
        for info, content in (*members, (last, manifest)):
            info.size = len(content) if info.type == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """Return a member of an archive."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize(
    "info",
    [
        member("../out"),
        member("a/../../out"),
        member("/tmp/out"),  # noqa: S108
        member("a/./b"),
        member("a//b"),
        member(""),
        member("lock"),
        member("altiware.db-wal"),
        member("restore.ready-1/altiware.toml"),
        member(".hidden"),
        member("a\nb"),
        member("link", tarfile.SYMTYPE, "/etc"),
        member("link", tarfile.LNKTYPE, "altiware.toml"),
        member("device", tarfile.CHRTYPE),
        member("fifo", tarfile.FIFOTYPE),
        member("folder", tarfile.DIRTYPE),
        member("odd", b"Z"),
    ],
    ids=lambda info: repr(info.name + info.type.decode()),
)
def test_nothing_leads_out_of_the_directory(tmp_path: Path, info: tarfile.TarInfo) -> None:
    target = tmp_path / "deep" / "target"
    target.mkdir(parents=True)
    archive = evil(tmp_path / "evil.tar", (info, b"x"))
    with pytest.raises(ArchiveError):
        unpacked(archive, target)
    with pytest.raises(ArchiveError):
        verified(archive)
    assert list(target.iterdir()) == []
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_a_file_twice_or_behind_the_manifest_is_refused(tmp_path: Path) -> None:
    twice = evil(tmp_path / "e.tar", (member("a"), b"x"), (member("a"), b"x"))
    with pytest.raises(ArchiveError, match="twice"):
        verified(twice)
    good = evil(tmp_path / "g.tar", (member("a"), b"x"))
    verified(good)
    with tarfile.open(good, "a") as archive:
        archive.addfile(member("b"), io.BytesIO())
    with pytest.raises(ArchiveError, match="follows"):
        verified(good)


def test_an_archive_without_a_database_of_ours_changes_nothing(
    office: Path, tmp_path: Path
) -> None:
    before = kept(office)
    for content in (b"", b"no database" * 1000):
        with pytest.raises(ArchiveError):
            restore(evil(tmp_path / "e.tar", (member(FILE_NAME), content)), office)
    with closing(sqlite3.connect(tmp_path / "newer.db")) as newer:
        newer.execute("PRAGMA user_version = 9999")
    content = (tmp_path / "newer.db").read_bytes()
    with pytest.raises(ArchiveError, match="newer release"):
        restore(evil(tmp_path / "e.tar", (member(FILE_NAME), content)), office)
    assert kept(office) == before


def test_a_wrong_configuration_is_restored_with_a_warning(office: Path, tmp_path: Path) -> None:
    (office / "altiware.toml").write_text("country = 'xx'")
    write_backup(office, tmp_path / "b.tar")
    (warning, *_) = restore(tmp_path / "b.tar", office).warnings
    assert "the configuration is wrong" in warning
    (office / "altiware.toml").unlink()
    write_backup(office, tmp_path / "b.tar")
    assert "had its configuration elsewhere" in restore(tmp_path / "b.tar", office).warnings[0]


LIMITED = """
import resource, sys
from altiware.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
raise SystemExit(run(lambda *_: None))
"""


def limited(size: int, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command that can write no file longer than ``size``: a disk that is full there."""
    command = [sys.executable, "-c", LIMITED, str(size), *map(str, arguments)]
    return subprocess.run(command, text=True, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("size", [50_000, 150_000, 350_000])
def test_on_a_full_disk_the_last_backup_stays(office: Path, tmp_path: Path, size: int) -> None:
    out = tmp_path / "b.tar"
    out.write_text("the last one")
    done = limited(size, "backup", out, "--data", office)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert out.read_text() == "the last one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "office"]


def test_on_a_full_disk_a_restore_leaves_all_as_it_was(office: Path, tmp_path: Path) -> None:
    write_backup(office, tmp_path / "b.tar")
    before = kept(office)
    done = limited(200_000, "restore", tmp_path / "b.tar", "--data", office)
    assert done.returncode == 3
    assert "File too large" in done.stderr
    assert kept(office) == before
    assert calls(office) == ["c1"]
    assert sorted(path.name for path in office.iterdir() if "restore" in path.name) == []


def test_a_lock_lets_nobody_in(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(InUseError), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"sum": 1}', b"[" * 9999]
)
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveError):
        from_bytes(content)


def test_a_manifest_is_read_as_it_was_written() -> None:
    manifest = Manifest("1.0", "2026-03-02", ("a", "b"), (Entry("a", 1, "x"),))
    assert from_bytes(to_bytes(manifest)) == manifest
