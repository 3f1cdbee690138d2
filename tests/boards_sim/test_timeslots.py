# SPDX-License-Identifier: MIT
"""Patterns, loopbacks and bit errors of a simulated board, over its link."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from boards_sim.loop import CLEAN, DIGITAL, LineNature
from boards_sim.stage import Stage
from drivers.qhi.arguments import BYTE, GAIN
from drivers.qhi.measures import PatternWish, PrbsStart, decode_bit_errors
from drivers.qhi.messages import Response
from drivers.qhi.numbers import MessageClass, PcmFormat, PortVerb, Status
from drivers.qhi.service import SwitchVerb
from drivers.service import BitErrors, Loopback, Pattern, Prbs, PrbsWay, Toward
from dsp.g711 import alaw_decode, ulaw_decode
from tests.boards_sim.host import Host, from_link

PHONE, TRUNK = 4, 0
LONG_S = 0.1
Samples = npt.NDArray[np.int16]
BY_FORMAT = pytest.mark.parametrize("form", PcmFormat)


def stage_with(line: LineNature) -> Iterator[Stage]:
    stage = Stage(("Q12",), line=line)
    yield stage
    stage.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    yield from stage_with(DIGITAL)


def streaming(stage: Stage, form: PcmFormat = PcmFormat.S16) -> Host:
    host = Host(stage)
    host.greet()
    host.streams(form)
    return host


def asks(host: Host, verb: SwitchVerb, port: int, arguments: bytes = b"") -> Response:
    return host.asks((MessageClass.TDM, verb), port, arguments)


def orders(host: Host, verb: SwitchVerb, port: int, arguments: bytes = b"") -> None:
    response = asks(host, verb, port, arguments)
    assert response.status == Status.OK, response


def pattern(host: Host, port: int, wish: PatternWish) -> None:
    orders(host, SwitchVerb.PATTERN, port, wish.encode())


def raw(host: Host, port: int) -> list[bytes]:
    """Return a port's bytes of the frames that came last, oldest first."""
    found = []
    for up in list(host.ups)[-20:]:
        width = len(up.samples) // up.ports.bit_count()
        found.append(up.samples[port * width : (port + 1) * width])
    return found


def heard(host: Host, port: int) -> Samples:
    return np.concatenate([from_link(host.ups[-1].format, row) for row in raw(host, port)])


def power_dbm0(samples: Samples) -> float:
    mean = float(np.mean(samples.astype(float) ** 2))
    return float(10 * np.log10(mean / (32768.0**2 / 2)) + 3.14)


# Patterns


@pytest.mark.parametrize(
    ("form", "octets"),
    [(PcmFormat.ULAW, "1e0b0b1e9e8b8b9e"), (PcmFormat.ALAW, "34212134b4a1a1b4")],
)
def test_the_milliwatt_is_that_of_the_standard_byte_for_byte(
    stage: Stage, form: PcmFormat, octets: str
) -> None:
    host = streaming(stage, form)
    pattern(host, PHONE, PatternWish(Pattern.MILLIWATT, Toward.HOST))
    stage.passes(LONG_S)
    assert raw(host, PHONE)[-1] == bytes.fromhex(octets) * 5


@BY_FORMAT
def test_the_milliwatt_is_a_milliwatt(stage: Stage, form: PcmFormat) -> None:
    host = streaming(stage, form)
    pattern(host, PHONE, PatternWish(Pattern.MILLIWATT, Toward.HOST))
    stage.passes(LONG_S + 0.05)
    # 0.07 dB: full scale is 3.17 dBm0 in mu-law and 3.14 in A-law (ITU-T G.711)
    assert power_dbm0(heard(host, PHONE)) == pytest.approx(0.0, abs=0.08)


@pytest.mark.parametrize("level", [3.0, 0.0, -10.0, -60.0])
def test_a_tone_has_the_level_that_was_asked_for(stage: Stage, level: float) -> None:
    host = streaming(stage)
    pattern(host, PHONE, PatternWish(Pattern.TONE, Toward.HOST, hertz=1004, level_dbm0=level))
    stage.passes(LONG_S + 0.05)
    samples = heard(host, PHONE)
    assert power_dbm0(samples) == pytest.approx(level, abs=0.1)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8000))
    assert int(spectrum.argmax()) == pytest.approx(1004, abs=1)


@pytest.mark.parametrize(
    ("form", "octet"), [(PcmFormat.ULAW, 0xFF), (PcmFormat.ALAW, 0xD5), (PcmFormat.S16, 0)]
)
def test_idle_is_the_silence_of_the_format(stage: Stage, form: PcmFormat, octet: int) -> None:
    host = streaming(stage, form)
    pattern(host, PHONE, PatternWish(Pattern.IDLE, Toward.HOST))
    stage.passes(LONG_S)
    assert set(raw(host, PHONE)[-1]) == {octet}


