# SPDX-License-Identifier: MIT
"""Calls at random through everything that leads calls about; each record adds up.

Attendants, forwarding, parking places, pickup, rooms, transfers, and offices that ring: what
people do is as senseless as in test_random_calls.py, but here the records are looked at.
"""

from pathlib import Path

import pytest

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.ids import PortAddress
from altiware.core.plan import FeatureCode, Numbering, Plan, Service, StationPlan, TrunkPlan
from altiware.core.rooms import RoomPlan
from altiware.core.speech import Phrase
from tests.adding_up import adds_up, sessions_add_up
from tests.scenarios.signalling.office_sounds import MadeUpSounds
from tests.scenarios.test_random_calls import IMPATIENT, World

CALLS = 1500
MAIN = AttendantPlan(
    "main",
    {
        "": AttendantItem(AttendantAct.MENU, prompt=(Phrase("greeting"),)),
        "1": AttendantItem(AttendantAct.CALL, target="103"),
        "2": AttendantItem(AttendantAct.EXTENSION),
        "9": AttendantItem(AttendantAct.HANG_UP),
        "0": AttendantItem(AttendantAct.OPERATOR),
    },
)
CODES = {
    "#30": FeatureCode(Service("pickup", "any")),
    "#31": FeatureCode(Service("park", "personal")),
    "#36": FeatureCode(Service("forward", "all", "forward"), is_number=True),
    "#33": FeatureCode(Service("do-not-disturb", "", "do not disturb")),
    "#41": FeatureCode(Service("park", "system"), follows=None),
}
NUMBERING = Numbering(
    services={
        "190": Service("attendant", "main", "Main menu"),
        "195": Service("room", "big", "Big room"),
    },
    codes=CODES,
)
NUMBERS = (
    *("101", "102", "103", "104", "105", "106", "0", "190", "195", "95550123#"),
    *("#30", "#31", "#41", "#411#", "#33", "#36", "#36190", "#36102", "#3695550199#"),
)
ANSWER = 0.35
"""How often somebody lifts who is being rung."""


def busy_plan() -> Plan:
    """Return an office where hardly a call ends where it was meant to."""
    ports = [PortAddress(0, port) for port in range(8)]
    stations = (
        StationPlan("101", ports[0], "Alice", busy="190"),
        StationPlan("102", ports[1], "Bob", no_answer="103", busy="104"),
        StationPlan("103", ports[2], "Carol", no_answer="190", ring_s=3.0),
        StationPlan("104", ports[3], "Dave", busy="190", no_answer="101"),
        StationPlan("105", ports[4], "Erin", forwards_outside=True),
        StationPlan("106", ports[5], "Frank"),
        StationPlan("107", ports[6], "Grace"),
        StationPlan("108", ports[7], "Heidi"),
    )
    return Plan(
        stations,
        tuple(TrunkPlan(PortAddress(0, 8 + port)) for port in range(4)),
        incoming="190",
        numbering=NUMBERING,
        timers=IMPATIENT,
        attendants=(MAIN,),
        rooms=(RoomPlan("big"),),
    )


class BusyWorld(World):
    """People who answer more often, press keys, and set their telephones."""

    numbers = NUMBERS
    most_heard = 2  # in a room: the others, and what is said of them

    def happens(self) -> None:
        chance = self.random.random()
        office = self.random.choice(self.offices)
        if chance < 0.1:
            office.presses(self.random.choice("0129"))
        elif chance < ANSWER:
            ringing = [each for each in self.phones if each.state == "ringing"]
            for phone in ringing[:1]:
                self.lifted.add(phone.extension)
                phone.lifts()
        super().happens()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_records_of_random_calls_add_up(tmp_path: Path) -> None:
    sounds = MadeUpSounds(tmp_path, music=True)
    with BusyWorld(seed=2001, plan=busy_plan(), sounds=sounds) as world:
        while len(world.closed) < CALLS:
            for _ in range(200):
                world.happens()
            world.everybody_hangs_up()
            world.is_empty()
        for record in world.closed:
            adds_up(record)
        sessions_add_up(world.closed)
        legs = [leg for record in world.closed for leg in record.legs]
        spent = {name for leg in legs for name in SECONDS if getattr(leg.seconds, name)}
        assert spent == SECONDS, "the world is varied"
        numbers = {leg.target.number for leg in legs}
        assert {"190", "195", "#41", "103", "5550123"} <= numbers


SECONDS = {"setup", "ringing", "attendant", "held", "talking", "service"}
