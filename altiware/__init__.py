# SPDX-License-Identifier: MIT
"""The PBX: call control, features, records and interfaces."""
