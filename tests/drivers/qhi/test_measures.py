# SPDX-License-Identifier: MIT
"""Measurements arrive in the units they were made in, and unknown ones as unknown."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.qhi import measures
from drivers.qhi.layout import MessageError
from drivers.qhi.measures import LineResult, PatternWish, PrbsStart, TestEnd
from drivers.qhi.numbers import Status
from drivers.qhi.service import TestFlag
from drivers.service import (
    BEYOND_OHMS,
    BitErrors,
    BoardMeter,
    LineCurrent,
    LineTest,
    Measurement,
    OfficeFeed,
    Pattern,
    Prbs,
    PrbsWay,
    ReceiverOhms,
    RingerLoad,
    TerminalOhms,
    TerminalVolts,
    Toward,
)

u8 = st.integers(0, 0xFF)
u32 = st.integers(0, 0xFFFFFFFF)
u64 = st.integers(0, 2**64 - 1)
direct = st.integers(-32767, 32767).map(lambda n: n / 10)
hundredths = st.integers(-32767, 32767).map(lambda n: n / 100)
rms = st.integers(0, 65534).map(lambda n: n / 10)
ohms = st.integers(0, 0xFFFF_FFFC).map(float) | st.just(BEYOND_OHMS)
maybe_direct, maybe_rms, maybe_ohms = (st.none() | some for some in (direct, rms, ohms))
volts = st.builds(TerminalVolts, *[maybe_direct] * 3, *[maybe_rms] * 4)
load = st.integers(0, 65534).map(lambda n: n / 1000)
RESULTS: dict[LineTest, st.SearchStrategy[Measurement]] = {
    LineTest.VOLTS: volts,
    LineTest.RESISTANCE: st.builds(TerminalOhms, *[maybe_ohms] * 3, rms),
    LineTest.RECEIVER: st.builds(ReceiverOhms, ohms, ohms, rms, rms),
    LineTest.RINGER: st.builds(RingerLoad, load, rms, rms),
    LineTest.OFFICE: st.builds(OfficeFeed, direct, maybe_direct, rms, rms),
}
results = st.sampled_from(LineTest).flatmap(
    lambda test: st.builds(
        LineResult, st.just(test), RESULTS[test], st.sampled_from([TestFlag(0), TestFlag(1)])
    )
)
MESSAGES: dict[type[Any], st.SearchStrategy[Any]] = {
    LineResult: results,
    TestEnd: st.builds(TestEnd, st.integers(0, 65535), u8, st.just(Status.OK), results)
    | st.builds(TestEnd, st.integers(0, 65535), u8, st.integers(1, 15)),
    PatternWish: st.builds(
        PatternWish,
        st.sampled_from(Pattern),
        st.sampled_from(Toward),
        st.integers(-32768, 32767),
        st.integers(0, 3999),
        st.integers(-600, 30).map(lambda n: n / 10),
    ),
    PrbsStart: st.builds(
        PrbsStart,
        st.sampled_from(Prbs),
        st.sampled_from([8, 16]),
        st.sampled_from([PrbsWay.SEND, PrbsWay.CHECK, PrbsWay.SEND | PrbsWay.CHECK]),
    ),
}
Decode = Callable[[bytes], object]
DECODERS: list[Decode] = [
    measures.decode_bit_errors,
    measures.decode_board_meter,
    measures.decode_line_current,
    measures.decode_words,
    *(kind.decode for kind in MESSAGES),
]


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_what_is_encoded_decodes_to_the_same(kind: type[Any], data: st.DataObject) -> None:
    message = data.draw(MESSAGES[kind])
    whole = message.encode()
    assert kind.decode(whole) == message
    with pytest.raises(MessageError):
        kind.decode(whole[:-1])


@given(st.builds(BitErrors, st.sampled_from([*PrbsWay, PrbsWay(0)]), st.booleans(), u64, u64, u32))
def test_bit_errors_arrive_as_they_were_counted(found: BitErrors) -> None:
    assert measures.decode_bit_errors(measures.encode_bit_errors(found)) == found


@given(st.builds(BoardMeter, maybe_direct, st.none() | hundredths, maybe_direct))
def test_the_boards_meters_arrive_as_they_were_read(meter: BoardMeter) -> None:
    assert measures.decode_board_meter(measures.encode_board_meter(meter)) == meter


@given(st.builds(LineCurrent, volts, maybe_direct))
def test_the_lines_meters_arrive_as_they_were_read(found: LineCurrent) -> None:
    assert measures.decode_line_current(measures.encode_line_current(found)) == found


@given(st.text("leak tip ring 62k ü", max_size=100))
def test_the_words_of_a_fault_arrive_as_they_were_written(words: str) -> None:
    assert measures.decode_words(measures.encode_words(words)) == words


def test_a_fault_of_more_words_than_fit_is_refused() -> None:
    with pytest.raises(MessageError, match="at most 255"):
        measures.encode_words("x" * 256)


@pytest.mark.parametrize("decode", DECODERS)
@given(noise=st.binary(max_size=60))
def test_hostile_payloads_are_refused_with_one_error(decode: Decode, noise: bytes) -> None:
    with contextlib.suppress(MessageError):
        decode(noise)


def test_what_is_beyond_the_numbers_is_their_end_and_not_another_value() -> None:
    far = TerminalVolts(5000.0, -5000.0, 0.0, 9000.0, -1.0, 0.0)
    back = measures.decode_line_current(measures.encode_line_current(LineCurrent(far, 0.0))).volts
    assert (back.tip_ring_dc, back.tip_ground_dc) == (3276.7, -3276.7)
    assert (back.tip_ring_ac, back.tip_ground_ac, back.ac_hertz) == (6553.4, 0.0, None)
    wide = TerminalOhms(1e12, None, 0.2, 20.0)
    result = LineResult.decode(LineResult(LineTest.RESISTANCE, wide).encode())
    assert result.measurement == TerminalOhms(BEYOND_OHMS, None, 0.0, 20.0)


@pytest.mark.parametrize(
    "payload",
    [
        bytes([LineTest.RESISTANCE, 0]) + bytes(12) + b"\xff\xff",
        bytes([LineTest.RECEIVER, 0]) + b"\xfe\xff\xff\xff" + bytes(8),
        bytes([LineTest.OFFICE, 0]) + b"\0\x80" + bytes(6),
        bytes([6, 0]) + bytes(20),
    ],
)
def test_a_measurement_without_what_makes_it_one_means_nothing(payload: bytes) -> None:
    with pytest.raises(MessageError):
        LineResult.decode(payload)
