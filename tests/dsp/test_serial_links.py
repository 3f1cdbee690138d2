# SPDX-License-Identifier: MIT
"""Links of modems: lines of text, then samples with events between them; or samples alone."""

import socket
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from dsp import Engine, EngineArgumentError, LinkFraming, SampleFormat, SerialKind
from dsp.dle import DleDecoder, dle_encode
from dsp.events import FrameReceived, LinkDown, LinkLoss
from dsp.g711 import ulaw_encode

Samples = npt.NDArray[np.int16]
TICK = 40


class Modem:
    """A modem's end of a link whose port is paired with a board port that says what we like."""

    def __init__(
        self,
        framing: LinkFraming = LinkFraming.MODEM,
        sample_format: SampleFormat = SampleFormat.ULAW,
        engine: Engine | None = None,
    ) -> None:
        self.engine = engine or Engine(threaded=False)
        self.near, far = socket.socketpair()
        self.near.setblocking(False)
        (self.port,) = self.engine.open_board_ports(1)
        self.link = self.engine.open_link(
            far.detach(),
            [self.port],
            sample_format=sample_format,
            clock=engine is None,
            framing=framing,
        )
        self.engine.poll()

    def close(self) -> None:
        self.engine.close()
        self.near.close()

    def sends(self, data: bytes) -> list[tuple[int, bytes]]:
        """Send, and return what the engine tells of it."""
        self.near.sendall(data)
        self.engine.poll()
        return self.told()

    def told(self) -> list[tuple[int, bytes]]:
        events = self.engine.events()
        return [(e.kind, e.payload) for e in events if isinstance(e, FrameReceived)]

    def gets(self) -> bytes:
        """Return what has been written to the modem."""
        try:
            return self.near.recv(65536)
        except BlockingIOError:
            return b""

    def orders(self, kind: SerialKind, payload: bytes = b"") -> bytes:
        self.engine.send_frame(self.link, kind, payload)
        self.engine.poll()
        return self.gets()

    def streams(self) -> None:
        """Begin a stream as a driver does."""
        self.orders(SerialKind.ARM, b"AT+VTR\r")
        self.sends(b"\r\nCONNECT\r\n")


@pytest.fixture
def modem() -> Iterator[Modem]:
    modem = Modem()
    yield modem
    modem.close()


@pytest.fixture
def raw() -> Iterator[Modem]:
    modem = Modem(LinkFraming.SAMPLES, SampleFormat.S16LE)
    yield modem
    modem.close()


def speech(seed: int, count: int = TICK) -> Samples:
    return np.random.default_rng(seed).integers(-8000, 8000, count, dtype=np.int16)


def test_nothing_is_written_before_something_is_ordered(modem: Modem) -> None:
    assert modem.gets() == b""


def test_lines_are_told_without_their_ends_in_pieces_of_any_size(modem: Modem) -> None:
    heard: list[tuple[int, bytes]] = []
    for byte in b"\r\nRING\r\n\r\nDATE=0801\r\nNMBR=8055554567\r\n":
        heard += modem.sends(bytes((byte,)))
    assert heard == [
        (SerialKind.LINE, b"RING"),
        (SerialKind.LINE, b"DATE=0801"),
        (SerialKind.LINE, b"NMBR=8055554567"),
    ]


def test_a_line_without_an_end_does_not_grow_for_ever(modem: Modem) -> None:
    modem.sends(b"x" * 100_000)
    ((kind, line),) = modem.sends(b"\n")
    assert (kind, len(line)) == (SerialKind.LINE, 512)


def test_an_order_is_written_as_it_is(modem: Modem) -> None:
    assert modem.orders(SerialKind.LINE, b"AT+FCLASS=8\r") == b"AT+FCLASS=8\r"


@pytest.mark.parametrize("word", [b"CONNECT", b"VCON", b"CONNECT 115200"])
def test_connect_begins_the_stream_that_was_asked_for(modem: Modem, word: bytes) -> None:
    modem.orders(SerialKind.ARM, b"AT+VTR\r")
    assert modem.sends(b"\r\n" + word + b"\r\n" + b"\xff" * TICK) == [(SerialKind.LINE, word)]
    assert modem.gets() == b"\xff" * TICK
    assert modem.engine.link_counters(modem.link).pcm_in == 1


