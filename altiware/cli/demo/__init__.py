# SPDX-License-Identifier: MIT
"""The office morning: a script of people telephoning, played, recorded and scored."""
