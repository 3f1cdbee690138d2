# SPDX-License-Identifier: MIT
"""The line test on forty lines with a fault each, and on forty healthy ones (tests/line_faults.py).

Named is a fault that stands first in the report; false is any fault found on a healthy line.
"""

from collections.abc import Iterator

from tests.figure import Figure
from tests.line_faults import FAULTY, HEALTHY, named, tested


def measure() -> Iterator[Figure]:
    """Test all of them."""
    yield Figure("line_test_faults", len(FAULTY), "lines")
    right = sum(named(tested(line)) is line.fault for line in FAULTY)
    yield Figure("line_test_named", right, "lines")
    false = sum(not tested(line).is_good for line in HEALTHY)
    yield Figure("line_test_false", false, "lines")
