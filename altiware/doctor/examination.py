# SPDX-License-Identifier: MIT
"""All that is looked at, in the order in which a technician would: the board first.

``examine(case)`` yields findings as they are made.  It changes nothing and needs no board.
"""

from collections.abc import Callable, Iterator
from typing import Final

from altiware.doctor.access import check_plug_news, check_serial_access, check_usb_access
from altiware.doctor.clocks import check_clock_source, check_time_of_day
from altiware.doctor.dahdi import check_modules, check_secure_boot, check_spans, check_tone_zone
from altiware.doctor.engine_build import check_engine
from altiware.doctor.findings import Finding
from altiware.doctor.holders import check_brltty, check_holders, check_modem_manager
from altiware.doctor.machine import Case
from altiware.doctor.realtime import check_governor, check_memory_lock, check_priority
from altiware.doctor.storage import check_file_system, check_room, check_sync
from altiware.doctor.usb_power import check_usb_power

__all__ = ["CHECKS", "examine"]

Check = Callable[[Case], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    check_serial_access,
    check_usb_access,
    check_plug_news,
    check_holders,
    check_modem_manager,
    check_brltty,
    check_usb_power,
    check_modules,
    check_secure_boot,
    check_spans,
    check_tone_zone,
    check_engine,
    check_priority,
    check_memory_lock,
    check_governor,
    check_clock_source,
    check_time_of_day,
    check_file_system,
    check_room,
    check_sync,
)


def examine(case: Case) -> Iterator[Finding]:
    """Make every check."""
    for check in CHECKS:
        yield from check(case)
