# SPDX-License-Identifier: MIT
"""``altiware config``, ``altiware extension``, ``trunk`` and so on: names, arguments and help."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from altiware.cli.options import AsJson, Config, Data, configuration, default_directory

if TYPE_CHECKING:
    from altiware.cli.desk import Office

__all__ = ["NOUNS", "settings", "table_commands"]

NOUNS: Final = {
    "extension": "stations",
    "trunk": "trunks",
    "attendant": "attendants",
    "room": "rooms",
    "workgroup": "workgroups",
    "schedule": "schedules",
    "incoming-rule": "incoming_rules",
    "route": "routes",
    "pattern": "patterns",
    "mailbox": "mailboxes",
    "find-me": "find_me",
    "zone": "zones",
}
"""The command that edits each of the configuration's tables of rows; boards have `config add`."""

settings = typer.Typer(
    help="Show and change the configuration, of a running service too.", no_args_is_help=True
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="As 101, 00:03, or [0] for the first.")]
Pairs = Annotated[
    list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="As name=Reception.")
]
Names = Annotated[
    list[str] | None,
    typer.Option("--unset", metavar="NAME", help="Let it have its default again (repeatable)."),
]
Table = Annotated[str, typer.Argument(metavar="TABLE", help="As boards.")]
Version = Annotated[
    int | None, typer.Option("--version", metavar="N", min=1, help="Of this version.")
]
Note = Annotated[str, typer.Option(metavar="TEXT", help="Kept with the version.")]
TextFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A configuration; -: what comes in.")
]
Rehearsal = Annotated[
    bool, typer.Option("--rehearse", help="Say what would change, and change nothing.")
]


def _office(file: Path | None, data: Path | None) -> "Office":
    from altiware.cli.desk import Office

    return Office(data or default_directory(), configuration(file, data))


