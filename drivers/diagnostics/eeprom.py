# SPDX-License-Identifier: MIT
"""The pages of a board's EEPROM for people: read, write, lock for ever.

The layout is that of drivers/qhi/pages.py.  A page that can't be read as what it should be is
None in ``Contents``, and ``states`` says whether it is empty or damaged.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from drivers.diagnostics.asking import ask, perform
from drivers.diagnostics.session import Session
from drivers.errors import BoardOperationError
from drivers.qhi.layout import MessageError
from drivers.qhi.pages import PAGE_BYTES, CalibrationPage, FactoryPage, OemPage, TracePage
from drivers.qhi.service import Page
from drivers.service import PageContent, PageStates

__all__ = [
    "Contents",
    "OemChanges",
    "PageState",
    "lock_page",
    "read_contents",
    "read_page",
    "write_certificate",
    "write_oem",
]

P = TypeVar("P")
EMPTY: Final = b"\xff" * PAGE_BYTES
NO_OEM: Final = OemPage("", "")


@dataclass(frozen=True, slots=True)
class PageState:
    """How one page is."""

    page: Page
    is_locked: bool
    condition: str
    "sound, empty or damaged."


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in the pages."""

    states: tuple[PageState, ...]
    factory: FactoryPage | None
    oem: OemPage | None
    trace: TracePage | None
    calibration: CalibrationPage | None

    @property
    def damaged(self) -> tuple[Page, ...]:
        """Pages that were written and can't be read."""
        return tuple(state.page for state in self.states if state.condition == "damaged")


@dataclass(frozen=True, slots=True)
class OemChanges:
    """Fields of the OEM's page; None: as it is."""

    manufacturer: str | None = None
    product: str | None = None
    serial: str | None = None
    contact: str | None = None


def read_contents(session: Session) -> Contents:
    """Read all pages.

    Raises:
        DriverError: the board can't, or doesn't answer.
    """
    locked = ask(session, session.board.page_states, PageStates).locked
    raw = {page: read_page(session, page) for page in Page}
    factory = _decoded(FactoryPage.decode, raw[Page.FACTORY])
    oem = _decoded(OemPage.decode, raw[Page.OEM])
    trace = _decoded(TracePage.decode, raw[Page.TRACE])
    calibration = _decoded(CalibrationPage.decode, raw[Page.CALIBRATION])
    read = {
        Page.FACTORY: factory,
        Page.OEM: oem,
        Page.TRACE: trace,
        Page.CALIBRATION: calibration,
    }
    states = tuple(
        PageState(page, page in locked, _condition(raw[page], is_read=read[page] is not None))
        for page in Page
    )
    return Contents(states, factory, oem, trace, calibration)


def read_page(session: Session, page: Page) -> bytes:
    """Read a page as it is.

    Raises:
        DriverError: the board can't, or doesn't answer.
    """
    return ask(session, lambda: session.board.read_page(page), PageContent).content


def write_oem(session: Session, changes: OemChanges) -> OemPage:
    """Write the OEM's page, keeping what isn't changed; return it.

    Raises:
        ValueError: a field is too long.
        DriverError: the page is locked, or the board can't or doesn't answer.
    """
    before = _decoded(OemPage.decode, read_page(session, Page.OEM)) or NO_OEM
    new = OemPage(
        before.manufacturer if changes.manufacturer is None else changes.manufacturer,
        before.product if changes.product is None else changes.product,
        before.serial if changes.serial is None else changes.serial,
        before.contact if changes.contact is None else changes.contact,
    )
    try:
        content = new.encode()
    except MessageError as error:
        raise ValueError(str(error)) from error
    perform(session, lambda: session.board.write_page(Page.OEM, content))
    return new


def write_certificate(session: Session, number: str) -> None:
    """Write the number of a burn-in's certificate into the trace page.

    Raises:
        DriverError: the page is locked or empty, or the board can't or doesn't answer.
    """
    before = _decoded(TracePage.decode, read_page(session, Page.TRACE))
    if before is None:
        raise BoardOperationError(
            f"{session.board.address}: the trace page is empty or damaged; it is the maker's"
        )
    content = replace(before, certificate=number).encode()
    perform(session, lambda: session.board.write_page(Page.TRACE, content))


def lock_page(session: Session, page: Page) -> None:
    """Lock a page with what stands in it, for ever.

    Raises:
        DriverError: it is locked already or not sound, or the board can't or doesn't answer.
    """
    content = read_page(session, page)
    perform(session, lambda: session.board.lock_page(page, content))


def _decoded(decode: Callable[[bytes], P], content: bytes) -> P | None:
    try:
        return decode(content)
    except MessageError:
        return None


def _condition(content: bytes, *, is_read: bool) -> str:
    if is_read:
        return "sound"
    return "empty" if content == EMPTY else "damaged"
