# SPDX-License-Identifier: MIT
"""``altiware board list|info``: boards by their addresses, without the PBX."""

import dataclasses
from pathlib import Path
from typing import Final

import typer

from altiware.cli.output import print_json, print_table
from altiware.store.database import FILE_NAME, open_reading
from altiware.store.queries import SeenBoard, seen_boards
from drivers.base import BoardInfo, PortInfo
from drivers.diagnostics.session import open_session
from drivers.errors import NotAvailableError
from drivers.registry import schemes

__all__ = ["UP_S", "list_boards", "show_info"]

UP_S: Final = 10.0
"""How long a board may take to say who it is (a serial one may be booting)."""


def list_boards(directory: Path, *, as_json: bool) -> None:
    """Print the schemes, what is plugged into this machine and the boards in the records."""
    kinds = sorted(schemes())
    ports = _serial_ports()
    plugged = _usb_boards()
    seen = _seen(directory)
    if as_json:
        rows = [dataclasses.asdict(board) for board in seen]
        print_json({"schemes": kinds, "serial_ports": ports, "usb": plugged, "seen": rows})
        return
    typer.echo("Kinds of addresses: " + ", ".join(f"{kind}://" for kind in kinds))
    typer.echo("Serial ports here:  " + (", ".join(ports) or "none"))
    typer.echo("Boards on USB:      " + (", ".join(plugged) or "none"))
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
        if name != "dictionary":  # all of it, for tools: see --json
            typer.echo(f"{name}: {value}")
    rows = ((str(p.number), p.kind.value.upper(), _abilities(p)) for p in info.ports)
    print_table(("port", "kind", "can"), rows)


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


def _usb_boards() -> list[str]:
    from drivers.links.usb_port import usb_boards

    try:
        return [board.address for board in usb_boards()]
    except NotAvailableError:  # no libusb here
        return []


def _seen(directory: Path) -> list[SeenBoard]:
    if not (directory / FILE_NAME).is_file():
        return []
    connection = open_reading(directory)
    try:
        return seen_boards(connection)
    finally:
        connection.close()
