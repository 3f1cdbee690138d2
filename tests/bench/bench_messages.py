# SPDX-License-Identifier: MIT
"""96 callers leave messages at once, through boards, attendant, mailbox and disk, in real time.

All speak at the same time into the service on one core (:mod:`tests.bench.attended_office`); then
each message must be as long as what was said, and be it.  What recorders and store cost alone is
in :mod:`tests.bench.bench_mail`.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from altiware.features.voicemail.messages import FOLDER
from altiware.prompts.prompt_set import RECORDINGS
from tests.bench.attended_office import CALLERS, attended
from tests.bench.message_farm import MESSAGE, RATE, SPOKEN_S, voice
from tests.figure import Figure
from tests.likeness import likeness

ITEMS: Final = f'{MESSAGE} = "message 101"\n'
AROUND_S: Final = 0.66
"""What is kept before the first and after the last syllable (dsp.recorder)."""
ALIKE: Final = 0.95
"""A frame that is lost in the middle makes it 0.7."""


def _is_whole(file: Path) -> bool:
    heard = soundfile.read(file, dtype="int16")[0]
    longer_s = len(heard) / RATE - SPOKEN_S
    return 0 <= longer_s < AROUND_S + 0.1 and likeness(voice(), heard) > ALIKE


def measure() -> Iterator[Figure]:
    """Yield the cost of recording, and how many messages are whole."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd()))
        directory = Path(name)
        found, spent = attended(stack, "tests.bench.message_farm", ITEMS, directory)
        files = sorted((directory / RECORDINGS / FOLDER).glob("*.wav"))
        whole = np.count_nonzero([_is_whole(each) for each in files])
    yield Figure("messages_96_whole", float(whole), "messages")
    yield Figure("messages_96_core_pct", 100.0 * (spent.service + spent.engine), "% of a core")
    yield Figure("message_service_cpu_us", spent.service / CALLERS * 1e6, "us a second")
    yield Figure("message_engine_cpu_us", spent.engine / CALLERS * 1e6, "us a second")
    yield Figure("messages_underruns", float(found["underruns"]), "frames")
    yield Figure("messages_farm_late", float(found["late"]), "frames")
