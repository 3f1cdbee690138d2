# SPDX-License-Identifier: MIT
"""The commands of ``altiware board``, but those that only look at it (commands.py)."""

from pathlib import Path
from typing import Annotated

import typer

from altiware.cli.options import Address, AsJson, Port

__all__ = ["board"]

board = typer.Typer(help="Look at a telephony board, test it, look after it.", no_args_is_help=True)
eeprom = typer.Typer(help="What a unit carries of itself.", no_args_is_help=True)
firmware = typer.Typer(help="A board's firmware.", no_args_is_help=True)
certificate = typer.Typer(help="Certificates of burn-ins.", no_args_is_help=True)
board.add_typer(eeprom, name="eeprom")
board.add_typer(firmware, name="firmware")
board.add_typer(certificate, name="certificate")


@board.command("selftest")
def board_selftest(address: Address, as_json: AsJson = False) -> None:
    """Let a board test itself, which disturbs no line, and say what to do."""
    from altiware.cli.technician import show_self_test

    show_self_test(address, as_json=as_json)


@board.command("reset")
def board_reset(address: Address, as_json: AsJson = False) -> None:
    """Restart a board, which ends its calls, and wait until it is back."""
    from altiware.cli.technician import reset

    reset(address, as_json=as_json)


@board.command("identify")
def board_identify(address: Address, as_json: AsJson = False) -> None:
    """Let a board's lamp blink."""
    from altiware.cli.technician import identify

    identify(address, as_json=as_json)


@eeprom.command("show")
def eeprom_show(address: Address, as_json: AsJson = False) -> None:
    """Print a board's EEPROM pages: factory, OEM, trace, calibration."""
    from altiware.cli.eeprom import show

    show(address, as_json=as_json)


@eeprom.command("write")
def eeprom_write(
    address: Address,
    manufacturer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Up to 32 bytes.")
    ] = None,
    product: Annotated[str | None, typer.Option(metavar="TEXT", help="Up to 32 bytes.")] = None,
    serial: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Up to 16 bytes; shown by the board.")
    ] = None,
    contact: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Whom to ask; up to 64 bytes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write fields of the OEM's page; those that aren't named stay as they are."""
    from altiware.cli.eeprom import write
    from drivers.diagnostics.eeprom import OemChanges

    write(address, OemChanges(manufacturer, product, serial, contact), as_json=as_json)


@eeprom.command("lock")
def eeprom_lock(
    address: Address,
    page: Annotated[
        str, typer.Option(metavar="NAME", help="oem, trace, calibration or factory.")
    ] = "oem",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for the serial number.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lock a page, once and for ever; asks for the serial number before."""
    from altiware.cli.eeprom import lock

    lock(address, page, yes=yes, as_json=as_json)


@firmware.command("show")
def firmware_show(address: Address, as_json: AsJson = False) -> None:
    """Print what runs on a board, and what is in its other slot."""
    from altiware.cli.firmware import show

    show(address, as_json=as_json)


@firmware.command("update")
def firmware_update(
    address: Address,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The image.")],
    as_json: AsJson = False,
) -> None:
    """Write, verify and try an image; the board must be free of calls. Takes over 30 s."""
    from altiware.cli.firmware import bring

    bring(address, file, as_json=as_json)


@firmware.command("rollback")
def firmware_rollback(address: Address, as_json: AsJson = False) -> None:
    """Boot the image that ran before."""
    from altiware.cli.firmware import take_back

    take_back(address, as_json=as_json)


@board.command("loopback")
def board_loopback(address: Address, port: Port = None, as_json: AsJson = False) -> None:
    """Send noise and a tone round timeslot, codec and terminals; the ports must be free."""
    from altiware.cli.transmission import show_loopback

    show_loopback(address, port, as_json=as_json)


@board.command("prbs")
def board_prbs(
    address: Address,
    port: Port = None,
    seconds: Annotated[
        float, typer.Option(metavar="S", min=0.1, help="How long for each sequence.")
    ] = 5.0,
    bits: Annotated[int, typer.Option(metavar="N", min=8, max=16, help="A sample: 16, or 8.")] = 16,
    as_json: AsJson = False,
) -> None:
    """Count bit errors on each timeslot with sequences of 2^9-1 and 2^15-1 bits."""
    from altiware.cli.transmission import show_prbs

    show_prbs(address, port, seconds, bits, as_json=as_json)


@board.command("response")
def board_response(
    address: Address,
    port: Port = None,
    codec: Annotated[
        bool, typer.Option("--codec", help="Through the codec only, not the hybrid.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure 300 to 3400 Hz against 1004 Hz in an analog loopback; the ports must be free."""
    from altiware.cli.transmission import show_response

    show_response(address, port, codec=codec, as_json=as_json)


@board.command("noise")
def board_noise(
    address: Address,
    port: Port = None,
    line: Annotated[bool, typer.Option("--line", help="With the line, as it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure idle noise, C-message weighted; without --line the ports must be free."""
    from altiware.cli.transmission import show_noise

    show_noise(address, port, line=line, as_json=as_json)


@board.command("crosstalk")
def board_crosstalk(address: Address, port: Port = None, as_json: AsJson = False) -> None:
    """Measure how loud each port is in the others; all ports must be free."""
    from altiware.cli.transmission import show_crosstalk

    show_crosstalk(address, port, as_json=as_json)


@board.command("cable")
def board_cable(
    address: Address,
    fxs: Annotated[int, typer.Option(metavar="N", help="The telephone port.")],
    fxo: Annotated[int, typer.Option(metavar="N", help="The office port cabled to it.")],
    as_json: AsJson = False,
) -> None:
    """Call from a telephone port to an office port of the same board, through a cable."""
    from altiware.cli.transmission import show_cable

    show_cable(address, fxs, fxo, as_json=as_json)


@board.command("burnin")
def board_burnin(
    address: Address,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where certificate and plots go.")],
    hours: Annotated[float, typer.Option(metavar="H", min=0.0, help="How long.")] = 0.0,
    minutes: Annotated[float, typer.Option(metavar="M", min=0.0, help="And so long.")] = 0.0,
    write: Annotated[
        bool, typer.Option("--write", help="Write the certificate's number into the unit.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Test all of a free board again and again, and issue a certificate; one cycle at least."""
    from altiware.cli.burnin import burn

    burn(address, hours * 3600 + minutes * 60, out, write=write, as_json=as_json)


@certificate.command("verify")
def certificate_verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The JSON or the text.")],
    as_json: AsJson = False,
) -> None:
    """Check that a certificate is as it was issued."""
    from altiware.cli.burnin import verify

    verify(file, as_json=as_json)
