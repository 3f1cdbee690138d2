# SPDX-License-Identifier: MIT
"""Numbered changes of the tables, ``NNNN_what.sql``; applied in order, each in one transaction."""
