# SPDX-License-Identifier: MIT
"""EEPROM pages: what is written is read, what has rotted is noticed."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.qhi.layout import MessageError
from drivers.qhi.pages import (
    PAGE_BYTES,
    CalibrationPage,
    FactoryPage,
    OemPage,
    PageTable,
    PageWrite,
    PortCalibration,
    TracePage,
    is_sound,
)

words = st.text("abcXYZ-0123456789 ü", max_size=8)
days = st.none() | st.integers(0, 0xFFFE)
hundredths = st.integers(-32768, 32767).map(lambda value: value / 100)
calibrations = st.builds(PortCalibration, hundredths, hundredths, hundredths)

PAGES: dict[type[Any], st.SearchStrategy[Any]] = {
    FactoryPage: st.builds(FactoryPage, words, words, st.integers(0, 0xFFFF)),
    OemPage: st.builds(OemPage, words, words, words, words),
    TracePage: st.builds(TracePage, words, words, days, days, words, words),
    CalibrationPage: st.builds(
        CalibrationPage, hundredths, days, st.lists(calibrations, max_size=32).map(tuple)
    ),
}


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_page_is_256_bytes_and_reads_as_it_was_written(
    kind: type[Any], data: st.DataObject
) -> None:
    page = data.draw(PAGES[kind])
    written = page.encode()
    assert len(written) == PAGE_BYTES
    assert is_sound(written)
    assert kind.decode(written) == page


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_one_rotten_bit_is_noticed(kind: type[Any], data: st.DataObject) -> None:
    written = bytearray(data.draw(PAGES[kind]).encode())
    bit = data.draw(st.integers(0, PAGE_BYTES * 8 - 1))
    written[bit // 8] ^= 1 << bit % 8
    assert not is_sound(bytes(written))
    with pytest.raises(MessageError):
        kind.decode(bytes(written))


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
@given(noise=st.binary(max_size=300))
def test_noise_is_no_page(kind: type[Any], noise: bytes) -> None:
    with pytest.raises(MessageError):
        kind.decode(noise)


@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.__name__)
def test_an_empty_page_is_not_sound(kind: type[Any]) -> None:
    assert not is_sound(b"\xff" * PAGE_BYTES)
    with pytest.raises(MessageError, match="begins with"):
        kind.decode(b"\xff" * PAGE_BYTES)


def test_the_factory_page_has_the_bytes_of_the_specification() -> None:
    page = FactoryPage("Q12", "QX-0001", 0x0100).encode()
    assert page[:8] == b"AWID\1\0\0\0"
    assert page[8:24] == b"Q12".ljust(16, b"\0")
    assert page[24:40] == b"QX-0001".ljust(16, b"\0")
    assert page[40:42] == b"\0\1"
    assert page[42:252] == b"\xff" * 210


def test_the_fields_of_the_other_pages_stand_where_the_specification_has_them() -> None:
    oem = OemPage("Acme", "Office One", "AC-7", "acme.example").encode()
    assert (oem[8:12], oem[40:50], oem[72:76]) == (b"Acme", b"Office One", b"AC-7")
    assert oem[88:100] == b"acme.example"
    trace = TracePage("P-1", "L9", made=9000, dealer="Jones", certificate="C-3").encode()
    assert (trace[8:11], trace[24:26], trace[40:44]) == (b"P-1", b"L9", b"\x28\x23\xff\xff")
    assert (trace[44:49], trace[76:79]) == (b"Jones", b"C-3")
    calibration = CalibrationPage(-1.5, 1, (PortCalibration(0.25, -0.1, 1.0),)).encode()
    assert calibration[8:20].hex() == "6aff0100" + "0100" + "1900f6ff6400"


@pytest.mark.parametrize(
    "page",
    [
        FactoryPage("M" * 17, "", 0),
        OemPage("ü" * 17, ""),
        OemPage("a\0b", ""),
        TracePage("p" * 17, ""),
        CalibrationPage(ports=(PortCalibration(),) * 33),
        CalibrationPage(clock_ppm=328.0),
    ],
    ids=repr,
)
def test_what_does_not_fit_is_refused_when_it_is_written(page: Any) -> None:
    with pytest.raises(MessageError, match="at most"):
        page.encode()


@given(st.builds(PageWrite, st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1)))
def test_a_piece_of_a_page_arrives_as_it_was_sent(write: PageWrite) -> None:
    assert PageWrite.decode(write.encode()) == write
    with pytest.raises(MessageError, match="WRITE"):
        PageWrite.decode(write.encode()[:-1])


def test_the_table_of_a_1_0_board_says_nothing_of_sound_pages() -> None:
    assert PageTable.decode(bytes.fromhex("01 0001 0100")) == PageTable(1, 256, 1)
    assert PageTable.decode(bytes.fromhex("04 0001 0100 0f00")) == PageTable(4, 256, 1, 15)
    assert PageTable(4, 256, 1, 15).encode() == bytes.fromhex("04 0001 0100 0f00")
    assert PageTable(1, 256, 1).encode() == bytes.fromhex("01 0001 0100")


@pytest.mark.parametrize("kind", [PageWrite, PageTable], ids=lambda kind: kind.__name__)
@given(noise=st.binary(max_size=200))
def test_hostile_arguments_are_refused_with_one_error(kind: type[Any], noise: bytes) -> None:
    with contextlib.suppress(MessageError):
        kind.decode(noise)
