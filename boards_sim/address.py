# SPDX-License-Identifier: MIT
"""``quantum+sim://Q12?seed=1&country=us``: a simulated board in this process, in real time.

The stage begins with the first link and runs in a thread of its own until the process ends.
The way to its telephones is a control socket, named in the board's dictionary (``control``) and
in the first line of its log; see ``python -m boards_sim act``.  ``open_stage`` takes the same
addresses for boards in virtual time, which their host steps itself.
"""

import atexit
import itertools
import os
import shlex
import socket
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from boards_sim.board import Board
from boards_sim.control import ControlServer
from boards_sim.loop import NATURES, LineNature
from boards_sim.patch import Patch
from boards_sim.phone import TelephoneSet
from boards_sim.profiles import PROFILES, Profile, profile
from boards_sim.runner import Runner
from boards_sim.stage import Stage
from drivers.base import PortKind
from drivers.errors import AddressError, NotAvailableError
from drivers.quantum.addresses import linked_board, options, split
from drivers.quantum.board import QuantumBoard
from dsp.tones import COUNTRIES

__all__ = ["SimulatedLink", "open_board", "open_stage"]

ATTACH_S: Final = 5.0
_numbers = itertools.count(1)


class SimulatedLink:
    """A stage in a thread; each ``open`` gives its board a fresh link."""

    def __init__(self, kind: str, seed: int, country: str, line: LineNature, control: Path) -> None:
        self._arguments = (kind, seed, country, line)
        self.control = control
        "Where wishes are taken, once the link has been opened."
        self._runner: Runner | None = None
        self._stage: Stage | None = None

    def open(self) -> int:
        """Return a fresh host's end of the board's link.

        Raises:
            NotAvailableError: the control socket can't be made, or the thread doesn't answer.
        """
        if self._runner is None or self._stage is None:
            self._start()
        assert self._runner is not None
        assert self._stage is not None
        stage = self._stage
        host, ours = socket.socketpair()
        attached = threading.Event()

        def attach() -> None:
            stage.attach(ours.detach())
            attached.set()

        self._runner.order(attach)
        if not attached.wait(ATTACH_S):
            host.close()
            raise NotAvailableError("the simulator doesn't answer")
        return host.detach()

    def _start(self) -> None:
        kind, seed, country, line = self._arguments
        stage = Stage((kind,), seed=seed, country=country, line=line)
        try:
            server = ControlServer(stage, self.control)
        except OSError as error:
            raise NotAvailableError(f"control socket {self.control}: {error}") from error
        board = stage.boards[0].firmware
        hint = _hint(stage, self.control)
        assert isinstance(board, Board)
        board.identity.describe({"control": str(self.control), "try": hint})
        board.greeting = f"simulated; try: {hint}"
        runner = Runner(stage, control=server)

        atexit.register(server.path.unlink, missing_ok=True)
        threading.Thread(target=runner.run, name=f"simulated {kind}", daemon=True).start()
        self._stage, self._runner = stage, runner


def _hint(stage: Stage, control: Path) -> str:
    """Return a command that lifts the first telephone, or calls in where there is none."""
    act = shlex.join([sys.executable, "-m", "boards_sim", "act", str(control)])
    for port, actor in enumerate(stage.boards[0].actors):
        if isinstance(actor, TelephoneSet):
            return f"{act} 'telephone {port} lifts' 'telephone {port} hears dial'"
    return f"{act} 'office 0 calls_in 5551234'"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an address asks for."""

    kind: str
    seed: int
    country: str
    line: str
    given: dict[str, str]

    @classmethod
    def at(cls, address: str) -> Self:
        """Read an address.

        Raises:
            AddressError: it names no profile, or an option is wrong.
        """
        given = options(address, {"seed", "country", "line", "control", "format"})
        parts = split(address)
        try:
            kind = profile(parts.netloc + parts.path.strip("/")).name
        except ValueError as error:
            allowed = ", ".join(f"quantum+sim://{name}" for name in PROFILES)
            raise AddressError(f"{address!r}: {error}; write {allowed}") from error
        seed = given.get("seed", "0")
        if not seed.isdecimal() or len(seed) > 9:
            raise AddressError(f"{address!r}: seed {seed!r} is not a number of at most 9 digits")
        country = _one_of(address, "country", given.get("country", "us"), list(COUNTRIES))
        line = _one_of(address, "line", given.get("line", "clean"), list(NATURES))
        return cls(kind, int(seed), country, line, given)


def open_board(address: str) -> QuantumBoard:
    """Return a simulated board, not yet started.

    Options: seed, country, line (clean, digital, ll1 to ll7), control (path of the socket), format.

    Raises:
        AddressError: the address names no profile, or an option is wrong.
    """
    wanted = _Wanted.at(address)
    name = f"altiware-sim-{os.getpid()}-{next(_numbers)}.sock"
    control = Path(wanted.given.get("control", Path(tempfile.gettempdir()) / name))
    nature = NATURES[wanted.line]
    link = SimulatedLink(wanted.kind, wanted.seed, wanted.country, nature, control)
    return linked_board(address, link, wanted.given.get("format"))


def open_stage(addresses: Sequence[str], cables: Mapping[int, int], **chosen: Any) -> Stage:
    """Return the boards of some addresses in virtual time; the first one's options are for all.

    ``cables``: ports of the first board, each with the port of the second that it is joined to;
    ``chosen`` are options of the stage that addresses don't have (country, firmware).

    Raises:
        AddressError: an address names no profile, an option or a cable is wrong.
    """
    wanted = [_Wanted.at(address) for address in addresses]
    kinds = [profile(each.kind) for each in wanted]
    first = wanted[0]
    given: dict[str, Any] = {"country": first.country, "seed": first.seed}
    given |= {"line": NATURES[first.line]} | chosen
    patches = [_patch(kinds, near, far) for near, far in cables.items()]
    try:
        return Stage(kinds, patches=patches, **given)
    except ValueError as error:
        raise AddressError(f"{' and '.join(map(repr, addresses))}: {error}") from error


def _patch(kinds: Sequence[Profile], near: int, far: int) -> Patch:
    """Return a cable from the first board to the second, with the telephone port first."""
    ports = kinds[0].ports
    is_trunk = near < len(ports) and ports[near] is PortKind.FXO
    return ((1, far), (0, near)) if is_trunk else ((0, near), (1, far))


def _one_of(address: str, name: str, value: str, allowed: list[str]) -> str:
    if value not in allowed:
        raise AddressError(f"{address!r}: {name} {value!r} is none of {', '.join(allowed)}")
    return value
