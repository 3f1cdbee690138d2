# SPDX-License-Identifier: MIT
"""A board's ports measured through their own loopbacks: no cable and no other board is needed.

Each test takes a session and ports, and returns readings with limits; the ports must be free.
The limits are this project's own, for one coder and one decoder in a row (both halves of a
port): tighter than what one hears, looser than what a sound board does.  An analog loopback is
the whole converter with its line switched away, and loses some 6 dB (docs/reference/qhi.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from drivers.diagnostics.asking import ask, perform
from drivers.diagnostics.losses import frames_lost
from drivers.diagnostics.probe import RATE_HZ, Heard, Samples, aligned, looped, sound
from drivers.diagnostics.readings import Reading
from drivers.diagnostics.session import Session
from drivers.diagnostics.spectrum import fit, multitone, noise
from drivers.errors import BoardOperationError
from drivers.service import BitErrors, Loopback, Prbs
from dsp.g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode
from dsp.weighting import dbrnc

__all__ = [
    "REFERENCE_HZ",
    "RESPONSE_HZ",
    "TEST_DBM0",
    "TONE_S",
    "crosstalk",
    "idle_noise",
    "loopback",
    "middle",
    "prbs",
    "response",
]

REFERENCE_HZ: Final = 1004.0
"""Not a submultiple of 8 kHz, so that all codes of a codec are used."""
RESPONSE_HZ: Final = (300.0, *(float(hz) for hz in range(404, 3400, 200)), 3400.0)
TEST_DBM0: Final = -10.0
LOUD_DBM0: Final = 0.0
SETTLED: Final = RATE_HZ // 5
"""Samples left out at both ends of what was heard."""

# Limits.
CODEC_DB: Final = (-0.5, 0.5)
ANALOG_DB: Final = (-8.0, -4.0)
DISTORTION_DB: Final = 30.0
BAND_DB: Final = (-1.0, 1.0)
"""404 to 2804 Hz against 1004 Hz."""
EDGE_DB: Final = (-3.0, 1.0)
"""Below and above: where the codecs' filters begin."""
BAND_HZ: Final = (400.0, 2850.0)
IDLE_DBRNC: Final = 23.0
CROSSTALK_DB: Final = -65.0
NOISE_S: Final = 2.0
TONE_S: Final = 1.2
EXACT_S: Final = 1.0
TURN_S: Final = 0.8
"""How long each port speaks while the others are listened to."""
NOTHING_DB: Final = -120.0
STRETCH_S: Final = 1.0
UNDER_WAY_S: Final = 0.1
"""What was lost shows in the counts this much later at most."""
MOST_STRETCHES: Final = 3
LOST_SYNC: Final = 0.25
"""Of the bits were wrong at least where a checker gave up (docs/reference/qhi.md, class TDM)."""
PRBS_NAMES: Final = {Prbs.PRBS_9: "2^9-1", Prbs.PRBS_15: "2^15-1"}
Counts = dict[int, BitErrors]
LAWS: Final[dict[str, Callable[[Samples], Samples]]] = {
    "16-bit": lambda sent: sent,
    "µ-law": lambda sent: ulaw_decode(ulaw_encode(sent)),
    "A-law": lambda sent: alaw_decode(alaw_encode(sent)),
}
"""What a link may do to samples on their way, exactly."""


def loopback(session: Session, ports: Sequence[int]) -> list[Reading]:
    """Send noise round the timeslots, which must come back bit for bit, then a tone through codecs.

    Raises:
        DriverError: a port is in use, or the board can't.
    """
    found = _exact(session, ports)
    for where, limits in ((Loopback.CODEC, CODEC_DB), (Loopback.ANALOG, ANALOG_DB)):
        found += _through(session, ports, where, limits)
    return sorted(found, key=lambda reading: reading.port)


def _exact(session: Session, ports: Sequence[int]) -> list[Reading]:
    signal = noise(TEST_DBM0, EXACT_S)
    with looped(session, ports, Loopback.DIGITAL):
        heard = sound(session, dict.fromkeys(ports, signal), ports)
    return [_wrong_samples(port, heard[port]) for port in ports]


