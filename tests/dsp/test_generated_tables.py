# SPDX-License-Identifier: MIT
"""The tables in the repository are those that their generators make."""

import subprocess
import sys
from pathlib import Path

import pytest

NATIVE = Path(__file__).resolve().parents[2] / "native"


@pytest.mark.parametrize("block", ["conceal", "dtmf", "fsk"])
def test_tables_are_up_to_date(block: str) -> None:
    generator = NATIVE / "tables" / f"make_{block}.py"
    made = subprocess.run(
        [sys.executable, str(generator), "--print"], capture_output=True, text=True, check=True
    )
    assert made.stdout == (NATIVE / "src" / "dsp" / f"{block}_tables.inc").read_text()
