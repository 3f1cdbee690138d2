# SPDX-License-Identifier: MIT
"""What the service says when it has started: in a few lines, what there is and what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from altiware import __version__
from altiware.core.ids import PortAddress
from altiware.core.plan import FirstDigit, Plan
from drivers.base import Board, BoardInfo, PortKind

__all__ = ["Started", "greeting", "mismatches"]


@dataclass(frozen=True, slots=True)
class Started:
    """What there is to say about a start."""

    config: Path
    took_s: float
    left_open: int
    "Calls that the last service left open."
    list_calls: str
    "The command that lists the records."


def greeting(plan: Plan, boards: Sequence[Board], started: Started) -> list[str]:
    """Return the lines."""
    lines = [f"altiware {__version__}: started in {started.took_s:.2f} s"]
    lines += [_board_line(number, board) for number, board in enumerate(boards)]
    stations = ", ".join(f"{each.extension} ({each.name or each.port})" for each in plan.stations)
    lines.append(f"  extensions   {stations}")
    if plan.trunks:
        ports = ", ".join(str(each.port) for each in plan.trunks)
        lines.append(f"  office lines {ports}")
    lines.append(f"  dial         {_dialling(plan)}")
    lines.append(f"  config       {started.config}")
    lines.append(f"  records      {started.list_calls}")
    if started.left_open:
        lines.append(f"  closed       calls left open at the last end: {started.left_open}")
    lines += [f"  try          {hint}" for board in boards for hint in _hints(board)]
    lines.append("Ctrl-C ends it.")
    return lines


def mismatches(plan: Plan, number: int, info: BoardInfo) -> list[str]:
    """Return where the plan means ports that a board hasn't got, or of the other kind."""
    kinds = {port.number: port.kind for port in info.ports}
    return [
        f"{setting} = {str(port)!r}: {info.model} has {_has(kinds, port, wanted)}"
        for setting, port, wanted in _used(plan)
        if port.board == number and kinds.get(port.port) is not wanted
    ]


def _used(plan: Plan) -> Iterator[tuple[str, PortAddress, PortKind]]:
    for index, station in enumerate(plan.stations):
        yield f"stations[{index}].port", station.port, PortKind.FXS
    for index, trunk in enumerate(plan.trunks):
        yield f"trunks[{index}].port", trunk.port, PortKind.FXO


def _has(kinds: dict[int, PortKind], port: PortAddress, wanted: PortKind) -> str:
    if port.port not in kinds:
        return f"ports 00 to {max(kinds, default=0):02d}"
    name = "telephones" if wanted is PortKind.FXS else "office lines"
    fitting = ", ".join(f"{each:02d}" for each, kind in kinds.items() if kind is wanted)
    return f"{name} on {fitting or 'no port'}"


def _board_line(number: int, board: Board) -> str:
    if board.info is None:
        return f"  board {number:02d}     {board.address}: {board.state.value}"
    serial = board.info.serial or "none"
    return f"  board {number:02d}     {board.info.model}, serial {serial}, at {board.address}"


def _hints(board: Board) -> list[str]:
    """Return what the board says can be tried with it (a simulated one: how to lift)."""
    return [board.info.features["try"]] if board.info and "try" in board.info.features else []


def _dialling(plan: Plan) -> str:
    """Say what the first digits are for."""
    what = {
        FirstDigit.EXTENSION: "an extension",
        FirstDigit.TRUNK: "an outside line",
        FirstDigit.OPERATOR: f"the operator ({plan.operator_party})",
    }
    digits = plan.numbering.first_digits
    keys = {kind: _keys([k for k in sorted(digits) if digits[k] is kind]) for kind in what}
    return ", ".join(f"{keys[kind]} for {text}" for kind, text in what.items() if keys[kind])


def _keys(keys: Sequence[str]) -> str:
    """Return keys as people write them: three or more in a row as "1-8"."""
    rows: list[str] = []
    for key in keys:
        if rows and key.isdigit() and rows[-1][-1].isdigit() and int(key) == int(rows[-1][-1]) + 1:
            rows[-1] += key
        else:
            rows.append(key)
    return " ".join(f"{row[0]}-{row[-1]}" if len(row) > 2 else " ".join(row) for row in rows)
