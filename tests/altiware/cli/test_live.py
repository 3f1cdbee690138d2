# SPDX-License-Identifier: MIT
"""The live view of a board: from a state, from a board in virtual time, and on a terminal."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator

import numpy as np
import pytest
from rich.console import Console

from altiware.cli.graphics import bars, meter, spectrum, waveform
from altiware.cli.live import KEYS, BoardView
from altiware.cli.watching import TapTail, Watcher
from boards_sim.session import SimulatedSession, simulated_session
from drivers.base import (
    AlarmRaised,
    BatteryChanged,
    BoardInfo,
    BoardLost,
    BoardUp,
    CallerReported,
    Capability,
    Flashed,
    HookChanged,
    LossReason,
    OrderDone,
    PolarityChanged,
    PortInfo,
    PortKind,
    PulseDigit,
    RingingChanged,
    Ticket,
)
from drivers.service import BoardMeter, LineCurrent, TerminalVolts
from dsp.events import CallerIdHeard, DigitHeard
from dsp.levels import peak_of
from tests.child import end

VOLTS = TerminalVolts(-47.9, None, None, None, None, None)
ADDRESS = "quantum+sim://Q8"


def board_info(ports: int = 2) -> BoardInfo:
    kinds = [PortKind.FXO, PortKind.FXS]
    infos = tuple(PortInfo(n, kinds[n % 2], Capability(0)) for n in range(ports))
    return BoardInfo("Q12", "Q12-260001", "1.0", "1.2.3", "QHI 1.1", infos)


def shown(view: BoardView) -> str:
    console = Console(width=120, force_terminal=False)
    with console.capture() as capture:
        console.print(view)
    return capture.get()


def tone(hertz: float, dbm0: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    wave = peak_of(dbm0) * np.sin(2 * np.pi * hertz * np.arange(8000) / 8000)
    return np.rint(wave).astype(np.int16)


def test_bars_grow_by_eighths() -> None:
    assert bars([0.0, 0.5, 1.0, 2.0], 0.0, 1.0, 1) == [" ▄██"]
    assert bars([0.75], 0.0, 1.0, 2) == ["▄", "█"]


def test_a_meter_keeps_its_width() -> None:
    assert [len(meter(level, 12)) for level in (-99.0, -33.3, 3.14)] == [12] * 3
    assert meter(3.0, 4) == "████"
    assert meter(-99.0, 4) == "    "


def test_a_wave_goes_up_and_down() -> None:
    rows = waveform(tone(100.0, 0.0), 40, 7)
    assert [len(row) for row in rows] == [40] * 7
    assert "█" in rows[0]
    assert "█" in rows[-1]
    assert waveform(np.zeros(0, np.int16), 5, 2) == ["     "] * 2


def test_a_tone_stands_in_its_column() -> None:
    rows = spectrum(tone(1000.0, 0.0), 80, 7)
    assert rows[0].strip() != ""
    assert abs(next(i for i, cell in enumerate(rows[0]) if cell != " ") - 20) <= 1
    assert spectrum(np.zeros(3, np.int16), 4, 1) == ["    "]


def test_what_happens_on_a_port_is_shown() -> None:
    view = BoardView(board_info())
    for happening in (
        HookChanged(0.0, 1, off_hook=True),
        DigitHeard(0.0, 1, "5", -10.0),
        PulseDigit(0.0, 1, "7"),
        Flashed(0.0, 1),
        RingingChanged(0.0, 0, ringing=True),
        CallerIdHeard(0.0, 0, b"nonsense"),
        CallerReported(0.0, 0, "5551234", "SMITH"),
        OrderDone(0.0, 1, Ticket(1), "read line", LineCurrent(VOLTS, 21.3)),
        OrderDone(0.0, -1, Ticket(2), "meter", BoardMeter(36.5, 12.0, 48.0)),
    ):
        view.note(happening)
    view.ports[1].says_dbm0 = -10.0
    lines = shown(view).splitlines()
    assert "Q12 Q12-260001   firmware 1.2.3   36.5 °C" in lines[0]
    (office,) = [line for line in lines if " FXO " in line]
    (phone,) = [line for line in lines if " FXS " in line]
    assert "ringing" in office
    assert "5551234 SMITH" in office
    assert re.search(r"off-hook\s+-47\.9\s+21\.3 .*█.*-10 .*57!", phone)


@pytest.mark.parametrize(
    ("happening", "state"),
    [
        (BatteryChanged(0.0, 0, present=False), "no battery"),
        (BatteryChanged(0.0, 0, present=True), "idle"),
        (PolarityChanged(0.0, 0, reversed=True), "reversed"),
        (RingingChanged(0.0, 0, ringing=False), "idle"),
    ],
)
def test_states_of_an_office_line(
    happening: BatteryChanged | PolarityChanged | RingingChanged, state: str
) -> None:
    view = BoardView(board_info())
    view.note(happening)
    assert view.ports[0].state == state


def test_what_befalls_the_board_is_said() -> None:
    view = BoardView(board_info())
    for happening, said in (
        (BoardLost(0.0, LossReason.CLOSED, "unplugged"), "lost: link closed unplugged"),
        (BoardUp(0.0, board_info()), "up again"),
        (AlarmRaised(0.0, -1, "heat"), "alarm: heat"),
    ):
        view.note(happening)
        assert said in shown(view)


def test_a_key_shows_a_port_and_hides_it() -> None:
    view = BoardView(board_info(12))
    assert view.press("b")
    assert view.shown == 11
    view.sound = tone(1000.0, 0.0)
    assert "port 11 says, 20 ms" in shown(view)
    assert view.press("b")
    assert view.shown is None
    assert "says, 20 ms" not in shown(view)
    assert view.press("z")
    assert not view.press("q")


def test_there_is_a_key_for_every_port() -> None:
    assert len(set(KEYS)) == len(KEYS) == 32
    assert "q" not in KEYS


@pytest.fixture
def session() -> Iterator[SimulatedSession]:
    with simulated_session("Q12") as session:
        yield session


def test_a_board_is_watched(session: SimulatedSession) -> None:
    info = session.board.info
    assert info is not None
    with TapTail(session) as tail:
        watcher = Watcher(session, info, list(range(12)), tail, lambda: session.engine.now)
        session.stage.telephone(4).lifts()
        watcher.view.press("4")
        for _ in range(40):
            watcher.turn(0.1)
        session.stage.telephone(4).dials("5")
        watcher.turn(0.1)
    port = watcher.view.ports[4]
    assert port.state == "off-hook"
    assert port.milliamperes == pytest.approx(23.0, abs=6.0)
    assert port.digits == "5"
    assert watcher.view.meter is not None
    assert watcher.view.link is not None
    assert watcher.view.answer_ms is not None
    assert len(watcher.view.sound) == 8000


def test_who_calls_is_shown(session: SimulatedSession) -> None:
    info = session.board.info
    assert info is not None
    with TapTail(session) as tail:
        watcher = Watcher(session, info, [0], tail)
        session.stage.office(0).calls_in("2125550123", "SMITH JOHN")
        for _ in range(60):
            watcher.turn(0.1)
    assert watcher.view.ports[0].caller == "2125550123 SMITH JOHN"


def test_a_tap_ends_with_its_port(session: SimulatedSession) -> None:
    before = len(session.engine.open_ports())
    with TapTail(session) as tail:
        tail.last(4)
        assert len(session.engine.open_ports()) == before + 1
        assert len(tail.last(None)) == 0
        assert len(session.engine.open_ports()) == before


def test_keys_on_a_terminal() -> None:
    """In real time: a port's sound appears, q ends the view and gives the terminal back."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (50, 120))
    before = termios.tcgetattr(theirs)
    command = [sys.executable, "-m", "altiware", "board", "monitor", ADDRESS]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, text=True
    ) as process:
        try:
            read_until(ours, "volts")
            os.write(ours, b"4")
            read_until(ours, "port 4 says")
            os.write(ours, b"q")
            drain(ours, process)
            assert process.wait(20) == 0
        finally:
            end(process)
    assert termios.tcgetattr(theirs)[3] == before[3]
    os.close(theirs)
    os.close(ours)


def read_until(terminal: int, words: str, within_s: float = 40.0) -> None:
    """Read what a terminal shows until the words are there."""
    seen, until = "", time.monotonic() + within_s
    while words not in seen:
        assert time.monotonic() < until, seen
        if select.select([terminal], [], [], 1.0)[0]:
            seen += os.read(terminal, 65536).decode(errors="replace")


def drain(terminal: int, process: "subprocess.Popen[str]", within_s: float = 20.0) -> None:
    """Read what is still shown until the process has ended."""
    until = time.monotonic() + within_s
    while process.poll() is None and time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            os.read(terminal, 65536)
