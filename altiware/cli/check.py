# SPDX-License-Identifier: MIT
"""``altiware check``: read a configuration as the service would, and say what it makes."""

from collections.abc import Sequence
from pathlib import Path

import typer

from altiware.config import read
from altiware.errors import ConfigError
from altiware.policy.numbers import COUNTRIES
from drivers.errors import AddressError, NotAvailableError
from drivers.registry import board

__all__ = ["check_file"]


def check_file(file: Path) -> None:
    """Print what the configuration describes.

    Raises:
        ConfigError: it is wrong; lists every fault.
    """
    config = read(file)
    _check_addresses(file, config.boards)
    plan = config.plan
    boards = "board" if len(config.boards) == 1 else "boards"
    typer.echo(
        f"{file}: right: {len(config.boards)} {boards}, "
        f"{len(plan.stations)} extensions, {len(plan.trunks)} trunks"
    )
    if plan.country not in COUNTRIES:
        typer.echo(
            f"{file}: mind: country {plan.country!r} has no table of number classes yet (there are "
            f"{', '.join(sorted(COUNTRIES))}): outside, only emergency numbers can be dialled"
        )


def _check_addresses(file: Path, addresses: Sequence[str]) -> None:
    """Let each board's driver read its address; none is opened."""
    faults = []
    for index, address in enumerate(addresses):
        try:
            board(address)
        except AddressError as error:
            faults.append(f"{file}: boards[{index}].address: {error}")
        except NotAvailableError:  # a library is missing on this machine: no fault of the file
            continue
    if faults:
        raise ConfigError(faults)
