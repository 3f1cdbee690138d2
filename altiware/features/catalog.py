# SPDX-License-Identifier: MIT
"""All applications by the kind under which the plan names them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from altiware.features.applications import Factory
from altiware.features.attendant import Attendant
from altiware.features.conference import Room
from altiware.features.do_not_disturb import DoNotDisturb
from altiware.features.forwarding import Forward
from altiware.features.park import Park
from altiware.features.pickup import Pickup

__all__ = ["FACTORIES"]

FACTORIES: Final[Mapping[str, Factory]] = MappingProxyType(
    {
        "attendant": Attendant,
        "do-not-disturb": DoNotDisturb,
        "forward": Forward,
        "park": Park,
        "pickup": Pickup,
        "room": Room,
    }
)
