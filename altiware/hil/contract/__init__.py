# SPDX-License-Identifier: MIT
"""What every board must do, as tests: the suite that all backends of ours pass.

    pytest --pyargs altiware.hil.contract --board ADDRESS     # on a board that has an address
    class TestMine(BoardContract): ...                        # on a simulation of your own

``BoardContract`` needs a rig that makes the board and brings telephones and offices to its lines
(rig.py).  A test is skipped where the board's abilities don't promise what it is about.
"""

import pytest

# Before anything imports them: so that a failed assert shows its values, installed or not.
pytest.register_assert_rewrite(
    "altiware.hil.contract.rig",
    "altiware.hil.contract.board_suite",
    "altiware.hil.contract.service_suite",
)
