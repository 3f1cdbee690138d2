# SPDX-License-Identifier: MIT
"""Tables and migrations: call records, traces, configuration."""
