# SPDX-License-Identifier: MIT
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.errors import EngineArgumentError
from dsp.mix import UNITY, Party, Talkers, mix_minus
from dsp.pcm import Samples


@st.composite
def rooms(draw: st.DrawFn) -> tuple[list[Party], int]:
    count = draw(st.integers(0, 90))
    voice = st.none() | hnp.arrays(np.int16, count)
    party = st.builds(
        Party,
        pcm=voice,
        gain=st.just(UNITY) | st.integers(0, 32767),
        listens=st.booleans(),
    )
    return draw(st.lists(party, min_size=1, max_size=12)), count


@given(rooms())
def test_everybody_hears_all_the_others(room: tuple[list[Party], int]) -> None:
    parties, count = room
    said = [
        np.zeros(count, int)
        if party.pcm is None
        else (party.pcm.astype(int) * party.gain + 2048) >> 12
        for party in parties
    ]
    for own, (party, heard) in enumerate(zip(parties, mix_minus(parties, count), strict=True)):
        if not party.listens:
            assert heard is None
            continue
        others = sum((part for p, part in enumerate(said) if p != own), np.zeros(count, int))
        assert heard is not None
        assert np.array_equal(heard, others.clip(-32768, 32767))


def voice(peak: int, count: int = 40) -> Samples:
    return (peak * np.where(np.arange(count) % 8 < 4, 1, -1)).astype(np.int16)


def test_of_many_only_the_loudest_are_heard() -> None:
    talkers = Talkers(30, loudest=3)
    parties = [Party(voice(100 + p)) for p in range(29)] + [Party(None)]
    for p in (4, 7, 20):
        parties[p] = Party(voice(3000))
    for _ in range(20):
        heard = talkers.mix(parties, 40)
    assert talkers.speaking == [4, 7, 20]
    assert heard[29] is not None
    assert np.array_equal(heard[29], voice(9000))
    assert heard[4] is not None
    assert np.array_equal(heard[4], voice(6000))


def test_a_speaker_keeps_the_floor_through_a_breath_and_loses_it_to_a_louder_one() -> None:
    talkers = Talkers(3, loudest=1)

    def say(*peaks: int) -> list[int]:
        talkers.mix([Party(voice(peak)) for peak in peaks], 40)
        return talkers.speaking

    for _ in range(20):
        say(2000, 100, 0)
    assert talkers.speaking == [0]
    for _ in range(20):  # 100 ms of breath, while the other coughs quietly
        say(0, 1000, 0)
    assert talkers.speaking == [0]
    for _ in range(20):
        say(1000, 4000, 0)
    assert talkers.speaking == [1]


def test_impossible_conferences_are_refused() -> None:
    with pytest.raises(EngineArgumentError, match="129"):
        Talkers(129, 3)
