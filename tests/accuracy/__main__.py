# SPDX-License-Identifier: MIT
"""How well blocks hear: ``python -m tests.accuracy [NAME...]`` writes build/accuracy.json.

Each row is measured at its limit, at random alignment and phase, beside spandsp on the same
samples where it is installed.  Nothing here passes or fails: the tests do, on smaller samples.
"""

import sys

from tests.measure import run

if __name__ == "__main__":
    sys.exit(run("accuracy", sys.argv[1:]))
