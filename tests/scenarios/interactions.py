# SPDX-License-Identifier: MIT
"""People who do anything that a telephone lets them do, with every feature there is, at random.

``People`` is a state machine for hypothesis: eight telephones, four office lines, every feature
code, attendants, rooms, mailboxes and whatever else can be called.  When an example ends, all hang
up, and nothing may be left: no call, port, path, conversation, bell or open record; and every
record adds up.

python -m tests.scenarios.interactions 50000             as many steps, some minutes
python -m tests.scenarios.interactions 5000 --shrink     to find the shortest way to a failure
"""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from altiware.core.attendants import AttendantAct, AttendantItem, AttendantPlan
from altiware.core.mail import MailboxPlan, MailPlan
from altiware.core.plan import Numbering, Plan, Service, Timers
from altiware.core.rooms import RoomPlan
from altiware.core.speech import Phrase
from altiware.core.workgroups import Distribution, Member, Recorded, WorkgroupPlan
from altiware.features.profile import PROFILES
from altiware.store.mail_rows import counts
from tests.adding_up import adds_up, sessions_add_up
from tests.scenarios.signalling.mail_office import MailRig
from tests.signalling_rig import Office, Phone, office_plan

__all__ = ["People", "interaction_plan"]

STEPS: Final = 200
"""Of one example."""
SHORT: Final = 30
"""Of one that is to be shrunk."""
TAIL_S: Final = 120.0
"""By then every timer of an office in which all have hung up has passed."""

IMPATIENT: Final = Timers(
    first_digit_s=3.0,
    next_digit_s=1.0,
    no_answer_s=6.0,
    return_s=6.0,
    park_s=10.0,
    tone_s=2.0,
    howler_s=2.0,
    dial_tone_wait_s=2.0,
    ring_gap_s=2.5,
)


GROUPS: Final = (
    WorkgroupPlan(
        "sales",
        tuple(map(Member, ("102", "103", "104", "105"))),
        ring_s=5.0,
        wrap_up_s=3.0,
        overflow="501",
        overflow_after_s=30.0,
        recording=Recorded.ALWAYS,
        call_back=True,
        call_back_within_s=60.0,
        calls_as="101",
        supervisors=("101", "106"),
        tells_agent=True,
    ),
    WorkgroupPlan(
        "service",
        tuple(map(Member, ("104", "105", "106"))),
        mode=Distribution.ALL,
        no_answer_log_out=True,
        most_waiting=2,
        overflow="107",
        recording=Recorded.ON_DEMAND,
        supervisors=("101",),
    ),
)


def interaction_plan() -> Plan:
    """Return an office with everything in it."""
    act = AttendantAct
    items = {
        "": AttendantItem(act.MENU, prompt=(Phrase("attendant-welcome"),)),
        "2": AttendantItem(act.CALL, target="102"),
        "3": AttendantItem(act.NAME),
        "4": AttendantItem(act.COLLECT, target="order", digits=(1, 4), then=""),
        "5": AttendantItem(act.MESSAGE, target="103"),
        "6": AttendantItem(act.MAILBOX),
        "7": AttendantItem(act.CALL, target="180"),
        "8": AttendantItem(act.DIRECTORY),
        "0": AttendantItem(act.OPERATOR),
        "9": AttendantItem(act.HANG_UP),
        "1": AttendantItem(act.CALL, target="500"),
    }
    numbering = Numbering(
        services={
            "190": Service("attendant", "main"),
            "180": Service("room", "open"),
            "181": Service("room", "board"),
            "500": Service("workgroup", "sales"),
            "501": Service("workgroup", "service"),
        },
        codes=PROFILES["oe45"],
    )
    plan = office_plan(
        stations=8,
        trunks=4,
        timers=IMPATIENT,
        incoming="190",
        numbering=numbering,
        attendants=(AttendantPlan("main", items, timeout_s=3.0, between_s=1.0),),
        rooms=(
            RoomPlan("open", most=4),
            RoomPlan("board", pin="12", host_pin="34", waits_for_host=True),
        ),
        workgroups=GROUPS,
    )
    busy, no_answer = {"104": "105"}, {"102": "190", "104": "103"}
    stations = tuple(
        replace(
            each,
            pickup_group="a",
            busy=busy.get(each.extension, ""),
            no_answer=no_answer.get(each.extension, ""),
        )
        for each in plan.stations
    )
    boxes = {
        each.extension: MailboxPlan(each.extension, each.name, ask_password=False)
        for each in stations
    }
    return replace(plan, stations=stations, mail=MailPlan(boxes))


