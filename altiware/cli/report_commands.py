# SPDX-License-Identifier: MIT
"""The commands ``altiware report ...``: names, arguments and help."""

from typing import Annotated

import typer

from altiware.cli.options import AsCsv, AsJson, Config, Data, FirstDay, LastDay, default_directory

__all__ = ["report"]

report = typer.Typer(help="Figures of the calls of some days.", no_args_is_help=True)

By = Annotated[str, typer.Option(metavar="SECTION", help="Only this section.")]


@report.command("calls")
def report_calls(
    first: FirstDay = None,
    last: LastDay = None,
    by: By = "",
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Count calls: in total, by extension, trunk, hour, day and cause."""
    from altiware.cli import report as made

    when = made.days(first, last)
    made.report_calls(data or default_directory(), when, by, as_csv=as_csv, as_json=as_json)


@report.command("traffic")
def report_traffic(
    first: FirstDay = None,
    last: LastDay = None,
    by: By = "",
    lost: Annotated[
        float,
        typer.Option(
            metavar="SHARE", min=0.0001, max=0.5, help="Of calls that may find no free trunk."
        ),
    ] = 0.01,
    config: Config = None,
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Measure the trunks: erlangs, busy hours, calls that found none, and how many are needed.

    The trunk groups are the routes of the configuration.
    """
    from altiware.cli import report as made
    from altiware.config import FILE_NAME

    directory = data or default_directory()
    file = config or directory / FILE_NAME
    when = made.days(first, last)
    made.report_traffic(directory, file, when, by, lost, as_csv=as_csv, as_json=as_json)


@report.command("workgroup")
def report_workgroup(
    first: FirstDay = None,
    last: LastDay = None,
    by: By = "",
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Count the callers of workgroups: how long they waited, and who answered."""
    from altiware.cli import report as made

    when = made.days(first, last)
    made.report_workgroups(data or default_directory(), when, by, as_csv=as_csv, as_json=as_json)
