# SPDX-License-Identifier: MIT
"""Voice modems (TIA IS-101, ITU-T V.253) as office lines of one port."""

from drivers.vmodem.board import VoiceModem

__all__ = ["VoiceModem"]
