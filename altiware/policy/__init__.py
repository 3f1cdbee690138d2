# SPDX-License-Identifier: MIT
"""Who may dial what: number classes and the one decision function, both pure."""

from altiware.policy.decide import decide
from altiware.policy.numbers import canonical, classify

__all__ = ["canonical", "classify", "decide"]
