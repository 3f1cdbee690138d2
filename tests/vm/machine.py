# SPDX-License-Identifier: MIT
"""A machine in qemu, without rights, network, disk or hardware acceleration.

Its console is its only way out: each line of a guest's program that is a JSON object is a result.
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

__all__ = ["boot"]

_RESULT: Final = re.compile(rb'\{".*\}')
LIMIT_S: Final = 300.0
MEMORY_MB: Final = 1024
APPEND: Final = "console=ttyS0 quiet panic=-1 no_timer_check"
"""No timer check: it would panic when a loaded host is late with the emulated ticks."""


def boot(kernel: Path, initramfs: Path, log: Path) -> Iterator[dict[str, Any]]:
    """Boot, and yield what the guest reports until it powers off; the whole console is in log.

    Raises:
        TimeoutError: it doesn't come to an end.
    """
    command = [
        *("nice", "-n", "19", "qemu-system-x86_64"),
        *("-accel", "tcg", "-cpu", "max", "-m", str(MEMORY_MB), "-smp", "1"),
        *("-kernel", str(kernel), "-initrd", str(initramfs)),
        *("-append", APPEND),
        *("-nographic", "-no-reboot", "-net", "none"),
    ]
    until = time.monotonic() + LIMIT_S
    with (
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as machine,
        log.open("wb") as console,
    ):
        assert machine.stdout
        try:
            for line in machine.stdout:
                console.write(line)
                console.flush()
                found = _RESULT.search(line)  # behind what the BIOS has to say, perhaps
                if found:
                    yield json.loads(found[0])
                if time.monotonic() > until:
                    raise TimeoutError(f"the guest runs for more than {LIMIT_S:g} s: see {log}")
        finally:
            machine.kill()
