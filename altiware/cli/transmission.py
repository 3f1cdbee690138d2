# SPDX-License-Identifier: MIT
"""``altiware board loopback|prbs|response|noise|crosstalk``: measured, held against limits."""

from collections.abc import Callable, Sequence

import typer

from altiware.cli.opened import opened, ports_of
from altiware.cli.output import end_with_fault, print_json, print_table
from drivers.base import BoardInfo
from drivers.diagnostics.cable import cable_call
from drivers.diagnostics.losses import undisturbed
from drivers.diagnostics.readings import BOARD_WIDE, Reading
from drivers.diagnostics.session import Session
from drivers.diagnostics.transmission import crosstalk, idle_noise, loopback, prbs, response
from drivers.service import Loopback, Prbs

__all__ = [
    "print_readings",
    "show_cable",
    "show_crosstalk",
    "show_loopback",
    "show_noise",
    "show_prbs",
    "show_response",
]

Test = Callable[[Session, Sequence[int]], list[Reading]]


def show_loopback(address: str, port: int | None, *, as_json: bool) -> None:
    """Print how samples come back from timeslot, codec and terminals."""
    _run(address, port, loopback, as_json=as_json)


def show_prbs(address: str, port: int | None, seconds: float, bits: int, *, as_json: bool) -> None:
    """Print the error rate of both sequences on each timeslot."""

    def both(session: Session, ports: Sequence[int]) -> list[Reading]:
        found: list[Reading] = []
        for sequence in Prbs:
            found += prbs(session, ports, sequence, seconds=seconds, bits=bits)
        return sorted(found, key=lambda reading: reading.port)

    _run(address, port, both, as_json=as_json)


def show_response(address: str, port: int | None, *, codec: bool, as_json: bool) -> None:
    """Print the response against 1004 Hz."""
    where = Loopback.CODEC if codec else Loopback.ANALOG
    _run(address, port, lambda session, ports: response(session, ports, where), as_json=as_json)


def show_noise(address: str, port: int | None, *, line: bool, as_json: bool) -> None:
    """Print the idle noise."""
    _run(
        address, port, lambda session, ports: idle_noise(session, ports, line=line), as_json=as_json
    )


def show_crosstalk(address: str, port: int | None, *, as_json: bool) -> None:
    """Print how loud each port is in the worst of the others."""

    def one_or_all(session: Session, ports: Sequence[int]) -> list[Reading]:
        info = session.board.info
        everyone = [each.number for each in info.ports] if info else []
        return [each for each in crosstalk(session, everyone) if each.port in ports]

    _run(address, port, one_or_all, as_json=as_json)


def show_cable(address: str, fxs: int, fxo: int, *, as_json: bool) -> None:
    """Print how a call from a port to another one of the same board went."""
    with opened(address) as (session, info):
        found = cable_call(session, fxs, fxo)
    print_readings(info, found, as_json=as_json)


def _run(address: str, port: int | None, test: Test, *, as_json: bool) -> None:
    with opened(address) as (session, info):
        ports = ports_of(info, port)
        found = undisturbed(session, lambda: test(session, ports))
    print_readings(info, found, as_json=as_json)


def print_readings(info: BoardInfo, found: Sequence[Reading], *, as_json: bool) -> None:
    """Print what was measured; what is outside of its limits is a fault."""
    faults = [each for each in found if not each.is_good]
    if as_json:
        readings = [each.document() for each in found]
        print_json({"serial": info.serial, "good": not faults, "readings": readings})
    else:
        print_table(("port", "test", "what", "value", "allowed", ""), map(_row, found))
        typer.echo(f"\n{info.model} {info.serial}: {_verdict(len(faults))}")
        for each in faults:
            typer.echo(f"  {each.sentence}")
    if faults:
        end_with_fault()


def _row(reading: Reading) -> tuple[str, ...]:
    port = "" if reading.port == BOARD_WIDE else str(reading.port)
    verdict = reading.detail if reading.is_good else f"FAULT {reading.detail}".rstrip()
    return (port, reading.test, reading.what, reading.shown, reading.limits, verdict)


def _verdict(faults: int) -> str:
    return f"{faults} outside of the limits" if faults else "good"
