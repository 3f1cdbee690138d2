# SPDX-License-Identifier: MIT
"""``altiware line echotune``: find the impedance that gives a line the least echo.

What goes on is shown on standard error, the outcome on standard output.
"""

import dataclasses
from pathlib import Path

import typer

from altiware.cli.board import UP_S
from altiware.cli.line_test import SETTLES_S, shown
from altiware.cli.office_file import write_office
from altiware.cli.output import print_json, print_table
from altiware.cli.place import config_of, place
from altiware.errors import UsageError
from drivers.diagnostics.echotune import Tuning, echotune
from drivers.diagnostics.session import open_session

__all__ = ["tune"]


def tune(line: str, file: Path, *, write: bool, as_json: bool) -> None:
    """Tune a line; ``write`` the impedance into the configuration.

    Raises:
        UsageError: the line is none, or is to be written where it is no trunk.
        LineInUseError: somebody uses it.
        DriverError: the board isn't there, or can't change its impedance.
    """
    config = config_of(file)
    where = place(line, config)
    if write and where.trunk is None:
        raise UsageError(f"--write: {line} is no trunk of {file}")
    with open_session(where.address) as session, shown() as tell:
        session.wait_until_up(UP_S)
        session.passes(SETTLES_S)
        tuning = echotune(session, where.port, tell=tell)
    _print(tuning, as_json=as_json)
    if write and config is not None and where.trunk is not None:
        office = config.plan.trunks[where.trunk].office
        tuned = dataclasses.replace(office, impedance=tuning.best.index)
        write_office(file, where.trunk, tuned)


def _print(tuning: Tuning, *, as_json: bool) -> None:
    best, residual = tuning.best, tuning.residual
    if as_json:
        trials = [
            {"index": t.index, "name": t.name, "return_loss_db": round(t.return_loss_db, 2)}
            for t in tuning.trials
        ]
        print_json(
            {
                "before_db": round(tuning.before_db, 2),
                "trials": trials,
                "best": best.index,
                "after_db": round(best.return_loss_db, 2),
                "cancelled_db": round(residual.erle_db, 2),
                "residual_db": round(residual.erl_db + residual.erle_db, 2),
            }
        )
        return
    rows = [("", "as it was", f"{tuning.before_db:.1f} dB", "")]
    for trial in tuning.trials:
        mark = "best" if trial is best else ""
        rows.append((str(trial.index), trial.name, f"{trial.return_loss_db:.1f} dB", mark))
    print_table(("", "impedance", "return loss", ""), rows)
    gained_db = best.return_loss_db - tuning.before_db
    typer.echo(
        f"\n{best.name} is best: {gained_db:+.1f} dB. Behind the canceller the echo is"
        f" {residual.erl_db + residual.erle_db:.1f} dB down."
    )