def test_a_constant_comes_as_it_was_given_until_it_is_taken_away(stage: Stage) -> None:
    host = streaming(stage)
    pattern(host, PHONE, PatternWish(Pattern.CONSTANT, Toward.HOST, value=-1234))
    stage.passes(LONG_S)
    assert set(from_link(PcmFormat.S16, raw(host, PHONE)[-1])) == {-1234}
    assert set(from_link(PcmFormat.S16, raw(host, PHONE + 1)[-1])) == {0}
    pattern(host, PHONE, PatternWish(Pattern.OFF, Toward.HOST))
    stage.passes(LONG_S)
    assert set(from_link(PcmFormat.S16, raw(host, PHONE)[-1])) == {0}


def test_a_pattern_toward_the_line_is_heard_in_the_handset(stage: Stage) -> None:
    host = streaming(stage)
    stage.telephone(PHONE).lifts()
    stage.telephone(PHONE).hears("silence")
    pattern(host, PHONE, PatternWish(Pattern.CONSTANT, Toward.LINE, value=500))
    stage.passes(LONG_S)
    assert set(stage.boards[0].lines.heard[PHONE]) == {500}
    assert set(from_link(PcmFormat.S16, raw(host, PHONE)[-1])) == {0}


@pytest.mark.parametrize(
    "wish",
    [
        PatternWish(Pattern.TONE, Toward.HOST, hertz=0),
        PatternWish(Pattern.TONE, Toward.HOST, hertz=4000),
        PatternWish(Pattern.TONE, Toward.HOST, hertz=1000, level_dbm0=3.1),
        PatternWish(Pattern.TONE, Toward.HOST, hertz=1000, level_dbm0=-60.1),
    ],
)
def test_a_tone_that_cannot_be_is_refused(stage: Stage, wish: PatternWish) -> None:
    response = asks(streaming(stage), SwitchVerb.PATTERN, PHONE, wish.encode())
    assert response.status == Status.RANGE


# Loopbacks


def noise(count: int) -> Samples:
    return np.random.default_rng(count).integers(-32768, 32768, (12, 40), dtype=np.int16)


def loops(host: Host, port: int, where: Loopback) -> None:
    orders(host, SwitchVerb.LOOPBACK, port, BYTE.pack(where))


@BY_FORMAT
def test_a_digital_loopback_returns_every_octet(stage: Stage, form: PcmFormat) -> None:
    host = streaming(stage, form)
    width = 80 if form is PcmFormat.S16 else 40
    rows = np.random.default_rng(0).integers(0, 256, (400, 12, width), dtype=np.uint8)
    host.sends_raw = lambda count: rows[count % 400]
    loops(host, PHONE, Loopback.DIGITAL)
    stage.passes(LONG_S + 0.05)
    sent = [row[PHONE].tobytes() for row in rows]
    came = raw(host, PHONE)
    at = sent.index(came[0])
    assert came == sent[at : at + len(came)]
    assert not stage.boards[0].lines.sent[PHONE].any()


def test_other_ports_go_on_beside_a_loopback(stage: Stage) -> None:
    host = streaming(stage)
    host.sends = noise
    loops(host, PHONE, Loopback.DIGITAL)
    stage.passes(LONG_S)
    assert not from_link(PcmFormat.S16, raw(host, TRUNK)[-1]).any()


def test_a_codec_loopback_has_the_codec_and_both_gains_in_it() -> None:
    stage = Stage(("Q12",), line=CLEAN)
    host = streaming(stage)
    quiet = noise(0) // 8
    host.sends = lambda count: quiet
    loops(host, PHONE, Loopback.CODEC)
    stage.passes(LONG_S)
    came = from_link(PcmFormat.S16, raw(host, PHONE)[-1])
    assert set(came) <= {int(v) for v in ulaw_decode(bytes(range(256)))}
    assert power_dbm0(came) == pytest.approx(power_dbm0(quiet[PHONE]), abs=0.1)
    host.orders(PortVerb.GAIN, PHONE, GAIN.pack(-20, -40))
    stage.passes(LONG_S)
    came = from_link(PcmFormat.S16, raw(host, PHONE)[-1])
    assert power_dbm0(came) == pytest.approx(power_dbm0(quiet[PHONE]) - 6.0, abs=0.3)
    stage.close()


@pytest.mark.parametrize("port", [PHONE, TRUNK])
def test_an_analog_loopback_reflects_as_an_open_line_does(port: int) -> None:
    stage = Stage(("Q12",), line=CLEAN)
    host = streaming(stage)
    tone = (8000 * np.sin(np.arange(40) * 2 * np.pi / 8)).astype(np.int16)
    host.sends = lambda count: np.tile(tone, (12, 1))
    loops(host, port, Loopback.ANALOG)
    stage.passes(LONG_S + 0.05)
    assert power_dbm0(heard(host, port)) == pytest.approx(power_dbm0(tone) - 6.0, abs=1.5)
    loops(host, port, Loopback.NONE)
    stage.passes(LONG_S + 0.05)
    if port == TRUNK:
        assert power_dbm0(heard(host, port)) < -50
    stage.close()


