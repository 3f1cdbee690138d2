# SPDX-License-Identifier: MIT
"""What the service says at its start, and about ports that aren't there."""

import dataclasses
from importlib import resources
from pathlib import Path
from typing import cast

from altiware.config import parse
from altiware.greeting import Started, greeting, mismatches
from drivers.base import Board, BoardInfo, BoardState, Capability, PortInfo, PortKind

PLAN = parse(resources.files("altiware").joinpath("default.toml").read_text("utf-8"), "f").plan
PORTS = tuple(
    PortInfo(number, PortKind.FXO if number < 4 else PortKind.FXS, Capability(0))
    for number in range(12)
)
Q12 = BoardInfo("Q12", "Q12-260001", "A", "1.0", "QHI 1", PORTS, {"try": "lift it"})


@dataclasses.dataclass
class FakeBoard:
    """What the greeting reads of a board."""

    info: BoardInfo | None = Q12
    state: BoardState = BoardState.UP
    address: str = "quantum+sim://Q12"


def said(board: FakeBoard, left_open: int = 0) -> str:
    """Return the greeting."""
    started = Started(Path("/d/altiware.toml"), 0.42, left_open, "altiware cdr list")
    return "\n".join(greeting(PLAN, [cast("Board", board)], started))


def test_the_greeting_names_what_there_is_and_what_to_do() -> None:
    text = said(FakeBoard())
    for part in (
        "started in 0.42 s",
        "Q12, serial Q12-260001, at quantum+sim://Q12",
        "101 (Reception), 102",
        "00:00, 00:01, 00:02, 00:03",
        "1-8 for an extension, 9 for an outside line, 0 for the operator (101)",
        "/d/altiware.toml",
        "altiware cdr list",
        "lift it",
    ):
        assert part in text
    assert "left open" not in text


def test_the_greeting_names_a_board_that_is_not_there_and_calls_that_were_left() -> None:
    text = said(FakeBoard(info=None, state=BoardState.WAITING), left_open=3)
    assert "quantum+sim://Q12: waiting for a link" in text
    assert "left open at the last end: 3" in text


def test_a_plan_that_fits_its_board_has_no_mismatch() -> None:
    assert mismatches(PLAN, 0, Q12) == []
    assert mismatches(PLAN, 1, dataclasses.replace(Q12, ports=())) == []


def test_ports_that_are_not_there_or_of_the_other_kind_are_named() -> None:
    small = dataclasses.replace(Q12, ports=PORTS[:8])
    assert mismatches(PLAN, 0, small)[0] == "stations[4].port = '00:08': Q12 has ports 00 to 07"
    telephones = tuple(dataclasses.replace(port, kind=PortKind.FXS) for port in PORTS)
    only = dataclasses.replace(Q12, ports=telephones)
    assert mismatches(PLAN, 0, only) == [
        f"trunks[{number}].port = '00:0{number}': Q12 has office lines on no port"
        for number in range(4)
    ]
