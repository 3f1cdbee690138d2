# SPDX-License-Identifier: MIT
import xml.etree.ElementTree as ET
from importlib import resources

import pytest

from altiware.attendant_table import AttendantTable
from altiware.cli.attendant_drawing import drawing
from altiware.config import parse
from altiware.errors import ConfigError

DEFAULT = resources.files("altiware").joinpath("default.toml").read_text("utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def test_every_item_of_the_default_attendant_is_drawn() -> None:
    plan = parse(DEFAULT, "default.toml").plan
    (attendant,) = plan.attendants
    picture = ET.fromstring(drawing(attendant, plan))  # noqa: S314 - it is ours
    assert len(picture.findall(f"{SVG}rect")) == len(attendant.items)
    assert len(picture.findall(f"{SVG}path")) == len(attendant.items) - 1
    words = {each.text for each in picture.iter(f"{SVG}text")}
    assert {"Top", "More", "Sales", "call 500 (Workgroup sales)", "0", "2"} <= words


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ('61 = "fly"', "invalid, menu, repeat"),
        ('61 = "call"', "'call' and where to"),
        ('61 = "top 3"', "'top' alone"),
        ('61 = "go 77"', "one of the items"),
        ('21 = "top"', "items below a menu; '2' is none"),
        ('61 = "call 555"', "one of 101"),
        ('x = "top"', "keys 0-9"),
        ('61 = { do = "collect order", digits = [9, 3] }', "1 to 32 digits"),
        ("61 = { do = 7 }", "attendants[0].items.61"),
    ],
)
def test_what_is_wrong_about_a_tree_is_said(item: str, complaint: str) -> None:
    start = DEFAULT.index("61 = ")
    text = DEFAULT[:start] + item + DEFAULT[DEFAULT.index("\n", start) :]
    with pytest.raises(ConfigError) as raised:
        parse(text, "office.toml")
    assert complaint in str(raised.value)
    assert "attendants[0].items" in str(raised.value)


def test_words_are_read_with_their_blanks() -> None:
    table = AttendantTable.model_validate(
        {"name": "a", "number": "190", "items": {"top": "menu", "1": " hang   up ", "2": "go top"}}
    )
    assert [each.act.value for each in table.plan().items.values()] == ["menu", "hang up", "go"]
    assert table.plan().items["2"].target == ""
