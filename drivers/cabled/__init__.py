# SPDX-License-Identifier: MIT
"""Telephones and office lines that are ports of a second board, cabled to the board under test.

bench = Bench(session_of_the_peer, {4: 0, 5: 1, 0: 4})   # under test: of the peer
alice, line = bench.telephone(4), bench.office(0)
"""

from drivers.cabled.bench import Bench, parse_cables
from drivers.cabled.office import CabledOffice
from drivers.cabled.telephone import CabledTelephone

__all__ = ["Bench", "CabledOffice", "CabledTelephone", "parse_cables"]
