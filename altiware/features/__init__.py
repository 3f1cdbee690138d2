# SPDX-License-Identifier: MIT
"""What an office does with calls, one file each, all of one shape."""
