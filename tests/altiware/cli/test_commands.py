# SPDX-License-Identifier: MIT
"""The command line, as a person meets it: what it prints and with which status it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from altiware.cli.calls import HEADINGS
from altiware.core.ids import CallId
from altiware.core.notices import CallClosed, CallOpened, Traced, TraceKind
from altiware.store.codec import to_json
from altiware.store.database import Database
from altiware.store.journal import Journal
from altiware.store.writer import Writer
from tests.altiware.store.records import inbound, outbound, still_open


def altiware(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "altiware", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def refused(*arguments: str | Path, status: int = 2) -> str:
    """Run a command that must be refused; return what it says."""
    done = altiware(*arguments)
    assert done.returncode == status, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with three calls, one of them going on."""
    directory = tmp_path_factory.mktemp("data")
    writer = Writer(Database.open(directory))
    journal = Journal(writer)
    journal.note(CallClosed(1.0, outbound("c1")))
    journal.note(CallClosed(2.0, inbound("c2")))
    journal.note(CallOpened(3.0, still_open(outbound("c3"))))
    for at, what in ((1.0, "Lifted"), (1.5, "Dialled")):
        journal.note(Traced(at, CallId("c1"), TraceKind.EVENT, "103", "c1", what))
    writer.close()
    return directory


def test_the_version_is_said() -> None:
    done = altiware("--version")
    assert (done.returncode, done.stdout) == (0, "altiware 0.1.0\n")


def test_the_help_names_every_command() -> None:
    done = altiware("--help")
    assert done.returncode == 0
    for command in ("run", "demo", "check", "board", "cdr", "call"):
        assert command in done.stdout


def test_help_loads_neither_engine_nor_store() -> None:
    script = (
        "import sys; import altiware.cli.commands; "
        "print([name for name in sys.modules if name in "
        "('pydantic', 'numpy', 'sqlite3', 'dsp.native', 'rich', 'serial')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_a_right_configuration_passes(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_text(
        '[[boards]]\naddress = "quantum+sim://Q12"\n'
        '[[stations]]\nextension = "101"\nport = "00:04"\n'
    )
    done = altiware("check", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 board, 1 extension" in done.stdout
    assert "mind" not in done.stdout


def test_a_country_without_number_classes_is_minded(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_text(
        'country = "fr"\n[[boards]]\naddress = "quantum+sim://Q12"\n'
        '[[stations]]\nextension = "101"\nport = "00:04"\n'
    )
    done = altiware("check", file)
    assert done.returncode == 0
    assert "'fr' has no table of number classes" in done.stdout


def test_every_fault_of_a_configuration_is_a_line(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_text("volume = 1\n")
    lines = refused("check", file).splitlines()
    assert [line.split(" ")[2] for line in lines] == ["boards", "stations", "volume"]
    assert all(line.startswith(f"altiware: {file}") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "missing.toml"), "missing.toml: No such file"),
        (("check",), "FILE"),
        (("run", "--config", "missing.toml", "--data", "d"), "missing.toml: No such file"),
        (("cdr", "list", "--data", "/nowhere"), "/nowhere: no records here"),
        (("cdr", "list", "--limit", "0"), "--limit"),
        (("cdr", "list", "--limit", "9" * 20), "--limit"),
        (("board", "info", "quantum+sim://["), "Invalid IPv6"),
        (("check", "x\x1b[31m"), "x\\x1b[31m: No such file"),
        (("call", "trace", "x", "--data", "/nowhere"), "/nowhere: no records here"),
        (("sing",), "sing"),
        (("run", "--loud"), "--loud"),
    ],
)
def test_wrong_input_is_named(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[3]))
    assert said in refused(*arguments)


def test_calls_are_listed_for_people(data: Path) -> None:
    done = altiware("cdr", "list", "--data", data)
    lines = done.stdout.splitlines()
    assert lines[0].split() == list(HEADINGS)
    assert [line.split()[0] for line in lines[1:]] == ["c1", "c2", "c3"]
    assert lines[3].endswith("(going on)")


def test_calls_are_listed_as_one_json_document(data: Path) -> None:
    done = altiware("cdr", "list", "--json", "--limit", "2", "--data", data)
    assert json.loads(done.stdout) == [to_json(inbound("c2")), to_json(still_open(outbound("c3")))]


def test_a_call_is_drawn_with_its_decision(data: Path) -> None:
    done = altiware("call", "trace", "c1", "--data", data)
    assert done.returncode == 0
    assert "decision: allow by rule local: Local calls are allowed." in done.stdout
    assert "0.500" in done.stdout
    assert "Dialled" in done.stdout


def test_a_call_is_one_json_document(data: Path) -> None:
    done = altiware("call", "trace", "c1", "--json", "--data", data)
    document = json.loads(done.stdout)
    assert document["call"] == to_json(outbound("c1"))
    assert [line["what"] for line in document["trace"]] == ["Lifted", "Dialled"]


def test_the_legs_of_a_call_are_shown(data: Path) -> None:
    lines = altiware("cdr", "show", "c2", "--data", data).stdout.splitlines()
    assert lines[0].startswith("call c2: 00:00 to 101, inbound")
    assert lines[-2].split() == [
        *("09:05:00", "09:05:03", "00:00", "190", "Main", "menu", "attendant", "3.0", "s"),
        "forwarded",
    ]
    assert "ringing 5.0 s, held 12.5 s, talking 47.5 s" in lines[-1]
    done = altiware("cdr", "show", "c2", "--json", "--data", data)
    assert json.loads(done.stdout) == to_json(inbound("c2"))


def test_an_unknown_call_is_named_with_the_latest_ones(data: Path) -> None:
    said = refused("call", "trace", "c9", "--data", data)
    assert said == refused("cdr", "show", "c9", "--data", data)
    assert "c9" in said
    assert "c1, c2, c3" in said


def test_a_reader_that_leaves_early_is_no_fault(data: Path) -> None:
    command = f"{sys.executable} -m altiware cdr list --json --data {data} | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("address", "said", "status"),
    [
        ("quantum+pigeon://x", "quantum+sim://, quantum+tcp://", 2),
        ("quantum+usb://1209:zz", "1209:0001/SERIAL", 2),
        ("quantum+usb://1209:ffff", "usb", 3),
        ("quantum+serial:///dev/nothing", "/dev/nothing", 3),
        ("quantum+tcp://127.0.0.1:99999", "127.0.0.1:99999", 2),
        ("Q12", "'Q12'", 2),
    ],
)
def test_a_board_that_is_not_there_is_named(address: str, said: str, status: int) -> None:
    assert said in refused("board", "info", address, status=status)
    assert said in refused("board", "monitor", address, status=status)


def test_boards_seen_are_listed(data: Path) -> None:
    done = altiware("board", "list", "--json", "--data", data)
    schemes = json.loads(done.stdout)["schemes"]
    assert {"quantum+serial", "quantum+sim", "quantum+tcp", "quantum+usb"} <= set(schemes)


@pytest.mark.parametrize("files", [16, 20])
def test_too_few_open_files_are_said_in_a_sentence(files: int, tmp_path: Path) -> None:
    command = f"ulimit -n {files}; exec {sys.executable} -m altiware run --data {tmp_path}"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"altiware: this process may open {files} files at a time")
    assert len(done.stderr.splitlines()) == 1


def test_a_limit_that_may_be_raised_is_raised() -> None:
    command = f"ulimit -Sn 13; exec {sys.executable} -m altiware board info quantum+sim://Q8"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
