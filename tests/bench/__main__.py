# SPDX-License-Identifier: MIT
"""Measure: ``python -m tests.bench [NAME...]`` runs the benchmarks and writes build/bench.json.

A figure stands beside a peer's or a reference's where there is one; quote ratios, as absolute
times of shared machines drift.
"""

import sys

from tests.measure import run

if __name__ == "__main__":
    sys.exit(run("bench", sys.argv[1:]))
