# SPDX-License-Identifier: MIT
"""The commands of ``altiware``: their names, arguments and help; what they do is imported when run.

Nothing of the engine, the store or the boards is loaded to print a help text.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from altiware import __version__
from altiware.cli.board_commands import board
from altiware.cli.config_commands import NOUNS, settings, table_commands
from altiware.cli.options import (
    Address,
    AsCsv,
    AsJson,
    Config,
    Data,
    FirstDay,
    LastDay,
    Place,
    configuration,
    default_directory,
)
from altiware.cli.prompt_commands import prompts
from altiware.cli.report_commands import report

__all__ = ["app"]

app = typer.Typer(
    name="altiware",
    help="An office telephone system on real or simulated boards.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
line = typer.Typer(
    help="Examine a line: a telephone's or the central office's.", no_args_is_help=True
)
blackbox = typer.Typer(help="Look at calls that ended badly.", no_args_is_help=True)
tables = {noun: table_commands(noun, table) for noun, table in NOUNS.items()}
attendant = tables["attendant"]
workgroup = tables["workgroup"]
cdr = typer.Typer(help="Read call records.", no_args_is_help=True)
call = typer.Typer(help="Look into one call.", no_args_is_help=True)
app.add_typer(board, name="board")
app.add_typer(line, name="line")
app.add_typer(blackbox, name="blackbox")
app.add_typer(settings, name="config")
for _noun, _commands in tables.items():
    app.add_typer(_commands, name=_noun)
app.add_typer(cdr, name="cdr")
app.add_typer(call, name="call")
app.add_typer(prompts, name="prompts")
app.add_typer(report, name="report")

MOST_CALLS = 1_000_000
DAYS = ["%Y-%m-%d"]


Country = Annotated[
    str,
    typer.Option(metavar="NAME", help="Whose tones are looked for [default: as configured]."),
]
BoxFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A WAV of 8 kHz in stereo, or its name in the list.")
]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"altiware {__version__}")
        raise typer.Exit


@app.callback()
def altiware(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Run an office telephone system on real or simulated boards."""


@app.command("run")
def run_service(
    context: typer.Context,
    config: Config = None,
    data: Data = None,
) -> None:
    """Start the telephone system; without a configuration, a simulated office."""
    context.obj(config, data or default_directory())


@app.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Check a configuration and list everything that is wrong with it."""
    from altiware.cli.check import check_file

    check_file(file)


@app.command()
def doctor(
    address: Annotated[
        str | None, typer.Argument(metavar="[ADDRESS]", help="Of a board to be asked too.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """See what on this machine keeps boards from working, and what to do about it."""
    from altiware.cli.doctor import see_doctor

    see_doctor(address, data or default_directory(), as_json=as_json)


@app.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="As fast as it computes, without the live view.")
    ] = False,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where recordings and records go.")
    ] = Path("altiware-demo"),
    as_json: AsJson = False,
) -> None:
    """Play an office morning on simulated telephones, with people's voices."""
    from altiware.cli.demo.command import play

    play(out, live=not (headless or as_json), as_json=as_json)


@board.command("list")
def board_list(data: Data = None, as_json: AsJson = False) -> None:
    """List kinds of boards, serial ports that may have one, and boards seen."""
    from altiware.cli.board import list_boards

    list_boards(data or default_directory(), as_json=as_json)


@board.command("info")
def board_info(address: Address, as_json: AsJson = False) -> None:
    """Ask a board who it is and what its ports can do."""
    from altiware.cli.board import show_info

    show_info(address, as_json=as_json)


@board.command("monitor")
def board_monitor(
    address: Address,
    port: Annotated[int | None, typer.Option(metavar="N", help="Only this port.")] = None,
    seconds: Annotated[
        float | None, typer.Option(metavar="S", min=0.0, help="Stop after so long.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each as a line of JSON.")] = False,
) -> None:
    """Watch hooks, ringing, digits and levels of a board's ports until interrupted."""
    from altiware.cli.monitor import monitor

    monitor(address, port, seconds, as_json=as_json)


