# SPDX-License-Identifier: MIT
"""What a Quantum board reports of its own health, as alarms."""

import enum
from typing import Final

from drivers.base import BOARD_ITSELF, AlarmRaised
from drivers.qhi.arguments import COUNT, STATE, WORD
from drivers.qhi.layout import text, unpack
from drivers.qhi.messages import EventMessage
from drivers.qhi.numbers import (
    BOARD_PORT,
    AlarmKind,
    ClockEvent,
    MessageClass,
    PortAlarm,
    PortEventCode,
    SysEvent,
)

__all__ = ["alarm"]

_KINDS: Final[dict[tuple[int, int], type[enum.IntEnum]]] = {
    (MessageClass.SYS, SysEvent.ALARM): AlarmKind,
    (MessageClass.PORT, PortEventCode.ALARM): PortAlarm,
}
_COUNTS: Final = {
    (MessageClass.SYS, SysEvent.EVENTS_LOST): ("events lost", WORD),
    (MessageClass.CLK, ClockEvent.UNDERRUN): ("underrun", COUNT),
    (MessageClass.CLK, ClockEvent.SLIP): ("slip", COUNT),
}


def alarm(message: EventMessage, now: float) -> list[AlarmRaised]:
    """Return the alarm in an event, if it is one.

    Raises:
        MessageError: its arguments are too short.
    """
    what = (message.class_, message.event)
    port = BOARD_ITSELF if message.port == BOARD_PORT else message.port
    if what in _COUNTS:
        name, layout = _COUNTS[what]
        (count,) = unpack(layout, message.arguments, name)
        return [AlarmRaised(now, port, name, f"{count} so far")]
    if what not in _KINDS:
        return []
    number, on = unpack(STATE, message.arguments, "ALARM")
    words = {kind.value: kind.name.lower().replace("_", " ") for kind in _KINDS[what]}
    detail = text(message.arguments[STATE.size :])
    if not on:
        detail = f"over {detail}".rstrip()
    return [AlarmRaised(now, port, words.get(number, f"alarm {number}"), detail)]
