# SPDX-License-Identifier: MIT
"""A board is an address; a wrong one is answered with what is allowed."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from drivers import registry
from drivers.errors import AddressError, NotAvailableError
from drivers.quantum.board import QuantumBoard


@pytest.mark.parametrize(
    "address",
    [
        "quantum+serial:///dev/ttyACM0",
        "quantum+serial:///dev/ttyS0?baud=460800&format=ulaw",
        "quantum+tcp://localhost",
        "dahdi://1-4,9-12?format=ulaw",
        "quantum+tcp://[::1]:5400",
        "quantum+tcp://board.example:5401?format=alaw",
    ],
)
def test_an_address_is_a_board(address: str) -> None:
    board = registry.board(address)
    assert isinstance(board, QuantumBoard)
    assert board.address == address
    assert not board.wants_link, "not before it is started"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (
            "",
            r"begin it with one of cellular://, dahdi://, quantum\+serial://, quantum\+sim://",
        ),
        ("nonsense", "begin it with one of"),
        ("quantum+usb2://1", "begin it with one of"),
        ("quantum+serial://ttyACM0", "write quantum.serial:///dev/ttyACM0"),
        ("quantum+serial:///", "write quantum.serial:///dev/ttyACM0"),
        ("quantum+serial:///dev/x?baud=fast", "baud 'fast'; a number from 1200 to 20000000"),
        ("quantum+serial:///dev/x?baud=", "option 'baud' needs one value"),
        ("quantum+serial:///dev/x?baud=9600&baud=9600", "option 'baud' needs one value"),
        ("quantum+serial:///dev/x?speed=9600", "option 'speed' is unknown; allowed: baud, format"),
        ("quantum+serial:///dev/x?baud", "written .name=value"),
        ("quantum+serial:///dev/x?format=mp3", "format 'mp3' is none of s16, ulaw, alaw"),
        ("quantum+tcp://", "write quantum.tcp://HOST:5400"),
        ("quantum+tcp://h:99999", "Port out of range"),
        ("quantum+tcp://h:0", "write quantum.tcp://HOST:5400"),
        ("quantum+tcp://h/path", "write quantum.tcp://HOST:5400"),
        ("quantum+tcp://h?baud=1", "option 'baud' is unknown; allowed: format"),
        ("quantum+tcp://[::1", "Invalid IPv6"),
    ],
)
def test_a_wrong_address_is_answered_with_what_is_allowed(address: str, message: str) -> None:
    with pytest.raises(AddressError, match=message):
        registry.board(address)


def test_another_package_may_add_a_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("their_boards")
    vars(module)["make"] = lambda address: registry.board("quantum+tcp://elsewhere")
    monkeypatch.setitem(sys.modules, "their_boards", module)
    entry = EntryPoint("theirs", "their_boards:make", "altiware.boards")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    assert registry.board("theirs://x").address == "quantum+tcp://elsewhere"


def test_a_scheme_whose_package_is_missing_is_not_available(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = EntryPoint("theirs", "no_such_module:make", "altiware.boards")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    with pytest.raises(NotAvailableError, match="no_such_module"):
        registry.board("theirs://x")


def test_a_factory_that_makes_no_board_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("theirs", "builtins:str", "altiware.boards")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    with pytest.raises(NotAvailableError, match="makes no Board"):
        registry.board("theirs://x")
