# SPDX-License-Identifier: MIT
"""The table of the bad hour: every kind of link, and in it what the page of figures has."""

import re

from tests.accuracy.accuracy_faults import HOURS
from tests.fault_table import COLUMNS, KINDS, table
from tests.figures_page import PAGE

DOCUMENT = (PAGE.parent / "robustness.md").read_text()
ROW = re.compile(r"^\| `(faults_\w+)` \| ([\d.,e+]+) ", re.MULTILINE)


def test_every_kind_of_link_has_its_row() -> None:
    assert set(KINDS) == set(HOURS)


def test_figures_are_added_up_and_what_is_not_measured_is_a_dash() -> None:
    spoiled = {"drop": 1000, "corrupt": 200, "duplicate": 30, "reorder": 4}
    figures = {f"faults_usb_{verb}": count for verb, count in spoiled.items()}
    (row,) = (line for line in table(figures).splitlines() if "USB" in line)
    assert row.split(" | ")[1:5] == ["-", "-", "-", "1,234"]


def test_the_document_tells_the_figures_of_the_page() -> None:
    figures = {name: value.replace(",", "") for name, value in ROW.findall(PAGE.read_text())}
    for link, what in KINDS.items():
        (row,) = re.findall(rf"^\| {re.escape(what)} \| (.*) \|$", DOCUMENT, re.MULTILINE)
        cells = dict(zip(COLUMNS, row.split(" | "), strict=True))
        for column in ("calls", "stalls", "unaccounted", "exceptions", "stuck"):
            (name,) = COLUMNS[column]
            assert float(cells[column].replace(",", "")) == float(figures[f"faults_{link}_{name}"])
