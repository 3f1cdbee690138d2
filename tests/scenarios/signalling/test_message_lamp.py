# SPDX-License-Identifier: MIT
"""Messages that wait: the lamp of a display, and a dial tone that stutters.

#99 and an extension and a digit stand for a mailbox that reports as many new messages.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from altiware.core.notices import MessageWaiting
from altiware.core.plan import FeatureCode, Service
from altiware.features.catalog import FACTORIES
from altiware.features.effects import Report
from altiware.features.errands import Errand, Outcome
from drivers.base import Linefeed
from dsp.callerid_notice import Waiting, read_notice
from tests.scenarios.signalling.station_office import confirmed, station_plan, station_rig
from tests.signalling_rig import Phone, SignallingRig


class Mailman(Errand):
    def run(self, at: float) -> Outcome:
        extension, count = self.opening.digits[:-1], self.opening.digits[-1]
        waiting = MessageWaiting(at, extension, int(count), 0, 0)
        return Outcome((), (Report(waiting),))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SignallingRig]:
    plan = station_plan({"103": {"shows_caller": False}})
    codes = {**plan.numbering.codes, "#99": FeatureCode(Service("mailman"), follows=4)}
    plan = replace(plan, numbering=replace(plan.numbering, codes=codes))
    rig = station_rig(tmp_path, plan, factories={**FACTORIES, "mailman": Mailman})
    yield rig
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()


def told(phone: Phone) -> Waiting:
    """Return what the display of a telephone is being told of messages."""
    assert phone.board.feeds.get(phone.port.port) is Linefeed.ON_HOOK_TRANSMISSION
    (source,) = phone.rig.engine.sources(phone.timeslot)
    message = phone.rig.engine.says[source]
    assert isinstance(message, bytes)
    notice = read_notice(message)
    assert isinstance(notice, Waiting)
    return notice


@pytest.mark.feature("message-waiting lamp")
def test_the_lamp_is_lit_and_goes_out(rig: SignallingRig) -> None:
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("#991022")
    alice.hears_tone("confirm")
    assert told(bob) == Waiting(on=True, count=2)
    rig.passes(1.1)
    assert bob.board.feeds[bob.port.port] is Linefeed.ACTIVE
    bob.is_silent()
    bob.is_quiet()
    alice.hangs_up()
    bob.lifts()
    bob.hears_tone("stutter")
    bob.hangs_up()
    alice.calls("#991020")
    assert told(bob) == Waiting(on=False, count=0)
    rig.passes(1.1)
    bob.lifts()
    bob.hears_tone("dial")


@pytest.mark.feature("message-waiting lamp")
def test_a_telephone_without_a_display_stutters(rig: SignallingRig) -> None:
    carol = rig.phone("103")
    confirmed(rig.phone("101"), "#991031")
    assert carol.port.port not in carol.board.feeds
    carol.lifts()
    carol.hears_tone("stutter")


@pytest.mark.feature("message-waiting lamp", "incoming call")
def test_a_call_comes_while_the_lamp_is_being_set(rig: SignallingRig) -> None:
    alice, bob, carol = rig.phone("101"), rig.phone("102"), rig.phone("103")
    carol.lifts()
    carol.dials("10")
    alice.calls("#991021")
    told(bob)
    carol.dials("2")
    bob.rings()
    carol.hangs_up()
    bob.is_quiet()
    rig.passes(1.1)
    assert told(bob) == Waiting(on=True, count=1)


@pytest.mark.feature("message-waiting lamp", "call waiting")
def test_messages_that_come_during_a_call_are_told_after_it(rig: SignallingRig) -> None:
    alice, bob, carol = rig.phone("101"), rig.phone("102"), rig.phone("103")
    bob.calls("103")
    carol.lifts()
    alice.calls("#991021")
    bob.hears(carol)
    bob.hangs_up()
    rig.passes(1.1)
    assert told(bob) == Waiting(on=True, count=1)


@pytest.mark.feature("message-waiting lamp")
def test_a_mailbox_without_a_telephone_has_no_lamp(rig: SignallingRig) -> None:
    confirmed(rig.phone("101"), "#991991")
