# SPDX-License-Identifier: MIT
"""The rig's engine may leap over time in which nothing ends by itself: nobody notices."""

from altiware.core.record import CallRecord
from tests.rig_engine import RigEngine
from tests.signalling_rig import SignallingRig


def a_call_in(*, leaps: bool) -> list[CallRecord]:
    """Return the records of a call with caller ID, hold and a minute of talk."""
    rig = SignallingRig(engine=RigEngine(leaps=leaps))
    alice, office = rig.phone("101"), rig.office()
    rig.passes(3600.0)
    office.calls_in("2125550123", "SMITH JOHN")
    alice.rings()
    rig.passes(2.7)
    alice.lifts()
    alice.hears(office)
    rig.passes(60.0)
    alice.flashes()
    rig.passes(11.3)
    alice.flashes()
    rig.passes(1.0)
    office.breaks_loop()
    alice.hangs_up()
    rig.everybody_hangs_up()
    rig.is_clean()
    rig.close()
    return rig.records


def test_a_leap_is_as_good_as_its_ticks() -> None:
    leapt = a_call_in(leaps=True)
    assert leapt == a_call_in(leaps=False)
    assert (leapt[0].talking_s, leapt[0].held_s) != (0.0, 0.0)


def test_a_leap_is_one_tick() -> None:
    engine = RigEngine(leaps=True)
    engine.advance(86_400.0)
    assert engine.now == 86_400.0
    assert engine._leapt == 86_400 * 200 - 1
    engine.close()
