# SPDX-License-Identifier: MIT
"""Drivers on a real kernel without real hardware: ``python -m tests.vm [dahdi] [usb]``.

Downloads Debian's kernel and what is to be built for it, builds, boots it in qemu (about a
minute each, without acceleration) and prints what the guest's program has found.  Exit status
1: one of its checks failed, or it didn't come to its end.
"""

import sys
from typing import Final

from tests.vm.dahdi import DAHDI
from tests.vm.guest import Guest, run
from tests.vm.usb import USB

GUESTS: Final[dict[str, Guest]] = {"dahdi": DAHDI, "usb": USB}


def main(names: list[str]) -> int:
    """Run the guests that are named, or all."""
    unknown = set(names) - GUESTS.keys()
    if unknown:
        print(f"no guest {', '.join(sorted(unknown))}; there are {', '.join(GUESTS)}")
        return 2
    results = [run(GUESTS[name]) for name in names or GUESTS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