def test_without_being_asked_connect_is_a_line_like_any_other(modem: Modem) -> None:
    modem.sends(b"CONNECT\r\n" + b"\xff" * TICK)
    assert modem.gets() == b""
    assert modem.engine.link_counters(modem.link).pcm_in == 0


def test_a_stream_that_is_refused_leaves_lines(modem: Modem) -> None:
    modem.orders(SerialKind.ARM, b"AT+VTR\r")
    assert modem.sends(b"\r\nERROR\r\nCONNECT\r\n")[0] == (SerialKind.LINE, b"ERROR")
    modem.sends(b"\xff" * TICK)
    assert modem.engine.link_counters(modem.link).pcm_in == 0


def test_as_many_samples_go_out_as_come_in_and_both_are_what_they_should_be(modem: Modem) -> None:
    (other,) = modem.engine.open_board_ports(1)
    modem.engine.connect(modem.port, other)
    modem.streams()
    decoder = DleDecoder()
    said = speech(1, 4000)
    sent = dle_encode(ulaw_encode(said))
    answered = 0
    for at in range(0, len(sent), 97):
        modem.sends(sent[at : at + 97])
        for piece in decoder.feed(modem.gets()):
            assert isinstance(piece, bytes)
            answered += len(piece)
    assert answered == 4000
    assert modem.engine.now == pytest.approx(0.5)


def test_what_the_port_hears_is_shielded(modem: Modem) -> None:
    """Two modems in conversation: what one says is what the other hears, DLE and all."""
    other = Modem(engine=modem.engine)
    modem.engine.connect(modem.port, other.port)
    modem.streams()
    other.streams()
    codes = bytes(0x10 if i % 5 == 0 else i for i in range(TICK))
    for _ in range(20):
        other.near.sendall(dle_encode(b"\xff" * TICK))
        modem.sends(dle_encode(codes))
    written = other.gets()
    assert written.endswith(dle_encode(codes))
    assert len(DleDecoder().feed(written)) == 1  # samples alone: nothing looks like an event
    other.near.close()


def test_events_keep_their_place_between_samples(modem: Modem) -> None:
    modem.streams()
    stream = b"\xff" * 25 + b"\x10l" + b"\xff" * 55 + b"\x10b\x105"
    assert modem.sends(stream) == [
        (SerialKind.EVENT, b"l"),
        (SerialKind.EVENT, b"b"),
        (SerialKind.EVENT, b"5"),
    ]
    assert modem.engine.link_counters(modem.link).pcm_in == 2


def test_the_stream_ends_and_lines_follow(modem: Modem) -> None:
    modem.streams()
    modem.sends(b"\xff" * TICK)
    modem.gets()
    assert modem.orders(SerialKind.END, b"\x10^") == b"\x10^"
    modem.sends(b"\xff" * TICK)  # still on its way: taken, not answered
    assert modem.gets() == b""
    assert modem.sends(b"\x10\x03\r\nOK\r\n") == [
        (SerialKind.ENDED, b""),
        (SerialKind.LINE, b"OK"),
    ]


def test_between_calls_a_modem_may_be_silent_for_ever(modem: Modem) -> None:
    modem.streams()
    modem.sends(b"\xff" * TICK)
    modem.sends(b"\x10\x03")
    for _ in range(1000):
        modem.engine.tick()
    assert not [e for e in modem.engine.events() if isinstance(e, LinkDown)]
    modem.streams()
    modem.sends(b"\xff" * TICK)
    assert modem.engine.link_counters(modem.link).pcm_in == 2


def test_a_stream_that_stops_within_a_call_has_stalled(modem: Modem) -> None:
    modem.streams()
    modem.sends(b"\xff" * TICK)
    for _ in range(101):
        modem.engine.tick()
    downs = [e.reason for e in modem.engine.events() if isinstance(e, LinkDown)]
    assert downs == [LinkLoss.STALLED]


