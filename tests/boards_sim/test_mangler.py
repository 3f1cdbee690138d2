# SPDX-License-Identifier: MIT
"""A bad cable: every frame that is lost, doubled, spoiled or exchanged is counted."""

import random

import pytest

from boards_sim.mangler import LONGEST_WAIT, Mangler

FRAMES = [bytes([1 + i % 250, 1 + i // 250]) * 5 for i in range(2000)]
STREAM = b"".join(frame + b"\0" for frame in FRAMES)


def through(shares: dict[str, float], seed: int = 1, piece: int = 37) -> tuple[bytes, Mangler]:
    cable = Mangler(random.Random(seed))
    cable.shares.update(shares)
    out = b"".join(cable.feed(STREAM[i : i + piece]) for i in range(0, len(STREAM), piece))
    cable.shares.clear()
    return out + cable.feed(b""), cable


def test_a_good_cable_passes_every_byte_at_once() -> None:
    cable = Mangler(random.Random(0))
    assert cable.feed(b"half a fra") == b"half a fra"
    assert cable.is_idle


@pytest.mark.parametrize("piece", [1, 37, len(STREAM)])
def test_the_same_seed_spoils_alike_however_the_bytes_come(piece: int) -> None:
    shares = {"drop": 0.1, "corrupt": 0.1, "duplicate": 0.1, "reorder": 0.1}
    assert through(shares, 5, piece)[0] == through(shares, 5)[0]
    assert through(shares, 6, piece)[0] != through(shares, 5)[0]


def test_each_lost_frame_is_counted() -> None:
    out, cable = through({"drop": 0.05})
    assert out.count(b"\0") == 2000 - cable.counts["drop"]
    assert 60 < cable.counts["drop"] < 140


def test_each_doubled_frame_is_counted() -> None:
    out, cable = through({"duplicate": 0.05})
    assert out.count(b"\0") == 2000 + cable.counts["duplicate"]
    assert 60 < cable.counts["duplicate"] < 140


def test_each_spoiled_frame_is_counted() -> None:
    out, cable = through({"corrupt": 0.05})
    whole = set(out.split(b"\0"))
    lost = sum(frame not in whole for frame in FRAMES)
    assert lost == cable.counts["corrupt"]


def test_exchanged_frames_all_arrive() -> None:
    out, cable = through({"reorder": 0.2})
    assert sorted(out.split(b"\0")) == sorted(STREAM.split(b"\0"))
    assert out != STREAM
    assert cable.counts["reorder"] > 200


def test_when_the_fault_ends_what_waited_goes_on() -> None:
    cable = Mangler(random.Random(1))
    cable.shares["drop"] = 1.0
    assert cable.feed(b"gone\0half") == b""
    cable.shares.clear()
    assert cable.feed(b" and half\0") == b"half and half\0"
    assert cable.is_idle


def test_bytes_without_an_end_are_let_through() -> None:
    cable = Mangler(random.Random(1))
    cable.shares["drop"] = 1.0
    assert len(cable.feed(b"x" * (LONGEST_WAIT + 1))) == LONGEST_WAIT + 1


def test_what_came_out_whole_and_what_is_missing_make_up_what_went_in() -> None:
    shares = {"drop": 0.1, "corrupt": 0.2, "duplicate": 0.2, "reorder": 0.1}
    out, cable = through(shares)
    sound = set(FRAMES)
    assert sum(frame in sound for frame in out.split(b"\0")) == len(FRAMES) - cable.missing
    assert cable.missing != cable.counts["drop"] + cable.counts["corrupt"], (
        "some were spoiled twice"
    )


def test_a_spoiled_frame_is_never_itself() -> None:
    cable = Mangler(random.Random(3))
    cable.shares["corrupt"] = 1.0
    assert all(cable.feed(b"\x55\0") != b"\x55\0" for _ in range(500))
