# SPDX-License-Identifier: MIT
"""A board on a real USB bus, through the driver, the commands and the diagnosis people use."""

import contextlib
import io
import json
import sys
import time
import traceback
from typing import Any

import usb.core
import usb.util

from altiware.cli.commands import app
from drivers.base import BoardLost, BoardUp, HookChanged, LossReason, PortKind
from drivers.diagnostics.cable import cable_call
from drivers.diagnostics.eeprom import read_page
from drivers.diagnostics.session import Session
from drivers.links.usb_port import BOARD_INTERFACE, usb_boards
from drivers.qhi.pages import FactoryPage
from drivers.qhi.service import Page
from tests.vm.guests.console import check, say
from tests.vm.guests.usb_gadget import PRODUCT, SERIAL, VENDOR, Gadget, set_up_host
from tests.vm.guests.usb_rights import belongs_to_one_program, needs_a_rule, needs_udev
from tests.vm.guests.usb_session import lockstep_session
from tests.vm.guests.usb_transfers import needs_a_short_packet, passes_whole_packets

ADDRESS = f"quantum+usb://{VENDOR:04x}:{PRODUCT:04x}/{SERIAL}"
FXO, FXS, TELEPHONE = 0, 2, 4
"""The office port that is cabled to a telephone port, and a telephone that is not."""
HIGH_SPEED = 3


def enumerates() -> None:
    """The kernel has read its descriptors, libusb has been told, pyusb understands them."""
    with check("enumerates") as measured:
        until = time.monotonic() + 10.0
        while (device := usb.core.find(idVendor=VENDOR, idProduct=PRODUCT)) is None:
            assert time.monotonic() < until, "nothing on the bus"
            time.sleep(0.05)
        interface = device[0][0, 0]
        kind = (interface.bInterfaceClass, interface.bInterfaceSubClass)
        assert (*kind, interface.bInterfaceProtocol) == BOARD_INTERFACE, str(interface)
        ends = [
            (
                usb.util.endpoint_direction(end.bEndpointAddress),
                end.bmAttributes,
                end.wMaxPacketSize,
            )
            for end in interface
        ]
        bulk = usb.util.ENDPOINT_TYPE_BULK
        wanted = [(usb.util.ENDPOINT_IN, bulk, 512), (usb.util.ENDPOINT_OUT, bulk, 512)]
        assert ends == wanted, str(interface)
        assert device.speed == HIGH_SPEED, device.speed
        assert device.serial_number == SERIAL, device.serial_number
        measured.update(product=device.product, maker=device.manufacturer)
        usb.util.dispose_resources(device)


def commands() -> None:
    """What a technician types: which boards are there, and what one says of itself."""
    with check("altiware board list") as measured:
        found = command("board", "list")["usb"]
        measured.update(usb=found)
        assert found == [ADDRESS], found
    with check("altiware board info") as measured:
        info = command("board", "info", ADDRESS)
        measured.update(model=info["model"], serial=info["serial"], ports=len(info["ports"]))
        assert info["serial"] == SERIAL, info


def command(*words: str) -> Any:
    """Run one of altiware's commands and return what it says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        app([*words, "--json"], standalone_mode=False)
    return json.loads(said.getvalue())


def comes_up(session: Session) -> None:
    """It says what it is."""
    with check("comes up") as measured:
        info = session.wait_until_up(10.0)
        kinds = [port.kind for port in info.ports]
        assert kinds == [PortKind.FXO] * 2 + [PortKind.FXS] * 4, kinds
        measured.update(model=info.model, firmware=info.firmware)


def is_identified(session: Session) -> None:
    """The page that its maker has written."""
    with check("reads its identity page") as measured:
        factory = FactoryPage.decode(read_page(session, Page.FACTORY))
        measured.update(model=factory.model, serial=factory.serial)
        assert factory.serial == SERIAL, factory


def lifts(session: Session, gadget: Gadget) -> None:
    """A telephone is lifted and replaced."""
    with check("sees a telephone lifted, and replaced"):
        for off_hook in (True, False):
            gadget.press(f"l{TELEPHONE}")
            hook = session.expect(HookChanged, TELEPHONE, within_s=5.0)
            assert hook.off_hook is off_hook, hook


def calls_itself(session: Session) -> None:
    """The diagnosis of a board whose telephone port is cabled to its office port: a whole call."""
    with check("calls itself over a cable") as measured:
        readings = cable_call(session, FXS, FXO)
        for reading in readings:
            say(reading=reading.sentence)
        wrong = [reading.sentence for reading in readings if not reading.is_good]
        measured.update(readings=len(readings))
        assert not wrong, wrong


def is_pulled_out(session: Session, gadget: Gadget) -> None:
    """It is lost at once, and comes back by itself when it is plugged in again."""
    with check("is lost when pulled out") as measured:
        began = time.monotonic()
        gadget.pull_out()
        lost = session.expect(BoardLost, within_s=5.0)
        measured.update(after_ms=round(1000 * (time.monotonic() - began)), detail=lost.detail)
        assert lost.reason is LossReason.CLOSED, lost
        session.passes(1.0)
        assert usb_boards() == [], usb_boards()
    with check("comes back when plugged in") as measured:
        began = time.monotonic()
        gadget.plug_in()
        up = session.expect(BoardUp, within_s=10.0)
        measured.update(after_ms=round(1000 * (time.monotonic() - began)))
        assert up.info.serial == SERIAL, up


def main() -> None:
    """Plug a board in, and use it."""
    set_up_host()
    gadget = Gadget()
    gadget.plug_in()
    enumerates()
    needs_a_short_packet()
    passes_whole_packets(gadget)
    belongs_to_one_program()
    needs_a_rule()
    commands()
    with lockstep_session(ADDRESS) as session:
        comes_up(session)
        is_identified(session)
        lifts(session, gadget)
        calls_itself(session)
        is_pulled_out(session, gadget)
        lifts(session, gadget)
        counters = [session.engine.link_counters(each.link) for each in session.engine.links()]
    needs_udev(gadget)
    say(end=True, counters=[str(each) for each in counters])


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        traceback.print_exc()
        sys.exit(1)