def test_a_modem_that_reads_nothing_loses_samples_and_not_memory(modem: Modem) -> None:
    modem.streams()
    for _ in range(40_000):
        modem.near.sendall(b"\xff" * TICK)
        modem.engine.poll()
    assert modem.engine.link_counters(modem.link).dropped_out > 0


def test_eight_bit_linear_samples_are_widened_and_rounded(raw: Modem) -> None:
    """0x80 is zero; out, the nearest of 256 values."""
    linear = Modem(sample_format=SampleFormat.U8, engine=raw.engine)
    raw.engine.connect(raw.port, linear.port)
    raw.orders(SerialKind.BEGIN)
    linear.streams()
    said = np.array([-32768, -129, -128, -127, 0, 127, 128, 32767] * 5, np.int16)
    for _ in range(20):
        linear.near.sendall(bytes([0x00, 0x7F, 0x80, 0xFF] * 10))
        raw.sends(said.tobytes())
    nearest = bytes([0x00, 0x7F, 0x80, 0x80, 0x80, 0x80, 0x81, 0xFF] * 5)
    assert linear.gets().endswith(nearest)
    widened = np.array([-32768, -256, 0, 32512] * 10, np.int16)
    assert raw.gets().endswith(widened.tobytes())
    linear.near.close()


def test_raw_samples_mean_something_between_begin_and_rest(raw: Modem) -> None:
    raw.sends(b"\0" * 960)
    assert raw.gets() == b""
    raw.orders(SerialKind.BEGIN)
    raw.sends(speech(2, 159).tobytes())
    assert raw.gets() == b""
    raw.sends(b"\1\0")
    assert raw.gets() == b"\0" * 320  # one batch for one batch
    raw.orders(SerialKind.REST)
    raw.sends(b"\0" * 960)
    assert raw.gets() == b""
    assert raw.engine.link_counters(raw.link).pcm_in == 4


def test_a_stream_that_is_begun_again_goes_on_at_once(raw: Modem) -> None:
    for frames in (5, 100, 3):
        raw.orders(SerialKind.BEGIN)
        before = raw.engine.link_counters(raw.link)
        for _ in range(frames):
            raw.sends(bytes(2 * TICK))
        after = raw.engine.link_counters(raw.link)
        assert after.frames_out - before.frames_out == frames
        assert (after.gaps, after.slips_in) == (0, 0)


def test_orders_that_make_no_sense_are_refused(modem: Modem, raw: Modem) -> None:
    for kind in (SerialKind.BEGIN, SerialKind.REST, SerialKind.END, SerialKind.EVENT):
        assert modem.orders(kind, b"x") == b""
    assert modem.engine.counters().refused == 4
    assert raw.orders(SerialKind.ARM, b"x") == b""
    assert raw.engine.counters().refused == 1


def test_a_modem_has_one_port(modem: Modem) -> None:
    ports = modem.engine.open_board_ports(2)
    with pytest.raises(EngineArgumentError, match="2 ports on a link: allowed are up to 1"):
        modem.engine.open_link(
            0, ports, sample_format=SampleFormat.ULAW, clock=True, framing=LinkFraming.MODEM
        )
    with pytest.raises(EngineArgumentError, match="U8 in QHI"):
        modem.engine.open_link(0, ports, sample_format=SampleFormat.U8, clock=True)


@pytest.mark.parametrize("framing", [LinkFraming.MODEM, LinkFraming.SAMPLES])
def test_samples_may_get_another_form_in_the_middle_of_a_frame(framing: LinkFraming) -> None:
    modem = Modem(framing, SampleFormat.S16LE)
    if framing == LinkFraming.MODEM:
        modem.streams()
    else:
        modem.orders(SerialKind.BEGIN)
    for sample_format, size in ((SampleFormat.ULAW, 1), (SampleFormat.S16LE, 2)):
        modem.sends(b"\x55" * (TICK * 3 + TICK // 2 - 1))  # some are left over in either form
        modem.engine.set_link(modem.link, [modem.port], sample_format=sample_format)
        before = modem.engine.link_counters(modem.link)
        modem.sends(b"\x55" * (TICK * 8 * size))
        after = modem.engine.link_counters(modem.link)
        assert after.pcm_in - before.pcm_in == 8
        assert after.frames_out - before.frames_out == 8
    modem.close()
