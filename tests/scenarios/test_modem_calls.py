# SPDX-License-Identifier: MIT
"""The world outside behind a voice modem: calls in and out, as on any other trunk."""

from pathlib import Path

import pytest

from altiware.core.causes import Cause
from boards_sim.voice_modem import KINDS
from drivers.actors import Caller
from tests.rig import Rig, modem_plan
from tests.scenarios.own_voice import own_voice_dbfs


@pytest.fixture(params=["USR5637", "CX93001"])
def make(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_call_out(make: str, speech: Path) -> None:
    with Rig(modem_plan(), modem=KINDS[make]) as rig:
        alice, office = rig.telephone("101"), rig.office()
        alice.lifts()
        alice.hears("dial")
        alice.dials("95550123#")
        office.is_seized()
        office.receives("5550123")
        alice.hears("ringback", within_s=6.0)
        rig.passes(8.0)
        office.answers()
        rig.passes(2.0)
        office.says(speech, wait=False)
        alice.hears("speech")
        rig.passes(4.0)
        alice.says(speech, wait=False)
        office.hears("speech")
        alice.hangs_up()
        office.is_free()
    (record,) = rig.records
    assert record.cause is Cause.NORMAL


def test_a_call_in_with_its_caller(make: str, speech: Path) -> None:
    with Rig(modem_plan(), modem=KINDS[make]) as rig:
        office, alice = rig.office(), rig.telephone("101")
        office.calls_in("8055554567", "CAROL JONES")
        alice.rings(within_s=12.0)
        assert alice.shows() == Caller("8055554567", "CAROL JONES")
        alice.lifts()
        office.is_seized()
        rig.passes(1.0)
        alice.says(speech, wait=False)
        office.hears("speech", within_s=5.0)
        office.hangs_up()
        alice.hears("reorder", within_s=10.0)
        alice.hangs_up()


def test_the_echo_behind_a_modems_buffers_is_found_and_taken_out(
    tmp_path: Path, speech: Path
) -> None:
    """60 ms of buffers and a hybrid: out of reach of a tail of 32 ms without the search."""
    with_echo, without = (
        own_voice_dbfs(
            Rig(modem_plan(), modem=KINDS["CX93001"], echo_tail_ms=tail_ms),
            tmp_path / "ear.wav",
            speech,
        )
        for tail_ms in (0, 32)
    )
    assert without < with_echo - 20