EXTENSIONS: Final = tuple(str(number) for number in range(101, 109))
NUMBERS: Final = (
    *EXTENSIONS,
    *("0", "190", "180", "181", "500", "501", "199", "95550123#", "918005550123", "911", "9911"),
)
CODES: Final = tuple(PROFILES["oe45"])
BEHIND: Final = ("", "#", "101", "103", "105#", "95550123#", "1", "1#", "12#", "1234#", "*")
KEYS: Final = ("1", "2", "3", "4", "0", "#", "*", "9", "12#", "34#", "*6", "*0104#", "102", "##1")
WAITS: Final = (0.0, 0.1, 0.4, 1.5, 4.0, 12.0)
TONES: Final = ("dial", "dial", "busy", "reorder", "ringback")


class People(RuleBasedStateMachine):
    """What people at eight telephones and four office lines do."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="office-"))
        self.rig = MailRig(self.folder, interaction_plan())
        self.lifted: set[int] = set()

    def phone(self, index: int) -> Phone:
        return self.rig.phone(EXTENSIONS[index])

    def line(self, index: int) -> Office:
        return self.rig.office(index)

    phones = st.integers(0, 7)
    lines = st.integers(0, 3)

    @rule(who=phones)
    def lifts_or_hangs_up(self, who: int) -> None:
        if who in self.lifted:
            self.lifted.remove(who)
            self.phone(who).hangs_up()
        else:
            self.lifted.add(who)
            self.phone(who).lifts()

    @rule(who=phones, number=st.sampled_from(NUMBERS))
    def calls(self, who: int, number: str) -> None:
        if who not in self.lifted:
            self.lifted.add(who)
            self.phone(who).lifts()
        self.phone(who).dials(number)

    @rule(who=phones, code=st.sampled_from(CODES), more=st.sampled_from(BEHIND))
    def dials_a_code(self, who: int, code: str, more: str) -> None:
        if who not in self.lifted:
            self.lifted.add(who)
            self.phone(who).lifts()
        self.phone(who).dials(code + more)

    @rule(who=phones, then=st.sampled_from(("", "", *NUMBERS, "#41", "#31", "#40103", "#15")))
    def flashes(self, who: int, then: str) -> None:
        if who in self.lifted:
            self.phone(who).flashes()
            self.phone(who).dials(then)

    @rule(who=phones, keys=st.sampled_from(KEYS))
    def presses(self, who: int, keys: str) -> None:
        if who in self.lifted:
            self.phone(who).dials(keys)

    @rule(line=lines, shown=st.booleans())
    def somebody_calls_in(self, line: int, shown: bool) -> None:
        if shown:
            self.line(line).calls_in("2125550123", "SMITH JOHN", on_s=0.5)
        else:
            self.line(line).rings(2, on_s=0.5, off_s=1.0)

    @rule(line=lines, keys=st.sampled_from(KEYS))
    def a_caller_presses(self, line: int, keys: str) -> None:
        self.line(line).presses(keys)

    @rule(line=lines, tone=st.sampled_from(TONES))
    def an_office_gives_a_tone(self, line: int, tone: str) -> None:
        self.line(line).gives(tone)

    @rule(line=lines)
    def a_caller_leaves(self, line: int) -> None:
        self.line(line).breaks_loop()

    @rule(line=lines)
    def an_office_reverses(self, line: int) -> None:
        self.line(line).reverses()

    @rule(seconds=st.sampled_from(WAITS))
    def time_passes(self, seconds: float) -> None:
        self.rig.passes(seconds)

    @rule(seconds=st.sampled_from((1.0, 3.0)))
    def whoever_is_recorded_speaks(self, seconds: float) -> None:
        self.rig.speaks(seconds)

    def teardown(self) -> None:
        try:
            self.rig.everybody_hangs_up()
            self.rig.passes(TAIL_S)
            self.rig.everybody_hangs_up()
            self._nothing_is_left()
        finally:
            self.rig.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            super().teardown()

    def _nothing_is_left(self) -> None:
        self.rig.is_empty()
        assert {each.state for each in self.rig.exchange.lines()} == {"idle"}
        assert {each.state for each in self.rig.exchange.trunks()} == {"idle"}
        going_on = {each.name for each in self.rig.exchange.conversations()}
        groups = {f"workgroup {each.name}" for each in GROUPS}
        assert all(each in groups or each.startswith("caretaker") for each in going_on), going_on
        for extension in EXTENSIONS:
            kept = counts(self.rig.writer.connection, extension)
            assert self.rig.waiting.get(extension, (0, 0, 0)) == kept, f"the lamp of {extension}"
        assert self.rig.half == [], "nothing half recorded is left"
        for record in self.rig.records:
            adds_up(record)
        sessions_add_up(self.rig.records)


def run(steps: int, *, quickly: bool = False, shrink: bool = False) -> None:
    """Let people live for so many steps; ``shrink`` finds what is least of what goes wrong."""
    each = SHORT if shrink else STEPS
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=max(1, steps // each),
            stateful_step_count=each,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            deadline=None,
            derandomize=quickly,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


if __name__ == "__main__":
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000, shrink="--shrink" in sys.argv)
    sys.stdout.write("nothing was left, and every record added up\n")
