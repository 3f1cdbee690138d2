# SPDX-License-Identifier: MIT
"""Where SMDR lines go: a file, a FIFO or a serial port, written by a thread of its own.

``SmdrPort(parse_target("serial:///dev/ttyS0?baud=1200"))`` starts it; ``write`` never
blocks, whatever the printer does.  A port that is away is tried again, and keeps the last 1000
lines meanwhile.  It does not promise delivery: the record that counts is the CDR in the store.
"""

import os
import select
import stat
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, urlsplit

__all__ = ["SmdrPort", "SmdrTarget", "TargetError", "parse_target"]

WRITE_S: Final = 5.0
"""How long a line may take: 81 characters at 300 baud are 2.7 s."""
RETRY_S: Final = 2.0
BACKLOG: Final = 1000
ALLOWED: Final = "a path, or serial:///dev/ttyS0?baud=9600"
BAUDS: Final = (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)


class TargetError(ValueError):
    """The SMDR setting names no place that lines could go to."""


@dataclass(frozen=True, slots=True)
class SmdrTarget:
    """A file or FIFO (``baud`` 0), or a serial port."""

    path: Path
    baud: int = 0


def parse_target(text: str) -> SmdrTarget:
    """Read ``/path/to/file``, ``file:///path`` or ``serial:///dev/ttyS0?baud=9600``.

    Raises:
        TargetError: it is none of these.
    """
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise TargetError(ALLOWED) from error
    is_local = not parts.netloc and "\0" not in text
    names_file = Path(parts.path).name not in {"", ".."}
    if parts.scheme in {"", "file"} and is_local and names_file and not parts.query:
        return SmdrTarget(Path(parts.path))
    if parts.scheme != "serial" or not parts.path or not is_local:
        raise TargetError(ALLOWED)
    options = parse_qs(parts.query, keep_blank_values=True)
    bauds = options.pop("baud", ["9600"])
    if options or len(bauds) > 1 or bauds[0] not in map(str, BAUDS):
        raise TargetError(f"after the question mark baud={'|'.join(map(str, BAUDS))}")
    return SmdrTarget(Path(parts.path), int(bauds[0]))


class Sink(Protocol):
    """An open port."""

    def write(self, line: bytes) -> object:
        """Write all of it or raise OSError."""

    def close(self) -> None:
        """Close it."""


class DescriptorSink:
    """A file or FIFO."""

    def __init__(self, path: Path, write_s: float) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o640)
        self._write_s = write_s
        self._is_fifo = stat.S_ISFIFO(os.fstat(self._descriptor).st_mode)

    def write(self, line: bytes) -> None:
        """Write the line; up to PIPE_BUF (512 at least) a FIFO takes all of it or nothing."""
        if self._is_fifo and not select.select([], [self._descriptor], [], self._write_s)[1]:
            raise TimeoutError("nobody reads the FIFO")
        os.write(self._descriptor, line)

    def close(self) -> None:
        """Close it."""
        os.close(self._descriptor)


def open_sink(target: SmdrTarget, write_s: float) -> Sink:
    """Open the port; may block for as long as a device driver does.

    Raises:
        OSError: it isn't there (a FIFO: nobody reads it).
    """
    if not target.baud:
        return DescriptorSink(target.path, write_s)
    import serial  # noqa: PLC0415  (only where a serial port is used)

    return serial.Serial(str(target.path), target.baud, write_timeout=write_s)


class SmdrPort:
    """Takes lines at any time and writes them in order."""

    def __init__(
        self, target: SmdrTarget, *, write_s: float = WRITE_S, retry_s: float = RETRY_S
    ) -> None:
        self.target = target
        self.lost = 0
        "Lines given up because the port was away for too long."
        self.fault = ""
        "Why the port is away; empty while it works."
        self._write_s = write_s
        self._retry_s = retry_s
        self._lines: deque[tuple[bytes, Future[None]]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="smdr", daemon=True)
        self._thread.start()

    def write(self, line: bytes) -> Future[None]:
        """Queue a line; the future is done when it is written, cancelled when it is given up."""
        future: Future[None] = Future()
        with self._changed:
            if len(self._lines) == BACKLOG:
                self._lines.popleft()[1].cancel()
                self.lost += 1
            self._lines.append((line, future))
            self._changed.notify()
        return future

    def close(self) -> None:
        """Write what is queued if the port takes it, and end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout=self._write_s)

    def _run(self) -> None:
        sink: Sink | None = None
        while self._wait_for_line():
            try:
                sink = sink or open_sink(self.target, self._write_s)
                self._write_one(sink)
            except OSError as error:
                self.fault = f"{self.target.path}: {error.strerror or error}"
                if sink is not None:
                    sink.close()
                    sink = None
                self._pause()
        if sink is not None:
            sink.close()

    def _wait_for_line(self) -> bool:
        """Wait for a line to write; False at the end, or when closing finds the port away."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closed)
            if self._closed and self.fault:
                self._lines.clear()
            return bool(self._lines)

    def _write_one(self, sink: Sink) -> None:
        line, future = self._lines[0]
        sink.write(line)
        self.fault = ""
        with self._changed:
            if self._lines and self._lines[0][1] is future:
                self._lines.popleft()
                future.set_result(None)

    def _pause(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed, self._retry_s)
