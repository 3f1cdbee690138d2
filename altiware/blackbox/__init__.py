# SPDX-License-Identifier: MIT
"""The black box: the last seconds of a line whose call ended badly, as sound, facts and picture."""
