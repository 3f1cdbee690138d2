# SPDX-License-Identifier: MIT
"""Settings are found in the lines in which they stand."""

from altiware.toml_lines import Lines, shown

TEXT = """\
a = 1
"b c" = 2
[table]
key = 1
dotted.key = 2
[[rows]]
x = 1
[[rows]]
x = 2
[rows.inner]
y = 3
[table.deeper]
z = { w = 1 }
"""


def test_settings_are_found() -> None:
    lines = Lines(TEXT)
    assert lines.of(("a",)) == 1
    assert lines.of(("b c",)) == 2
    assert lines.of(("table", "key")) == 4
    assert lines.of(("table", "dotted", "key")) == 5
    assert lines.of(("rows", 0, "x")) == 7
    assert lines.of(("rows", 1, "x")) == 9
    assert lines.of(("rows", 1, "inner", "y")) == 11


def test_what_has_no_line_is_found_by_what_is_around_it() -> None:
    lines = Lines(TEXT)
    assert lines.of(("table", "deeper", "z", "w")) == 13
    assert lines.of(("rows", 0, "missing")) == 6
    assert lines.of(("nowhere",)) is None


def test_a_path_is_shown_as_people_write_it() -> None:
    assert shown(("rows", 1, "inner", "y")) == "rows[1].inner.y"
