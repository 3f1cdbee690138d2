# SPDX-License-Identifier: MIT
"""The EEPROM keeps what it is given, and a lock never opens."""

import zlib
from pathlib import Path

import pytest

from boards_sim.eeprom import Eeprom
from boards_sim.refused import RefusedError
from drivers.qhi.numbers import Status
from drivers.qhi.pages import OemPage
from drivers.qhi.service import Page

OEM = OemPage("Acme", "Office One").encode()


def written(eeprom: Eeprom, content: bytes = OEM) -> Eeprom:
    eeprom.write(Page.OEM, 0, content[:128])
    eeprom.write(Page.OEM, 128, content[128:])
    return eeprom


def refuses(eeprom: Eeprom, status: Status, page: int = Page.OEM) -> None:
    with pytest.raises(RefusedError) as refused:
        eeprom.write(page, 0, b"x")
    assert refused.value.status is status


def test_a_new_chip_is_empty_and_neither_sound_nor_damaged() -> None:
    eeprom = Eeprom()
    assert eeprom.is_new
    assert eeprom.read(Page.TRACE, 250, 6) == b"\xff" * 6
    table = eeprom.table()
    assert (table.pages, table.page_bytes, table.locked, table.sound) == (4, 256, 0, 0)
    assert not eeprom.is_damaged


def test_a_written_page_reads_back_and_is_sound_when_its_last_piece_is_there() -> None:
    eeprom = Eeprom()
    assert eeprom.write(Page.OEM, 0, OEM[:128]) == zlib.crc32(OEM[:128])
    assert eeprom.is_damaged
    eeprom.write(Page.OEM, 128, OEM[128:])
    assert not eeprom.is_damaged
    assert eeprom.table().sound == 1 << Page.OEM
    assert eeprom.page(Page.OEM) == OEM


def test_a_locked_page_stays_as_it_is_for_ever() -> None:
    eeprom = written(Eeprom())
    eeprom.lock(Page.OEM, zlib.crc32(OEM[:252]))
    refuses(eeprom, Status.LOCKED)
    with pytest.raises(RefusedError) as refused:
        eeprom.lock(Page.OEM, zlib.crc32(OEM[:252]))
    assert refused.value.status is Status.LOCKED
    assert eeprom.page(Page.OEM) == OEM


@pytest.mark.parametrize("crc", [0, zlib.crc32(OEM)])
def test_a_page_is_not_locked_by_who_does_not_know_what_is_in_it(crc: int) -> None:
    eeprom = written(Eeprom())
    with pytest.raises(RefusedError) as refused:
        eeprom.lock(Page.OEM, crc)
    assert refused.value.status is Status.VERIFY
    assert not eeprom.table().locked


def test_a_page_that_is_not_whole_is_not_locked() -> None:
    eeprom = Eeprom()
    eeprom.write(Page.OEM, 0, OEM[:128])
    with pytest.raises(RefusedError) as refused:
        eeprom.lock(Page.OEM, zlib.crc32(eeprom.page(Page.OEM)[:252]))
    assert refused.value.status is Status.VERIFY


def test_rot_is_seen_in_the_table_also_on_a_locked_page() -> None:
    eeprom = written(Eeprom())
    eeprom.lock(Page.OEM, zlib.crc32(OEM[:252]))
    eeprom.rot(Page.OEM, 77)
    assert eeprom.is_damaged
    assert not eeprom.table().sound
    refuses(eeprom, Status.LOCKED)


@pytest.mark.parametrize(("page", "offset", "count"), [(4, 0, 1), (1, 0, 129), (1, 200, 57)])
def test_what_is_beyond_the_chip_is_refused(page: int, offset: int, count: int) -> None:
    for ask in (
        lambda: Eeprom().read(page, offset, count),
        lambda: Eeprom().write(page, offset, bytes(count)),
    ):
        with pytest.raises(RefusedError) as refused:
            ask()
        assert refused.value.status is Status.RANGE


def test_a_file_keeps_pages_and_locks(tmp_path: Path) -> None:
    file = tmp_path / "unit.eeprom"
    eeprom = written(Eeprom(file))
    eeprom.lock(Page.OEM, zlib.crc32(OEM[:252]))
    again = Eeprom(file)
    assert again.page(Page.OEM) == OEM
    refuses(again, Status.LOCKED)
    assert not again.is_new


def test_a_file_of_something_else_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam")
    with pytest.raises(ValueError, match=r"letter\.txt is not an EEPROM"):
        Eeprom(file)
