# SPDX-License-Identifier: MIT
"""Faults that the host asks a board for (QHI's class SIM): scripts with a number to end them."""

import itertools
from collections.abc import Callable
from dataclasses import replace

from boards_sim.faults import Faults
from boards_sim.faultscript import VERBS, Fault, FaultTextError

__all__ = ["Injection"]


class Injection:
    """What the host has asked for and not yet ended (implements service_verbs.Injector)."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._ends: dict[int, list[Callable[[], None]]] = {}
        self._numbers = itertools.count(1)

    def inject(self, words: str, port: int | None) -> int:
        """Begin the faults of a script, on one port where it names none; return their number.

        Raises:
            FaultTextError: the text is wrong, or nothing of it can befall a port.
        """
        faults = [_on(fault, port) for fault in self._faults.parse(words)]
        if not faults:
            raise FaultTextError("faults: there is none in this text")
        for fault in faults:
            self._faults.check(fault)
        number = next(self._numbers)
        self._ends[number] = [self._faults.befalls(fault) for fault in faults]
        return number

    def clear(self, number: int | None) -> None:
        """End the faults of a number; None: all."""
        for each in list(self._ends) if number is None else [number]:
            for end in self._ends.pop(each, []):
                end()


def _on(fault: Fault, port: int | None) -> Fault:
    if port is None or fault.port is not None:
        return fault
    if not VERBS[fault.verb].ported:
        raise FaultTextError(f"faults: {fault.verb} befalls no port of its own")
    return replace(fault, port=port)
