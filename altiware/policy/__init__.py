# SPDX-License-Identifier: MIT
"""Who may dial what: the one decision that every trunk seizure asks for."""
