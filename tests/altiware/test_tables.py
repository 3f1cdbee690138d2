# SPDX-License-Identifier: MIT
"""What the configuration's classes say of a setting: shape, values, whether it is secret."""

from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from altiware.config import Office
from altiware.tables import SECRET, Shape, from_text, is_secret, key_field, setting, settings_beside
from altiware.toml_lines import Path


class Box(BaseModel):
    """A mailbox, as somebody might add it."""

    extension: str
    pin: str = ""
    welcome: Annotated[str, SECRET] = ""
    digits: tuple[int, ...] = ()


class Root(BaseModel):
    """A configuration with what ours hasn't got yet."""

    boxes: list[Box]
    menus: dict[str, Box]
    length: int | None = Field(default=None, ge=3)


@pytest.mark.parametrize(
    ("root", "path", "shape"),
    [
        (Office, (), Shape.TABLE),
        (Office, ("stations",), Shape.ROWS),
        (Office, ("stations", "101"), Shape.TABLE),
        (Office, ("stations", 0, "name"), Shape.VALUE),
        (Office, ("trunks", "00:00", "office", "tones", 0, "hz"), Shape.VALUE),
        (Office, ("numbering", "first_digits"), Shape.NAMED),
        (Office, ("numbering", "first_digits", "9"), Shape.VALUE),
        (Root, ("menus",), Shape.NAMED),
        (Root, ("menus", "day"), Shape.TABLE),
        (Root, ("menus", "day", "pin"), Shape.VALUE),
    ],
)
def test_every_setting_has_its_shape(root: type[BaseModel], path: Path, shape: Shape) -> None:
    found = setting(root, path)
    assert found
    assert found.shape is shape


@pytest.mark.parametrize("path", [("nope",), ("stations", 0, "nope"), ("country", "x"), (0,)])
def test_what_is_no_setting_is_none(path: Path) -> None:
    assert setting(Office, path) is None


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("stations", 0, "extension"), "101", "101"),
        (("stations", 0, "name"), "true", "true"),
        (("stations", 0, "shows_caller"), "false", False),
        (("timers", "tone_s"), "12.5", 12.5),
        (("timers", "ring_join_ms"), "600", 600),
        (("engine", "threads"), "auto", "auto"),
        (("engine", "threads"), "4", 4),
        (("numbering", "area_codes"), "212,646", ["212", "646"]),
        (("numbering", "area_codes"), "212", ["212"]),
        (("numbering", "area_codes"), "[]", []),
        (("trunks", 0, "office", "tones", 0, "hz"), "480,620.5", [480, 620.5]),
        (("policy", "allowed"), '["local", "long distance"]', ["local", "long distance"]),
        (("trunks", 0, "direction"), "in", "in"),
    ],
)
def test_a_text_is_read_as_its_setting_needs_it(path: Path, text: str, value: object) -> None:
    found = setting(Office, path)
    assert found
    read = from_text(found, text)
    assert (type(read), read) == (type(value), value)


def test_what_does_not_fit_is_left_to_the_check_as_it_was_meant() -> None:
    port, tone = setting(Office, ("stations", 0, "port")), setting(Office, ("timers", "tone_s"))
    assert port
    assert tone
    assert from_text(port, "12") == "12"
    assert from_text(tone, "-3") == -3


def test_a_row_is_named_by_its_first_setting() -> None:
    stations, trunks = setting(Office, ("stations",)), setting(Office, ("trunks",))
    assert stations
    assert stations.table
    assert trunks
    assert trunks.table
    assert (key_field(stations.table), key_field(trunks.table)) == ("extension", "port")


def test_what_is_allowed_beside_a_wrong_name() -> None:
    assert settings_beside(Office, ("echo", "tail")) == ["tail_ms"]
    assert settings_beside(Office, ("trunks", 0, "office", "x"))[0] == "country"


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        (("boxes", "101", "pin"), True),
        (("boxes", "101", "welcome"), True),
        (("menus", "day", "pin"), True),
        (("boxes", "101", "extension"), False),
        (("boxes",), False),
    ],
)
def test_secrets_are_marked_or_have_a_telling_name(path: Path, secret: bool) -> None:
    assert is_secret(Root, path) is secret