def test_a_line_in_use_is_not_looped(stage: Stage) -> None:
    host = streaming(stage)
    host.orders(PortVerb.HOOK, TRUNK, BYTE.pack(1))
    response = asks(host, SwitchVerb.LOOPBACK, TRUNK, BYTE.pack(Loopback.DIGITAL))
    assert response.status == Status.BUSY
    loops(host, TRUNK, Loopback.NONE)


def test_a_loopback_nobody_knows_is_refused(stage: Stage) -> None:
    response = asks(streaming(stage), SwitchVerb.LOOPBACK, PHONE, BYTE.pack(4))
    assert response.status == Status.BAD_ARG


def test_a_new_session_finds_everything_as_usual(stage: Stage) -> None:
    host = streaming(stage)
    loops(host, TRUNK, Loopback.ANALOG)
    pattern(host, TRUNK + 1, PatternWish(Pattern.CONSTANT, Toward.HOST, value=99))
    host.session += 1
    host.greet()
    host.streams()
    host.sends = noise
    stage.passes(LONG_S)
    assert not from_link(PcmFormat.S16, raw(host, TRUNK)[-1]).any()
    assert not from_link(PcmFormat.S16, raw(host, TRUNK + 1)[-1]).any()


# Bit errors


def begins(host: Host, start: PrbsStart, port: int = PHONE) -> Status:
    return Status(asks(host, SwitchVerb.PRBS_START, port, start.encode()).status)


def counted(host: Host, port: int = PHONE) -> BitErrors:
    response = asks(host, SwitchVerb.PRBS_RESULT, port)
    assert response.status == Status.OK, response
    return decode_bit_errors(response.results)


WIDTHS = [
    (PcmFormat.S16, 16),
    (PcmFormat.S16, 8),
    (PcmFormat.ULAW, 8),
    (PcmFormat.ALAW, 8),
]


@pytest.mark.parametrize("sequence", Prbs)
@pytest.mark.parametrize(("form", "bits"), WIDTHS)
def test_a_host_that_returns_every_bit_has_no_errors(
    stage: Stage, form: PcmFormat, bits: int, sequence: Prbs
) -> None:
    host = streaming(stage, form)
    host.returns_raw = True
    stage.passes(0.1)
    assert begins(host, PrbsStart(sequence, bits)) is Status.OK
    stage.passes(1.0)
    found = counted(host)
    assert found.running == PrbsWay.SEND | PrbsWay.CHECK
    assert found.in_sync
    assert found.bits > 8000 * bits * 0.9
    assert (found.errors, found.sync_losses) == (0, 0)


def test_every_bit_turned_over_on_the_way_is_counted(stage: Stage) -> None:
    host = streaming(stage)
    host.returns_raw = True
    stage.passes(0.1)
    begins(host, PrbsStart(Prbs.PRBS_15, 16))
    stage.passes(0.5)
    host.turns_over = {PHONE: 3}
    stage.passes(0.5)
    host.turns_over = {}
    stage.passes(0.1)
    assert counted(host).errors == pytest.approx(3 * 100, abs=9)
    assert counted(host).sync_losses == 0


def test_frames_that_get_lost_are_losses_of_sync(stage: Stage) -> None:
    host = streaming(stage)
    host.returns_raw = True
    stage.passes(0.1)
    begins(host, PrbsStart(Prbs.PRBS_15, 16))
    stage.passes(0.5)
    host.answers = False
    stage.passes(0.1)
    host.answers = True
    stage.passes(0.5)
    found = counted(host)
    assert found.sync_losses >= 1
    assert found.in_sync


def test_what_was_counted_stays_when_it_is_stopped_and_goes_with_the_session(stage: Stage) -> None:
    host = streaming(stage)
    host.returns_raw = True
    begins(host, PrbsStart(Prbs.PRBS_9, 16))
    stage.passes(0.5)
    orders(host, SwitchVerb.PRBS_STOP, PHONE)
    before = counted(host)
    assert before.bits > 0
    assert before.running == PrbsWay(0)
    stage.passes(0.5)
    assert counted(host) == before
    host.session += 1
    host.greet()
    assert asks(host, SwitchVerb.PRBS_RESULT, PHONE).status == Status.BAD_STATE


def test_bits_that_the_format_has_no_room_for_are_refused(stage: Stage) -> None:
    host = streaming(stage, PcmFormat.ULAW)
    assert begins(host, PrbsStart(Prbs.PRBS_9, 16)) is Status.RANGE


def test_without_a_stream_no_bits_are_counted(stage: Stage) -> None:
    host = Host(stage)
    host.greet()
    assert begins(host, PrbsStart(Prbs.PRBS_9, 16)) is Status.BAD_STATE


def test_the_a_law_milliwatt_decodes_to_a_sine() -> None:
    period = alaw_decode(bytes.fromhex("34212134b4a1a1b4"))
    assert np.array_equal(period[:4], -period[4:])
