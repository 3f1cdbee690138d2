# SPDX-License-Identifier: MIT
"""The configuration as something that is edited: commands, comparison, versions, the desk."""
