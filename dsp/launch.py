# SPDX-License-Identifier: MIT
"""Starting an engine's process (``dsp.process``), and seeing it end.

    process = EngineProcess(path, EngineOptions(), alone_s=60.0)
    process.start()
    process.wait_until_ready()
    with Engine.attach(path) as engine: ...
    process.stop()

One that a predecessor of ours left behind when it was killed is ended first: whose handles are
known to nobody.  Nothing here starts it again by itself.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Final

from dsp.attach import BUSY, END, GREETING, name_of
from dsp.errors import EngineError, EngineSystemError
from dsp.native import lib
from dsp.seat import EngineOptions

__all__ = ["EngineProcess"]

READY_S: Final = 10.0
"For Python and the engine to start, on a machine with much else to do."
END_S: Final = 5.0
"For recordings to be completed; then it is killed."
DYING_S: Final = 1.0
"From the end of its connection to that of the process."
_LOOK_S: Final = 0.01
_PACKAGES: Final = Path(__file__).resolve().parent.parent


class EngineProcess:
    """An engine's process of ours, in a session of its own: no terminal's signal reaches it."""

    def __init__(self, path: Path, options: EngineOptions, *, alone_s: float) -> None:
        """Describe it; ``alone_s`` is how long it goes on when we are dead and a link is not."""
        self.path = path.absolute()
        self._options = options
        self._alone_s = alone_s
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, begin_at_s: float = 0.0) -> None:
        """Start it, its time beginning where another's ended; whether it succeeds is seen later.

        Raises:
            EngineError: another one is there, and doesn't end.
            EngineSystemError: no process to be had.
        """
        self.stop()
        _end_left(self.path)
        options = [f"--{name.replace('_', '-')}={n}" for name, n in asdict(self._options).items()]
        command = [sys.executable, "-P", "-m", "dsp.process", f"--socket={self.path}", *options]
        begin_at = round(begin_at_s * lib.AW_SAMPLE_RATE)
        command += [f"--begin-at={begin_at}", f"--alone-s={self._alone_s}"]
        try:
            self._process = subprocess.Popen(  # noqa: S603  (our own)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": _search_path()},
                start_new_session=True,
            )
        except OSError as error:
            raise EngineSystemError(f"the engine's process: {error}") from error

    def wait_until_ready(self) -> None:
        """Wait until it can be attached to.

        Raises:
            EngineSystemError: it has ended, or isn't ready in time.
        """
        process = self._process
        assert process is not None
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], READY_S)
        if ready and process.stdout.readline():
            return
        self.stop()
        why = self.how_it_ended() if ready else f"not ready in {READY_S:.0f} s"
        raise EngineSystemError(f"the engine's process: {why}")

    def how_it_ended(self) -> str:
        """Return the signal or the status; one that is not at its end, though we lost it, is."""
        assert self._process is not None
        try:
            status = self._process.wait(DYING_S)
        except subprocess.TimeoutExpired:
            self.stop()
            return "it hung up"
        return signal.Signals(-status).name if status < 0 else f"status {status}"

    def stop(self) -> None:
        """End it, recordings completed, and wait for that; one that has ended is fine."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _search_path() -> str:
    """Let it find this very package, and nothing in the folder where we happen to be."""
    return os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]))


def _end_left(path: Path) -> None:
    """End the engine that is at the socket, whose controlling side is dead or about to be.

    Raises:
        EngineError: it doesn't end.
    """
    until = time.monotonic() + END_S
    while path.is_socket():
        with contextlib.suppress(OSError):
            if _has_ended(path, until - time.monotonic()):
                return
        if time.monotonic() > until:
            raise EngineError(f"{path}: the engine of another process is there, and does not end")
        time.sleep(_LOOK_S)


def _has_ended(path: Path, patience_s: float) -> bool:
    """Tell an engine to end, and see it do so; False while its controlling side is still there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as peer:
        peer.settimeout(max(patience_s, _LOOK_S))
        try:
            with name_of(path) as name:
                peer.connect(name)
        except ConnectionRefusedError:  # it was killed; its successor clears its socket away
            return True
        packet, descriptors, _, _ = socket.recv_fds(peer, GREETING.size, 3)
        for descriptor in descriptors:
            os.close(descriptor)
        if len(packet) == GREETING.size and GREETING.unpack(packet)[3] == BUSY:
            return False
        peer.send(END)
        return peer.recv(1) == b""
