# SPDX-License-Identifier: MIT
"""``altiware board list|info|monitor``: boards by their addresses, without the PBX."""

import dataclasses
import enum
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import typer

from altiware.cli.output import print_json, print_table
from altiware.errors import UsageError
from altiware.store.database import FILE_NAME, open_reading
from altiware.store.queries import SeenBoard, seen_boards
from drivers.base import BoardEvent, BoardInfo, PortInfo
from drivers.diagnostics.session import Happening, Session, open_session
from drivers.registry import schemes
from dsp.engine import Detect
from dsp.events import PortEvent

__all__ = ["list_boards", "monitor", "show_info"]

UP_S: Final = 10.0
"""How long a board may take to say who it is (a serial one may be booting)."""


def list_boards(directory: Path, *, as_json: bool) -> None:
    """Print the schemes, the serial ports of this machine and the boards in the records."""
    kinds = sorted(schemes())
    ports = _serial_ports()
    seen = _seen(directory)
    if as_json:
        rows = [dataclasses.asdict(board) for board in seen]
        print_json({"schemes": kinds, "serial_ports": ports, "seen": rows})
        return
    typer.echo("Kinds of addresses: " + ", ".join(f"{kind}://" for kind in kinds))
    typer.echo("Serial ports here:  " + (", ".join(ports) or "none"))
    if not seen:
        typer.echo("Boards seen:        none yet")
        return
    typer.echo("Boards seen:")
    rows_ = ((b.serial, b.model, b.firmware, b.address, b.last_seen) for b in seen)
    print_table(("serial", "model", "firmware", "address", "last seen"), rows_)


def show_info(address: str, *, as_json: bool) -> None:
    """Print what the board says of itself."""
    with open_session(address) as session:
        info = session.wait_until_up(UP_S)
    if as_json:
        print_json(_info_document(info))
        return
    typer.echo(f"{info.model}  serial {info.serial or 'none'}  at {address}")
    typer.echo(f"hardware {info.hardware}, firmware {info.firmware}, protocol {info.protocol}")
    for name, value in info.features.items():
        typer.echo(f"{name}: {value}")
    rows = ((str(p.number), p.kind.value.upper(), _abilities(p)) for p in info.ports)
    print_table(("port", "kind", "can"), rows)


def monitor(address: str, port: int | None, seconds: float | None, *, as_json: bool) -> None:
    """Print what happens on the board's ports, and at the end each port's levels."""
    with open_session(address) as session:
        info = session.wait_until_up(UP_S)
        watched = _watched(info, port)
        slots = {session.board.timeslot(number): number for number in watched}
        for slot in slots:
            session.engine.detect(slot, Detect.DIGITS | Detect.LEVEL)
        if not as_json:
            typer.echo(f"{info.model} {info.serial}: watching; Ctrl-C ends", err=True)
        for happening in _until(session, seconds):
            line = _describe(happening, slots, watched, as_json=as_json)
            if line:
                typer.echo(line)


def _until(session: Session, seconds: float | None) -> Iterator[Happening]:
    """Yield what happens until the time is over (None: until interrupted)."""
    end = None if seconds is None else session.engine.now + seconds
    while end is None or session.engine.now < end:
        yield from session.happenings(1.0 if end is None else end - session.engine.now)


def _watched(info: BoardInfo, port: int | None) -> list[int]:
    numbers = [each.number for each in info.ports]
    if port is None:
        return numbers
    if port not in numbers:
        allowed = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
        raise UsageError(f"--port {port}: {info.model} has ports {allowed}")
    return [port]


def _describe(
    happening: Happening, slots: dict[int, int], watched: list[int], *, as_json: bool
) -> str:
    """Return a line on what happened; empty if it is of no port that is watched."""
    fields = {item.name: getattr(happening, item.name) for item in dataclasses.fields(happening)}
    if isinstance(happening, PortEvent):
        if happening.port not in slots:
            return ""
        fields["port"] = slots[happening.port]
    elif isinstance(happening, BoardEvent) and fields.get("port", watched[0]) not in watched:
        return ""
    name = type(happening).__name__
    if as_json:
        return json.dumps({"event": name, **fields}, default=_plain)
    at = fields.pop("at")
    details = " ".join(f"{key}={_plain(value)}" for key, value in fields.items())
    return f"{at:10.3f}  {name:16} {details}"


def _plain(value: object) -> object:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if dataclasses.is_dataclass(value) else value


def _info_document(info: BoardInfo) -> dict[str, object]:
    ports = [
        {"number": p.number, "kind": p.kind.value, "capabilities": _abilities(p).split()}
        for p in info.ports
    ]
    return {**dataclasses.asdict(info), "ports": ports}


def _abilities(port: PortInfo) -> str:
    return " ".join((one.name or "").lower() for one in port.capabilities)


def _serial_ports() -> list[str]:
    from serial.tools.list_ports import comports

    return sorted(port.device for port in comports())


def _seen(directory: Path) -> list[SeenBoard]:
    if not (directory / FILE_NAME).is_file():
        return []
    connection = open_reading(directory)
    try:
        return seen_boards(connection)
    finally:
        connection.close()
