# SPDX-License-Identifier: MIT
"""The engine as a process of its own: ``python -m dsp.process --socket PATH``.

It says ``{"socket": PATH}`` on its standard output when it is ready, serves one controlling
side after the other (``Engine.attach``), and ends on SIGTERM or SIGINT, recordings completed.
When a controlling side dies, everything goes on as it was: links are answered, connected ports
hear each other, recordings are written.  Nothing here is on the path of a sample.

Whoever may open the socket controls the engine, as the process's user: only that user may.
It does not restart itself.  It gives calls up only when told how long it may be left alone
(``--alone-s``): then it ends so long after its controlling side has died, and at once when there
is no live link, so nothing to carry.  ``dsp.launch`` starts it.
"""

import argparse
import contextlib
import json
import math
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from dsp.attach import BUSY, END, GREETING, LEND, TOKEN, name_of
from dsp.errors import EngineError, EngineSystemError
from dsp.native import check, ffi, lib
from dsp.seat import EngineOptions

__all__ = ["Host", "main"]

DEFAULT: Final = EngineOptions()
_STOP: Final = (signal.SIGTERM, signal.SIGINT)
_ENOUGH: Final = 64
"Bytes of a request; more is none of ours."
_LOOK_S: Final = 0.1
"Between two looks at whether it is to be left alone any longer."
_LIVE: Final = 1
"State of a link that is open and not dead."


class Host:
    """An engine with its arena in shared memory, and the socket where it is to be had.

    Raises:
        EngineSystemError: no memory or thread, or no such socket can be made.
        EngineError: an engine is there already.
    """

    def __init__(
        self,
        path: Path,
        *,
        made_for: EngineOptions = DEFAULT,
        modes: int = 0,
        begin_at: int = 0,
        alone_s: float = math.inf,
    ) -> None:
        self._path = path
        self._control: socket.socket | None = None
        self._ended = False
        self._alone_s = alone_s
        self._alone_since = time.monotonic()
        self._had_control = False
        self._listener = _listen(path)
        made = ffi.new("aw_engine **")
        self._engine: Any = ffi.NULL
        try:
            check(lib.aw_engine_new_with(made, made_for.native()), f"an engine as {made_for}")
            self._engine = made[0]
            check(lib.aw_engine_host(self._engine), "an engine for another process")
            check(lib.aw_engine_begin_at(self._engine, begin_at), f"to begin at {begin_at}")
            check(lib.aw_engine_want(self._engine, modes), "the engine's modes")
            check(lib.aw_engine_start(self._engine), "the engine's threads")
        except BaseException:
            self.close()
            raise

    def serve(self, wake: int) -> None:
        """Serve controlling sides until ``wake`` is readable, one says so, or none is left."""
        while not self._ended:
            waiting: list[Any] = [self._listener, wake]
            if self._control is not None:
                waiting.append(self._control)
            looks = self._control is None and self._alone_s < math.inf
            ready, _, _ = select.select(waiting, [], [], _LOOK_S if looks else None)
            if wake in ready or (not ready and self._is_forsaken()):
                return
            if self._control is not None and self._control in ready:
                self._answer(self._control)
            if self._listener in ready:
                self._welcome()

    def close(self) -> None:
        """End the engine; whoever is attached sees it, and that its name is free, at once."""
        self._path.unlink(missing_ok=True)
        lib.aw_engine_free(self._engine)
        if self._control is not None:
            self._control.close()
        self._listener.close()

    def _is_forsaken(self) -> bool:
        """Whether no controlling side came back in time, or there is nothing to wait with."""
        links = lib.aw_arena_links(lib.aw_engine_arena(self._engine))
        carries = any(links[i].state == _LIVE for i in range(lib.AW_LINKS_MAX))
        if self._had_control and not carries:
            return True
        return time.monotonic() - self._alone_since >= self._alone_s

    def _welcome(self) -> None:
        try:
            newcomer, _ = self._listener.accept()
        except OSError:  # gone again, or no descriptor to be had: calls go on, it may wait
            time.sleep(_LOOK_S)
            return
        newcomer.setblocking(False)
        size = lib.aw_engine_arena(self._engine).size
        busy = self._control is not None
        greeting = GREETING.pack(
            lib.AW_ARENA_MAGIC, lib.AW_ARENA_VERSION, size, BUSY if busy else 0
        )
        with contextlib.suppress(OSError):  # gone again
            if busy:
                newcomer.send(greeting)
            else:
                socket.send_fds(newcomer, [greeting], self._shared())
        if busy:
            newcomer.close()
        else:
            self._control = newcomer
            self._had_control = True

    def _shared(self) -> list[int]:
        return [
            lib.aw_engine_arena_descriptor(self._engine),
            lib.aw_engine_command_bell(self._engine),
            lib.aw_engine_event_bell(self._engine),
        ]

    def _answer(self, control: socket.socket) -> None:
        """Take one request; whatever is none ends the connection, as its death does."""
        try:
            request, descriptors, flags, _ = socket.recv_fds(control, _ENOUGH, 4)
        except BlockingIOError:
            return
        except OSError:
            request, descriptors, flags = b"", [], 0
        if request == LEND and not descriptors and flags & socket.MSG_CTRUNC:  # no room for it
            descriptors = [-1]
        if request != LEND or len(descriptors) != 1:
            self._ended = request == END
            for descriptor in descriptors:
                os.close(descriptor)
            self._part(control)
            return
        with contextlib.suppress(OSError):  # its death is read next
            control.send(TOKEN.pack(self._lend(descriptors[0])))

    def _lend(self, descriptor: int) -> int:
        token = ffi.new("uint32_t *")
        if lib.aw_engine_lend(self._engine, descriptor, token) != lib.AW_OK and descriptor >= 0:
            os.close(descriptor)
        return int(token[0])

    def _part(self, control: socket.socket) -> None:
        control.close()
        self._control = None
        self._alone_since = time.monotonic()
        lib.aw_engine_reclaim(self._engine)


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        if path.is_socket():
            _clear_away(path)
        mask = os.umask(0o177)
        try:
            with name_of(path) as name:
                listener.bind(name)
        finally:
            os.umask(mask)
        listener.listen()
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise EngineSystemError(f"{path}: {error}") from error
    except EngineError:
        listener.close()
        raise
    return listener


