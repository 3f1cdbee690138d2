# SPDX-License-Identifier: MIT
"""The board's EEPROM: four pages, each with a lock that never opens again.

It keeps what it is given, in memory or in a file, through sessions, boots and (in a file) the
end of the process.  What stands in the pages is drivers/qhi/pages.py; nothing here reads it.
"""

import zlib
from pathlib import Path
from typing import Final

from boards_sim.refused import RefusedError, within
from drivers.qhi.numbers import Status
from drivers.qhi.pages import PAGE_BYTES, PIECE_BYTES, SUMMED_BYTES, PageTable, is_sound
from drivers.qhi.service import Page

__all__ = ["Eeprom"]

PAGES: Final = len(Page)
EMPTY: Final = b"\xff" * PAGE_BYTES
LOCK_BYTES: Final = 2


class Eeprom:
    """The chip; a file holds its pages and then the locks, bit per page."""

    def __init__(self, path: Path | None = None) -> None:
        """Take the chip as the file has it; without one, or an empty one, it is new.

        Raises:
            ValueError: the file is something else.
        """
        self._path = path
        self._pages = [bytearray(EMPTY) for _ in range(PAGES)]
        self._locked = 0
        if path is not None and path.exists():
            self._load(path.read_bytes(), path)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        return not self._locked and all(page == EMPTY for page in self._pages)

    def table(self) -> PageTable:
        """Return what ID.INFO tells."""
        sound = sum(1 << n for n, page in enumerate(self._pages) if is_sound(bytes(page)))
        return PageTable(PAGES, PAGE_BYTES, self._locked, sound)

    @property
    def is_damaged(self) -> bool:
        """Whether a page that was written isn't whole (any more)."""
        return any(page != EMPTY and not is_sound(bytes(page)) for page in self._pages)

    def page(self, page: Page) -> bytes:
        """Return a whole page."""
        return bytes(self._pages[page])

    # What the host can ask for

    def read(self, page: int, offset: int, count: int) -> bytes:
        """Return a piece of a page."""
        within(page, range(PAGES))
        within(count, range(1, PIECE_BYTES + 1), 2)
        within(offset + count, range(PAGE_BYTES + 1), 1)
        return bytes(self._pages[page][offset : offset + count])

    def write(self, page: int, offset: int, piece: bytes) -> int:
        """Write a piece of a page; return the CRC of what then stands there."""
        before = self.read(page, offset, len(piece))
        if self._locked >> page & 1:
            raise RefusedError(Status.LOCKED)
        if before != piece:
            self._pages[page][offset : offset + len(piece)] = piece
            self._save()
        return zlib.crc32(self.read(page, offset, len(piece)))

    def lock(self, page: int, crc: int) -> None:
        """Lock a page for ever."""
        whole = bytes(self._pages[within(page, range(PAGES))])
        if self._locked >> page & 1:
            raise RefusedError(Status.LOCKED)
        if not is_sound(whole) or zlib.crc32(whole[:SUMMED_BYTES]) != crc:
            raise RefusedError(Status.VERIFY, 1)
        self._locked |= 1 << page
        self._save()

    # What the maker can do, and time

    def program(self, page: Page, content: bytes, *, locked: bool = False) -> None:
        """Write a page in the factory."""
        self._pages[page][:] = content
        self._locked |= locked << page
        self._save()

    def rot(self, page: Page, bit: int) -> None:
        """Turn one bit over, lock or no lock."""
        self._pages[page][bit // 8 % PAGE_BYTES] ^= 1 << bit % 8
        self._save()

    def _load(self, stored: bytes, path: Path) -> None:
        if not stored:
            return
        if len(stored) != PAGES * PAGE_BYTES + LOCK_BYTES:
            raise ValueError(f"{path} is not an EEPROM of {PAGES} pages")
        for number, page in enumerate(self._pages):
            page[:] = stored[number * PAGE_BYTES :][:PAGE_BYTES]
        self._locked = int.from_bytes(stored[-LOCK_BYTES:], "little")

    def _save(self) -> None:
        if self._path is not None:
            locks = self._locked.to_bytes(LOCK_BYTES, "little")
            self._path.write_bytes(b"".join(self._pages) + locks)
