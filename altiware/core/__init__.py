# SPDX-License-Identifier: MIT
"""What a telephone call is: machines that take events and return effects, without any I/O."""
