# SPDX-License-Identifier: MIT
"""``altiware board selftest|reset|identify``."""

from typing import Final

import typer

from altiware.cli.opened import opened
from altiware.cli.output import end_with_fault, print_json
from drivers.base import BoardInfo, OrderFailed
from drivers.diagnostics.asking import ask
from drivers.diagnostics.selftest import advice, self_test
from drivers.diagnostics.updating import restart
from drivers.errors import BoardOperationError
from drivers.service import Ability, BoardMeter

__all__ = ["identify", "reset", "show_self_test"]

REFUSAL_S: Final = 1.0
"""A lamp says nothing when it blinks; a board that can't says so within this time."""


def show_self_test(address: str, *, as_json: bool) -> None:
    """Print what the board finds wrong with itself."""
    with opened(address) as (session, info):
        failures = self_test(session)
        has_meter = bool(info.abilities & Ability.METER)
        meter = ask(session, session.board.meter, BoardMeter) if has_meter else None
    if as_json:
        found = [{"failure": failure, "advice": advice(failure)} for failure in failures]
        print_json({"serial": info.serial, "good": not failures, "failures": found,
                    "celsius": meter.celsius if meter else None})  # fmt: skip
    else:
        _print_self_test(info, failures, meter)
    if failures:
        end_with_fault()


def _print_self_test(info: BoardInfo, failures: tuple[str, ...], meter: BoardMeter | None) -> None:
    verdict = f"{len(failures)} failed" if failures else "good"
    warmth = f", {meter.celsius:.1f} °C" if meter and meter.celsius is not None else ""
    typer.echo(f"{info.model} {info.serial}: self-test {verdict}{warmth}")
    for failure in failures:
        typer.echo(f"{failure}: {advice(failure)}")


def reset(address: str, *, as_json: bool) -> None:
    """Restart the board, and say how long it was away."""
    with opened(address) as (session, _):
        began = session.engine.now
        restart(session)
        away_s = session.engine.now - began
        info = session.wait_until_up(away_s)
    if as_json:
        print_json({"serial": info.serial, "firmware": info.firmware, "away_s": round(away_s, 3)})
        return
    typer.echo(f"{info.model} {info.serial}: up again after {away_s:.1f} s")


def identify(address: str, *, as_json: bool) -> None:
    """Let the board's lamp blink.

    Raises:
        BoardOperationError: it has none.
    """
    with opened(address) as (session, info):
        ticket = session.board.identify()
        for happening in session.passes(REFUSAL_S):
            if isinstance(happening, OrderFailed) and happening.ticket == ticket:
                raise BoardOperationError(f"{address}: cannot blink: {happening.status}")
    if as_json:
        print_json({"serial": info.serial, "blinks": True})
        return
    typer.echo(f"{info.model} {info.serial}: its lamp blinks for a few seconds")
