# SPDX-License-Identifier: MIT
"""What the engine's tables say: levels, counters, patterns.  Plain values, read at one moment."""

import enum
from dataclasses import dataclass

from dsp.echo import EchoView

__all__ = [
    "Counters",
    "EchoState",
    "Levels",
    "LinkCounters",
    "LinkFraming",
    "LinkState",
    "Mode",
    "PatternCount",
    "PortKind",
    "SampleFormat",
    "SerialKind",
]


class Mode(enum.IntFlag):
    """How a threaded engine runs, as far as this machine allows."""

    NO_DENORMALS = 1
    "Floats too small for full precision count as zero: fading filters stay fast."
    FIFO = 2
    "SCHED_FIFO: no ordinary thread holds a tick up."
    LOCKED = 4
    "The process's memory is locked, as it was at the start."


class PortKind(enum.IntEnum):
    """What a port is."""

    CLOSED = 0
    BOARD = 1
    TONE = 2
    DIGITS = 3
    PLAYER = 4
    RECORDER = 5
    CALLER_ID = 6
    CONFERENCE = 7
    PATTERN = 8
    TAP = 9
    MF = 10
    SAVER = 11


class SampleFormat(enum.IntEnum):
    """Samples on a link; the values of QHI's PCM frame."""

    ULAW = 0
    ALAW = 1
    S16LE = 2
    U8 = 3
    "8-bit linear, 0x80 is zero: links that aren't QHI only."


class LinkFraming(enum.IntEnum):
    """What a link's bytes are."""

    QHI = 0
    MODEM = 1
    "Lines of text, and between CONNECT and DLE ETX one port's shielded samples."
    SAMPLES = 2
    "One port's samples and nothing else."


class SerialKind(enum.IntEnum):
    """What links that aren't QHI bring as frames, and what ``send_frame`` does to them.

    Whatever the order, its payload is written as it is.
    """

    LINE = 8
    "Both ways: a line of text (to be sent with its end, told without)."
    EVENT = 9
    "Told: the byte behind a DLE."
    ENDED = 10
    "Told: DLE ETX, the stream has ended."
    ARM = 11
    "MODEM: the next CONNECT begins the stream."
    END = 12
    "MODEM: no more samples; the payload is what ends the stream."
    BEGIN = 13
    "SAMPLES: from now on they mean something."
    REST = 14
    "SAMPLES: not any more."


@dataclass(frozen=True, slots=True)
class LinkState:
    """A link as the engine has it."""

    link: int
    ports: tuple[int, ...]
    "As they were given when it was opened or set."
    sample_format: SampleFormat
    clock: bool
    "Its PCM frames may drive the tick."
    alive: bool
    "False after LinkDown."
    off_hook: int
    "Bit per port, as in the board's last PCM frame."
    ringing: int


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of a port while ``Detect.LEVEL`` is on; -99 dBm0 is silence."""

    receive_dbm0: float
    "What the port says."
    receive_peak: int
    "0 to 32768."
    send_dbm0: float
    "What the port hears."
    send_peak: int


@dataclass(frozen=True, slots=True)
class EchoState:
    """The echo canceller of a port."""

    tail_ms: int
    "0: there is none."
    view: EchoView
    "As it was within the last 200 ms."


@dataclass(frozen=True, slots=True)
class PatternCount:
    """What a pattern port has found in what it hears."""

    synchronised: bool
    samples: int
    "Compared, since it was opened."
    errors: int
    losses: int
    "Times that the pattern was lost and sought again."


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters of an engine; each only grows, but ``tick_us`` and ``tick_max_us``."""

    ticks: int
    timer_ticks: int
    "Made without a board."
    commands: int
    stale: int
    "Commands ignored because their handle was not open."
    refused: int
    "Commands ignored because a table was full or a value out of its range."
    events: int
    events_lost: int
    overruns: int
    "Ticks that took longer than 5 ms."
    late_files: int
    "Samples that a recorder missed because the disk was late."
    busy_s: float
    "Time spent in ticks."
    tick_us: float
    tick_max_us: float
    stuck: int
    "Times that no tick was made for 100 ms."


@dataclass(frozen=True, slots=True)
class LinkCounters:
    """Counters of one link; ``in`` is from the board."""

    frames_in: int
    frames_out: int
    pcm_in: int
    pcm_out: int
    bytes_in: int
    bytes_out: int
    bad_frames: int
    gaps: int
    "PCM frames missing by their sequence numbers."
    slips_in: int
    "PCM frames dropped: the bus was behind the board, or they came late or twice."
    underruns_in: int
    "Ticks without a PCM frame of the board."
    slips_out: int
    underruns_out: int
    "Answers that had to be silence."
    dropped_out: int
    "Frames that found the way blocked."
    concealed: int
    "Samples made up for ports that were heard while frames were missing."
    late_in: int
    "PCM frames that came late or twice; ``slips_in`` counts them, too."
    ppm: float
    "The board's clock against this machine's; 0.0 while unknown."
    compensated_ppm: float
    "Against the clock of the bus, as its elastic stores have it; 0.0 where there are none."
    store_ms: float
    "What waits in a store towards the bus; smoothed."
    clocking: bool
    "Whether it drives the engine's tick now."
