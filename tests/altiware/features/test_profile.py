# SPDX-License-Identifier: MIT
from pathlib import Path

import pytest

from altiware.core.ids import PortAddress
from altiware.core.numbering import DialPlan, Place, Reading
from altiware.core.plan import FeatureCode, Numbering, Plan, Service, StationPlan
from altiware.features.profile import OE45, PROFILES, Origin, document

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "reference" / "feature-codes.md"
DIAL_PLAN = DialPlan(
    Plan(
        (StationPlan("101", PortAddress(0, 0)),),
        numbering=Numbering(codes=PROFILES["oe45"]),
    )
)

NAMED = """## ### #15 #26 #27 #28 #29 #30 #31 #32 #33 #34 #36 #37 #38 #39 #40 #41 #44 #45 #54 #56
#69 #90 #91"""
"""The codes that the manuals name."""


def test_the_page_is_written_from_the_profile() -> None:
    again = "run `python -m altiware.features.profile > docs/reference/feature-codes.md`"
    assert PAGE.read_text(encoding="utf-8") == document(), again


def test_what_the_manuals_name_is_there_and_the_rest_is_said_to_be_ours() -> None:
    manual = {each.code for each in OE45 if each.origin is Origin.MANUAL}
    assert manual == set(NAMED.split())
    assert len({each.code for each in OE45}) == len(OE45)


@pytest.mark.parametrize(
    ("digits", "reading"),
    [
        ("#", Reading.OPEN),
        ("#3", Reading.OPEN),
        ("#33", Reading.WHOLE),
        ("##", Reading.OPEN),
        ("###", Reading.WHOLE),
        ("#36", Reading.OPEN),
        ("#36#", Reading.WHOLE),
        ("#3610", Reading.OPEN),
        ("#36101", Reading.WHOLE),
        ("#36912125550", Reading.OPEN),
        ("#36912125550123", Reading.WHOLE),
        ("#32123", Reading.OPEN),
        ("#32123#", Reading.WHOLE),
        ("#600", Reading.OPEN),
        ("#6007", Reading.WHOLE),
        ("#99", Reading.WHOLE),
    ],
)
def test_a_code_ends_where_what_follows_ends(digits: str, reading: Reading) -> None:
    assert DIAL_PLAN.read(digits) is reading


def test_the_digits_behind_the_code_come_with_its_service() -> None:
    leads = DIAL_PLAN.destination("#36101")
    assert leads.place is Place.APPLICATION
    assert leads.service == Service("forward", "all", "forward all calls; alone: no longer")
    assert leads.digits == "101"
    assert DIAL_PLAN.destination("#36#").digits == ""


def test_every_code_leads_to_a_service() -> None:
    assert all(isinstance(each, FeatureCode) and each.service.kind for each in
               PROFILES["oe45"].values())  # fmt: skip
