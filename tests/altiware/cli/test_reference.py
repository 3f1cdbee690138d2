# SPDX-License-Identifier: MIT
"""The page of commands is the one that the commands make."""

from pathlib import Path

from altiware.cli.reference import page


def test_the_page_of_commands_is_up_to_date() -> None:
    file = Path(__file__).parents[3] / "docs" / "reference" / "commands.md"
    assert file.read_text("utf-8") == page()
