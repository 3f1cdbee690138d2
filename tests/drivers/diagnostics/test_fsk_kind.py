# SPDX-License-Identifier: MIT
"""Bell 202 and V.23 told apart by their marks, faint, noisy, and not where there are none."""

import numpy as np
import pytest

from boards_sim.fsk import BELL_202, V23, Modem
from drivers.diagnostics.fsk_kind import standard_of
from dsp.callerid import CallerIdStandard

QUIET = np.zeros(4000, np.int16)


@pytest.mark.parametrize("dbm0", [-9.5, -13.5, -32.0])
@pytest.mark.parametrize("noise_dbm0", [None, -45.0])
@pytest.mark.parametrize(
    ("modem", "standard"), [(BELL_202, CallerIdStandard.BELL202), (V23, CallerIdStandard.V23)]
)
def test_each_is_known(
    modem: Modem, standard: CallerIdStandard, dbm0: float, noise_dbm0: float | None
) -> None: ...


def test_what_is_no_caller_id_is_nobodys() -> None:
    rng = np.random.default_rng(5)
    t = np.arange(16000) / 8000
    for pcm in (
        QUIET,
        QUIET[:10],
        rng.normal(0, 2000, 16000).astype(np.int16),
        (8000 * np.sin(2 * np.pi * 1004 * t)).astype(np.int16),
        (8000 * np.sin(2 * np.pi * 425 * t)).astype(np.int16),
    ):
        assert standard_of(pcm) is None
