# SPDX-License-Identifier: MIT
"""Boards that vanish in the middle of calls, and come back."""

from altiware.core.causes import Cause
from altiware.core.ids import PortAddress
from altiware.core.notices import BoardChanged
from altiware.core.plan import Plan, StationPlan, TrunkPlan
from tests.signalling_rig import SignallingRig


def two_boards() -> SignallingRig:
    """101, 102 and a trunk on board 0; 103, 104 and a trunk on board 1."""
    return SignallingRig(
        Plan(
            stations=(
                StationPlan("101", PortAddress(0, 0)),
                StationPlan("102", PortAddress(0, 1)),
                StationPlan("103", PortAddress(1, 0)),
                StationPlan("104", PortAddress(1, 1)),
            ),
            trunks=(TrunkPlan(PortAddress(0, 2)), TrunkPlan(PortAddress(1, 2))),
        )
    )


def comes_back(rig: SignallingRig, board: int) -> None:
    rig.boards[board].comes_up()
    rig.passes(0.0)


def is_lost(rig: SignallingRig, board: int) -> None:
    rig.boards[board].is_lost()
    rig.passes(0.0)


def test_calls_on_a_lost_board_end_and_others_go_on() -> None:
    rig = two_boards()
    rig.phone("101").calls("103")
    rig.phone("103").lifts()
    rig.phone("102").calls("9911")
    is_lost(rig, 0)
    assert {each.cause for each in rig.records} == {Cause.BOARD_LOST}
    rig.phone("103").hears_tone("reorder")
    rig.phone("103").hangs_up()
    rig.phone("103").calls("104")
    rig.phone("104").lifts()
    rig.phone("103").hears(rig.phone("104"))
    assert rig.phone("101").state == "out of service"
    comes_back(rig, 0)
    assert rig.phone("101").state == "idle"
    rig.phone("101").calls("102")
    rig.phone("102").rings()
    rig.everybody_hangs_up()
    rig.is_empty()
    changes = [each.state for each in rig.notices if isinstance(each, BoardChanged)]
    assert changes == ["up", "up", "lost", "up"]


def test_a_station_on_a_lost_board_cannot_be_reached() -> None:
    rig = two_boards()
    is_lost(rig, 0)
    rig.phone("103").calls("101")
    rig.phone("103").hears_tone("reorder")
    assert rig.records[0].cause is Cause.OUT_OF_SERVICE
    rig.phone("103").hangs_up()
    rig.phone("103").calls("95550123#")
    rig.office(1).is_seized()


def test_a_trunk_lost_while_it_is_seized() -> None:
    rig = two_boards()
    rig.phone("103").calls("95550123#")
    rig.office(0).is_seized()
    is_lost(rig, 0)
    rig.phone("103").hears_tone("reorder")
    assert rig.records[0].cause is Cause.BOARD_LOST


def test_a_conference_across_boards_goes_on_without_the_lost_one() -> None:
    rig = two_boards()
    alice, carol, dave = rig.phone("101"), rig.phone("103"), rig.phone("104")
    carol.calls("101")
    alice.lifts()
    carol.flashes()
    carol.dials("104")
    dave.lifts()
    carol.flashes()
    carol.hears(alice, dave)
    is_lost(rig, 0)
    carol.hears(dave)
    dave.hears(carol)


def test_the_owner_of_a_consultation_is_lost() -> None:
    for flashes in range(1, 4):
        rig = two_boards()
        alice, carol, dave = rig.phone("101"), rig.phone("103"), rig.phone("104")
        alice.calls("103")
        carol.lifts()
        alice.flashes()
        if flashes > 1:
            alice.dials("104")
            dave.lifts()
        if flashes > 2:
            alice.flashes()
        is_lost(rig, 0)
        carol.hears_tone("reorder")
        assert {each.cause for each in rig.records} == {Cause.BOARD_LOST}
        assert rig.exchange.calls() == ()


def test_an_owner_who_is_being_rung_back_is_lost() -> None:
    rig = two_boards()
    alice, carol = rig.phone("101"), rig.phone("103")
    alice.calls("103")
    carol.lifts()
    alice.flashes()
    alice.hangs_up()
    alice.rings()
    is_lost(rig, 0)
    carol.hears_tone("reorder")
    assert rig.exchange.calls() == ()


def test_an_owner_whose_board_is_lost_while_he_holds() -> None:
    rig = two_boards()
    alice, bob = rig.phone("101"), rig.phone("102")
    alice.calls("102")
    bob.lifts()
    alice.flashes()
    is_lost(rig, 0)
    comes_back(rig, 0)
    rig.everybody_hangs_up()
    rig.is_empty()