def _wrong_samples(port: int, heard: Heard) -> Reading:
    sent, returned = (samples[SETTLED:-SETTLED] for samples in aligned(heard))
    if not len(sent):
        return Reading("loopback", port, "digital", 1.0, "of samples wrong", 0.0, 0.0, "silence")
    wrong = {law: float(np.mean(coded(sent) != returned)) for law, coded in LAWS.items()}
    law = min(wrong, key=lambda name: wrong[name])
    return Reading("loopback", port, "digital", wrong[law], "of samples wrong", 0.0, 0.0, law)


def _through(
    session: Session, ports: Sequence[int], where: Loopback, limits: tuple[float, float]
) -> list[Reading]:
    signal = multitone((REFERENCE_HZ,), TEST_DBM0, TONE_S)
    with looped(session, ports, where):
        heard = sound(session, dict.fromkeys(ports, signal), ports)
    name = where.name.lower()
    found = []
    for port in ports:
        tone = fit(_middle(heard[port], TONE_S).returned, (REFERENCE_HZ,))
        low, high = limits
        gain = tone.dbm0[0] - TEST_DBM0
        clear = tone.signal_to_rest_db
        found += [
            Reading("loopback", port, f"{name} level", gain, "dB", low, high),
            Reading("loopback", port, f"{name} tone/rest", clear, "dB", DISTORTION_DB),
        ]
    return found


def prbs(
    session: Session, ports: Sequence[int], sequence: Prbs, *, seconds: float, bits: int = 16
) -> list[Reading]:
    """Let each port send bits to the next one through the bus, and count what comes wrong.

    The bits are raw: no law, no codec.  A single port is paired with the board's next one, which
    is disturbed too.  The link must carry as many ``bits`` a sample.

    Raises:
        DriverError: the board can't, or has one port only.
    """
    board, engine = session.board, session.engine
    ring = _ring(session, ports)
    heard = dict(zip(ring, ring[1:] + ring[:1], strict=True))
    pairs = [(board.timeslot(port), board.timeslot(source)) for port, source in heard.items()]
    try:
        for listener, source in pairs:
            engine.listen(listener, source)
        for port in ring:
            _start_prbs(session, port, sequence, bits)
        stretches = _stretches(session, ports, seconds)
        for port in ring:
            _stop_prbs(session, port)
    finally:
        for listener, source in pairs:
            engine.unlisten(listener, source)
    return [
        _error_rate(port, heard[port], sequence, [counts[port] for counts in stretches])
        for port in ports
    ]


def _stretches(session: Session, ports: Sequence[int], seconds: float) -> list[Counts]:
    """Count in short stretches, and leave those out in which the link lost frames.

    Where all of them did, the last one is all there is.
    """
    wanted = max(1, round(seconds / STRETCH_S))
    clean: list[Counts] = []
    last: Counts = {}
    for _ in range(MOST_STRETCHES * wanted):
        before = frames_lost(session)
        session.passes(UNDER_WAY_S)
        began = _counts(session, ports)
        session.passes(min(seconds, STRETCH_S))
        last = {port: _since(began[port], end) for port, end in _counts(session, ports).items()}
        if frames_lost(session) == before:
            clean.append(last)
        if len(clean) == wanted:
            break
    return clean or [last]


def _counts(session: Session, ports: Sequence[int]) -> Counts:
    return {port: _bit_errors(session, port) for port in ports}


def _since(began: BitErrors, end: BitErrors) -> BitErrors:
    return replace(
        end,
        bits=end.bits - began.bits,
        errors=end.errors - began.errors,
        sync_losses=end.sync_losses - began.sync_losses,
    )


def _ring(session: Session, ports: Sequence[int]) -> list[int]:
    if len(ports) > 1:
        return list(ports)
    info = session.board.info
    others = [each.number for each in info.ports if each.number not in ports] if info else []
    if not others:
        raise BoardOperationError(
            f"{session.board.address}: bit errors are counted between two ports; it has one"
        )
    return [*ports, min(others, key=lambda number: (number < ports[0], number))]


def _start_prbs(session: Session, port: int, sequence: Prbs, bits: int) -> None:
    perform(session, lambda: session.board.start_prbs(port, sequence, bits))


def _stop_prbs(session: Session, port: int) -> None:
    perform(session, lambda: session.board.stop_prbs(port))


def _bit_errors(session: Session, port: int) -> BitErrors:
    return ask(session, lambda: session.board.bit_errors(port), BitErrors)