@line.command("detect")
def line_detect(
    place: Place,
    write: Annotated[
        bool, typer.Option("--write", help="Write the settings into the configuration.")
    ] = False,
    busy_number: Annotated[
        str, typer.Option(metavar="DIGITS", help="A number that is busy: the line's own will do.")
    ] = "",
    answer_number: Annotated[
        str,
        typer.Option(metavar="DIGITS", help="A number that you will answer: for reversal, flash."),
    ] = "",
    call_s: Annotated[
        float,
        typer.Option(metavar="S", min=0.0, help="How long to wait for a call; 0: don't ask."),
    ] = 60.0,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find out an office's tones, caller ID and how it ends calls, by using a free line.

    Exit status: 0 all is known, 1 a fault was found, 2 wrong input, 3 not possible now.
    """
    from altiware.cli.line import detect

    file = configuration(config, data)
    status = detect(
        place,
        file,
        busy_number=busy_number,
        answer_number=answer_number,
        call_s=call_s,
        write=write,
        as_json=as_json,
    )
    raise typer.Exit(status)


@line.command("test")
def line_test(
    place: Annotated[
        str,
        typer.Argument(
            metavar="BOARD[:PORT]", help="As 00:03, or quantum+sim://Q12:3; BOARD with --all."
        ),
    ],
    every: Annotated[bool, typer.Option("--all", help="Test all lines of the board.")] = False,
    off_hook: Annotated[
        bool,
        typer.Option("--off-hook", help="Nobody uses the line: a lifted telephone is a fault."),
    ] = False,
    loop_ohms: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=5000.0,
            help="Of the cable to the telephone, both wires: it makes bells look fewer.",
        ),
    ] = None,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Test a line for voltage, leaks, telephones, battery, dial tone and noise, while it is free.

    A board that a running PBX has is not to be reached: stop the PBX first.

    Exit status: 0 the line is good, 1 it has a fault, 2 wrong input, 3 not possible now: it is in
    use, or the board isn't there.
    """
    from altiware.cli import line_test

    file = configuration(config, data)
    run = line_test.test_all if every else line_test.test
    run(place, file, lifted=off_hook, loop_ohms=loop_ohms, as_json=as_json)


@line.command("echotune")
def line_echotune(
    place: Place,
    write: Annotated[
        bool, typer.Option("--write", help="Write the impedance into the configuration.")
    ] = False,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find the impedance that gives a free line the least echo; half a minute.

    An office's line is seized and given one digit; a telephone must be lifted, and all be quiet.

    Exit status: 0 done, 2 wrong input, 3 not possible now.
    """
    from altiware.cli.echotune import tune

    file = configuration(config, data)
    tune(place, file, write=write, as_json=as_json)


@line.command("capture")
def line_capture(
    place: Place,
    seconds: Annotated[
        float, typer.Option(metavar="S", min=0.1, max=3600.0, help="How long.")
    ] = 10.0,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="The sound; facts and picture go beside it.")
    ] = Path("capture.wav"),
    country: Country = "",
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Record a line both ways, with its volts, current and events, and draw what is on it."""
    from altiware.cli.blackbox import capture_line

    file = configuration(config, data)
    capture_line(place, seconds, out, country, file, as_json=as_json)


@blackbox.command("list")
def blackbox_list(data: Data = None, as_json: AsJson = False) -> None:
    """List what was saved of calls that ended badly, the oldest first."""
    from altiware.cli.blackbox import list_boxes

    list_boxes(data or default_directory(), as_json=as_json)


@blackbox.command("show")
def blackbox_show(
    file: BoxFile, country: Country = "", data: Data = None, as_json: AsJson = False
) -> None:
    """Print what is decoded on a box's sound and what happened meanwhile, as a time line."""
    from altiware.cli.blackbox import show_box

    show_box(file, data or default_directory(), country, as_json=as_json)


@blackbox.command("picture")
def blackbox_picture(
    file: BoxFile,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="[default: beside the sound]")
    ] = None,
    country: Country = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Draw a box as SVG: waveforms, spectrograms, what was decoded, events, volts and current."""
    from altiware.cli.blackbox import draw_box

    draw_box(file, data or default_directory(), country, out, as_json=as_json)


@attendant.command("draw")
def draw_attendant(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Which one [default: the first].")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to [default: standard output].")
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Draw what callers can press, as a picture (SVG)."""
    from altiware.cli.attendant_drawing import draw

    draw(configuration(config, data), name, output)


@workgroup.command("status")
def workgroup_status(data: Data = None, as_json: AsJson = False) -> None:
    """Print who waits and who talks now, and today's figures."""
    from altiware.cli.workgroups import print_status

    print_status(data or default_directory(), datetime.now(), as_json=as_json)


@workgroup.command("report")
def workgroup_report(
    begin: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DAY", formats=DAYS, help="[default: today]"),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option(
            "--to", metavar="DAY", formats=DAYS, help="The last day [default: the first]."
        ),
    ] = None,
    agents: Annotated[bool, typer.Option("--agents", help="Rows of each agent, too.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print what was offered, answered and lost, hour by hour, and the service level."""
    from altiware.cli.workgroups import print_report

    first = begin or datetime.combine(date.today(), time())
    after = (end or first) + timedelta(days=1)
    print_report(data or default_directory(), first, after, agents=agents, as_json=as_json)


@cdr.command("list")
def cdr_list(
    data: Data = None,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, max=MOST_CALLS, help="The newest N.")
    ] = 100,
    as_json: AsJson = False,
) -> None:
    """List the newest calls, oldest of them first."""
    from altiware.cli.calls import list_calls

    list_calls(data or default_directory(), limit, as_json=as_json)


@cdr.command("show")
def cdr_show(
    call_id: Annotated[str, typer.Argument(metavar="ID", help="As in `altiware cdr list`.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show one call and its legs: who was called, and what the time was spent with."""
    from altiware.cli.calls import show_call

    show_call(data or default_directory(), call_id, as_json=as_json)


@cdr.command("export")
def cdr_export(
    first: FirstDay = None,
    last: LastDay = None,
    data: Data = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Print all calls of some days: as CSV, a row for each leg, or as JSON."""
    from altiware.cli.cdr_export import export
    from altiware.cli.report import days

    export(data or default_directory(), days(first, last), as_csv=as_csv, as_json=as_json)


@call.command("trace")
def call_trace(
    call_id: Annotated[str, typer.Argument(metavar="ID", help="As in `altiware cdr list`.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Draw what happened in a call as a ladder, with each decision and its reason."""
    from altiware.cli.calls import show_trace

    show_trace(data or default_directory(), call_id, as_json=as_json)


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Replaced if it is there.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write the whole office into one file, while a service runs too, and read it back."""
    from altiware.cli.backing_up import back_up

    back_up(data or default_directory(), file, as_json=as_json)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As `altiware backup` wrote it.")],
    check_only: Annotated[
        bool, typer.Option("--check", help="Only read it to its end, and say what is in it.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Let the data directory be what a backup has; what was there is kept beside it."""
    from altiware.cli import backing_up

    if check_only:
        backing_up.check_backup(file, as_json=as_json)
    else:
        backing_up.bring_back(file, data or default_directory(), as_json=as_json)