def _clear_away(path: Path) -> None:
    """Remove the socket of an engine that was killed."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
        try:
            with name_of(path) as name:
                probe.connect(name)
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise EngineError(f"{path}: an engine is there already")


@contextlib.contextmanager
def _told_to_stop() -> Iterator[int]:
    """Yield a descriptor that becomes readable by SIGTERM and SIGINT."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    before = {number: signal.signal(number, lambda *_: None) for number in _STOP}
    signal.set_wakeup_fd(writer)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(-1)
        for number, action in before.items():
            signal.signal(number, action)
        os.close(reader)
        os.close(writer)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the engine until a signal ends it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dsp.process", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, metavar="PATH")
    parser.add_argument("--timeslots", type=int, default=1024, metavar="N", help="1 to 4096")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="1 to 16")
    parser.add_argument("--echo-channels", type=int, default=512, metavar="N")
    parser.add_argument("--echo-tail-ms", type=int, default=32, metavar="MS", help="5 to 160")
    parser.add_argument("--echo-delay-ms", type=int, default=0, metavar="MS", help="0 to 250")
    parser.add_argument("--keep-ports", type=int, default=0, metavar="N")
    parser.add_argument("--keep-s", type=int, default=10, metavar="S", help="1 to 60")
    parser.add_argument("--begin-at", type=int, default=0, metavar="SAMPLES", help="of its time")
    parser.add_argument("--alone-s", type=float, default=math.inf, metavar="S")
    parser.add_argument("--ordinary", action="store_true", help="do not ask for SCHED_FIFO")
    parser.add_argument("--lock", action="store_true", help="keep the process in memory")
    options = parser.parse_args(arguments)
    modes = (0 if options.ordinary else lib.AW_MODE_FIFO) | (
        lib.AW_MODE_LOCKED if options.lock else 0
    )
    with _told_to_stop() as wake:
        try:
            made_for = EngineOptions(
                options.timeslots,
                options.threads,
                options.echo_channels,
                options.echo_tail_ms,
                options.echo_delay_ms,
                options.keep_ports,
                options.keep_s,
            )
            host = Host(
                options.socket,
                made_for=made_for,
                modes=modes,
                begin_at=options.begin_at,
                alone_s=options.alone_s,
            )
        except EngineError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        with contextlib.closing(host):
            sys.stdout.write(json.dumps({"socket": str(options.socket)}) + "\n")
            sys.stdout.flush()
            host.serve(wake)
    return 0


if __name__ == "__main__":
    sys.exit(main())
