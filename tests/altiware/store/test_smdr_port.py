# SPDX-License-Identifier: MIT
"""The SMDR port writes to files, FIFOs and serial ports, and never holds anyone up."""

import os
import pty
import select
import tty
from pathlib import Path

import pytest

from altiware.store.smdr_port import (
    BACKLOG,
    SmdrPort,
    SmdrTarget,
    TargetError,
    parse_target,
)

WAIT_S = 30.0
LINE = b" 11/22 09:05A" + b" " * 67 + b"\n"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("/var/log/smdr.txt", SmdrTarget(Path("/var/log/smdr.txt"))),
        ("smdr.txt", SmdrTarget(Path("smdr.txt"))),
        ("file:///var/log/smdr.txt", SmdrTarget(Path("/var/log/smdr.txt"))),
        ("serial:///dev/ttyS0", SmdrTarget(Path("/dev/ttyS0"), 9600)),
        ("serial:///dev/ttyS0?baud=1200", SmdrTarget(Path("/dev/ttyS0"), 1200)),
    ],
)
def test_targets_that_are_understood(text: str, target: SmdrTarget) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tcp://printer:9100",
        "serial://ttyS0",
        "serial:///dev/ttyS0?baud=fast",
        "serial:///dev/ttyS0?speed=9600",
        "serial:",
        "serial:///dev/ttyS0?baud=9600&baud=300",
        "http://[",
        "/",
        ".",
        "..",
        "/var/log/..",
        "file://printer/smdr.txt",
        "smdr\0.txt",
    ],
)
def test_targets_that_are_refused(text: str) -> None:
    with pytest.raises(TargetError, match=r"a path|baud="):
        parse_target(text)


def test_lines_are_appended_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "smdr.txt"
    file.write_bytes(LINE)
    port = SmdrPort(SmdrTarget(file))
    port.write(LINE).result(WAIT_S)
    port.close()
    assert file.read_bytes() == LINE * 2


def test_closing_writes_what_is_queued(tmp_path: Path) -> None:
    port = SmdrPort(SmdrTarget(tmp_path / "smdr.txt"))
    for _ in range(100):
        port.write(LINE)
    port.close()
    assert (tmp_path / "smdr.txt").read_bytes() == LINE * 100


def test_a_fifo_that_nobody_reads_keeps_its_lines_until_somebody_does(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    port = SmdrPort(SmdrTarget(fifo), retry_s=0.01)
    written = port.write(LINE)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    written.result(WAIT_S)
    assert os.read(reader, 200) == LINE
    port.close()
    os.close(reader)


def test_a_backlog_gives_up_its_oldest_lines_and_counts_them(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    port = SmdrPort(SmdrTarget(fifo), retry_s=60.0)
    first = port.write(LINE)
    for _ in range(BACKLOG + 4):
        port.write(LINE)
    assert first.cancelled()
    assert port.lost == 5
    port.close()


def test_closing_does_not_wait_for_a_port_that_is_away(tmp_path: Path) -> None:
    port = SmdrPort(SmdrTarget(tmp_path / "missing" / "smdr.txt"), retry_s=60.0)
    port.write(LINE)
    port.close()
    assert "missing" in port.fault


def test_a_serial_port_gets_the_line(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    port = SmdrPort(SmdrTarget(Path(os.ttyname(theirs)), 9600))
    port.write(LINE).result(WAIT_S)
    got = b""
    while len(got) < len(LINE) and select.select([ours], [], [], WAIT_S)[0]:
        got += os.read(ours, 200)
    port.close()
    os.close(ours)
    os.close(theirs)
    assert got == LINE
