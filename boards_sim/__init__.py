# SPDX-License-Identifier: MIT
"""The other end of the wire: simulated boards, lines, telephones and central offices."""
