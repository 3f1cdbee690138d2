# SPDX-License-Identifier: MIT
"""The board's end of a link, as little of it as tests of the engine need."""

import socket
import struct
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dsp.native import ffi, lib

Samples = npt.NDArray[np.int16]
PCM = 4


@dataclass(frozen=True)
class Frame:
    kind: int
    flags: int
    seq: int
    tick: int
    ack: int
    payload: bytes


class Wire:
    """Sends and receives frames on one end of a socket pair."""

    def __init__(self) -> None:
        self.near, far = socket.socketpair()
        self.near.setblocking(False)
        self.descriptor = far.detach()
        self.seq = 0
        self.tick = 0
        self.spoke_at = time.monotonic()
        made = ffi.new("aw_deframer **")
        assert lib.aw_deframer_new(made) == 0
        self._deframer = ffi.gc(made[0], lib.aw_deframer_free)

    def __del__(self) -> None:
        self.near.close()

    def close(self) -> None:
        self.near.close()

    def send(self, kind: int, payload: bytes, *, seq: int = 0, tick: int = 0, ack: int = 0) -> None:
        header = ffi.new("aw_frame_header *", {"kind": kind, "seq": seq, "tick": tick, "ack": ack})
        wire = ffi.new("uint8_t[]", lib.AW_FRAME_WIRE_MAX)
        n = lib.aw_frame_encode(wire, len(wire), header, payload, len(payload))
        assert n > 0
        self.near.sendall(bytes(ffi.buffer(wire, n)))
        self.spoke_at = time.monotonic()

    def send_pcm(
        self,
        *ports: Samples | npt.NDArray[np.uint8],
        off_hook: int = 0,
        ringing: int = 0,
        flags: int = 0,
        skip: int = 0,
        sample_format: int = 2,
    ) -> None:
        """Send the next PCM frame: 40 samples for each of the first ports."""
        self.seq = (self.seq + skip) & 0xFFFF
        self.tick += 40 * skip
        head = struct.pack(
            "<4B3I", 5, sample_format, 0, flags, (1 << len(ports)) - 1, off_hook, ringing
        )
        kind = "<i2" if sample_format == 2 else "u1"
        samples = b"".join(port.astype(kind).tobytes() for port in ports)
        self.send(PCM, head + samples, seq=self.seq, tick=self.tick)
        self.seq = (self.seq + 1) & 0xFFFF
        self.tick += 40

    def frames(self) -> list[Frame]:
        """Return all frames that have come."""
        frames: list[Frame] = []
        frame = ffi.new("aw_frame *")
        while True:
            try:
                data = self.near.recv(65536)
            except BlockingIOError:
                return frames
            if not data:
                return frames
            while data:
                data = data[lib.aw_deframer_feed(self._deframer, data, len(data), frame) :]
                if frame.payload:
                    h = frame.header
                    payload = bytes(ffi.buffer(frame.payload, frame.length))
                    frames.append(Frame(h.kind, h.flags, h.seq, h.tick, h.ack, payload))

    def answers(self) -> list[dict[int, Samples]]:
        """Return what came for each port, PCM frame by PCM frame (16-bit linear)."""
        return [_samples(frame.payload) for frame in self.frames() if frame.kind == PCM]


def _samples(payload: bytes) -> dict[int, Samples]:
    ms, sample_format, zero, _, ports = struct.unpack_from("<4BI", payload)
    assert (ms, zero) == (5, 0)
    kind, size = ("<i2", 80) if sample_format == 2 else ("u1", 40)
    heard, at = {}, 8
    for port in range(32):
        if ports >> port & 1:
            heard[port] = np.frombuffer(payload[at : at + size], dtype=kind)
            at += size
    assert at == len(payload)
    return heard