@settings.command("show")
def config_show(
    version: Version = None, config: Config = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Print the configuration as it is written, without its secrets."""
    from altiware.cli import configuring

    configuring.show(_office(config, data), version, as_json=as_json)


@settings.command("export")
def config_export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Must not be there yet.")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Write the configuration, secrets included, into a file that only its owner can read."""
    from altiware.cli import configuring

    configuring.export(_office(config, data), out)


@settings.command("import")
def config_import(
    text: TextFile,
    note: Note = "",
    rehearse: Rehearsal = False,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Have a file's configuration instead of the present one; for good (see apply)."""
    from altiware.cli import configuring

    configuring.apply_file(
        _office(config, data), text, note, "", rehearsal=rehearse, as_json=as_json
    )


@settings.command("apply")
def config_apply(
    text: TextFile,
    confirm_within: Annotated[
        str, typer.Option(metavar="TIME", help="Roll it back unless confirmed so soon: 60s, 5m.")
    ] = "",
    note: Note = "",
    rehearse: Rehearsal = False,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Have a file's configuration; on trial if a time is given, which a restart doesn't end."""
    from altiware.cli import configuring

    configuring.apply_file(
        _office(config, data), text, note, confirm_within, rehearsal=rehearse, as_json=as_json
    )


@settings.command("confirm")
def config_confirm(config: Config = None, data: Data = None, as_json: AsJson = False) -> None:
    """Keep the version that is on trial."""
    from altiware.cli import configuring

    configuring.confirm(_office(config, data), as_json=as_json)


@settings.command("diff")
def config_diff(
    old: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="[default: the one before]")
    ] = None,
    new: Annotated[int | None, typer.Option(metavar="N", min=1, help="[default: the last]")] = None,
    with_file: Annotated[
        Path | None, typer.Option("--with", metavar="FILE", help="Compare with this file.")
    ] = None,
    by_setting: Annotated[
        bool, typer.Option("--settings", help="By setting instead of by line.")
    ] = False,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print what differs between two versions, or the present one and a file."""
    from altiware.cli import configuring

    configuring.show_difference(
        _office(config, data), old, new, with_file, by_setting=by_setting, as_json=as_json
    )


@settings.command("history")
def config_history(
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=1000, help="The newest N.")] = 20,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List versions, the newest first, with who made them."""
    from altiware.cli import configuring

    configuring.show_history(_office(config, data), limit, as_json=as_json)


@settings.command("undo")
def config_undo(
    to: Annotated[
        int | None, typer.Option("--to", metavar="N", min=1, help="Have this version again.")
    ] = None,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Have the version before again; each further undo goes one further back."""
    from altiware.cli import configuring

    configuring.undo(_office(config, data), to, as_json=as_json)


@settings.command("set")
def config_set(
    pairs: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="As timers.no_answer_s=20.")
    ] = None,
    unset: Names = None,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Change settings anywhere, all at once or none."""
    from altiware.cli import configuring

    configuring.set_settings(_office(config, data), (), pairs or [], unset or [], as_json=as_json)


@settings.command("add")
def config_add(
    table: Table,
    key: Key,
    pairs: Pairs = None,
    config: Config = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Add a row to any table, as boards or trunks."00:03".office.tones."""
    from altiware.cli import configuring

    configuring.add_row(_office(config, data), table, key, pairs or [], as_json=as_json)


@settings.command("remove")
def config_remove(
    table: Table, key: Key, config: Config = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Remove a row from any table."""
    from altiware.cli import configuring

    configuring.remove_row(_office(config, data), table, key, as_json=as_json)


def table_commands(noun: str, table: str) -> typer.Typer:
    """Return the commands that edit the rows of one table, for others of its own to join."""
    app = typer.Typer(help=f"Show and change each {noun}.", no_args_is_help=True)
    _reading(app, noun, table)
    _changing(app, noun, table)
    return app


def _reading(app: typer.Typer, noun: str, table: str) -> None:
    @app.command("list", help=f"List each {noun}.")
    def list_rows(config: Config = None, data: Data = None, as_json: AsJson = False) -> None:
        from altiware.cli import configuring

        configuring.list_rows(_office(config, data), table, as_json=as_json)

    @app.command("show", help=f"Print all settings of one {noun}.")
    def show(key: Key, config: Config = None, data: Data = None, as_json: AsJson = False) -> None:
        from altiware.cli import configuring

        configuring.show_row(_office(config, data), table, key, as_json=as_json)


def _changing(app: typer.Typer, noun: str, table: str) -> None:
    @app.command("add", help=f"Add one {noun}.")
    def add(
        key: Key,
        pairs: Pairs = None,
        config: Config = None,
        data: Data = None,
        as_json: AsJson = False,
    ) -> None:
        from altiware.cli import configuring

        configuring.add_row(_office(config, data), table, key, pairs or [], as_json=as_json)

    @app.command("set", help=f"Change settings of one {noun}.")
    def set_settings(
        key: Key,
        pairs: Pairs = None,
        unset: Names = None,
        config: Config = None,
        data: Data = None,
        as_json: AsJson = False,
    ) -> None:
        from altiware.cli import configuring

        office = _office(config, data)
        configuring.set_row(office, table, key, pairs or [], unset or [], as_json=as_json)

    @app.command("remove", help=f"Remove one {noun}.")
    def remove(key: Key, config: Config = None, data: Data = None, as_json: AsJson = False) -> None:
        from altiware.cli import configuring

        configuring.remove_row(_office(config, data), table, key, as_json=as_json)

    @app.command("apply-to", help=f"Give a setting of one {noun} to others.")
    def apply_to(
        key: Key,
        name: Annotated[str, typer.Argument(metavar="NAME", help="The setting.")],
        targets: Annotated[
            list[str] | None, typer.Argument(metavar="[KEY]...", help="[default: to all]")
        ] = None,
        config: Config = None,
        data: Data = None,
        as_json: AsJson = False,
    ) -> None:
        from altiware.cli import configuring

        office = _office(config, data)
        configuring.apply_to(office, table, key, name, targets or [], as_json=as_json)
