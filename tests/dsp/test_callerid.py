# SPDX-License-Identifier: MIT
"""Messages built and read, and carried by FSK at the limits of the standards."""

from contextlib import suppress
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.callerid import (
    Absence,
    CallerId,
    CallerIdError,
    CallerIdStandard,
    CallTime,
    FskReceiver,
    FskSender,
    mdmf,
    parse,
    sdmf,
)
from dsp.errors import EngineArgumentError
from dsp.levels import peak_of

BELL, V23 = CallerIdStandard.BELL202, CallerIdStandard.V23
NOON = CallTime(5, 1, 12, 0)
NUMBERS = st.text("0123456789", min_size=1, max_size=20)
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabc,.'-", min_size=1, max_size=15)
TIMES = st.builds(
    CallTime, st.integers(1, 12), st.integers(1, 31), st.integers(0, 23), st.integers(0, 59)
)


def test_the_sdmf_of_a_textbook() -> None:
    message = sdmf(CallerId("6095551212", when=CallTime(9, 30, 12, 24)))
    assert message == b"\x04\x1209301224" + b"6095551212" + b"\x51"


def test_an_mdmf_byte_by_byte() -> None:
    message = mdmf(CallerId("5551234", "ALICE", when=NOON))
    body = b"\x01\x0805011200" + b"\x02\x075551234" + b"\x07\x05ALICE"
    assert message[:-1] == b"\x80" + bytes([len(body)]) + body
    assert sum(message) % 256 == 0


@given(NUMBERS, NAMES, TIMES)
def test_mdmf_round_trip(number: str, name: str, when: CallTime) -> None:
    caller = CallerId(number, name, when=when)
    assert parse(mdmf(caller)) == caller
    assert parse(mdmf(caller)[:-1]) == caller


@given(NUMBERS, TIMES)
def test_sdmf_round_trip(number: str, when: CallTime) -> None:
    assert parse(sdmf(CallerId(number, when=when))) == CallerId(number, when=when)


@pytest.mark.parametrize("absent", Absence)
def test_absent_numbers_and_names(absent: Absence) -> None:
    caller = CallerId(absent=absent, when=NOON, name_absent=absent)
    assert parse(mdmf(caller)) == caller
    assert parse(sdmf(caller)) == CallerId(absent=absent, when=NOON)


def test_unknown_parameters_are_kept() -> None:
    caller = CallerId("1", others=((0x11, b"x"), (0x02, b"second number")))
    assert parse(mdmf(caller)) == caller


def test_a_foreign_letter_is_written_as_a_telephone_can_show_it() -> None:
    message = mdmf(CallerId("1", "Jörg Müßiggänger-Straße"))
    assert parse(message).name == "Jorg Mu?iggange"


def test_what_does_not_print_is_not_shown() -> None:
    assert parse(b"\x80\x05\x07\x03\x1b[J").name == "?[J"


def test_a_nonsense_time_is_no_time() -> None:
    assert parse(b"\x80\x0a\x01\x0899999999").when is None
    assert CallTime.of(datetime(2026, 5, 1, 12)) == NOON


@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_nothing_but_their_own_error(message: bytes) -> None:
    with suppress(CallerIdError):
        parse(message)


@given(st.sampled_from([b"\x80", b"\x04"]), st.binary(max_size=255))
def test_arbitrary_bodies_raise_nothing_but_their_own_error(kind: bytes, body: bytes) -> None:
    with suppress(CallerIdError):
        parse(kind + bytes([len(body)]) + body)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"\x80", "it needs a type and a length"),
        (b"\x80\x05\x01", "says that its body has 5"),
        (b"\x80\x02\x02\x09", "parameter 2 goes beyond"),
        (b"\x80\x02\x11\x00\x00", "checksum"),
        (b"\x82\x03\x0b\x01\xff", "0x82: allowed are 0x04"),
        (b"\x04\x02\x30\x30", "it needs 8"),
    ],
)
def test_bad_messages_say_what_is_wrong(message: bytes, said: str) -> None:
    with pytest.raises(CallerIdError, match=said):
        parse(message)


