# SPDX-License-Identifier: MIT
"""The pytest plugin, as a maker uses it: projects in a directory of their own, run by pytest."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.child import end

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "board-maker"
PLUGIN = ("-p", "altiware.hil.plugin", "-p", "no:cacheprovider", "-p", "no:asyncio")
CABLED = ("--board-peer", "quantum+sim://Q12", "--board-cable", "4=0,5=1,0=4")


def run(where: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest somewhere else, with the plugin and nothing of ours."""
    command = [sys.executable, "-m", "pytest", *PLUGIN, "--rootdir", str(where), *options]
    return subprocess.run(
        command,
        cwd=where,
        check=False,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    )


def project(where: Path, test: str) -> Path:
    (where / "test_it.py").write_text(test)
    return where


def outcome(ran: subprocess.CompletedProcess[str]) -> str:
    return ran.stdout.strip().rpartition("\n")[2]


@pytest.mark.parametrize("options", [(), CABLED], ids=["people", "cabled"])
def test_the_example_passes_on_the_simulator(options: tuple[str, ...]) -> None:
    ran = run(EXAMPLE, *options)
    assert ran.returncode == 0, ran.stdout
    assert "14 passed" in outcome(ran)


def test_a_maker_writes_a_call_once(tmp_path: Path) -> None:
    test = """
def test_a_call(exchange, phone):
    alice, bob = phone(4), phone(5)
    alice.lifts(); alice.hears("dial"); alice.dials("102"); bob.rings()
"""
    ran = run(project(tmp_path, test), "-q")
    assert "1 passed" in outcome(ran), ran.stdout


def test_what_does_not_come_about_is_said(tmp_path: Path) -> None:
    test = """
from drivers.base import HookChanged

def test_nobody_lifts(board, reports):
    reports(HookChanged, 4, within_s=0.5)

def test_nobody_rings(phone):
    phone(4).rings(1.0)
"""
    ran = run(project(tmp_path, test))
    assert ran.returncode == 1
    assert "no HookChanged on port 4 within 0.5 s" in ran.stdout
    assert "telephone 0:4 at 1" in ran.stdout
    assert "the bell has never rung" in ran.stdout


def test_a_port_without_anybody_skips_and_says_why(tmp_path: Path) -> None:
    test = """
def test_carol(phone):
    phone(6).lifts()

def test_the_clock(clock):
    began = clock.now
    clock.passes(60.0)
    assert 60.0 <= clock.now - began < 60.1
"""
    ran = run(project(tmp_path, test), *CABLED, "-ra")
    assert "1 passed, 1 skipped" in outcome(ran), ran.stdout
    assert "port 0:6 of the board under test: no cable to an office port" in ran.stdout
    assert "cabled to quantum+sim://Q12 (4=0,5=1,0=4)" in ran.stdout


def test_another_office_can_be_run(tmp_path: Path) -> None:
    test = """
import pytest
from altiware.core.ids import PortAddress
from altiware.core.plan import Plan, StationPlan

@pytest.fixture
def office_plan():
    ports = PortAddress(0, 4), PortAddress(0, 5)
    return Plan(stations=(StationPlan("201", ports[0]), StationPlan("202", ports[1])))

def test_it(exchange, phone):
    phone(4).lifts(); phone(4).hears("dial"); phone(4).dials("202"); phone(5).rings()
"""
    ran = run(project(tmp_path, test))
    assert "1 passed" in outcome(ran), ran.stdout


def test_two_who_read_the_board_are_one_too_many(tmp_path: Path) -> None:
    test = """
from drivers.base import HookChanged

def test_it(exchange, reports):
    reports(HookChanged)
"""
    ran = run(project(tmp_path, test))
    assert ran.returncode == 1
    assert "the exchange reads what the board reports" in ran.stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--board-peer", "quantum+sim://Q12"), "--board-peer and --board-cable need each other"),
        (("--board", "quantum+sim://Q99"), "no board profile 'Q99'"),
        (("--board", "nonsense"), "begin it with one of"),
        ((*CABLED[:3], "4=4"), "a cable to 1:4: that is no fxo port"),
        ((*CABLED[:3], "four"), "write 4=0,5=1"),
        (("--board-country", "xx"), "'xx'"),
    ],
)
def test_a_wrong_option_is_refused(tmp_path: Path, options: tuple[str, ...], why: str) -> None:
    ran = run(project(tmp_path, "def test_it(board): pass"), *options)
    assert ran.returncode != 0
    assert why in ran.stdout + ran.stderr


def test_it_does_nothing_unless_it_is_asked(tmp_path: Path) -> None:
    test = """
import sys

def test_it():
    assert not {"dsp.engine", "altiware.exchange", "boards_sim"} & set(sys.modules)
"""
    ran = run(project(tmp_path, test))
    assert "1 passed" in outcome(ran), ran.stdout


def test_the_contract_runs_from_anywhere_on_a_board_by_its_address(tmp_path: Path) -> None:
    ran = run(
        tmp_path,
        "--pyargs",
        "altiware.hil.contract",
        "--board=quantum+sim://Q8",
        "--board-peer=quantum+sim://Q12?seed=2",
        "--board-cable=4=0,5=1,6=2,7=3,0=4,1=5,2=6,3=7",
        "-k",
        "rings or seizing or said or comes_up or promise",
    )
    assert ran.returncode == 0, ran.stdout
    assert "under_test: UnderTest" in ran.stdout


def test_the_contract_needs_no_simulator() -> None:
    """What is in a maker's installation: neither our tests nor the simulated boards."""
    code = """
import sys
import altiware.hil.contract.test_under_test
import altiware.hil.contract.conftest
assert not {"boards_sim", "tests"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


REAL_TIME = "says_what or lifted_handset or alice_calls_bob"


@pytest.mark.slow
def test_the_example_passes_on_firmware_behind_tcp(tmp_path: Path) -> None:
    cores = os.cpu_count() or 1
    if os.getloadavg()[0] > cores:
        pytest.skip("this machine is too busy to keep real time")
    make = ("make", "--silent", "-C", str(ROOT / "boards_sim" / "firmware"))
    subprocess.run(make, check=True)
    with ExitStack() as stack:
        near, far = (firmware(stack, tmp_path / "wire") for _ in range(2))
        options = ("--board", near, "--board-peer", far, "--board-cable", "2=0,3=1,0=2,1=3")
        ran = run(EXAMPLE, *options, "-k", REAL_TIME)
    assert "3 passed" in outcome(ran), ran.stdout


def firmware(stack: ExitStack, cable: Path) -> str:
    """Start the reference firmware's program, and return its address."""
    program = ROOT / "build" / "firmware" / "altiware-firmware"
    pipe = subprocess.PIPE
    running = subprocess.Popen(
        [program, "--tcp=0", f"--cable={cable}"], stdin=pipe, stdout=pipe, text=True
    )
    stack.enter_context(running)
    stack.callback(end, running)
    assert running.stdout is not None
    return str(json.loads(running.stdout.readline())["board"])
