# SPDX-License-Identifier: MIT
"""A simulated board as its own process, and a hand for its telephones.

    python -m boards_sim --profile Q12 --tcp 5400 --control /tmp/sim.sock
    python -m boards_sim --modem CX93001 --pty
    python -m boards_sim --cellular EC25 --pty
    python -m boards_sim act /tmp/sim.sock 'telephone 4 lifts' 'telephone 4 hears dial'

The first prints one line of JSON when it is ready: where the board is and where its control
socket.  Exit status: 0 good, 1 an expectation was not met (act), 2 wrong usage.
"""

import argparse
import contextlib
import functools
import json
import os
import signal
import sys
from pathlib import Path
from typing import Never

from boards_sim.board import Board
from boards_sim.cellular_module import CELLULAR, MODULES, CellularModule, cellular_maker
from boards_sim.control import ControlServer
from boards_sim.doors import PtyDoor, TcpDoor
from boards_sim.eeprom import Eeprom
from boards_sim.faultscript import FaultTextError, parse
from boards_sim.loop import NATURES
from boards_sim.profiles import PROFILES, Profile
from boards_sim.remote import RemoteStage
from boards_sim.replay import recording
from boards_sim.runner import Runner
from boards_sim.spoken import wish_of
from boards_sim.stage import FirmwareMaker, Stage
from boards_sim.voice_modem import KINDS, MODEM, modem_maker
from drivers.actors import Caller
from drivers.errors import NotAvailableError
from dsp.tones import COUNTRIES


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a TCP port (0 to 65535; 0: any)")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at most 9 digits")
    return int(text)


def _faults(text: str) -> str:
    try:
        parse(text)
    except FaultTextError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _eeprom(text: str) -> Eeprom:
    try:
        return Eeprom(Path(text))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m boards_sim",
        description="Simulate a Quantum board with telephones and office lines.",
        epilog="`python -m boards_sim act SOCKET 'telephone 4 lifts' ...` moves them.",
    )
    parser.add_argument("--profile", choices=list(PROFILES), default="Q12", type=str.upper)
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--modem", choices=list(KINDS), help="a voice modem on an office line, and no board"
    )
    instead.add_argument(
        "--cellular", choices=list(MODULES), help="a cellular module in a network, and no board"
    )
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--pty", action="store_true", help="on a pseudo terminal, like a serial port")
    way.add_argument("--tcp", metavar="PORT", type=_port, help="on a TCP port of this machine")
    parser.add_argument("--control", metavar="SOCKET", type=Path, help="where wishes are taken")
    parser.add_argument(
        "--lockstep", action="store_true", help="go on as soon as the host has answered"
    )
    parser.add_argument("--seed", type=_seed, default=0, help="of noise and serial number")
    parser.add_argument("--country", choices=list(COUNTRIES), default="us", type=str.lower)
    parser.add_argument(
        "--line", choices=list(NATURES), default="clean", help="what copper is like"
    )
    parser.add_argument(
        "--eeprom", metavar="FILE", type=_eeprom, help="what is written into the board stays here"
    )
    parser.add_argument("--record", metavar="FILE", type=Path, help="the traffic, as .qht")
    parser.add_argument(
        "--faults",
        metavar="SCRIPT",
        type=_faults,
        default="",
        help="what goes wrong, as 'at 3s drop 2%%; at 5s unplug for 2s; leak tip-ground 62k'",
    )
    return parser


def _simulated(options: argparse.Namespace) -> tuple[str | Profile, FirmwareMaker]:
    """Return what stands on the stage, and what makes it."""
    if options.modem is not None:
        return MODEM, modem_maker(KINDS[options.modem])
    if options.cellular is not None:
        return CELLULAR, cellular_maker(MODULES[options.cellular])
    return options.profile, functools.partial(Board, eeprom=options.eeprom)


def _audio_door(stage: Stage) -> PtyDoor | None:
    """Give a module the terminal that its samples go through."""
    module = stage.boards[0].firmware
    if not isinstance(module, CellularModule):
        return None
    door = PtyDoor()
    descriptor = door.knocked()
    assert descriptor is not None
    module.audio.open(descriptor)
    return door


def _address(options: argparse.Namespace, board: str, audio: PtyDoor | None) -> str:
    if audio is not None:
        return board.replace("quantum+serial", "cellular") + f"?audio={audio.path}"
    return board if options.modem is None else board.replace("quantum+serial", "vmodem")


def _run(arguments: list[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.modem is not None and not options.pty:
        parser.error("--modem: a modem needs --pty")
    if options.cellular is not None and not options.pty:
        parser.error("--cellular: a module needs --pty, and gets two")
    what, firmware = _simulated(options)
    try:
        stage = Stage(
            (what,),
            firmware=firmware,
            seed=options.seed,
            country=options.country,
            line=NATURES[options.line],
            faults=options.faults,
        )
    except FaultTextError as error:
        parser.error(str(error))
    control: ControlServer | None = None
    try:
        door: PtyDoor | TcpDoor = PtyDoor() if options.pty else TcpDoor(options.tcp)
        if options.control is not None:
            control = ControlServer(stage, options.control)
    except OSError as error:
        parser.error(str(error))
    recorder = contextlib.ExitStack()
    if options.record is not None:
        try:
            recorder.enter_context(recording(stage, options.record))
        except OSError as error:
            parser.error(str(error))
    audio = _audio_door(stage)
    runner = Runner(stage, control=control, door=door, lockstep=options.lockstep)
    signal.signal(signal.SIGTERM, lambda *_: runner.stop())
    signal.signal(signal.SIGINT, lambda *_: runner.stop())
    ready = {
        "board": _address(options, door.address, audio),
        "control": str(options.control) if control is not None else None,
        "profile": options.modem or options.cellular or options.profile,
        "pid": os.getpid(),
    }
    print(json.dumps(ready), flush=True)  # noqa: T201 - what the process is for
    try:
        runner.run()
    finally:
        if control is not None:
            control.close()
        stage.close()
        recorder.close()
    return 0


def _act(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m boards_sim act",
        description="Let telephones and offices of a running simulation do something.",
    )
    parser.add_argument("socket", metavar="SOCKET", type=Path)
    parser.add_argument(
        "sentence", nargs="+", help="as 'telephone 4 dials 102', 'office 0 answers'"
    )
    options = parser.parse_args(arguments)
    try:
        wishes = [wish_of(sentence) for sentence in options.sentence]
        stage = RemoteStage(options.socket)
    except (ValueError, NotAvailableError) as error:
        _fail(parser, error)
    for sentence, wish in zip(options.sentence, wishes, strict=True):
        try:
            result = stage.fulfil(wish)
        except AssertionError as error:
            print(error, file=sys.stderr)  # noqa: T201
            return 1
        except (ValueError, NotAvailableError) as error:
            _fail(parser, error)
        shown = "done" if result is None else _shown(result)
        print(f"{sentence}: {shown}")  # noqa: T201
    return 0


def _fail(parser: argparse.ArgumentParser, error: Exception) -> Never:
    parser.exit(2, f"{parser.prog}: {error}\n")


def _shown(result: object) -> str:
    if isinstance(result, Caller):
        return f"{result.number or result.absent} {result.name}".strip()
    return json.dumps(result)


def main(arguments: list[str]) -> int:
    """Run a board, or ``act`` on one that runs; return the exit status."""
    if arguments[:1] == ["act"]:
        return _act(arguments[1:])
    return _run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