def test_bad_callers_say_what_is_allowed() -> None:
    with pytest.raises(CallerIdError, match="of 0-9"):
        mdmf(CallerId("555-1234"))
    with pytest.raises(CallerIdError, match="needs the time"):
        sdmf(CallerId("5551234"))
    with pytest.raises(CallerIdError, match="months 1-12"):
        CallTime(13, 1, 0, 0)
    with pytest.raises(CallerIdError, match="up to 100 bytes"):
        mdmf(CallerId("1", others=((9, bytes(101)),)))
    with pytest.raises(EngineArgumentError, match="1 to 258 bytes"):
        FskSender(b"")
    with pytest.raises(EngineArgumentError, match="10000 bits"):
        FskSender(b"1", seizure_bits=-1)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=2, max_size=255), st.sampled_from(CallerIdStandard), st.booleans())
def test_fsk_round_trip(body: bytes, standard: CallerIdStandard, seizure: bool) -> None:
    message = b"\x80" + bytes([len(body)]) + body
    whole = message + bytes([-sum(message) & 0xFF])
    bits = (300, 180) if seizure else (0, 80)
    sender = FskSender(whole, standard, seizure_bits=bits[0], mark_bits=bits[1])
    assert FskReceiver(standard).feed(sender.read(8000 * 4)) == [message]


def fsk(
    message: bytes,
    rng: np.random.Generator,
    *,
    tones: tuple[float, float] = (1200.0, 2200.0),
    dbm0: float = -18.0,
    twist_db: float = 0.0,
    baud: float = 1200.0,
) -> npt.NDArray[np.float64]:
    """Phase-continuous FSK by the formula: seizure, mark, bytes."""
    bits = [i % 2 for i in range(300)] + [1] * 180
    for byte in message:
        bits += [0, *((byte >> k) & 1 for k in range(8)), 1]
    bits += [1] * 6
    time = np.arange(int(len(bits) * 8000 / baud)) * baud / 8000 + rng.uniform(0, 0.1)
    mark = np.array(bits)[time.astype(int).clip(max=len(bits) - 1)] == 1
    phase = 2 * np.pi * (rng.uniform() + np.cumsum(np.where(mark, *tones)) / 8000)
    amplitude = np.where(mark, peak_of(dbm0 + twist_db / 2), peak_of(dbm0 - twist_db / 2))
    wave = np.concatenate([np.zeros(400), amplitude * np.sin(phase), np.zeros(400)])
    return np.asarray(wave, dtype=np.float64)


MESSAGE = mdmf(CallerId("8055551234", "ALICE LIDDELL", when=NOON))


@pytest.mark.parametrize(
    ("what", "noise_dbm0"),
    [
        ({"dbm0": 0.0}, None),
        ({"dbm0": -36.0}, None),
        ({"dbm0": -40.0}, None),
        ({}, -18.0 - 12.0),
        ({"twist_db": 10.0}, None),
        ({"twist_db": -10.0}, None),
        ({"baud": 1188.0}, None),
        ({"baud": 1212.0}, None),
        ({"tones": (1188.0, 2222.0)}, None),
    ],
)
def test_at_the_limits_of_bell_202(what: dict[str, float], noise_dbm0: float | None) -> None:
    rng = np.random.default_rng(11)
    for _ in range(20):
        wave = fsk(MESSAGE, rng, **what)  # type: ignore[arg-type]
        if noise_dbm0 is not None:
            wave = wave + rng.normal(0, peak_of(noise_dbm0) / np.sqrt(2), len(wave))
        assert FskReceiver(BELL).feed(np.rint(wave).astype(np.int16)) == [MESSAGE[:-1]]


@pytest.mark.parametrize("twist_db", [-6.0, 6.0])
def test_at_the_limits_of_v23(twist_db: float) -> None:
    rng = np.random.default_rng(12)
    for _ in range(20):
        wave = fsk(MESSAGE, rng, tones=(1300.0, 2100.0), dbm0=-33.8, twist_db=twist_db)
        assert FskReceiver(V23).feed(np.rint(wave).astype(np.int16)) == [MESSAGE[:-1]]


def test_hum_eighteen_db_over_the_signal_is_kept_out() -> None:
    wave = fsk(MESSAGE, np.random.default_rng(13), dbm0=-20)
    hum = peak_of(-2) * np.sin(2 * np.pi * 60 * np.arange(len(wave)) / 8000)
    assert FskReceiver().feed(np.rint(wave + hum).astype(np.int16)) == [MESSAGE[:-1]]


def test_a_signal_under_the_reject_level_is_not_heard() -> None:
    wave = fsk(MESSAGE, np.random.default_rng(14), dbm0=-50)
    assert FskReceiver().feed(np.rint(wave).astype(np.int16)) == []