def _error_rate(port: int, source: int, sequence: Prbs, counts: Sequence[BitErrors]) -> Reading:
    bits = sum(count.bits for count in counts)
    errors = sum(count.errors for count in counts)
    losses = sum(count.sync_losses for count in counts)
    rate = errors / bits if bits else 1.0
    detail = f"from port {source}: {errors} in {bits} bits"
    if losses or not all(count.in_sync for count in counts):
        rate = max(rate, LOST_SYNC)
        detail += f", sync lost {losses} times"
    return Reading("prbs", port, PRBS_NAMES[sequence], rate, "of bits wrong", 0.0, 0.0, detail)


def response(
    session: Session, ports: Sequence[int], where: Loopback = Loopback.ANALOG
) -> list[Reading]:
    """Measure the response from 300 to 3400 Hz against 1004 Hz.

    Raises:
        DriverError: a port is in use, or the board can't.
    """
    signal = multitone(RESPONSE_HZ, TEST_DBM0, NOISE_S)
    with looped(session, ports, where):
        heard = sound(session, dict.fromkeys(ports, signal), ports)
    found = []
    for port in ports:
        both = _middle(heard[port], NOISE_S)
        levels = fit(both.returned, RESPONSE_HZ).dbm0
        given = fit(both.sent, RESPONSE_HZ).dbm0
        gains = dict(zip(RESPONSE_HZ, np.subtract(levels, given), strict=True))
        for hz, gain in gains.items():
            low, high = BAND_DB if BAND_HZ[0] <= hz <= BAND_HZ[1] else EDGE_DB
            relative = float(gain - gains[REFERENCE_HZ])
            found.append(Reading("response", port, f"{hz:.0f} Hz", relative, "dB", low, high))
    return found


def idle_noise(session: Session, ports: Sequence[int], *, line: bool = False) -> list[Reading]:
    """Measure the noise while nothing is sent: the board's own, or with the ``line`` as it is.

    Raises:
        DriverError: a port is in use, or the board can't.
    """
    with looped(session, () if line else ports, Loopback.ANALOG):
        heard = sound(session, {}, ports, NOISE_S)
    what = "with its line" if line else "idle"
    return [
        Reading("noise", port, what, _noise(heard[port]), "dBrnC", high=IDLE_DBRNC)
        for port in ports
    ]


def _noise(heard: Heard) -> float:
    return max(0.0, dbrnc(heard.returned[SETTLED:]))


def crosstalk(session: Session, ports: Sequence[int]) -> list[Reading]:
    """Let one port after the other speak, and find it in all others.

    Raises:
        DriverError: a port is in use, or the board can't.
    """
    turn = multitone((REFERENCE_HZ,), LOUD_DBM0, TURN_S)
    signals = {}
    for place, port in enumerate(ports):
        signals[port] = np.zeros(len(turn) * len(ports), np.int16)
        signals[port][place * len(turn) :][: len(turn)] = turn
    with looped(session, ports, Loopback.ANALOG):
        heard = sound(session, signals, ports)
    found = []
    for port in ports:
        others = [other for other in ports if other != port]
        leaks = {other: _leak(heard[port].sent, heard[other].returned) for other in others}
        if leaks:
            worst = max(leaks, key=lambda other: leaks[other])
            level = leaks[worst] - LOUD_DBM0
            into = f"into port {worst}"
            found.append(Reading("crosstalk", port, "worst", level, "dB", None, CROSSTALK_DB, into))
    return found


def _leak(speaks: Samples, listens: Samples) -> float:
    """Return how loud a port is in another one, in dBm0."""
    during = middle(speaks, listens, TURN_S)
    return max(NOTHING_DB, fit(during, (REFERENCE_HZ,)).dbm0[0])


def middle(sent: Samples, returned: Samples, seconds: float) -> Samples:
    """Return what came back of a signal that lasted so long, without its beginning and end.

    Raises:
        BoardOperationError: it was never sent.
    """
    begin = _begin(sent)
    return returned[begin + SETTLED : begin + round(seconds * RATE_HZ) - SETTLED]


def _middle(heard: Heard, seconds: float) -> Heard:
    """Return both directions of such a signal."""
    sent = middle(heard.sent, heard.sent, seconds)
    return Heard(sent, middle(heard.sent, heard.returned, seconds))


def _begin(sent: Samples) -> int:
    active = np.flatnonzero(sent)
    if not len(active):
        raise BoardOperationError("the measurement's signal was never sent")
    return int(active[0])
