# SPDX-License-Identifier: MIT
"""How a running service is asked: a socket in its data directory, one request, one answer."""
